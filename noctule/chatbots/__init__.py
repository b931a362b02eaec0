"""Chatbots: what a team runs. Their keys, settings and custom fields, and who may change them."""

from noctule.chatbots.fields import discover, warnings_for
from noctule.chatbots.keys import CHANNEL, KeyRing
from noctule.chatbots.manage import change, create, delete, get, rotate_key
from noctule.chatbots.models import Chatbot, ChatbotId, Ingest, KeyRevoked, Scalar, Silence
from noctule.chatbots.settings import silence_in
from noctule.chatbots.store import chatbot_anywhere, chatbots_of, ingests_of

__all__ = [
    "CHANNEL",
    "Chatbot",
    "ChatbotId",
    "Ingest",
    "KeyRevoked",
    "KeyRing",
    "Scalar",
    "Silence",
    "change",
    "chatbot_anywhere",
    "chatbots_of",
    "create",
    "delete",
    "discover",
    "get",
    "ingests_of",
    "rotate_key",
    "silence_in",
    "warnings_for",
]
