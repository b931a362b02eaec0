"""A new key on its way from the form that made it to the page that shows it: across a redirect, and seen once.

A reload must not make another key, so the answer to the form is a redirect, and the key travels in a cookie: only the
browser that asked ever holds it, for a minute at most, sent to one page and taken back by it. No row, no address, no log
and no script sees it. It needs no signature: what is shown is checked to be the key of that very chatbot, so a forged or
an outdated cookie shows nothing.
"""

from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from noctule import chatbots
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.web.services import services

_COOKIE = "new_key"
_SECONDS = 60


def hand_over(request: Request, chatbot_id: ChatbotId, key: str) -> Response:
    response = RedirectResponse(_page(chatbot_id), 303)
    response.set_cookie(_COOKIE, key, max_age=_SECONDS, **_attributes(request, chatbot_id))
    return response


async def handed_over(request: Request, db: Db, chatbot_id: ChatbotId) -> str | None:
    key = request.cookies.get(_COOKIE)
    return key if key and await chatbots.opens(db, chatbot_id, key) else None


def forget(request: Request, response: Response, chatbot_id: ChatbotId) -> None:
    if _COOKIE in request.cookies:
        response.delete_cookie(_COOKIE, **_attributes(request, chatbot_id))


def _page(chatbot_id: ChatbotId) -> str:
    return f"/b/{chatbot_id}/connect"


def _attributes(request: Request, chatbot_id: ChatbotId) -> dict[str, Any]:
    secure = services(request).settings.base_url.startswith("https://")
    return {"path": _page(chatbot_id), "httponly": True, "samesite": "strict", "secure": secure}
