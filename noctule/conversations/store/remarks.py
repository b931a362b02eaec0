"""Reviews and notes: what people say of conversations, with their names as they are called now."""

from collections.abc import Sequence
from uuid import UUID

from noctule.accounts import UserId
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations.models import ConversationId, Note, Review


async def hold_conversation(db: Db, chatbot_id: ChatbotId, conversation_id: ConversationId) -> bool:
    """Whether it is there; it stays as it is until we commit."""
    found = await db.values(
        """
        select id
        from conversations
        where chatbot_id = $1 and id = $2
        for no key update
        """,
        chatbot_id,
        conversation_id,
    )
    return bool(found)


async def reviews_of(
    db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId]
) -> dict[ConversationId, Review]:
    rows = await db.all(
        Review,
        """
        select r.conversation_id, r.reviewed_by, u.name as reviewer, r.reviewed_at
        from conversation_reviews r
        left join users u on u.id = r.reviewed_by
        where r.chatbot_id = $1 and r.conversation_id = any($2)
        """,
        chatbot_id,
        conversation_ids,
    )
    return {row.conversation_id: row for row in rows}


async def insert_review(db: Db, chatbot_id: ChatbotId, conversation_id: ConversationId, *, reviewed_by: UserId) -> bool:
    """False when it is reviewed already."""
    written = await db.run(
        """
        insert into conversation_reviews (chatbot_id, conversation_id, reviewed_by, reviewed_at)
        values ($1, $2, $3, $4)
        on conflict (chatbot_id, conversation_id) do nothing
        """,
        chatbot_id,
        conversation_id,
        reviewed_by,
        db.now,
    )
    return written > 0


async def delete_review(db: Db, chatbot_id: ChatbotId, conversation_id: ConversationId) -> bool:
    gone = await db.run(
        "delete from conversation_reviews where chatbot_id = $1 and conversation_id = $2", chatbot_id, conversation_id
    )
    return gone > 0


async def notes_of(db: Db, chatbot_id: ChatbotId, conversation_id: ConversationId) -> list[Note]:
    """The oldest first."""
    return await db.all(
        Note,
        """
        select n.id, n.text, n.written_by, u.name as author, n.written_at
        from conversation_notes n
        left join users u on u.id = n.written_by
        where n.chatbot_id = $1 and n.conversation_id = $2
        order by n.written_at, n.id
        """,
        chatbot_id,
        conversation_id,
    )


async def insert_note(db: Db, chatbot_id: ChatbotId, conversation_id: ConversationId, written: Note) -> None:
    await db.run(
        """
        insert into conversation_notes (chatbot_id, conversation_id, id, text, written_by, written_at)
        values ($1, $2, $3, $4, $5, $6)
        """,
        chatbot_id,
        conversation_id,
        written.id,
        written.text,
        written.written_by,
        written.written_at,
    )


async def delete_note(db: Db, chatbot_id: ChatbotId, conversation_id: ConversationId, note_id: UUID) -> None:
    await db.run(
        "delete from conversation_notes where chatbot_id = $1 and conversation_id = $2 and id = $3",
        chatbot_id,
        conversation_id,
        note_id,
    )
