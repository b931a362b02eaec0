"""What an agent says, and what it leaned on."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from noctule.base.jobs import ATTEMPTS
from noctule.chatbots import ChatbotId
from noctule.knowledge import Found


@dataclass(frozen=True)
class Said:
    """One turn of a conversation, as its caller sends it."""

    role: str
    content: str


@dataclass(frozen=True)
class Quote:
    """Words of a source, exactly: `text[begins:ends]` of the source's text."""

    passage: Found
    begins: int
    ends: int
    text: str


@dataclass(frozen=True)
class Looked:
    """A passage that was looked at for an answer, and what spoke for it."""

    passage: Found
    score: float  # of the search, 0 to 1
    cosine: float | None  # of the passage
    sentence: float | None  # the cosine of its nearest sentence
    share: float  # 0 to 1: how much of the question, weighted by rarity, stands in it
    told: float  # the largest share of it in one sentence
    standings: list[float]  # how well each sentence answers


@dataclass(frozen=True)
class Reply:
    text: str
    answered: bool
    confidence: float  # 0 to 1, from 0.5 on it answers
    trust: float
    threshold: float
    quotes: list[Quote]
    looked: list[Looked]
    asked: str  # the question
    searched: str  # the question as it was searched for, with what earlier turns add
    version: int  # of the index
    milliseconds: int


@dataclass(frozen=True)
class Calibration:
    """How sure an agent must be, and what would follow from other bounds."""

    chatbot_id: ChatbotId
    threshold: float | None
    curve: list[dict[str, float]] = field(default_factory=list[dict[str, float]])
    questions: int = 0
    version: int | None = None
    calibrated_at: datetime | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Lead:
    id: UUID
    chatbot_id: ChatbotId
    person_id: UUID | None
    conversation: str | None
    name: str | None
    email: str | None
    phone: str | None
    created_at: datetime


@dataclass(frozen=True)
class Webhook:
    id: UUID
    url: str
    events: list[str]
    created_at: datetime


@dataclass(frozen=True)
class Delivery:
    id: UUID
    webhook_id: UUID
    event: str
    attempts: int
    status: int | None
    problem: str | None
    created_at: datetime
    delivered_at: datetime | None

    @property
    def state(self) -> Literal["waiting", "delivered", "failed"]:
        if self.delivered_at:
            return "delivered"
        return "failed" if self.attempts >= ATTEMPTS else "waiting"


@dataclass(frozen=True)
class Posting:
    """A delivery on its way out."""

    url: str
    secret: str
    event: str
    body: str


Evidence = dict[str, Any]
