"""The conversations of a list as a file: exactly those that its address narrows down to, all pages of them. As a table with
exactly the columns that the list shows, or as files that can be brought in again.
"""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from noctule import accounts, analysis, chatbots, transfer
from noctule.analysis import Narrowing
from noctule.base.clock import iso
from noctule.base.db import Database
from noctule.chatbots import Chatbot
from noctule.dashboard.columns import Columns, cells_of, columns_of
from noctule.dashboard.narrowing import asked_in
from noctule.dashboard.rows import ConversationRow, mood_of, rows_of
from noctule.transfer import Format, Wanted
from noctule.web import query
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InDatabase

if TYPE_CHECKING:
    from noctule.conversations import ConversationId

router = APIRouter(prefix="/b/{chatbot_id}/conversations", include_in_schema=False, route_class=CredentialsFirst)
_MEDIA: dict[Format, str] = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}
_BATCH = 200  # conversations in one transaction


@router.get("/export")
async def export_list(
    request: Request, chatbot_id: str, member: InMember, database: InDatabase, kind: str = ""
) -> Response:
    """With what was judged. `kind` is csv, jsonl or table; everything else is the address of the list."""
    form = query.choice("kind", kind, of=(*_MEDIA, "table"), default="csv")
    async with database.transaction() as db:
        chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
        custom = await chatbots.accepted_fields(db, chatbot.id)
        today = chatbot.calendar.day_of(db.now)
        asked = asked_in(request.query_params, today, custom, calendar=chatbot.calendar)
        columns = await columns_of(db, member, chatbot, request.query_params)
        conditions = [str(one) for one in asked.others]
        await accounts.note(
            db, member, action="conversations.exported", target=chatbot.id, format=form, narrowed=asked.anything,
            conditions=conditions,
        )  # fmt: skip
    narrowing = asked.narrowing(chatbot.id, custom)
    ending: Format = "jsonl" if form == "jsonl" else "csv"
    if form == "table":
        file = _table(database, chatbot, narrowing, columns=columns)
    else:
        file = transfer.export(database, Wanted(chatbot, ending, analysis=True, narrowing=narrowing))
    headers = {"content-disposition": f'attachment; filename="conversations-{chatbot.id}.{ending}"'}
    return StreamingResponse(file, media_type=_MEDIA[ending], headers=headers)


async def _table(
    database: Database, chatbot: Chatbot, narrowing: Narrowing, *, columns: Columns
) -> AsyncIterator[bytes]:
    """In the order in which they were made, which never changes, so that none is missed while people talk on."""
    yield _line(["Sentiment", "Conversation", "With", *(one.label for one in columns.shown)])
    after: ConversationId | None = None
    while True:
        async with database.transaction() as db:
            found = await analysis.matching_in_order(db, chatbot.id, narrowing, after=after, limit=_BATCH)
            rows = await rows_of(db, chatbot, found, base="")
            cells = await cells_of(db, chatbot, rows, columns)
        if not rows:
            return
        after = rows[-1].conversation.id
        yield b"".join(_line([*_always(row), *(one.value for one in cells[row.conversation.id])]) for row in rows)


def _always(row: ConversationRow) -> list[Any]:
    score, one = row.judgement.sentiment if row.judgement else None, row.conversation
    who = one.person.get("name") or one.person.get("email") or one.external_user_id or "Visitor"
    company = one.organization.get("name")
    return [mood_of(score), row.title, f"{who} · {company}" if company else who]


def _line(values: Sequence[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow([transfer.cell(iso(one) if isinstance(one, datetime) else one) for one in values])
    return text.getvalue().encode()
