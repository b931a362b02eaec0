"""All SQL of exports and imports. It reads conversations; what it writes are uploads on their way in."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId
from noctule.transfer.models import Place, Words


async def words_after(
    db: Db,
    chatbot_id: ChatbotId,
    conversation_ids: Sequence[ConversationId],
    *,
    place: Place | None,
    limit: int,
) -> list[Words]:
    """A page of the messages of these conversations, in the order of the transcripts, from behind a place."""
    conversation_id, placed_at, placed_rank, message_id = place or (None, None, None, None)
    return await db.all(
        Words,
        """
        select m.conversation_id, m.id, m.role, m.content, m.external_id, m.sent_at, m.received_at, m.evidence,
               m.placed_at, m.placed_rank, j.sentiment, j.chunks
        from messages m
        left join message_judgements j
            on j.chatbot_id = m.chatbot_id and j.conversation_id = m.conversation_id and j.message_id = m.id
        where m.chatbot_id = $1 and m.conversation_id = any($2)
            and (
                $3::uuid is null
                or (m.conversation_id, m.placed_at, m.placed_rank, m.id)
                    > ($3, $4::timestamptz, $5::smallint, $6::uuid)
            )
        order by m.conversation_id, m.placed_at, m.placed_rank, m.id
        limit $7
        """,
        chatbot_id,
        conversation_ids,
        conversation_id,
        placed_at,
        placed_rank,
        message_id,
        limit,
    )


async def insert_chunk(db: Db, chatbot_id: ChatbotId, job_id: UUID, *, number: int, content: bytes) -> None:
    await db.run(
        """
        insert into import_chunks (chatbot_id, job_id, number, content, created_at)
        values ($1, $2, $3, $4, $5)
        """,
        chatbot_id,
        job_id,
        number,
        content,
        db.now,
    )


async def chunk(db: Db, chatbot_id: ChatbotId, job_id: UUID, number: int) -> bytes | None:
    return await db.value(
        """
        select content
        from import_chunks
        where chatbot_id = $1 and job_id = $2 and number = $3
        """,
        chatbot_id,
        job_id,
        number,
    )


async def delete_chunks(db: Db, chatbot_id: ChatbotId, job_id: UUID) -> int:
    return await db.run("delete from import_chunks where chatbot_id = $1 and job_id = $2", chatbot_id, job_id)


async def delete_left_chunks(db: Db, before: datetime) -> int:
    """Of uploads whose job has ended, or that were broken off before there was a job."""
    return await db.run(
        """
        delete from import_chunks k
        where not exists (select 1 from jobs j where j.id = k.job_id and j.state in ('queued', 'running'))
            and (k.created_at < $1 or exists (select 1 from jobs j where j.id = k.job_id))
        """,
        before,
    )


async def messages_here(
    db: Db, chatbot_id: ChatbotId, external_ids: Sequence[str], message_ids: Sequence[UUID]
) -> set[tuple[str, UUID]]:
    """Which of these pairs of a conversation's name and a message's own id exist."""
    return {
        (external_id, message_id)
        for external_id, message_id in await db.rows(
            """
            select c.external_id, m.id
            from unnest($2::text[], $3::uuid[]) as u (external_id, id)
            join conversations c on c.chatbot_id = $1 and c.external_id = u.external_id
            join messages m on m.chatbot_id = c.chatbot_id and m.conversation_id = c.id and m.id = u.id
            """,
            chatbot_id,
            external_ids,
            message_ids,
        )
    }
