"""What leaves and what comes in: a request for an export, and a stretch of one conversation on its way out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from noctule.analysis import ConversationJudgement, Narrowing
from noctule.chatbots import Chatbot
from noctule.conversations import Conversation, ConversationId, MessageId, Role, State
from noctule.people import PersonId

Format = Literal["json", "jsonl", "csv"]
Place = tuple[ConversationId, datetime, int, MessageId]  # of a message, among those of several conversations
FORMATS: tuple[Format, ...] = ("json", "jsonl", "csv")


@dataclass(frozen=True)
class Wanted:
    """What an export is to hold: conversations whose last message is not before `since` and before `until`, and that fit."""

    chatbot: Chatbot
    format: Format
    analysis: bool = False
    since: datetime | None = None
    until: datetime | None = None
    narrowing: Narrowing | None = None
    person_id: PersonId | None = None  # only theirs, judged or not

    def holds(self, moment: datetime) -> bool:
        return (self.since is None or moment >= self.since) and (self.until is None or moment < self.until)


@dataclass(frozen=True)
class Words:
    """A message with everything that is known of it."""

    conversation_id: ConversationId
    id: MessageId
    role: Role
    content: str
    external_id: str | None
    sent_at: datetime | None
    received_at: datetime
    evidence: dict[str, Any] | None
    placed_at: datetime
    placed_rank: int
    sentiment: float | None
    chunks: list[dict[str, Any]] | None

    @property
    def place(self) -> Place:
        return self.conversation_id, self.placed_at, self.placed_rank, self.id


@dataclass(frozen=True)
class Part:
    """A conversation, or one stretch of a long one: no part is larger than memory likes."""

    conversation: Conversation
    state: State
    judgement: ConversationJudgement | None
    number: int  # from 1
    more: bool  # another part follows
    words: list[Words]
