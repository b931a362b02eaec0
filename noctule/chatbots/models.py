"""A chatbot: a name, a key for ingest, settings, and the custom fields its conversations carry."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NewType
from uuid import UUID

from noctule.accounts import OrgId
from noctule.base.errors import Unauthenticated

ChatbotId = NewType("ChatbotId", UUID)
FieldType = Literal["string", "number", "boolean"]
Scalar = str | int | float | bool


@dataclass(frozen=True)
class Chatbot:
    id: ChatbotId
    org_id: OrgId
    name: str
    key_prefix: str
    settings: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True)
class Silence:
    """After how long without a new message a conversation is idle, and when it is over."""

    idle_after: timedelta
    closes_after: timedelta


@dataclass(frozen=True)
class Ingest:
    """What a recording must know of its chatbot, read in the transaction that stores: never stale."""

    id: ChatbotId
    key_hash: bytes
    user_analysis: bool
    assistant_analysis: bool
    fields: dict[str, str]  # declared custom fields: key → type
    discovered: list[str]
    lifecycle: dict[str, Any] | None  # the settings of that name


class KeyRevoked(Unauthenticated):
    """The ingest key is unknown, or was rotated, or its chatbot is gone."""
