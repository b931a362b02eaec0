"""Ids in a path. A text that is no id names nothing: 404, not 400."""

from noctule.base.errors import NotFound
from noctule.base.ids import parse_id
from noctule.chatbots import ChatbotId


def chatbot_in(text: str) -> ChatbotId:
    parsed = parse_id(text)
    if parsed is None:
        raise NotFound("There is no such chatbot.")
    return ChatbotId(parsed)
