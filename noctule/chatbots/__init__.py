"""Chatbots: what a team runs. Their keys, settings and custom fields, and who may change them."""

from noctule.chatbots.chats import ChatHome, ChatRing, home_of
from noctule.chatbots.fields import discover, warnings_for
from noctule.chatbots.keys import CHANNEL, KeyRing, opens
from noctule.chatbots.manage import change, create, delete, get, rotate_key
from noctule.chatbots.models import Chatbot, ChatbotId, Ingest, KeyRevoked, Scalar, Silence
from noctule.chatbots.settings import silence_in
from noctule.chatbots.store import chatbots_of, ingests_of

__all__ = [
    "CHANNEL",
    "ChatHome",
    "ChatRing",
    "Chatbot",
    "ChatbotId",
    "Ingest",
    "KeyRevoked",
    "KeyRing",
    "Scalar",
    "Silence",
    "change",
    "chatbots_of",
    "create",
    "delete",
    "discover",
    "get",
    "home_of",
    "ingests_of",
    "opens",
    "rotate_key",
    "silence_in",
    "warnings_for",
]
