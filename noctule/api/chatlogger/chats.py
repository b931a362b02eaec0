"""The chats of an organization: listed, read, changed, deleted; made by the door in create.py."""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter

from noctule import chatbots, conversations
from noctule.accounts import Caller
from noctule.api.chatlogger.lookup import find
from noctule.api.chatlogger.messages import messages_of
from noctule.api.chatlogger.shapes import ChatChange, ChatShape, ChatWithMessages, Said
from noctule.base.clock import iso
from noctule.conversations import Amendment, Conversation
from noctule.web.callers import InCaller, JsonRoute
from noctule.web.paging import whole_number
from noctule.web.services import InTransaction

router = APIRouter(prefix="/api/v1/chats", tags=["chats"], route_class=JsonRoute)


@router.get("")
async def list_chats(
    caller: InCaller, db: InTransaction, limit: str | None = None, offset: str | None = None
) -> list[ChatShape]:
    """The newest first."""
    size = whole_number("limit", limit, default=20, least=1, most=100, cut=True)
    skipped = whole_number("offset", offset, default=0, least=0, most=1_000_000)
    home = await chatbots.home_of(db, caller)
    found = await conversations.conversations_newest(db, home.chatbot_id, limit=size, offset=skipped)
    return [ChatShape(**_fields(caller, chat)) for chat in found]


@router.get("/{chat_id}", response_model=ChatWithMessages | ChatShape)
async def read_chat(
    chat_id: str, caller: InCaller, db: InTransaction, include_messages: str | None = None
) -> ChatShape:
    chat = await find(db, caller, chat_id)
    if include_messages not in ("true", "1"):
        return ChatShape(**_fields(caller, chat))
    return ChatWithMessages(**_fields(caller, chat), messages=await messages_of(db, chat))


@router.patch("/{chat_id}")
async def change_chat(chat_id: str, body: ChatChange, caller: InCaller, db: InTransaction) -> ChatShape:
    caller.must_be("admin")
    chat = await find(db, caller, chat_id)
    amendment = Amendment(title=body.title or None, tags=body.tags)
    if body.metadata is not None:
        parts = conversations.parts_of(body.metadata)
        amendment = replace(
            amendment, stated=parts.stated, session=parts.session, enrichment=parts.enrichment, custom=parts.custom
        )
    changed = await conversations.amend(db, caller, chat.chatbot_id, conversation_id=chat.id, amendment=amendment)
    return ChatShape(**_fields(caller, changed))


@router.delete("/{chat_id}")
async def delete_chat(chat_id: str, caller: InCaller, db: InTransaction) -> Said:
    caller.must_be("admin")
    chat = await find(db, caller, chat_id)
    await conversations.delete(db, caller, chat.chatbot_id, chat.id)
    return Said(message="Chat deleted successfully")


def _fields(caller: Caller, chat: Conversation) -> dict[str, Any]:
    sent = chat.external_user_id
    return {
        "id": chat.number,
        "organization_id": str(caller.org_id),
        "user_id": int(sent) if sent and sent.isascii() and sent.isdigit() else sent,
        "title": chat.title or "",
        "tags": chat.tags,
        "metadata": conversations.metadata_of(chat),
        "created_at": iso(chat.created_at),
        "updated_at": iso(max(chat.created_at, chat.last_received_at)),
    }
