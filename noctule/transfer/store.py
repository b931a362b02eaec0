"""All SQL of exports and imports. It reads conversations; what it writes are uploads on their way in."""

from collections.abc import Sequence

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
