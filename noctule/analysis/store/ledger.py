"""SQL of the ledger: what came in by the hour, and where it is now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from noctule.base.db import Db
from noctule.chatbots import ChatbotId


@dataclass(frozen=True)
class Hour:
    """Messages that came in within an hour, and how far the conversations of those have come that are still there."""

    chatbot_id: ChatbotId
    hour: datetime
    accepted: int
    stored: int
    deleted: int | None  # of an hour in which an older version was at work, nobody counted
    judged: int
    waiting: int
    failed: int
    unwanted: int


async def hours_of(
    db: Db, chatbot_ids: Sequence[ChatbotId], *, since: datetime, first: UUID, attempts: int
) -> list[Hour]:
    """`first` is the smallest id that can be made at `since`. The hour of a message is that of its id (RFC 9562, section 5.7).

    One statement: in two, what is stored between them would be missing in one.
    """
    return await db.all(
        Hour,
        """
        with came as (
            select chatbot_id, hour, sum(accepted)::int as accepted, sum(stored)::int as stored,
                   case when every(deleted is not null) then sum(deleted)::int end as deleted
            from arrivals
            where chatbot_id = any($1) and hour >= $2
            group by chatbot_id, hour
        ), there as (
            select made.chatbot_id, made.hour,
                   count(*) filter (where made.state = 'judged')::int as judged,
                   count(*) filter (where made.state = 'waiting')::int as waiting,
                   count(*) filter (where made.state = 'failed')::int as failed,
                   count(*) filter (where made.state = 'unwanted')::int as unwanted
            from (
                select m.chatbot_id,
                       ('x' || left(replace(m.id::text, '-', ''), 12))::bit(48)::bigint / 3600000 as hour,
                       case when j.status = 'failed' and j.attempts >= $4 then 'failed'
                            when c.analysis_leased_until is not null or c.analysis_due_at <= $5 then 'waiting'
                            when j.status = 'done' and (j.sentiment is not null or j.outcome is not null) then 'judged'
                            when j.status = 'done' or c.analysis_due_at is null then 'unwanted'
                            else 'waiting' end as state
                from messages m
                join conversations c on c.chatbot_id = m.chatbot_id and c.id = m.conversation_id
                left join conversation_judgements j
                    on j.chatbot_id = m.chatbot_id and j.conversation_id = m.conversation_id
                where m.chatbot_id = any($1) and m.id >= $3
            ) made
            group by made.chatbot_id, made.hour
        )
        select came.chatbot_id, came.hour, came.accepted, came.stored, came.deleted,
               coalesce(there.judged, 0) as judged, coalesce(there.waiting, 0) as waiting,
               coalesce(there.failed, 0) as failed, coalesce(there.unwanted, 0) as unwanted
        from came
        left join there
            on there.chatbot_id = came.chatbot_id and there.hour = extract(epoch from came.hour)::bigint / 3600
        order by came.chatbot_id, came.hour desc
        """,
        *(chatbot_ids, since, first, attempts, db.now),
    )
