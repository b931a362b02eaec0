"""SQL of the ledger: what came in by the hour, and where it is now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from noctule.base.db import Db
from noctule.chatbots import ChatbotId


@dataclass(frozen=True)
class Came:
    chatbot_id: ChatbotId
    hour: datetime
    accepted: int
    stored: int


@dataclass(frozen=True)
class There:
    """Messages that were made within an hour and are still there, by how far their conversations have come."""

    chatbot_id: ChatbotId
    hour: int  # since 1970
    judged: int
    waiting: int
    failed: int
    unwanted: int


async def came(db: Db, chatbot_ids: Sequence[ChatbotId], *, since: datetime) -> list[Came]:
    return await db.all(
        Came,
        """
        select chatbot_id, hour, sum(accepted)::int as accepted, sum(stored)::int as stored
        from arrivals
        where chatbot_id = any($1) and hour >= $2
        group by chatbot_id, hour
        order by chatbot_id, hour
        """,
        chatbot_ids,
        since,
    )


async def there(db: Db, chatbot_ids: Sequence[ChatbotId], *, first: UUID, attempts: int) -> list[There]:
    """`first` is the smallest id of those that are looked at. The hour is that of the id (RFC 9562, section 5.7)."""
    return await db.all(
        There,
        """
        select chatbot_id, hour,
               count(*) filter (where state = 'judged')::int as judged,
               count(*) filter (where state = 'waiting')::int as waiting,
               count(*) filter (where state = 'failed')::int as failed,
               count(*) filter (where state = 'unwanted')::int as unwanted
        from (
            select m.chatbot_id,
                   ('x' || left(replace(m.id::text, '-', ''), 12))::bit(48)::bigint / 3600000 as hour,
                   case when j.status = 'failed' and j.attempts >= $4 then 'failed'
                        when c.analysis_leased_until is not null or c.analysis_due_at <= $3 then 'waiting'
                        when j.status = 'done' then 'judged'
                        when c.analysis_due_at is null then 'unwanted'
                        else 'waiting' end as state
            from messages m
            join conversations c on c.chatbot_id = m.chatbot_id and c.id = m.conversation_id
            left join conversation_judgements j on j.chatbot_id = m.chatbot_id and j.conversation_id = m.conversation_id
            where m.chatbot_id = any($1) and m.id >= $2
        ) made
        group by chatbot_id, hour
        """,
        chatbot_ids,
        first,
        db.now,
        attempts,
    )
