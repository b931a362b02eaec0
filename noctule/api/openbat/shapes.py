"""What OpenBat's clients send and read, apart from capture, which is decoded by msgspec beside its route."""

from typing import Any, Literal

from pydantic import BaseModel, Field, field_validator

from noctule.accounts import UserId
from noctule.analysis import Correction
from noctule.base.clock import iso
from noctule.conversations import Note, Review


class NewChatbot(BaseModel):
    name: str


class ChatbotChange(BaseModel):
    name: str | None = None
    settings: dict[str, Any] | None = Field(
        None, description="Merged into the old settings, key by key, at every depth."
    )

    @field_validator("name", "settings", mode="before")
    @classmethod
    def _not_null(cls, value: object) -> object:
        """Leaving a field out keeps the old value; null is no name and no object."""
        if value is None:
            raise ValueError("must not be null; leave it out to keep it")
        return value


class ChatbotShape(BaseModel):
    id: str
    name: str
    api_key_prefix: str
    settings: dict[str, Any]
    created_at: str


class ChatbotWithKey(BaseModel):
    ok: Literal[True] = True
    chatbot: ChatbotShape
    apiKey: str = Field(description="Shown here only; it cannot be recovered.")


class ChatbotStatus(BaseModel):
    status: Literal["pending", "active", "archived"] = Field(description="Pending until something was stored.")
    archived_at: str | None
    activated_at: str | None = Field(description="When something was stored for the first time.")


class Done(BaseModel):
    ok: Literal[True] = True


class ChatbotName(BaseModel):
    name: str


class ConversationItem(BaseModel):
    id: str
    chatbot_id: str
    external_conversation_id: str
    external_user_id: str | None
    message_count: int
    first_message_at: str
    last_message_at: str
    created_at: str
    chatbots: ChatbotName


class ConversationList(BaseModel):
    conversations: list[ConversationItem]
    total: int
    page: int
    limit: int


class UserSentiment(BaseModel):
    score: float = Field(ge=-1, le=1)
    text_chunk: str
    reasoning: str


class FlagShape(BaseModel):
    name: str
    confidence: float = Field(ge=0, le=1)
    reason: str


class MessageShape(BaseModel):
    """What no analyser has judged (yet) is null; only a user's message has a sentiment."""

    id: str
    role: Literal["user", "assistant", "system"]
    content: str
    external_message_id: str | None = None
    created_at: str
    sent_at: str | None = None
    sentiment: float | None = None
    dissatisfaction: float | None = None
    flags: list[FlagShape] = []
    user_sentiments: list[UserSentiment] | None = None
    behavior: str | None = Field(None, description="Only of the assistant, as are the fields below.")
    behavior_confidence: float | None = None
    behavior_reason: str | None = None
    outcome: str | None = None
    quality: dict[str, float] | None = Field(None, description="Six marks from 0 to 1, and `overall`.")


class Analysis(BaseModel):
    """What no analyser has judged (yet) is null or empty."""

    status: Literal["pending", "done", "failed"]
    final: bool
    judged_by: str | None
    judged_at: str | None
    language: str | None
    sentiment: float | None
    sentiment_label: str | None
    reason: str | None
    dissatisfaction: float | None = None
    outcome: str | None = None
    outcome_reason: str | None = None
    unresolved_probability: float | None = None
    intent: str | None = None
    intent_confidence: float | None = None
    by_caller: list[str] = Field(description="What the caller stated; it counts before what we judge.")
    by_human: list[str] = Field([], description="What a person corrected; it counts before both.")
    topics: list[dict[str, Any]] = []
    flags: list[FlagShape] = []
    escalated: bool | None = None
    unanswered: bool | None = None
    title: str | None = None
    summary: str | None = None
    switched_off: list[str] = Field([], description="Signals that the chatbot did not want: null for that reason.")


class PersonShape(BaseModel):
    id: str | None = Field(description="null when the account is gone")
    name: str | None


class ReviewShape(BaseModel):
    by: PersonShape
    at: str


class NoteShape(BaseModel):
    id: str
    text: str
    by: PersonShape
    at: str


class CorrectionShape(BaseModel):
    signal: str = Field(description="sentiment, outcome, intent, escalated, language, or flags.<name>")
    value: str | bool
    was: str | bool | None = Field(description="What had been said before; a sentiment in words.")
    was_by: str = Field(description="By which analyser, or `caller`.")
    by: PersonShape
    at: str


def correction_shape(one: Correction) -> CorrectionShape:
    return CorrectionShape(
        signal=one.signal,
        value=one.value,
        was=one.was,
        was_by=one.was_by,
        by=_person(one.corrected_by, one.corrector),
        at=iso(one.corrected_at),
    )


def review_shape(review: Review | None) -> ReviewShape | None:
    if review is None:
        return None
    return ReviewShape(by=_person(review.reviewed_by, review.reviewer), at=iso(review.reviewed_at))


def note_shape(note: Note) -> NoteShape:
    return NoteShape(id=str(note.id), text=note.text, by=_person(note.written_by, note.author), at=iso(note.written_at))


def _person(user_id: UserId | None, name: str | None) -> PersonShape:
    return PersonShape(id=str(user_id) if user_id else None, name=name)


class ConversationDetail(BaseModel):
    id: str
    chatbot_id: str
    external_conversation_id: str
    external_user_id: str | None
    message_count: int
    first_message_at: str
    last_message_at: str
    created_at: str
    source: str
    state: Literal["open", "idle", "closed"]
    ended_at: str | None
    reopened: int = Field(description="How often a late message opened it again.")
    title: str | None
    user: dict[str, Any]
    organization: dict[str, Any]
    session: dict[str, Any]
    custom: dict[str, Any]
    enrichment: dict[str, Any]
    stated: dict[str, Any] = Field(description="How it went, in the words of the caller.")
    tags: list[str]
    analysis: Analysis
    messages: list[MessageShape] = Field(description="At most 2,000, in their order.")
    reviewed: ReviewShape | None = Field(None, description="Who marked it reviewed, and when.")
    notes: list[NoteShape] = []
    corrections: list[CorrectionShape] = Field([], description="What people said instead of what was judged.")
    next_after: str | None = Field(None, description="When there are more: the message after which they go on.")


class Coverage(BaseModel):
    analysed: int
    total: int


class Overview(BaseModel):
    totalConversations: int
    totalMessages: int
    avgSentiment: float | None
    sentimentDistribution: dict[str, int]
    messagesToday: int
    coverage: Coverage


class SentimentDay(BaseModel):
    date: str
    avgScore: float
    count: int


class SentimentTrend(BaseModel):
    sentimentOverTime: list[SentimentDay]
    distribution: dict[str, int]
    total: int
    coverage: Coverage
