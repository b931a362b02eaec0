"""Judgements that failed as often as they are tried."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId


@dataclass(frozen=True)
class Parked:
    conversation_id: ConversationId
    external_id: str
    reason: str
    attempts: int
    failed_at: datetime


async def parked(db: Db, chatbot_id: ChatbotId, *, attempts: int, limit: int) -> list[Parked]:
    """The latest first."""
    return await db.all(
        Parked,
        """
        select j.conversation_id, c.external_id, j.reason, j.attempts, j.judged_at as failed_at
        from conversation_judgements j
        join conversations c on c.chatbot_id = j.chatbot_id and c.id = j.conversation_id
        where j.chatbot_id = $1 and j.status = 'failed' and j.attempts >= $2
        order by j.judged_at desc, j.conversation_id
        limit $3
        """,
        chatbot_id,
        attempts,
        limit,
    )


async def count_parked(db: Db, chatbot_id: ChatbotId, *, attempts: int) -> int:
    return await db.value(
        "select count(*) from conversation_judgements where chatbot_id = $1 and status = 'failed' and attempts >= $2",
        chatbot_id,
        attempts,
    )


async def parked_among(
    db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId] | None, *, attempts: int
) -> list[ConversationId]:
    """All of them, or those of these that are parked."""
    return await db.values(
        """
        select conversation_id
        from conversation_judgements
        where chatbot_id = $1
            and status = 'failed'
            and attempts >= $3
            and ($2::uuid[] is null or conversation_id = any($2))
        """,
        chatbot_id,
        conversation_ids,
        attempts,
    )


async def release(db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId], *, attempts: int) -> int:
    """Their attempts begin anew; how many there were."""
    return await db.run(
        """
        update conversation_judgements
        set attempts = 0
        where chatbot_id = $1 and conversation_id = any($2) and status = 'failed' and attempts >= $3
        """,
        chatbot_id,
        conversation_ids,
        attempts,
    )
