"""The messages of a chat, sent one by one and read in their order."""

from fastapi import APIRouter, Request

from noctule import conversations
from noctule.accounts import KeyHolder
from noctule.api.chatlogger.lookup import find
from noctule.api.chatlogger.shapes import MessageCreated, MessageShape, NewMessage
from noctule.base.clock import iso
from noctule.base.db import Db
from noctule.base.errors import Denied
from noctule.conversations import Capture, Conversation, Message, Turn
from noctule.web.callers import InCaller, JsonRoute
from noctule.web.ingest import repeat_key_in
from noctule.web.services import InServices, InTransaction

router = APIRouter(prefix="/api/v1", tags=["chats"], route_class=JsonRoute)


@router.get("/chats/{chat_id}/messages")
async def list_messages(chat_id: str, caller: InCaller, db: InTransaction) -> list[MessageShape]:
    """The oldest first."""
    return await messages_of(db, await find(db, caller, chat_id))


@router.post("/chats/{chat_id}/messages", status_code=201)
@router.post("/orgs/{slug}/chats/{chat_id}/messages", status_code=201)
async def add_message(
    chat_id: str, body: NewMessage, caller: InCaller, services: InServices, request: Request
) -> MessageCreated:
    if request.path_params.get("slug", "me") not in ("me", caller.org_slug):
        raise Denied("this API key cannot access this organization")
    caller.must_be("admin")
    repeat_key = repeat_key_in(request.scope)
    async with services.database.transaction() as db:
        chat = await find(db, caller, chat_id)
    capture = Capture(
        chatbot_id=chat.chatbot_id,
        key_hash=None,
        external_id=chat.external_id,
        turns=(_turn(body, repeat_key),),
        received_at=services.database.clock(),
        source=chat.source,
        organization_key=(caller.org_id, caller.id) if isinstance(caller, KeyHolder) else None,
    )
    recorded = await services.recorder.record(capture)
    if recorded.last_message is not None:
        return MessageCreated(message_id=recorded.last_message)
    async with services.database.transaction() as db:
        return MessageCreated(message_id=await _stored_before(db, chat, repeat_key or ""))


async def messages_of(db: Db, chat: Conversation) -> list[MessageShape]:
    said = await conversations.messages_of(db, chat.chatbot_id, [chat.id])
    return [_shape(chat, message) for message in said]


def _turn(body: NewMessage, repeat_key: str | None) -> Turn:
    """A repeat is known by the key of its request, as if it were an id that the caller gave."""
    metadata = body.metadata.model_dump() if body.metadata else {}
    evidence = conversations.evidence_of(metadata)
    return Turn(body.role, body.content, repeat_key and f"request-{repeat_key}", evidence=evidence)


async def _stored_before(db: Db, chat: Conversation, repeat_key: str) -> int:
    said = await conversations.messages_of(db, chat.chatbot_id, [chat.id])
    return next(message.number for message in said if message.external_id == f"request-{repeat_key}")


def _shape(chat: Conversation, message: Message) -> MessageShape:
    return MessageShape(
        id=message.number,
        chat_id=chat.number,
        role=message.role,
        content=message.content,
        metadata=conversations.metadata_in(message.evidence),
        created_at=iso(message.said_at),
    )
