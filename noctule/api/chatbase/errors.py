"""Chatbase's clients read `message`; `error` is a short word, `issues` names the fields."""

from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from noctule.base.errors import AppError

_WORDS = {400: "bad_request", 401: "unauthorized"}
_INSIDE = "settings.agent."  # where we keep what these clients send at the top


def body_of(error: AppError) -> dict[str, Any]:
    message = error.message.removeprefix(_INSIDE)
    body: dict[str, Any] = {"error": _WORDS.get(error.status, error.code), "message": message}
    if error.problems:
        body["issues"] = [{"field": one.field.removeprefix(_INSIDE), "message": one.message} for one in error.problems]
    return body


def render(_request: Request, error: AppError) -> Response:
    return JSONResponse(body_of(error), error.status)
