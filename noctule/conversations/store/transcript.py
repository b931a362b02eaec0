"""Questions about the messages of one conversation that may be very long: a stretch of it, from a place onwards.

The index messages_in_order serves both directions, so any stretch costs the same however deep it lies.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations.models import ConversationId, Message, MessageId


@dataclass(frozen=True)
class Place:
    """Where a message stands in the order of the transcript."""

    placed_at: datetime
    placed_rank: int
    id: MessageId


START = Place(datetime(1, 1, 1, tzinfo=UTC), -1, MessageId(UUID(int=0)))
END = Place(datetime(9999, 12, 31, 23, 59, 59, 999999, UTC), 32767, MessageId(UUID(int=2**128 - 1)))


async def place_of(
    db: Db, chatbot_id: ChatbotId, conversation_id: ConversationId, message_id: MessageId
) -> Place | None:
    return await db.one(
        Place,
        """
        select placed_at, placed_rank, id
        from messages
        where chatbot_id = $1 and conversation_id = $2 and id = $3
        """,
        chatbot_id,
        conversation_id,
        message_id,
    )


async def messages_after(
    db: Db, chatbot_id: ChatbotId, conversation_id: ConversationId, *, place: Place, limit: int
) -> list[Message]:
    """The next ones after a place, in order."""
    return await db.all(
        Message,
        """
        select conversation_id, id, number, role, content, external_id, sent_at, received_at, evidence
        from messages
        where chatbot_id = $1 and conversation_id = $2
            and (placed_at, placed_rank, id) > ($3, $4, $5)
        order by placed_at, placed_rank, id
        limit $6
        """,
        chatbot_id,
        conversation_id,
        place.placed_at,
        place.placed_rank,
        place.id,
        limit,
    )


async def messages_before(
    db: Db, chatbot_id: ChatbotId, conversation_id: ConversationId, *, place: Place, limit: int
) -> list[Message]:
    """The last ones before a place, the nearest to it first."""
    return await db.all(
        Message,
        """
        select conversation_id, id, number, role, content, external_id, sent_at, received_at, evidence
        from messages
        where chatbot_id = $1 and conversation_id = $2
            and (placed_at, placed_rank, id) < ($3, $4, $5)
        order by placed_at desc, placed_rank desc, id desc
        limit $6
        """,
        chatbot_id,
        conversation_id,
        place.placed_at,
        place.placed_rank,
        place.id,
        limit,
    )
