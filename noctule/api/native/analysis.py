"""What a chatbot has judged, trying other settings, judging the past again, and what could not be judged.

Settings themselves are changed where all of a chatbot's are: `PATCH /api/v1/chatbots/{chatbot_id}`.
"""

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from noctule import analysis, chatbots
from noctule.analysis import FlagWish, Tried
from noctule.api.native.jobs import JobShape, shape
from noctule.base.clock import iso
from noctule.base.errors import Invalid
from noctule.base.ids import parse_id
from noctule.web.callers import InCaller, JsonRoute
from noctule.web.paths import chatbot_in
from noctule.web.services import InDatabase, InTransaction

router = APIRouter(prefix="/api/v1/chatbots/{chatbot_id}/analysis", tags=["analysis"], route_class=JsonRoute)
_MOST_AT_ONCE = 1000


class SignalShape(BaseModel):
    name: str
    side: Literal["user", "assistant"]
    on: bool = Field(description="it and its side")
    definition: str


class FlagShape(BaseModel):
    name: str
    system: bool
    enabled: bool
    definition: str
    threshold: float | None = Field(description="how sure it must be; null: as sure as its rules are")
    words: list[str]
    phrases: list[str]
    examples: list[str]
    unless: list[str] = Field(description="a message that says this does not carry the flag")
    conversations: int = Field(description="that carry it")


class ThresholdsShape(BaseModel):
    very_negative: float = Field(serialization_alias="veryNegative")
    negative: float
    positive: float
    very_positive: float = Field(serialization_alias="veryPositive")


class AnalysisShape(BaseModel):
    judged_by: str = Field(description="the version of the analysers that judges now")
    user: bool
    assistant: bool
    signals: list[SignalShape]
    thresholds: ThresholdsShape
    flags: list[FlagShape]
    judged: dict[str, int] = Field(description="conversations by the version that judged them")
    parked: int = Field(description="conversations that could not be judged")
    job: JobShape | None = Field(description="the last judging anew that somebody asked for")


class Trial(BaseModel):
    settings: dict[str, Any] = Field(description="laid over those of the chatbot, as PATCH would")


class TriedShape(BaseModel):
    id: str
    external_id: str
    title: str | None
    changed: list[str] = Field(description="signals that would differ")
    before: dict[str, Any]
    after: dict[str, Any]


class TrialShape(BaseModel):
    conversations: list[TriedShape]
    changed: int


class AskedAgain(BaseModel):
    job: JobShape


class ParkedShape(BaseModel):
    conversation_id: str
    external_id: str
    reason: str
    attempts: int
    failed_at: str


class ParkedList(BaseModel):
    conversations: list[ParkedShape] = Field(description="the latest hundred")
    total: int


class Chosen(BaseModel):
    conversation_ids: list[str] | None = Field(description="null: all that are parked")


class Released(BaseModel):
    released: int


@router.get("")
async def read_analysis(chatbot_id: str, caller: InCaller, db: InTransaction) -> AnalysisShape:
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    wishes = await analysis.wishes_of(db, chatbot)
    bands = wishes.bands
    return AnalysisShape(
        judged_by=analysis.JUDGE,
        user=wishes.user,
        assistant=wishes.assistant,
        signals=[
            SignalShape(name=one.name, side=one.side, on=wishes.on(one), definition=one.definition)
            for one in wishes.signals
        ],
        thresholds=ThresholdsShape(
            very_negative=bands.very_negative,
            negative=bands.negative,
            positive=bands.positive,
            very_positive=bands.very_positive,
        ),
        flags=[_flag(one) for one in wishes.flags],
        judged=wishes.judged,
        parked=wishes.parked,
        job=shape(wishes.job) if wishes.job else None,
    )


@router.post("/try")
async def try_settings(chatbot_id: str, body: Trial, caller: InCaller, database: InDatabase) -> TrialShape:
    """The latest twenty conversations, judged as things are and as they would be. Nothing is kept."""
    caller.must_be("admin")
    async with database.transaction() as db:
        chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    tried = await analysis.try_settings(database, chatbot, body.settings, limit=analysis.MOST_TRIED)
    return TrialShape(conversations=[_tried(one) for one in tried], changed=sum(bool(one.changed) for one in tried))


@router.post("/reanalyse", status_code=202)
async def judge_again(chatbot_id: str, caller: InCaller, db: InTransaction) -> AskedAgain:
    """All conversations, by the settings as they are. The job's result has the figures `before` and `after`."""
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    return AskedAgain(job=shape(await analysis.ask_again(db, caller, chatbot)))


@router.get("/parked")
async def list_parked(chatbot_id: str, caller: InCaller, db: InTransaction) -> ParkedList:
    """Tried three times in vain. They are left alone until somebody tries again or more is said in them."""
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    found, total = await analysis.parked_of(db, chatbot)
    return ParkedList(
        conversations=[
            ParkedShape(
                conversation_id=str(one.conversation_id),
                external_id=one.external_id,
                reason=one.reason,
                attempts=one.attempts,
                failed_at=iso(one.failed_at),
            )
            for one in found
        ],
        total=total,
    )


@router.post("/parked/retry")
async def retry_parked(chatbot_id: str, body: Chosen, caller: InCaller, db: InTransaction) -> Released:
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    ids = [parse_id(one) for one in body.conversation_ids or ()]
    if len(ids) > _MOST_AT_ONCE:
        raise Invalid.field("conversation_ids", f"must be at most {_MOST_AT_ONCE}")
    chosen = None if body.conversation_ids is None else [one for one in ids if one]
    return Released(released=await analysis.try_again(db, caller, chatbot, conversation_ids=chosen))


def _flag(one: FlagWish) -> FlagShape:
    own = one.own
    return FlagShape(
        name=one.name,
        system=one.system,
        enabled=one.enabled,
        definition=one.definition,
        threshold=own.threshold,
        words=list(own.words or ()),
        phrases=list(own.phrases or ()),
        examples=list(own.examples or ()),
        unless=list(own.unless or ()),
        conversations=one.conversations,
    )


def _tried(one: Tried) -> TriedShape:
    return TriedShape(
        id=str(one.id), external_id=one.external_id, title=one.title, changed=one.changed, before=one.before, after=one.after
    )  # fmt: skip
