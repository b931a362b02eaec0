"""Trouble on a page: somebody who is not signed in is sent to sign in, everybody else reads what happened."""

from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from noctule.base.errors import AppError, Unauthenticated
from noctule.dashboard.rendering import render

_TITLES = {
    400: "This request could not be read",
    403: "You may not do this",
    404: "Page not found",
    405: "This cannot be done here",
    429: "Please wait a moment",
    503: "Not available right now",
}


@dataclass(frozen=True)
class ErrorPage:
    status: int
    title: str
    message: str
    request_id: str


def render_error(request: Request, error: AppError) -> Response:
    if isinstance(error, Unauthenticated):
        path = _page_of(request)
        wanted = f"?next={quote(path, safe='')}" if path not in ("", "/") else ""
        return RedirectResponse(f"/sign-in{wanted}", 303)
    title = _TITLES.get(error.status, "Something went wrong")
    page = ErrorPage(error.status, title, error.message, str(request.scope.get("request_id", "")))
    return render(request, "error.html", page, status=error.status)


def _page_of(request: Request) -> str:
    """Where somebody was: the page itself, or the one of ours whose form was sent."""
    came = str(request.url) if request.method == "GET" else request.headers.get("referer", "")
    place = came.partition("://")[2]
    return place.removeprefix(request.url.netloc) if place.startswith(f"{request.url.netloc}/") else ""
