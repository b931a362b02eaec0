"""How trouble leaves the house: every error becomes an `AppError`, and the face that owns the path words it.

Nothing that happened inside is told to the caller; the header `x-request-id` is the name under which the log has the rest.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from noctule.base.errors import AppError, Invalid, MethodNotAllowed, NotFound, Problem

Renderer = Callable[[Request, AppError], Response]


def install(app: FastAPI, faces: Sequence[tuple[str, Renderer]]) -> None:
    """`faces` pairs the start of a path (a pattern) with the renderer of its face; the first that fits is taken."""

    def render(request: Request, error: AppError) -> Response:
        renderer = next(renderer for start, renderer in faces if re.match(start, request.url.path))
        response = renderer(request, error)
        if error.retry_after is not None:
            response.headers["retry-after"] = str(error.retry_after)
        return response

    async def known(request: Request, error: Exception) -> Response:
        return render(request, cast("AppError", error))

    async def invalid(request: Request, error: Exception) -> Response:
        return render(request, _from_validation(cast("RequestValidationError", error)))

    async def http(request: Request, error: Exception) -> Response:
        http_error = cast("HTTPException", error)
        response = render(request, _from_http(http_error, request))
        response.headers.update(http_error.headers or {})
        return response

    async def unknown(request: Request, _error: Exception) -> Response:  # `Observed` writes it to the log
        return render(request, AppError("Something went wrong on our side. Nothing was changed."))

    app.add_exception_handler(AppError, known)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unknown)


def _from_validation(error: RequestValidationError) -> Invalid:
    problems = tuple(Problem(_path(found["loc"]), _wording(found)) for found in error.errors())
    first = problems[0]
    return Invalid(f"{first.field}: {first.message}", problems=problems)


def _path(location: Sequence[str | int]) -> str:
    """("body", "messages", 2, "role") → messages[2].role; the body itself is `body`."""
    path = ""
    for part in location[1:] or ("body",):
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path


# What pydantic finds wrong, by how the name of it begins, in the words that the other doors use.
_WORDS = {
    "model_": "must be an object",
    "dict_": "must be an object",
    "list_": "must be a list",
    "string_type": "must be a string",
    "string_too_long": "must have at most {max_length} characters",
    "string_too_short": "must not be empty",
    "too_long": "must have at most {max_length} items",
    "too_short": "must not be empty",
    "int_": "must be a whole number",
    "float_": "must be a number",
    "finite_number": "must be a number",
    "bool_": "must be true or false",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
}


def _wording(found: dict[str, Any]) -> str:
    if found["type"] == "json_invalid":
        return "is not valid JSON"
    if found["type"] == "missing":
        return "is required"
    context = found.get("ctx", {})
    for start, words in _WORDS.items():
        if found["type"].startswith(start):
            return words.format_map({**context, "expected": str(context.get("expected", "")).replace("'", "")})
    message = str(found["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _from_http(error: HTTPException, request: Request) -> AppError:
    if isinstance(error.__cause__, AppError):  # FastAPI hides what went wrong while it read a body
        return error.__cause__
    match error.status_code:
        case 404:
            return NotFound("There is nothing here.")
        case 405:
            return MethodNotAllowed(f"{request.method} is not possible here.")
        case _:
            return Invalid("body: could not be read", problems=(Problem("body", "could not be read"),))
