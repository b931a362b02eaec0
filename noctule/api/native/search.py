"""Deep search: messages of a chatbot's conversations that say something."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from noctule import analysis, chatbots
from noctule.analysis import Found, Hits, Question, Sought
from noctule.base.clock import iso
from noctule.base.errors import Invalid
from noctule.base.text import storable
from noctule.chatbots import ChatbotId, FieldType
from noctule.web import query
from noctule.web.callers import CredentialsFirst, InCaller
from noctule.web.paging import whole_number
from noctule.web.paths import chatbot_in
from noctule.web.services import InServices

router = APIRouter(prefix="/api/v1/chatbots/{chatbot_id}/search", tags=["search"], route_class=CredentialsFirst)
_LONGEST = 500  # characters of a question
_MODES = ("both", "exact", "meaning")
_NO_MODEL = "The model for meanings is not there yet; it is built in the background."
_ROLES = ("user", "assistant", "system")


class Asked(BaseModel):
    q: str | None = Field(None, description='words that must all be said; `"several words"` one after the other')
    mode: str | None = Field(
        None,
        description="exact: these words; meaning: conversations that began with the same matter, in whatever words; "
        "both, as given: these words and their other forms, and on the last page what means the same",
    )
    role: str | None = Field(None, description="who said it: user, assistant or system")
    since: str | None = Field(None, alias="from", description="said at this time or on this date (UTC) or later")
    until: str | None = Field(None, alias="to", description="said before this time, or on this date at the latest")
    f: list[str] = Field([], description="a condition on the conversation, field:operator:value")
    limit: str | None = Field(None, description="1 to 100, 20 as given")
    after: str | None = Field(None, description="`next` of the page before")


class Stretch(BaseModel):
    start: int
    end: int


class FoundMessage(BaseModel):
    message_id: str
    conversation_id: str
    external_conversation_id: str
    title: str | None = Field(description="of the conversation")
    role: Literal["user", "assistant", "system"]
    said_at: str
    sentiment: float | None
    text: str = Field(description="a stretch of the message around what was found")
    start: int = Field(description="where the stretch begins in the message, in characters")
    highlights: list[Stretch] = Field(description="what was found, in characters of `text`")
    likeness: float | None = Field(description="of what was found by its meaning: 0.35 to 1")


class FoundMessages(BaseModel):
    results: list[FoundMessage]
    related: list[FoundMessage] = Field(description="of conversations that mean the same, the most alike first")
    total: int = Field(
        description="messages with these words in this time, whatever `f` and `role` leave out; at most 10,000"
    )
    next: str | None
    reason: str | None = Field(description="why nothing was looked for by its meaning")


@router.get("/messages")
async def search_messages(
    chatbot_id: str, asked: Annotated[Asked, Query()], caller: InCaller, services: InServices
) -> FoundMessages:
    """By words the latest first, by meaning the most alike first."""
    text, limit = _text(asked.q), whole_number("limit", asked.limit, default=20, least=1, most=100, cut=True)
    mode = query.choice("mode", asked.mode, of=_MODES, default="both")
    async with services.database.transaction() as db:
        chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
        question = await analysis.looked_for(db, chatbot.id, text, forms=mode == "both")
        sought = _sought(asked, question, chatbot.id, kinds=await chatbots.accepted_fields(db, chatbot.id))
        place = _place(asked.after)
        by_words = Hits([], 0, more=False)
        if mode != "meaning":
            by_words = await analysis.search_messages(db, chatbot.id, sought, after=place, limit=limit)
    found = by_words.found
    alike: list[Found] | None = []
    if mode != "exact" and not by_words.more and sought.role != "assistant":
        alike = await analysis.search_meanings(
            services.database, services.embedder, chatbot.id, text, sought=sought, limit=limit
        )
    if mode == "meaning":
        found, alike = (alike or []), (None if alike is None else list[Found]())
    shown = {one.conversation_id for one in found}
    return FoundMessages(
        results=[_shape(one, question) for one in found],
        related=[_shape(one, question) for one in alike or [] if one.conversation_id not in shown],
        total=len(found) if mode == "meaning" else by_words.total,
        next=analysis.place_of(found[-1]) if by_words.more else None,
        reason=_NO_MODEL if alike is None else None,
    )


def _text(asked: str | None) -> str:
    text = asked or ""
    if problem := storable(text):
        raise Invalid.field("q", problem)
    if len(text) > _LONGEST:
        raise Invalid.field("q", f"must not be longer than {_LONGEST} characters")
    return text


def _sought(asked: Asked, question: Question, chatbot_id: ChatbotId, *, kinds: Mapping[str, FieldType]) -> Sought:
    return Sought(
        question.condition(chatbot_id),
        query.moment("from", asked.since),
        query.moment("to", asked.until, whole_day=True),
        query.choice("role", asked.role, of=_ROLES, default=None),
        analysis.filter_of(analysis.read_conditions(asked.f, kinds), chatbot_id, kinds),
    )


def _place(text: str | None) -> tuple[datetime, UUID] | None:
    if not text:
        return None
    place = analysis.read_place(text)
    if place is None:
        raise Invalid.field("after", "is not a place in this list")
    return place


def _shape(found: Found, question: Question) -> FoundMessage:
    snippet = analysis.snippet_of(found.content, question)
    return FoundMessage(
        message_id=str(found.message_id),
        conversation_id=str(found.conversation_id),
        external_conversation_id=found.external_id,
        title=found.title,
        role=found.role,
        said_at=iso(found.said_at),
        sentiment=found.sentiment,
        text=snippet.text,
        start=snippet.start,
        highlights=[Stretch(start=start, end=end) for start, end in snippet.places],
        likeness=found.likeness,
    )
