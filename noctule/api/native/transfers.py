"""Files of conversations: the export of a chatbot, streamed; the import, looked through as it arrives."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from starlette.requests import ClientDisconnect

from noctule import accounts, analysis, chatbots, transfer
from noctule.analysis import Narrowing
from noctule.api.native.jobs import JobShape, shape
from noctule.base.db import Db
from noctule.base.errors import Invalid
from noctule.chatbots import Chatbot
from noctule.transfer import FORMATS, Format, Wanted
from noctule.web import query
from noctule.web.callers import CredentialsFirst, InCaller
from noctule.web.paths import chatbot_in
from noctule.web.services import InDatabase, services

router = APIRouter(prefix="/api/v1", tags=["export and import"], route_class=CredentialsFirst)
_MEDIA: dict[Format, str] = {
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
}


class ExportQuery(BaseModel):
    format: str | None = Field(None, description="json (as given), jsonl or csv")
    analysis: str | None = Field(None, description="true adds what was judged")
    since: str | None = Field(None, alias="from", description="last message not before this time or date (UTC)")
    until: str | None = Field(
        None, alias="to", description="last message before this time, or on this date at the latest"
    )
    f: list[str] = Field([], description="a condition as in lists, field:operator:value, as often as needed")
    began_from: str | None = Field(None, description="began at this time or on this date (UTC) or later")
    began_to: str | None = Field(None, description="began before this time, or on this date at the latest")


class ImportQuery(BaseModel):
    format: str | None = Field(None, description="json, jsonl or csv; left out, the file shows it")
    dry_run: str | None = Field(None, description="true looks through the file and stores nothing")
    analyse: str | None = Field(None, description="false stores without having it judged")


class MappingShape(BaseModel):
    format: str = Field(description="what the file was taken for")
    columns: dict[str, str] = Field(description="what becomes of its fields")


class ProblemShape(BaseModel):
    place: str
    field: str
    message: str


class Looked(BaseModel):
    mapping: MappingShape
    conversations: int
    messages: int
    problems: list[ProblemShape] = Field(description="the first hundred")
    problems_total: int


class Brought(Looked):
    job: JobShape


@router.get("/export/{chatbot_id}", response_class=StreamingResponse)
async def export_conversations(
    chatbot_id: str, asked: Annotated[ExportQuery, Query()], caller: InCaller, database: InDatabase
) -> StreamingResponse:
    """All conversations of a chatbot as a file, the oldest first."""
    kind: Format = query.choice("format", asked.format, of=FORMATS, default="json")
    with_analysis = query.switch("analysis", asked.analysis, default=False)
    since, until = query.moment("from", asked.since), query.moment("to", asked.until, whole_day=True)
    async with database.transaction() as db:
        chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
        narrowing = await _narrowing(db, chatbot, asked)
        await accounts.note(
            db, caller, action="conversations.exported", target=chatbot.id, format=kind, conditions=asked.f
        )
    wanted = Wanted(chatbot, kind, analysis=with_analysis, since=since, until=until, narrowing=narrowing)
    headers = {"content-disposition": f'attachment; filename="conversations-{chatbot.id}.{kind}"'}
    return StreamingResponse(transfer.export(database, wanted), media_type=_MEDIA[kind], headers=headers)


async def _narrowing(db: Db, chatbot: Chatbot, asked: ExportQuery) -> Narrowing:
    """Raises Invalid, naming the parameter."""
    kinds = await chatbots.accepted_fields(db, chatbot.id)
    conditions = analysis.filter_of(analysis.read_conditions(asked.f, kinds), chatbot.id, kinds)
    began, ended = (
        query.moment("began_from", asked.began_from),
        query.moment("began_to", asked.began_to, whole_day=True),
    )
    return Narrowing(began, ended, conditions=conditions)


@router.get("/chatbots/{chatbot_id}/import/template.csv", response_class=Response)
async def import_template(chatbot_id: str, caller: InCaller, database: InDatabase) -> Response:
    """The header of a CSV file that an import reads."""
    async with database.transaction() as db:
        chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    headers = {"content-disposition": 'attachment; filename="import-template.csv"'}
    return Response(await transfer.template(database, chatbot.id), media_type=_MEDIA["csv"], headers=headers)


@router.post(
    "/chatbots/{chatbot_id}/import",
    status_code=202,
    responses={200: {"model": Looked, "description": "With dry_run: nothing was stored"}},
    openapi_extra={"requestBody": {"required": True, "content": {kind: {} for kind in _MEDIA.values()}}},
)
async def import_conversations(
    chatbot_id: str,
    asked: Annotated[ImportQuery, Query()],
    caller: InCaller,
    request: Request,
    response: Response,
) -> Brought | Looked:
    """A file of conversations as the body, up to 1 GB. All of it is right and will be stored, or nothing is."""
    database = services(request).database
    async with database.transaction() as db:
        chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    transfer.may_bring(caller, chatbot)
    kind: Format | None = query.choice("format", asked.format, of=FORMATS, default=None)
    judged = query.switch("analyse", asked.analyse, default=True)
    if query.switch("dry_run", asked.dry_run, default=False):
        response.status_code = 200
        return Looked(**(await transfer.look_through(_body(request), kind)).told())
    job, report = await transfer.bring(database, caller, chatbot, pieces=_body(request), kind=kind, judged=judged)
    return Brought(job=shape(job), **report.told())


async def _body(request: Request) -> AsyncIterator[bytes]:
    try:
        async for piece in request.stream():
            if piece:
                yield piece
    except ClientDisconnect:
        raise Invalid.field("body", "ended before it was complete") from None
