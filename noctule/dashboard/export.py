"""The conversations of a list as a file: exactly those that its address narrows down to, all pages of them."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from noctule import accounts, chatbots, transfer
from noctule.dashboard.narrowing import asked_in
from noctule.transfer import Format, Wanted
from noctule.web import query
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InDatabase

router = APIRouter(prefix="/b/{chatbot_id}/conversations", include_in_schema=False, route_class=CredentialsFirst)
_MEDIA: dict[Format, str] = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}


@router.get("/export")
async def export_list(
    request: Request, chatbot_id: str, member: InMember, database: InDatabase, kind: str = ""
) -> Response:
    """With what was judged. `kind` is csv or jsonl; everything else is the address of the list."""
    form: Format = query.choice("kind", kind, of=tuple(_MEDIA), default="csv")
    async with database.transaction() as db:
        chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
        custom = await chatbots.accepted_fields(db, chatbot.id)
        today = chatbot.calendar.day_of(db.now)
        asked = asked_in(request.query_params, today, custom, calendar=chatbot.calendar)
        conditions = [str(one) for one in asked.others]
        await accounts.note(
            db, member, action="conversations.exported", target=chatbot.id, format=form, narrowed=asked.anything,
            conditions=conditions,
        )  # fmt: skip
    wanted = Wanted(chatbot, form, analysis=True, narrowing=asked.narrowing(chatbot.id, custom))
    headers = {"content-disposition": f'attachment; filename="conversations-{chatbot.id}.{form}"'}
    return StreamingResponse(transfer.export(database, wanted), media_type=_MEDIA[form], headers=headers)
