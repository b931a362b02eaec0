"""OpenBat's clients read `ok` and `error`; `message` says the same, `details` names the fields."""

from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from noctule.base.errors import AppError


def body_of(error: AppError) -> dict[str, Any]:
    body: dict[str, Any] = {"ok": False, "error": error.message, "message": error.message}
    if error.problems:
        body["details"] = [{"field": problem.field, "message": problem.message} for problem in error.problems]
    return body


def render(_request: Request, error: AppError) -> Response:
    return JSONResponse(body_of(error), error.status)
