"""What a chatbot's conversations are about, and what people change about it."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, field_validator

from noctule import analysis, chatbots
from noctule.analysis import Span, Topic, TopicFigures, TopicId, Topics
from noctule.api.native.jobs import JobShape, shape
from noctule.base import jobs
from noctule.base.clock import iso
from noctule.base.db import Db
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import parse_id
from noctule.chatbots import Chatbot
from noctule.web.callers import InCaller, JsonRoute
from noctule.web.paging import whole_number
from noctule.web.paths import chatbot_in
from noctule.web.services import InServices, InTransaction

router = APIRouter(prefix="/api/v1/chatbots/{chatbot_id}/topics", tags=["topics"], route_class=JsonRoute)
_EXAMPLES = 10


class TopicShape(BaseModel):
    id: str
    name: str
    phrases: list[str] = Field(description="that set it apart, the most telling first")
    conversations: int
    share: float = Field(description="0 to 1, of the conversations that have a vector")
    sentiment: float | None = Field(description="-1 to 1, the mean of `scored` conversations")
    scored: int
    unresolved_rate: float | None = Field(description="0 to 1, of the `ended` conversations")
    ended: int
    dissatisfaction: float | None
    earlier: int = Field(description="that began in the first half of the time")
    later: int = Field(description="and in the second")
    first_at: str | None
    last_at: str | None
    pinned: bool = Field(description="grouping leaves it and its conversations alone")
    hidden: bool
    x: float = Field(description="of its place on a map, -1 to 1")
    y: float
    created_at: str


class CoverageShape(BaseModel):
    analysed: int = Field(description="conversations that have a vector")
    total: int
    assigned: int = Field(description="that are in a topic")
    waiting: int = Field(description="whose vector is still to be made")
    untold: int = Field(description="in which the user said nothing that tells, or not in English")


class TopicList(BaseModel):
    topics: list[TopicShape]
    unassigned: int = Field(description="conversations with a vector that fit nowhere, in this time")
    coverage: CoverageShape
    reason: str | None = Field(description="why there are no topics")
    grouped_at: str | None
    job: JobShape | None = Field(description="the last grouping that somebody asked for")
    assignments: dict[str, str | None] = Field(
        {}, description="of each conversation, by the caller's id, the id of its topic; only with assignments=1"
    )


class ExampleShape(BaseModel):
    conversation_id: str
    words: str = Field(description="of the user, the first that tell")


class TopicDetail(TopicShape):
    came_from: list[str] = Field(description="topics that its conversations were in before")
    successor_id: str | None = Field(description="where its conversations went when it ended")
    ended_at: str | None
    examples: list[ExampleShape] = Field(description="the conversations that are most like it")


class TopicChange(BaseModel):
    name: str | None = Field(None, description="empty: its own words again")
    pinned: bool | None = None
    hidden: bool | None = None

    @field_validator("name", "pinned", "hidden", mode="before")
    @classmethod
    def _not_null(cls, value: object) -> object:
        if value is None:
            raise ValueError("must not be null")
        return value


class Merge(BaseModel):
    into: str


class TopicChanged(BaseModel):
    topic: TopicDetail


class Grouping(BaseModel):
    job: JobShape


@router.get("", response_model_exclude_unset=True)
async def list_topics(
    chatbot_id: str,
    caller: InCaller,
    db: InTransaction,
    known: InServices,
    *,
    assignments: Annotated[str | None, Query(description="1: also which conversation is in which topic")] = None,
    days: Annotated[str | None, Query(description="1 to 365: only what began in the last days")] = None,
) -> TopicList:
    """The most conversations first."""
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    if assignments not in (None, "0", "1"):
        raise Invalid.field("assignments", "must be 0 or 1")
    window = whole_number("days", days, default=365, least=1, most=365) if days is not None else None
    span = Span() if window is None else Span(db.now - timedelta(days=window))
    found = await analysis.topics_told(
        db, chatbot.id, span=span, model=known.embedder.ready, assignments=assignments == "1"
    )
    asked: dict[str, Any] = {}
    if assignments == "1":
        asked["assignments"] = {name: str(topic) if topic else None for name, topic in found.assignments.items()}
    covered = found.coverage
    return TopicList(
        topics=[TopicShape.model_validate(_shape(one.topic, one.figures, found.total)) for one in found.told],
        unassigned=found.strays.conversations if found.strays else 0,
        coverage=CoverageShape(
            analysed=covered.analysed,
            total=covered.total,
            assigned=covered.assigned,
            waiting=covered.waiting,
            untold=covered.untold,
        ),
        reason=found.reason,
        grouped_at=iso(found.grouping.grouped_at) if found.grouping and found.grouping.grouped_at else None,
        job=await _last_job(db, chatbot, found),
        **asked,
    )


@router.post("/rebuild", status_code=202)
async def rebuild_topics(chatbot_id: str, caller: InCaller, db: InTransaction) -> Grouping:
    """Group all conversations anew. Topics that are the same go on, with their ids; pinned ones stay as they are."""
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    return Grouping(job=shape(await analysis.rebuild_topics(db, caller, chatbot)))


@router.get("/{topic_id:uuid}")
async def read_topic(chatbot_id: str, topic_id: UUID, caller: InCaller, db: InTransaction) -> TopicDetail:
    """Also one that has ended."""
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    found = await analysis.topic(db, chatbot.id, TopicId(topic_id))
    if found is None:
        raise NotFound("There is no such topic.")
    return await _detail(db, chatbot, found)


@router.patch("/{topic_id:uuid}")
async def change_topic(
    chatbot_id: str, topic_id: UUID, body: TopicChange, caller: InCaller, db: InTransaction
) -> TopicChanged:
    """Whatever is changed is pinned, unless `pinned` says otherwise."""
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    changed = await analysis.change_topic(
        db, caller, chatbot, topic_id=TopicId(topic_id), name=body.name, pinned=body.pinned, hidden=body.hidden
    )
    return TopicChanged(topic=await _detail(db, chatbot, changed))


@router.post("/{topic_id:uuid}/merge")
async def merge_topics(
    chatbot_id: str, topic_id: UUID, body: Merge, caller: InCaller, db: InTransaction
) -> TopicChanged:
    """Its conversations go to the topic `into`, now and later."""
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    into = parse_id(body.into)
    if into is None:
        raise Invalid.field("into", "is not a topic of this chatbot")
    merged = await analysis.merge_topics(db, caller, chatbot, topic_id=TopicId(topic_id), into=TopicId(into))
    return TopicChanged(topic=await _detail(db, chatbot, merged))


@router.post("/{topic_id:uuid}/split", status_code=202)
async def split_topic(chatbot_id: str, topic_id: UUID, caller: InCaller, db: InTransaction) -> Grouping:
    """The biggest part stays the topic; the job's result names all parts as `topics`."""
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    return Grouping(job=shape(await analysis.split_topic(db, caller, chatbot, TopicId(topic_id))))


async def _last_job(db: Db, chatbot: Chatbot, found: Topics) -> JobShape | None:
    if found.grouping is None or found.grouping.job_id is None:
        return None
    job = await jobs.state_of(db, chatbot.org_id, found.grouping.job_id)
    return shape(job) if job else None


async def _detail(db: Db, chatbot: Chatbot, topic: Topic) -> TopicDetail:
    told, total = await analysis.topic_told(db, chatbot.id, topic)
    return TopicDetail.model_validate(
        {
            **_shape(topic, told.figures, total),
            "came_from": [str(one) for one in topic.came_from],
            "successor_id": str(topic.successor_id) if topic.successor_id else None,
            "ended_at": iso(topic.ended_at) if topic.ended_at else None,
            "examples": [
                ExampleShape(conversation_id=str(one.conversation_id), words=one.words)
                for one in await analysis.examples_of(db, chatbot.id, topic.id, _EXAMPLES)
            ],
        }
    )


def _shape(topic: Topic, figures: TopicFigures | None, total: int) -> dict[str, Any]:
    many = figures.conversations if figures else 0
    return {
        "id": str(topic.id),
        "name": topic.name,
        "phrases": topic.phrases,
        "conversations": many,
        "share": round(many / total, 4) if total else 0.0,
        "sentiment": _rounded(figures.sentiment if figures else None),
        "scored": figures.scored if figures else 0,
        "unresolved_rate": _rounded(figures.unresolved if figures else None),
        "ended": figures.ended if figures else 0,
        "dissatisfaction": _rounded(figures.dissatisfaction if figures else None),
        "earlier": many - figures.latest if figures else 0,
        "later": figures.latest if figures else 0,
        "first_at": iso(figures.first_at) if figures else None,
        "last_at": iso(figures.last_at) if figures else None,
        "pinned": topic.pinned,
        "hidden": topic.hidden,
        "x": round(topic.x, 4),
        "y": round(topic.y, 4),
        "created_at": iso(topic.created_at),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
