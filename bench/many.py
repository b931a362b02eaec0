"""Many conversations at once, for measuring: the database makes them itself, judged, with marks, topics and people.

Every fourth is from one country (DE), every tenth has an unhappy end. References are not looked at: they are right by
construction. Facts are told by the statement that tells them in earnest, and days are counted as ever.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from noctule import analysis
from noctule.analysis.store.facts import note_facts
from noctule.base.db import connect
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId

_STEP, _TOLD = 50_000, 2_000
_ID = "('00000000-0000-7000-8000-' || lpad(to_hex({}), 12, '0'))::uuid"
_PEOPLE = """
    insert into people (chatbot_id, id, external_id, handle, traits, first_seen_at, last_seen_at, created_at, conversations, messages)
    select $1, {person}, 'u' || n, 'u' || n || '@example.com', jsonb_build_object('name', 'Person ' || n, 'plan', 'pro'),
           now() - interval '1 year', now() - n * interval '1 second', now(), 10, 20
    from generate_series($2::int / 10, $3::int / 10 - 1) n
"""
_SAID = [
    """
    insert into conversations (
        chatbot_id, id, external_id, source, message_count, first_message_at, last_message_at, last_received_at, created_at,
        ended_at, person, organization, session, custom, person_id
    )
    select $1, {id}, 'c' || n, (array['capture', 'api', 'widget'])[1 + n % 3], 2, at, at + interval '1 minute', at + interval '1 minute', at,
           at + interval '1 hour', jsonb_build_object('name', 'Person ' || n / 10), '{{}}',
           jsonb_build_object('country', (array['BE', 'DE', 'US', 'JP'])[1 + n % 4], 'device', (array['mobile', 'desktop', 'tablet'])[1 + n % 3]),
           jsonb_build_object('tier', (array['gold', 'silver', 'free'])[1 + n % 3], 'seats', n % 50), {person_of}
    from (
        select n, now() - interval '2 hours' - ($4::int - n) * ($5::interval / $4::int) as at
        from generate_series($2::int, $3::int - 1) n
    ) made
    """,
    """
    insert into messages (chatbot_id, conversation_id, id, role, content, received_at, placed_at, placed_rank)
    select $1, {id}, {message}, (array['user', 'assistant'])[1 + k], 'Where is parcel ' || n || '? It should have come yesterday.',
           c.first_message_at, c.first_message_at + k * interval '1 minute', 0
    from generate_series($2::int, $3::int - 1) n
    cross join generate_series(0, 1) k
    join conversations c on c.chatbot_id = $1 and c.id = {id}
    """,
    """
    insert into conversation_judgements (
        chatbot_id, conversation_id, status, final, judged_by, judged_at, messages_judged, language, sentiment, reason,
        intent, outcome, dissatisfaction, unresolved_probability, flags, escalated, unanswered
    )
    select $1, {id}, 'done', true, 'bench', now(), 1, (array['en', 'de', 'fr'])[1 + n / 4 % 3],
           ((n % 200 * 7919) % 200 - 100) / 100.0, 'made', (array['question', 'complaint', 'purchase', 'support', 'greeting'])[1 + n / 3 % 5],
           (array['fully_resolved', 'partially_resolved', 'deflected', 'other'])[1 + n / 5 % 4], n % 10 / 9.0 - 0.45, 0.3,
           case when n % 9 = 0 then '[{{"name": "frustrated_user", "reason": "made"}}]'::jsonb else '[]'::jsonb end, n % 11 = 0, n % 7 = 0
    from generate_series($2::int, $3::int - 1) n
    """,
    """
    insert into message_judgements (
        chatbot_id, conversation_id, message_id, said_at, judged_by, sentiment, chunks, dissatisfaction, flags, behavior, quality
    )
    select $1, {id}, {message}, c.first_message_at + k * interval '1 minute', 'bench', case when k = 0 then ((n % 200 * 7919) % 200 - 100) / 100.0 end,
           '[]', case when k = 0 then n % 10 / 9.0 - 0.45 end, '[]', case when k = 1 then (array['helpful', 'verbose', 'robotic'])[1 + n % 3] end,
           case when k = 1 then jsonb_build_object('relevance', 0.8, 'completeness', n % 100 / 100.0, 'clarity', 0.9, 'accuracy', 0.7,
                                                   'conciseness', 0.9, 'tone_match', 0.8, 'overall', 0.75) end
    from generate_series($2::int, $3::int - 1) n
    cross join generate_series(0, 1) k
    join conversations c on c.chatbot_id = $1 and c.id = {id}
    """,
    """
    insert into conversation_meanings (chatbot_id, conversation_id, revision, topic_id, likeness)
    select $1, {id}, 0, {topic_of}, 0.8 from generate_series($2::int, $3::int - 1) n
    """,
]


async def make_conversations(url: str, chatbot_id: UUID, number: int, *, days: int = 365) -> None:
    """Spread evenly over the last days."""
    connection: Any = await asyncpg.connect(url)
    await connection.execute("set session_replication_role = replica")
    await connection.execute("update chatbots set activated_at = now() where id = $1", chatbot_id)
    await connection.execute(
        f"insert into topics (chatbot_id, id, phrases, centres, x, y, created_at) select $1, {_ID.format('n')},"
        " array['parcel ' || n], ''::bytea, n / 20.0, n % 5 / 5.0, now() from generate_series(0, 19) n",
        chatbot_id,
    )
    await connection.execute(
        "insert into custom_fields (chatbot_id, key, type, status, created_at, occurrences) values ($1, 'tier', 'string', 'accept', now(), 9)",
        chatbot_id,
    )
    for first in range(0, number, _STEP):
        last = min(first + _STEP, number)
        for one in (_PEOPLE, *_SAID):
            known = (chatbot_id, first, last, number, timedelta(days=days))
            await connection.execute(made(one), *known[: 5 if "$4" in one else 3])
    await connection.execute("analyze")
    await connection.close()
    await _tell(url, ChatbotId(chatbot_id), number)


async def _tell(url: str, chatbot_id: ChatbotId, number: int) -> None:
    async with connect(url) as database:
        for first in range(0, number, _TOLD):
            ids = [id_of(one) for one in range(first, min(first + _TOLD, number))]
            async with database.transaction() as db:
                await note_facts(db, chatbot_id, ids)
        await analysis.rebuild(database)


def id_of(number: int) -> ConversationId:
    return ConversationId(UUID(f"00000000-0000-7000-8000-{number:012x}"))


def made(sql: str) -> str:
    names = {"id": "n", "person": "n", "person_of": "n / 10", "message": "n * 2 + k", "topic_of": "n % 20"}
    return sql.format(**{name: _ID.format(of) for name, of in names.items()})
