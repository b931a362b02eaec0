"""A new secret on its way from the form that made it to the page that shows it: across a redirect, and seen once.

A reload must not make another one, so the answer to the form is a redirect, and the secret travels in a cookie: only the
browser that asked ever holds it, for a minute at most, sent to one page and taken back by it. No row, no address, no log
and no script sees it. It needs no signature: whoever shows it first asks whether it opens what the page is about, so a
forged or an outdated cookie shows nothing.
"""

from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from noctule.web.services import services

_COOKIE = "new_key"
_SECONDS = 60


def hand_over(request: Request, page: str, secret: str) -> Response:
    response = RedirectResponse(page, 303)
    response.set_cookie(_COOKIE, secret, max_age=_SECONDS, **_attributes(request, page))
    return response


def handed_over(request: Request) -> str:
    """Empty when there is none."""
    return request.cookies.get(_COOKIE, "")


def forget(request: Request, response: Response, page: str) -> None:
    if _COOKIE in request.cookies:
        response.delete_cookie(_COOKIE, **_attributes(request, page))


def _attributes(request: Request, page: str) -> dict[str, Any]:
    secure = services(request).settings.base_url.startswith("https://")
    return {"path": page, "httponly": True, "samesite": "strict", "secure": secure}
