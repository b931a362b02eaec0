"""OpenBat's clients read `ok` (of track: `success`) and `error`; `message` says the same, `details` names the fields."""

from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from noctule.base.errors import AppError


def body_of(error: AppError) -> dict[str, Any]:
    return {"ok": False, **_said(error)}


def body_of_track(error: AppError) -> dict[str, Any]:
    return {"success": False, **_said(error)}


def render(_request: Request, error: AppError) -> Response:
    return JSONResponse(body_of(error), error.status)


def render_track(_request: Request, error: AppError) -> Response:
    return JSONResponse(body_of_track(error), error.status)


def _said(error: AppError) -> dict[str, Any]:
    said: dict[str, Any] = {"error": error.message, "message": error.message}
    if error.problems:
        said["details"] = [{"field": problem.field, "message": problem.message} for problem in error.problems]
    return said
