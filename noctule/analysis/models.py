"""What the analysers say: of a message, of a conversation, and of many."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from noctule.accounts import UserId
from noctule.analysis.filters import Filter
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId, MessageId, Role
from noctule.people import PersonId

Mood = Literal["positive", "neutral", "negative", "none"]
LABELS = ("Very Positive", "Positive", "Neutral", "Negative", "Very Negative")


def label(score: float) -> str:
    """Five words for −1..1; zero is the middle of a neutral band of ±0.2."""
    if score >= 0.6:
        return "Very Positive"
    if score > 0.2:
        return "Positive"
    if score >= -0.2:
        return "Neutral"
    return "Negative" if score > -0.6 else "Very Negative"


@dataclass(frozen=True)
class Chunk:
    """A stretch of a message that carries feeling, with its place in the text (characters)."""

    score: float
    text_chunk: str
    start: int
    end: int
    reasoning: str


@dataclass(frozen=True)
class MessageJudgement:
    """Of a user's message the first signals, of the assistant's the last; what was not judged is null."""

    conversation_id: ConversationId
    message_id: MessageId
    said_at: datetime
    judged_by: str
    sentiment: float | None
    chunks: list[dict[str, Any]]
    chunks_found: int = 0  # also those that were not asked for
    dissatisfaction: float | None = None
    flags: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])  # {name, confidence, reason}
    behavior: str | None = None
    behavior_confidence: float | None = None
    behavior_reason: str | None = None
    outcome: str | None = None
    quality: dict[str, float] | None = None


@dataclass(frozen=True)
class ConversationJudgement:
    conversation_id: ConversationId
    status: Literal["done", "failed"]
    final: bool  # the conversation is over; until then more may be said
    judged_by: str
    judged_at: datetime
    messages_judged: int
    revision: int  # of the conversation, as it was read
    language: str | None
    language_confidence: float | None
    sentiment: float | None  # null: nothing to judge, or a language we do not judge
    reason: str
    intent: str | None = None
    escalated: bool | None = None
    by_caller: list[str] = field(default_factory=list[str])  # signals that are the caller's word and not ours
    by_human: dict[str, Any] = field(
        default_factory=dict[str, Any]
    )  # corrected signals, and what they would be without
    intent_confidence: float | None = None
    dissatisfaction: float | None = None
    outcome: str | None = None
    outcome_reason: str | None = None
    unresolved_probability: float | None = None
    flags: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    unanswered: bool | None = None
    title: str | None = None
    summary: str | None = None
    switched_off: list[str] = field(default_factory=list[str])  # signals that were not wanted: null, and nothing else


@dataclass(frozen=True)
class Correction:
    """What a person says instead of what was judged. Of a flag the signal is `flags.<name>`."""

    conversation_id: ConversationId
    signal: str
    value: Any  # a sentiment in words
    was: Any
    was_by: str  # which analyser had said so, or the caller
    corrected_by: UserId | None  # gone
    corrector: str | None  # as he is called now
    corrected_at: datetime


@dataclass(frozen=True)
class Totals:
    conversations: int
    messages: int
    analysed: int  # conversations with a judgement


@dataclass(frozen=True)
class Felt:
    """Judged messages of one label."""

    said_on: date | None
    label: str
    messages: int
    sentiment: float  # sum of theirs


@dataclass(frozen=True)
class DayOfSentiment:
    day: date
    average: float
    messages: int


@dataclass(frozen=True)
class DayFigure:
    """Of the conversations that began on a day of their chatbot: all of them, or those with one value of what is known of them."""

    chatbot_id: ChatbotId
    day: date
    name: str  # all, source, hour, sentiment, language …
    value: str
    conversations: int
    messages: int
    users: int  # of all of the day; of a value nobody asks for them
    scored: int  # conversations with a sentiment
    sentiment: float  # sum of theirs
    analysed: int
    ended: int  # are over, and have an outcome
    resolved: int  # of those, in full or in part
    rated: int  # have a dissatisfaction
    dissatisfied: int  # of those
    dissatisfaction: float  # sum of theirs
    mark: float  # of quality: sum of their marks


@dataclass(frozen=True)
class DayFeeling:
    """Of the conversations that began on a day, their messages that were said on one day (UTC) and felt alike."""

    chatbot_id: ChatbotId
    day: date
    said_on: date
    label: str
    messages: int
    sentiment: float  # sum of theirs


@dataclass(frozen=True)
class Frustration:
    """A message of a user that shows frustration."""

    conversation_id: ConversationId
    message_id: MessageId
    said_at: datetime
    content: str
    sentiment: float | None
    dissatisfaction: float | None
    flags: list[dict[str, Any]]
    external_id: str  # of the conversation
    person_id: PersonId | None


@dataclass(frozen=True)
class StoodSo:
    """How the conversations of a user went."""

    id: PersonId
    conversations: int
    scored: int
    sentiment: float | None
    dissatisfaction: float | None
    last_at: datetime


@dataclass(frozen=True)
class Day:
    """What began on one day of a chatbot."""

    chatbot_id: ChatbotId
    day: date
    conversations: int
    messages: int
    users: int  # with an id of their own
    positive: int
    neutral: int
    negative: int


@dataclass(frozen=True)
class Hour:
    weekday: int  # 1 is Monday
    hour: int
    conversations: int


@dataclass(frozen=True)
class Channel:
    source: str
    conversations: int


@dataclass(frozen=True)
class Narrowing:
    """Which conversations are meant; none of a part means all of it."""

    since: datetime | None = None  # the conversation began then or later
    until: datetime | None = None  # and before this
    sentiment: Mood | None = None
    channel: str | None = None
    conditions: Filter | None = None  # on their facts

    @property
    def path(self) -> str | None:
        return self.conditions.path if self.conditions else None

    @property
    def names_people(self) -> bool:
        """Whom the conversations are with, which are few of them."""
        asked = self.conditions.conditions if self.conditions else ()
        return any(one.field in ("user", "organization") and one.operator == "is" for one in asked)


@dataclass(frozen=True)
class Standing:
    """How a chatbot's conversations stand judged, to be compared with another version."""

    conversations: int
    versions: dict[str, int]  # conversations by who judged them
    sentiment: float | None
    dissatisfaction: float | None
    unresolved: float | None
    outcomes: dict[str, int]
    flagged: int  # conversations that carry a flag


@dataclass(frozen=True)
class Sought:
    """Which messages are looked for."""

    condition: str  # on their words, a tsquery
    since: datetime | None = None  # said then or later
    until: datetime | None = None
    role: str | None = None
    conditions: Filter | None = None  # on the facts of their conversations

    @property
    def path(self) -> str | None:
        return self.conditions.path if self.conditions else None


@dataclass(frozen=True)
class Found:
    """A message that says what was looked for."""

    conversation_id: ConversationId
    message_id: MessageId
    role: Role
    said_at: datetime
    content: str
    external_id: str  # of the conversation
    title: str | None
    sentiment: float | None  # of the message
    likeness: float | None = None  # to the question, a cosine; of what was found by its meaning
