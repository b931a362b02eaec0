"""ChatLogger's clients read `error`, a text; `message` says the same. Strings only."""

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from noctule.base.errors import AppError, Invalid


def body_of(error: AppError) -> dict[str, str]:
    text = f"Invalid request data: {error.message}" if isinstance(error, Invalid) else error.message
    return {"error": text, "message": text}


def render(_request: Request, error: AppError) -> Response:
    return JSONResponse(body_of(error), error.status)
