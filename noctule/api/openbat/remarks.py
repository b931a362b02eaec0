"""What people say of a conversation: that it is reviewed, and notes. Persons only; owners and admins write."""

from fastapi import APIRouter
from pydantic import BaseModel

from noctule import conversations
from noctule.accounts import Member
from noctule.api.openbat.conversations import chatbots_asked_for, find_conversation
from noctule.api.openbat.shapes import Done, NoteShape, ReviewShape, note_shape, review_shape
from noctule.base.db import Db
from noctule.base.errors import NotFound
from noctule.base.ids import parse_id
from noctule.conversations import Conversation
from noctule.web.callers import InMember, JsonRoute
from noctule.web.services import InTransaction

router = APIRouter(prefix="/api/v1/conversations", tags=["conversations"], route_class=JsonRoute)


class ReviewChange(BaseModel):
    reviewed: bool


class Reviewed(BaseModel):
    ok: bool = True
    reviewed: ReviewShape | None


class NewNote(BaseModel):
    text: str


@router.post("/{conversation_id:path}/review")
async def review_conversation(
    conversation_id: str, body: ReviewChange, member: InMember, db: InTransaction, chatbotId: str | None = None
) -> Reviewed:
    """Whoever marked it first stays the one who did."""
    found = await _found(db, member, conversation_id, chatbotId)
    change = conversations.mark_reviewed if body.reviewed else conversations.mark_unreviewed
    await change(db, member, found.chatbot_id, conversation_id=found.id)
    review = (await conversations.reviews_of(db, found.chatbot_id, [found.id])).get(found.id)
    return Reviewed(reviewed=review_shape(review))


@router.post("/{conversation_id:path}/notes", status_code=201)
async def write_note(
    conversation_id: str, body: NewNote, member: InMember, db: InTransaction, chatbotId: str | None = None
) -> NoteShape:
    found = await _found(db, member, conversation_id, chatbotId)
    return note_shape(
        await conversations.write_note(db, member, found.chatbot_id, conversation_id=found.id, text=body.text)
    )


@router.delete("/{conversation_id:path}/notes/{note_id}")
async def delete_note(
    conversation_id: str, note_id: str, member: InMember, db: InTransaction, chatbotId: str | None = None
) -> Done:
    """One's own; owners and admins any."""
    found = await _found(db, member, conversation_id, chatbotId)
    parsed = parse_id(note_id)
    if parsed is None:
        raise NotFound("There is no such note.")
    await conversations.delete_note(db, member, found.chatbot_id, conversation_id=found.id, note_id=parsed)
    return Done()


async def _found(db: Db, member: Member, conversation_id: str, chatbot_id: str | None) -> Conversation:
    """By our id, or in a chatbot also by the caller's."""
    bots = await chatbots_asked_for(db, member.org_id, chatbot_id)
    return await find_conversation(db, bots, conversation_id, by_name=chatbot_id is not None)
