"""What is kept and for how long, everything that is known of one person, and forgetting them."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from noctule import chatbots, people, privacy
from noctule.api.native.jobs import JobShape, shape
from noctule.chatbots import LONGEST_RETENTION
from noctule.web.callers import CredentialsFirst, InCaller
from noctule.web.paging import whole_number
from noctule.web.paths import chatbot_in
from noctule.web.services import InDatabase, InTransaction

router = APIRouter(prefix="/api/v1/chatbots/{chatbot_id}/privacy", tags=["privacy"], route_class=CredentialsFirst)


class RetentionQuery(BaseModel):
    retention_days: str | None = Field(None, description="what if so many? As it is set, when left out")


class RetentionShape(BaseModel):
    retention_days: int | None = Field(description="as it is set; null: conversations are kept for good")
    would_delete: int = Field(description="conversations that would go at the next nightly run")


class Erasing(BaseModel):
    job: JobShape


@router.get("")
async def read_retention(
    chatbot_id: str, asked: Annotated[RetentionQuery, Query()], caller: InCaller, db: InTransaction
) -> RetentionShape:
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    kept = chatbots.retention_in(chatbot.settings.get("privacy"))
    days = whole_number("retention_days", asked.retention_days, default=kept or 0, least=1, most=LONGEST_RETENTION)
    return RetentionShape(retention_days=kept, would_delete=await privacy.expired(db, chatbot, days) if days else 0)


@router.get("/users/{person_id:path}", response_class=StreamingResponse)
async def export_user(chatbot_id: str, person_id: str, caller: InCaller, database: InDatabase) -> StreamingResponse:
    """Everything that is known of them, by our id or the caller's own, which may hold slashes."""
    async with database.transaction() as db:
        chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
        person = await people.person_called(db, chatbot.id, person_id)
    document = await privacy.told_of(database, caller, chatbot, person)
    headers = {"content-disposition": f'attachment; filename="user-{person.id}.json"'}
    return StreamingResponse(document, media_type="application/json", headers=headers)


@router.delete("/users/{person_id:path}", status_code=202)
async def erase_user(chatbot_id: str, person_id: str, caller: InCaller, db: InTransaction) -> Erasing:
    """For good: their conversations, leads and traits. By our id or the caller's own."""
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    person = await people.person_called(db, chatbot.id, person_id)
    return Erasing(job=shape(await privacy.begin_erasing(db, caller, chatbot, person)))
