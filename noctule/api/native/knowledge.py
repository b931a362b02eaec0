"""What a chatbot's agent is taught: its sources, training, and searching them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from noctule import chatbots, knowledge
from noctule.api.native.drafts import NewSource, NewSources, checked, draft_in, drafts_in
from noctule.api.native.jobs import JobShape, shape
from noctule.base.clock import iso
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import parse_id
from noctule.knowledge import Hit, Source, SourceId
from noctule.web.callers import InCaller, JsonRoute
from noctule.web.paging import whole_number
from noctule.web.paths import chatbot_in
from noctule.web.services import InServices, InTransaction

router = APIRouter(prefix="/api/v1/chatbots/{chatbot_id}", tags=["knowledge"], route_class=JsonRoute)
_LONGEST_QUERY = 2000  # characters


class SourceShape(BaseModel):
    id: str
    external_id: str | None
    kind: Literal["text", "qna", "url", "file"]
    title: str | None
    url: str | None
    status: Literal["waiting", "ready", "failed"]
    error: str | None = Field(description="why it could not be read")
    language: str | None
    characters: int
    passages: int
    created_at: str
    updated_at: str
    trained_at: str | None


class SourceDetail(SourceShape):
    text: str = Field(description="what passages are cut from; offsets count its characters")


class SourcesTaken(BaseModel):
    sources: list[SourceShape]
    job: JobShape


class SourceTaken(BaseModel):
    source: SourceShape
    job: JobShape


class SourceList(BaseModel):
    sources: list[SourceShape]
    next: str | None


class TrainingTaken(BaseModel):
    job: JobShape


class Removed(BaseModel):
    message: str = "Source deleted."


class RolledBack(BaseModel):
    message: str = "Answers come from the version before, until the next training."


class Question(BaseModel):
    query: str
    limit: int = Field(10, ge=1, le=50)


class HitShape(BaseModel):
    source_id: str
    external_id: str | None
    title: str | None
    url: str | None
    heading: str
    text: str
    score: float = Field(description="0 to 1, among the passages of this search")
    cosine: float | None = Field(description="-1 to 1, where both have a vector")
    start: int = Field(description="the first character in the text of the source")
    end: int = Field(description="the one after the last")


class Hits(BaseModel):
    hits: list[HitShape]
    version: int = Field(description="of the index")
    coverage: float = Field(description="0 to 1: how much of the question the sources know at all")


@router.get("/sources")
async def list_sources(
    chatbot_id: str,
    caller: InCaller,
    db: InTransaction,
    limit: Annotated[str | None, Query(description="1 to 100, 25 as given")] = None,
    after: Annotated[str | None, Query(description="`next` of the page before")] = None,
) -> SourceList:
    """The oldest first."""
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    most = whole_number("limit", limit, default=25, least=1, most=100, cut=True)
    place = parse_id(after) if after else None
    if after and place is None:
        raise Invalid.field("after", "is not a place in this list")
    found = await knowledge.sources_after(db, chatbot.id, after=SourceId(place) if place else None, limit=most + 1)
    more = str(found[most - 1].id) if len(found) > most else None
    return SourceList(sources=[_source(one) for one in found[:most]], next=more)


@router.post("/sources", status_code=202)
async def add_sources(chatbot_id: str, body: NewSources, caller: InCaller, db: InTransaction) -> SourcesTaken:
    """One, or up to 1,000 at once. They answer when the job is done."""
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    sources, job = await knowledge.add(db, caller, chatbot, drafts_in(body))
    return SourcesTaken(sources=[_source(one) for one in sources], job=shape(job))


@router.get("/sources/{source_id}")
async def read_source(chatbot_id: str, source_id: str, caller: InCaller, db: InTransaction) -> SourceDetail:
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    found = await knowledge.sources_with(db, chatbot.id, [_id(source_id)])
    if not found:
        raise NotFound("There is no such source.")
    text = await knowledge.text_of(db, chatbot.id, found[0].id)
    return SourceDetail(**_source(found[0]).model_dump(), text=text or "")


@router.put("/sources/{source_id}", status_code=202)
async def replace_source(
    chatbot_id: str, source_id: str, body: NewSource, caller: InCaller, db: InTransaction
) -> SourceTaken:
    """The new content answers when the job is done, and the old one never again. Kind, name and title stay if not given."""
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    for known in await knowledge.sources_with(db, chatbot.id, [_id(source_id)]):
        body.kind = body.kind or known.kind
        if body.kind == "qna":
            body.question = body.question or body.title or known.title
    source, job = await knowledge.replace(db, caller, chatbot, source_id=_id(source_id), draft=draft_in(body))
    return SourceTaken(source=_source(source), job=shape(job))


@router.delete("/sources/{source_id}")
async def delete_source(chatbot_id: str, source_id: str, caller: InCaller, db: InTransaction) -> Removed:
    """It stops answering at once."""
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    await knowledge.remove(db, caller, chatbot, _id(source_id))
    return Removed()


@router.post("/train", status_code=202)
async def train(chatbot_id: str, caller: InCaller, db: InTransaction) -> TrainingTaken:
    """Pages are read again, and what failed is tried again."""
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    return TrainingTaken(job=shape(await knowledge.retrain(db, caller, chatbot)))


@router.post("/train/rollback")
async def roll_back(chatbot_id: str, caller: InCaller, db: InTransaction) -> RolledBack:
    """What was deleted stays deleted."""
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    await knowledge.roll_back(db, caller, chatbot)
    return RolledBack()


@router.post("/search")
async def search(chatbot_id: str, body: Question, caller: InCaller, known: InServices, response: Response) -> Hits:
    """The passages that answer a question, the best first."""
    async with known.database.transaction() as db:
        chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    query = checked("query", body.query, most=_LONGEST_QUERY)
    answer = await knowledge.search(known.database, known.embedder, chatbot.id, query, limit=body.limit)
    response.headers["cache-control"] = "no-store"
    hits = [_hit(one) for one in answer.hits]
    return Hits(hits=hits, version=answer.version, coverage=round(answer.coverage, 4))


def _source(source: Source) -> SourceShape:
    return SourceShape(
        id=str(source.id),
        external_id=source.external_id,
        kind=source.kind,
        title=source.title,
        url=source.url,
        status=source.status,
        error=source.problem,
        language=source.language,
        characters=source.characters,
        passages=source.passages,
        created_at=iso(source.created_at),
        updated_at=iso(source.updated_at),
        trained_at=iso(source.trained_at) if source.trained_at else None,
    )


def _hit(hit: Hit) -> HitShape:
    one = hit.passage
    return HitShape(
        source_id=str(one.source_id),
        external_id=one.external_id,
        title=one.title,
        url=one.url,
        heading=one.heading,
        text=one.text,
        score=round(hit.score, 6),
        cosine=None if hit.cosine is None else round(hit.cosine, 4),
        start=one.begins,
        end=one.ends,
    )


def _id(text: str) -> SourceId:
    parsed = parse_id(text)
    if parsed is None:
        raise NotFound("There is no such source.")
    return SourceId(parsed)
