"""Topics, and what is told of them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType
from uuid import UUID

from noctule.analysis.topics.names import title

TopicId = NewType("TopicId", UUID)
NAMELESS = "Other words"


@dataclass(frozen=True)
class Topic:
    id: TopicId
    phrases: list[str]
    centres: bytes  # one or more packed vectors
    created_at: datetime
    given_name: str | None = None
    pinned: bool = False
    hidden: bool = False
    came_from: list[TopicId] = field(default_factory=list[TopicId])
    successor_id: TopicId | None = None
    x: float = 0.0
    y: float = 0.0
    ended_at: datetime | None = None

    @property
    def name(self) -> str:
        return self.given_name or (title(self.phrases[0]) if self.phrases else NAMELESS)


@dataclass(frozen=True)
class Grouping:
    """How the topics of a chatbot came to be."""

    edition: int
    grouped_at: datetime | None
    vectors: int
    strays: int
    job_id: UUID | None


@dataclass(frozen=True)
class Reading:
    """How far the conversations of a chatbot have been read."""

    analysed: int  # have a vector
    assigned: int  # are in a topic
    waiting: int  # have been judged, and their vector is still to come
    untold: int  # the user said nothing that tells, or in a language that the model does not know

    @property
    def strays(self) -> int:
        """Those that fit nowhere."""
        return self.analysed - self.assigned


@dataclass(frozen=True)
class Coverage(Reading):
    total: int  # all conversations


@dataclass(frozen=True)
class TopicFigures:
    topic_id: TopicId | None  # null: those that fit nowhere
    conversations: int
    sentiment: float | None
    scored: int
    unresolved: float | None  # rate, of those that are over
    ended: int
    dissatisfaction: float | None
    latest: int  # conversations that began in the later half
    first_at: datetime
    last_at: datetime
