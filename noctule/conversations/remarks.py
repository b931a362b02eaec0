"""What people say of a conversation that they have read: that it is reviewed, and notes for each other.

Members read all of it; owners and admins write. Everything says who said it, and when.
"""

from uuid import UUID

from noctule.accounts import Member, note
from noctule.base.db import Db
from noctule.base.errors import Conflict, Invalid, NotFound
from noctule.base.ids import new_id
from noctule.base.text import storable
from noctule.chatbots import ChatbotId
from noctule.conversations.models import ConversationId, Note
from noctule.conversations.store import remarks as store

LONGEST_NOTE = 4000
MOST_NOTES = 200  # of one conversation


async def mark_reviewed(db: Db, member: Member, chatbot_id: ChatbotId, *, conversation_id: ConversationId) -> None:
    """Whoever was first stays. Marking it twice changes nothing. Raises NotFound or Denied."""
    await _hold(db, member, chatbot_id, conversation_id=conversation_id)
    if await store.insert_review(db, chatbot_id, conversation_id, reviewed_by=member.user_id):
        await note(db, member, action="conversation.reviewed", target=conversation_id)


async def mark_unreviewed(db: Db, member: Member, chatbot_id: ChatbotId, *, conversation_id: ConversationId) -> None:
    """Raises NotFound or Denied."""
    await _hold(db, member, chatbot_id, conversation_id=conversation_id)
    if await store.delete_review(db, chatbot_id, conversation_id):
        await note(db, member, action="conversation.unreviewed", target=conversation_id)


async def write_note(
    db: Db, member: Member, chatbot_id: ChatbotId, *, conversation_id: ConversationId, text: str
) -> Note:
    """Raises NotFound, Denied, Invalid, or Conflict for a conversation that is full of notes."""
    await _hold(db, member, chatbot_id, conversation_id=conversation_id)
    text = text.strip()
    if not 1 <= len(text) <= LONGEST_NOTE:
        raise Invalid.field("text", f"must have 1 to {LONGEST_NOTE} characters")
    if problem := storable(text):
        raise Invalid.field("text", problem)
    if len(await store.notes_of(db, chatbot_id, conversation_id)) >= MOST_NOTES:
        raise Conflict(f"A conversation may have at most {MOST_NOTES} notes.")
    written = Note(new_id(), text, member.user_id, member.name, db.now)
    await store.insert_note(db, chatbot_id, conversation_id, written)
    await note(db, member, action="conversation.noted", target=conversation_id, note=written.id)
    return written


async def delete_note(
    db: Db, member: Member, chatbot_id: ChatbotId, *, conversation_id: ConversationId, note_id: UUID
) -> None:
    """Whoever wrote it may, also when he only reads by now; owners and admins take away any. Raises NotFound or Denied."""
    written = [one for one in await store.notes_of(db, chatbot_id, conversation_id) if one.id == note_id]
    if not written:
        raise NotFound("There is no such note.")
    if written[0].written_by != member.user_id:
        member.must_be("admin")
    await store.delete_note(db, chatbot_id, conversation_id, note_id)
    await note(db, member, action="conversation.note_deleted", target=conversation_id, note=note_id)


async def _hold(db: Db, member: Member, chatbot_id: ChatbotId, *, conversation_id: ConversationId) -> None:
    """Remarks on one conversation follow each other."""
    if not await store.hold_conversation(db, chatbot_id, conversation_id):
        raise NotFound("There is no such conversation.")
    member.must_be("admin")
