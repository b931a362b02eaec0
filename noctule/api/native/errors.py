"""Native clients read a machine word in `error`, plain language in `message`, and the fields in `details`."""

from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from noctule.base.errors import AppError


def render(_request: Request, error: AppError) -> Response:
    body: dict[str, Any] = {"error": error.code, "message": error.message}
    if error.problems:
        body["details"] = [{"field": problem.field, "message": problem.message} for problem in error.problems]
    return JSONResponse(body, error.status)
