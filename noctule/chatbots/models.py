"""A chatbot: a name, a key for ingest, settings, and the custom fields its conversations carry."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NewType
from uuid import UUID

from noctule.accounts import OrgId, UserId
from noctule.base.calendar import Calendar, calendar_in
from noctule.base.errors import Denied, Unauthenticated

ChatbotId = NewType("ChatbotId", UUID)
Status = Literal["pending", "active", "archived"]
FieldType = Literal["string", "number", "boolean"]
FieldStatus = Literal["discovered", "track", "accept", "deny"]
ViewPage = Literal["conversations", "overview"]
Scalar = str | int | float | bool

LATELY = timedelta(minutes=1)  # that a field was seen is noted this often, however often it is seen


@dataclass(frozen=True)
class Chatbot:
    id: ChatbotId
    org_id: OrgId
    name: str
    key_prefix: str
    settings: dict[str, Any]
    created_at: datetime
    activated_at: datetime | None  # when something was stored for the first time
    archived_at: datetime | None

    @property
    def calendar(self) -> Calendar:
        """Its days, on pages; storage and the wire are in UTC."""
        return calendar_in(self.settings.get("timezone"))

    @property
    def status(self) -> Status:
        if self.archived_at is not None:
            return "archived"
        return "pending" if self.activated_at is None else "active"


@dataclass(frozen=True)
class CustomField:
    """A name that conversations carry: found by us, or declared by the team. A value is kept unless it is denied."""

    key: str
    label: str | None
    type: FieldType
    status: FieldStatus
    sample: Scalar | None
    occurrences: int
    created_at: datetime
    last_seen_at: datetime | None


@dataclass(frozen=True)
class SavedView:
    """A name for what an address asks of a page."""

    id: UUID
    page: ViewPage
    name: str
    query: str
    shared: bool  # with everybody in the organization
    saved_by: UserId | None  # gone
    created_at: datetime


@dataclass(slots=True)
class Sighting:
    """A field as one batch carried it."""

    chatbot_id: ChatbotId
    key: str
    type: FieldType
    sample: Scalar
    occurrences: int = 0


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
    archived: bool
    activated: bool
    fields: dict[str, str | None]  # declared custom fields: key → type; None: denied
    occurrences: dict[str, int]  # so far, of all that are kept: the declared ones and those found by us
    unseen: list[str]  # of these, the ones that were not seen lately

    lifecycle: dict[str, Any] | None  # the settings of that name
    analysis: dict[str, Any] | None  # likewise

    def keeps(self, key: str) -> bool:
        return self.fields.get(key, "") is not None


class KeyRevoked(Unauthenticated):
    """The ingest key is unknown, or was rotated, or its chatbot is gone."""


class ChatbotArchived(Denied):
    """It can be read, and restored; until then nothing is recorded."""

    def __init__(self) -> None:
        super().__init__("This chatbot is archived. Restore it to record again.")
