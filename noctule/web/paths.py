"""Ids in a path, and the start of a full one. A text that is no id names nothing: 404, not 400."""

from fastapi import Request

from noctule.accounts import UserId
from noctule.base.errors import NotFound
from noctule.base.ids import parse_id
from noctule.chatbots import ChatbotId
from noctule.web.services import services


def user_in(text: str) -> UserId:
    parsed = parse_id(text)
    if parsed is None:
        raise NotFound("There is no such member.")
    return UserId(parsed)


def address_of(request: Request) -> str:
    """Where this server is, as its visitors see it. Only for what the same visitor is shown: he may say any host."""
    return services(request).settings.base_url.rstrip("/") or f"{request.url.scheme}://{request.url.netloc}"


def chatbot_in(text: str) -> ChatbotId:
    parsed = parse_id(text)
    if parsed is None:
        raise NotFound("There is no such chatbot.")
    return ChatbotId(parsed)
