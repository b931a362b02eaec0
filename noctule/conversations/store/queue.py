"""The conversation row is the queue of the analysers: due, leased (due again when the lease ends), settled (not due).

A lease has a mark of its own, so that a worker whose lease ran out finds that the row is not his any more. What changes
meanwhile counts up the revision: the worker saves what he read, and the row stays due for the rest.
"""

from collections.abc import Sequence
from datetime import datetime

from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations.models import SETTLING_PAUSE, ConversationId, Due


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
        set analysis_due_at = $3, analysis_leased_until = $3
        where chatbot_id = $1
            and id in (
                select id
                from conversations
                where chatbot_id = $1 and analysis_due_at <= $2
                order by analysis_due_at
                limit $4
                for update skip locked
            )
        returning id, message_count, first_message_at, last_received_at, ended_at, stated, person_id, company_id, revision,
                  analysis_leased_until as leased_until
        """,
        chatbot_id,
        db.now,
        until,
        limit,
    )


async def still_leased(
    db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId], leased_until: datetime
) -> set[ConversationId]:
    """Those that nobody else has taken meanwhile; nobody can until the transaction ends."""
    return set(
        await db.values(
            """
            select id
            from conversations
            where chatbot_id = $1 and id = any($2) and analysis_leased_until = $3
            order by id
            for no key update
            """,
            chatbot_id,
            conversation_ids,
            leased_until,
        )
    )


async def settle(db: Db, chatbot_id: ChatbotId, settled: Sequence[Due], *, next_due: Sequence[datetime | None]) -> None:
    """End the leases that are still ours, and say when each is due again (null: when somebody writes). What has changed
    since it was taken is due after a settling pause.
    """
    await db.run(
        """
        update conversations c
        set analysis_leased_until = null,
            analysis_due_at = case when c.revision = u.revision then u.next_due else least(c.analysis_due_at, $5) end
        from unnest($2::uuid[], $3::int[], $4::timestamptz[], $6::timestamptz[]) as u (id, revision, next_due, leased_until)
        where c.chatbot_id = $1 and c.id = u.id and c.analysis_leased_until = u.leased_until
        """,
        chatbot_id,
        [due.id for due in settled],
        [due.revision for due in settled],
        next_due,
        db.now + SETTLING_PAUSE,
        [due.leased_until for due in settled],
    )


async def make_due(db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId]) -> None:
    """To be judged again now; one that somebody is judging is left to him."""
    await db.run(
        """
        update conversations
        set analysis_due_at = $3
        where chatbot_id = $1 and id = any($2) and analysis_leased_until is null
        """,
        chatbot_id,
        conversation_ids,
        db.now,
    )


async def under_way(db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId]) -> int:
    """How many of these are due now or being judged."""
    return await db.value(
        """
        select count(*)
        from conversations
        where chatbot_id = $1 and id = any($2) and (analysis_due_at <= $3 or analysis_leased_until is not null)
        """,
        chatbot_id,
        conversation_ids,
        db.now,
    )


async def awaits_analysis(db: Db, chatbot_id: ChatbotId, conversation_id: ConversationId) -> bool:
    """Not, for one that was brought in to be left unjudged; nor for one that is judged and final."""
    return await db.value(
        "select analysis_due_at is not null from conversations where chatbot_id = $1 and id = $2",
        chatbot_id,
        conversation_id,
    )


async def waiting(db: Db) -> tuple[int, datetime | None]:
    """How many conversations are due now, and since when the longest-waiting one is."""
    ((due, since),) = await db.rows(
        "select count(*), min(analysis_due_at) from conversations where analysis_due_at <= $1", db.now
    )
    return due, since
