"""SQL on frustrated messages, and on how users stood in some days (UTC)."""

from collections.abc import Sequence
from datetime import date

from noctule.analysis.models import Frustration, StoodSo
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.people import PersonId


async def frustrations(
    db: Db, chatbot_id: ChatbotId, *, first: date, last: date, conditions: str | None, limit: int
) -> list[Frustration]:
    """Messages said in these days, the latest first; `conditions` are on the facts of their conversations."""
    return await db.all(
        Frustration,
        """
        select j.conversation_id, j.message_id, j.said_at, m.content, j.sentiment, j.dissatisfaction, j.flags,
               c.external_id, c.person_id
        from message_judgements j
        join conversations c on c.chatbot_id = j.chatbot_id and c.id = j.conversation_id
        join messages m
            on m.chatbot_id = j.chatbot_id and m.conversation_id = j.conversation_id and m.id = j.message_id
        left join conversation_facts f on f.chatbot_id = j.chatbot_id and f.conversation_id = j.conversation_id
        where j.chatbot_id = $1
            and (j.dissatisfaction >= 0.5 or j.flags @> '[{"name": "frustrated_user"}]')
            and j.said_at >= $2::date::timestamp at time zone 'UTC'
            and j.said_at < ($3::date + 1)::timestamp at time zone 'UTC'
            and ($4::jsonpath is null or f.facts @@ $4)
        order by j.said_at desc, j.message_id desc
        limit $5
        """,
        chatbot_id,
        first,
        last,
        conditions,
        limit,
    )


async def stood_so(
    db: Db, chatbot_id: ChatbotId, ids: Sequence[PersonId], *, first: date, last: date, conditions: str | None
) -> dict[PersonId, StoodSo]:
    """Over their conversations that began in these days."""
    rows = await db.all(
        StoodSo,
        """
        select c.person_id as id, count(*) as conversations, count(f.facts -> 'score') as scored,
               avg((f.facts ->> 'score')::float8) as sentiment, avg((f.facts ->> 'dissatisfaction')::float8) as dissatisfaction,
               max(c.last_message_at) as last_at
        from conversations c
        left join conversation_facts f on f.chatbot_id = c.chatbot_id and f.conversation_id = c.id
        where c.chatbot_id = $1 and c.person_id = any($2)
            and c.first_message_at >= $3::date::timestamp at time zone 'UTC'
            and c.first_message_at < ($4::date + 1)::timestamp at time zone 'UTC'
            and ($5::jsonpath is null or f.facts @@ $5)
        group by c.person_id
        """,
        chatbot_id,
        ids,
        first,
        last,
        conditions,
    )
    return {row.id: row for row in rows}
