"""What was said: a conversation, its messages in their order, and the value in which every door hands words in.

Values that each request makes are msgspec's, which costs a fifth of making a frozen dataclass; rows are dataclasses.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Literal, NewType
from uuid import UUID

from msgspec import Struct, field

from noctule.accounts import OrgId, UserId
from noctule.chatbots import ChatbotId
from noctule.people import CompanyId, PersonId

ConversationId = NewType("ConversationId", UUID)
MessageId = NewType("MessageId", UUID)
Role = Literal["user", "assistant", "system"]
State = Literal["open", "idle", "closed"]

INVENTED = "import:"  # how ids begin that an import makes up for messages, to recognise them by
# A busy conversation is judged once, after this pause, and not once per message.
SETTLING_PAUSE = timedelta(seconds=2)


class Turn(Struct, frozen=True):
    """One message as it came in."""

    role: Role
    content: str
    external_id: str | None = None
    sent_at: datetime | None = None
    evidence: dict[str, Any] | None = None  # what it came with: tools, reasoning, tokens, the time it took

    def fingerprint(self) -> bytes | None:
        """16 bytes that a repeat shares: the caller's id, or else role, content and time. None: always a new message."""
        if self.external_id is not None:
            said = ("i", self.external_id)
        elif self.sent_at is not None:
            said = ("s", self.role, self.sent_at.isoformat(), self.content)
        else:
            return None
        return blake2b("\0".join(said).encode(), digest_size=16).digest()


class Capture(Struct, frozen=True):
    """One request to record, whichever door it came by. Metadata are merged over what is known."""

    chatbot_id: ChatbotId
    key_hash: bytes | None  # the ingest key it came with, checked again in the transaction
    external_id: str
    turns: tuple[Turn, ...]
    received_at: datetime
    source: str
    recognises: Literal["ids", "position"] = "ids"  # by what a repeat of a turn is known
    person: dict[str, Any] = field(default_factory=dict[str, Any])
    organization: dict[str, Any] = field(default_factory=dict[str, Any])
    session: dict[str, Any] = field(default_factory=dict[str, Any])
    custom: dict[str, Any] = field(default_factory=dict[str, Any])
    enrichment: dict[str, Any] = field(default_factory=dict[str, Any])  # what the request headers told
    stated: dict[str, Any] = field(default_factory=dict[str, Any])  # how it went, in the words of the caller
    person_id: PersonId | None = None  # whom it is with, when the caller names them by our id
    title: str | None = None
    tags: tuple[str, ...] = ()
    ended: bool = False  # the caller says that nothing more will be said
    organization_key: tuple[OrgId, UUID] | None = None  # the key it came with, checked again in the transaction
    repeat_key: str | None = None  # by which the whole request is known when it is sent again
    brought_at: datetime | None = None  # when it is history: the hour it was brought in, long after it was received
    judged: bool = True  # whether the analysers are to look at it

    @property
    def name(self) -> tuple[ChatbotId, str]:
        """What tells conversations apart across all chatbots."""
        return self.chatbot_id, self.external_id


class Recorded(Struct, frozen=True):
    conversation_id: ConversationId
    number: int  # the same conversation, for callers who want a number
    messages_stored: int
    last_message: int | None  # the number of the last message that was stored
    analysis_queued: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Conversation:
    chatbot_id: ChatbotId
    id: ConversationId
    number: int
    external_id: str
    external_user_id: str | None
    source: str
    title: str | None
    tags: list[str]
    message_count: int
    first_message_at: datetime
    last_message_at: datetime
    last_received_at: datetime
    ended_at: datetime | None
    reopened: int
    created_at: datetime
    person: dict[str, Any]
    organization: dict[str, Any]
    session: dict[str, Any]
    custom: dict[str, Any]
    enrichment: dict[str, Any]
    stated: dict[str, Any]
    revision: int  # grows with each change that is to be judged
    person_id: PersonId | None
    company_id: CompanyId | None


@dataclass(frozen=True)
class Amendment:
    """A change of what is said about a conversation: what takes the place of what is there; None leaves it as it is."""

    title: str | None = None
    tags: list[str] | None = None
    session: dict[str, Any] | None = None
    custom: dict[str, Any] | None = None
    enrichment: dict[str, Any] | None = None
    stated: dict[str, Any] | None = None


@dataclass(frozen=True)
class Message:
    conversation_id: ConversationId
    id: MessageId
    number: int
    role: Role
    content: str
    external_id: str | None
    sent_at: datetime | None
    received_at: datetime
    evidence: dict[str, Any] | None

    @property
    def callers_id(self) -> str | None:
        return None if self.external_id is not None and self.external_id.startswith(INVENTED) else self.external_id

    @property
    def said_at(self) -> datetime:
        return self.sent_at or self.received_at


@dataclass(frozen=True)
class Due:
    """A conversation that one worker has taken to judge it."""

    id: ConversationId
    message_count: int
    first_message_at: datetime
    last_received_at: datetime
    ended_at: datetime | None
    stated: dict[str, Any]
    person_id: PersonId | None
    company_id: CompanyId | None
    revision: int  # how often the conversation had changed when it was taken
    leased_until: datetime


@dataclass(frozen=True)
class Known:
    """A conversation that exists already, locked by the transaction that adds to it."""

    chatbot_id: ChatbotId
    id: ConversationId
    number: int
    external_id: str
    first_message_at: datetime
    last_message_at: datetime
    last_received_at: datetime
    ended_at: datetime | None
    person_id: PersonId | None
    company_id: CompanyId | None
    person: dict[str, Any]
    organization: dict[str, Any]


@dataclass(frozen=True)
class Standing:
    """A chatbot at a glance."""

    chatbot_id: ChatbotId
    conversations: int
    last_message_at: datetime | None


@dataclass(frozen=True)
class Review:
    """Somebody has read it, and nobody else needs to."""

    conversation_id: ConversationId
    reviewed_by: UserId | None  # gone
    reviewer: str | None  # as he is called now
    reviewed_at: datetime


@dataclass(frozen=True)
class Note:
    id: UUID
    text: str
    written_by: UserId | None  # gone
    author: str | None  # as he is called now
    written_at: datetime


@dataclass(frozen=True)
class Gone:
    """A conversation that is to go, and what must be counted anew without it."""

    id: ConversationId
    external_id: str
    first_message_at: datetime
    last_message_at: datetime
    person_id: PersonId | None
    company_id: CompanyId | None
    custom: dict[str, Any]


@dataclass(frozen=True)
class NoteOf:
    """What the team wrote about a conversation, without who did."""

    conversation_id: ConversationId
    text: str
    written_at: datetime
