"""Sources, the passages cut from them, and what a search answers."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NewType
from uuid import UUID

from noctule.chatbots import ChatbotId

SourceId = NewType("SourceId", UUID)
Kind = Literal["text", "qna", "url", "file"]
KINDS: tuple[Kind, ...] = ("text", "qna", "url", "file")


@dataclass(frozen=True)
class Source:
    id: SourceId
    external_id: str | None
    kind: Kind
    title: str | None
    url: str | None
    characters: int
    language: str | None
    revision: int
    trained_revision: int | None
    problem: str | None
    passages: int
    created_at: datetime
    updated_at: datetime
    trained_at: datetime | None

    @property
    def status(self) -> Literal["waiting", "ready", "failed"]:
        if self.problem is not None:
            return "failed"
        return "ready" if self.trained_revision == self.revision else "waiting"


@dataclass(frozen=True)
class Learned:
    """What a chatbot has been taught, in figures."""

    chatbot_id: ChatbotId
    sources: int
    waiting: int
    failed: int
    characters: int
    trained_at: datetime | None


@dataclass(frozen=True)
class Draft:
    """A source as somebody gives it, already checked."""

    kind: Kind
    external_id: str | None = None
    title: str | None = None
    url: str | None = None
    text: str = ""
    file_name: str | None = None
    file: bytes | None = None


@dataclass(frozen=True)
class Waiting:
    """A source that training has to read."""

    id: SourceId
    kind: Kind
    title: str | None
    url: str | None
    text: str
    revision: int


@dataclass(frozen=True)
class State:
    """The index of a chatbot."""

    version: int
    previous: int | None
    newest: int
    next_passage: int
    next_segment: int
    passages: int
    dead: int
    languages: list[str]
    job_id: UUID | None


@dataclass(frozen=True)
class Version:
    """Of the index: the one that answers, or the one before it, which is kept."""

    number: int
    answering: bool
    built_at: datetime | None
    sources: int
    passages: int


@dataclass(frozen=True)
class Passage:
    """A stretch of a source, on its way into the index."""

    number: int
    source_id: SourceId
    heading: str
    begins: int
    ends: int
    text: str
    language: str | None
    digest: bytes


@dataclass(frozen=True)
class Found:
    """A passage as the index holds it."""

    number: int
    source_id: SourceId
    external_id: str | None
    kind: Kind
    title: str | None
    url: str | None
    language: str | None
    heading: str
    text: str
    begins: int
    ends: int


@dataclass(frozen=True)
class Hit:
    """A passage that answers a question, the best first."""

    passage: Found
    score: float  # 0 to 1, among the passages of this search
    words: float  # by BM25, no upper end
    cosine: float | None  # -1 to 1, where both have a vector


@dataclass(frozen=True)
class Answer:
    hits: list[Hit]
    version: int  # of the index
    coverage: float  # 0 to 1: how much of the question, weighted by rarity, the index knows at all
    weights: dict[str, float] = field(default_factory=dict[str, float])  # the rarity of each word of the question
