"""The conversation row is the queue of the analysers: due, leased (due later), settled (not due).

A new message makes a row due earlier, also while a worker has leased it; the worker then finds the hour changed
when it settles, leaves it alone, and the conversation is judged again with the new message.
"""

from collections.abc import Sequence
from datetime import datetime

from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations.models import ConversationId, Due


async def chatbots_with_due(db: Db) -> list[ChatbotId]:
    """Where work waits, the longest-waiting first. Looks at no more than the oldest two thousand."""
    return await db.values(
        """
        select chatbot_id
        from (
            select chatbot_id, analysis_due_at
            from conversations
            where analysis_due_at <= $1
            order by analysis_due_at
            limit 2000
        ) oldest
        group by chatbot_id
        order by min(analysis_due_at)
        """,
        db.now,
    )


async def claim_due(db: Db, chatbot_id: ChatbotId, *, until: datetime, limit: int) -> list[Due]:
    """Take some of a chatbot's due conversations; others may take them again after `until`."""
    return await db.all(
        Due,
        """
        update conversations
        set analysis_due_at = $3
        where chatbot_id = $1
            and id in (
                select id
                from conversations
                where chatbot_id = $1 and analysis_due_at <= $2
                order by analysis_due_at
                limit $4
                for update skip locked
            )
        returning id, message_count, last_received_at, ended_at, stated, analysis_due_at as leased_until
        """,
        chatbot_id,
        db.now,
        until,
        limit,
    )


async def settle(
    db: Db,
    chatbot_id: ChatbotId,
    conversation_ids: Sequence[ConversationId],
    *,
    leased_until: datetime,
    next_due: Sequence[datetime | None],
) -> None:
    """Say when each claimed conversation is due again (null: when somebody writes). One that got a new message
    meanwhile is due earlier than the lease says and stays so.
    """
    await db.run(
        """
        update conversations c
        set analysis_due_at = u.next_due
        from unnest($2::uuid[], $4::timestamptz[]) as u (id, next_due)
        where c.chatbot_id = $1 and c.id = u.id and c.analysis_due_at = $3
        """,
        chatbot_id,
        conversation_ids,
        leased_until,
        next_due,
    )


async def waiting(db: Db) -> tuple[int, datetime | None]:
    """How many conversations are due now, and since when the longest-waiting one is."""
    ((due, since),) = await db.rows(
        "select count(*), min(analysis_due_at) from conversations where analysis_due_at <= $1", db.now
    )
    return due, since
