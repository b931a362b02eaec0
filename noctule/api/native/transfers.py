"""Files of conversations: the export of a chatbot, streamed."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from noctule import accounts, chatbots, transfer
from noctule.accounts import Caller
from noctule.base.db import Db
from noctule.base.errors import NotFound
from noctule.base.ids import parse_id
from noctule.chatbots import Chatbot, ChatbotId
from noctule.transfer import FORMATS, Format, Wanted
from noctule.web import query
from noctule.web.callers import CredentialsFirst, InCaller
from noctule.web.services import InDatabase

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


@router.get("/export/{chatbot_id}", response_class=StreamingResponse)
async def export_conversations(
    chatbot_id: str, asked: Annotated[ExportQuery, Query()], caller: InCaller, database: InDatabase
) -> StreamingResponse:
    """All conversations of a chatbot as a file, the oldest first."""
    kind: Format = query.choice("format", asked.format, of=FORMATS, default="json")
    with_analysis = query.switch("analysis", asked.analysis, default=False)
    since, until = query.moment("from", asked.since), query.moment("to", asked.until, whole_day=True)
    async with database.transaction() as db:
        chatbot = await chatbot_of(db, caller, chatbot_id)
        await accounts.note(db, caller, action="conversations.exported", target=chatbot.id, format=kind)
    wanted = Wanted(chatbot, kind, analysis=with_analysis, since=since, until=until)
    headers = {"content-disposition": f'attachment; filename="conversations-{chatbot.id}.{kind}"'}
    return StreamingResponse(transfer.export(database, wanted), media_type=_MEDIA[kind], headers=headers)


async def chatbot_of(db: Db, caller: Caller, chatbot_id: str) -> Chatbot:
    """Raises NotFound, also for a text that is no id."""
    parsed = parse_id(chatbot_id)
    if parsed is None:
        raise NotFound("There is no such chatbot.")
    return await chatbots.get(db, caller.org_id, ChatbotId(parsed))
