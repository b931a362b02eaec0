"""Facts of conversations, and the figures of days that are computed from them."""

from collections.abc import Sequence
from datetime import date, datetime

from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId


async def began_before(db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId]) -> list[datetime]:
    """When these began as far as was known so far: something older that came late moves a conversation to another day."""
    return await db.values(
        "select began_at from conversation_facts where chatbot_id = $1 and conversation_id = any($2)",
        chatbot_id,
        conversation_ids,
    )


async def note_facts(db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId]) -> None:
    """What is known of these conversations now that they have been judged."""
    await db.run(
        """
        insert into conversation_facts (chatbot_id, conversation_id, began_at, facts)
        select c.chatbot_id, c.id, c.first_message_at, jsonb_strip_nulls(jsonb_build_object(
            'chatbot', c.chatbot_id,
            'source', c.source,
            'language', j.language,
            'country', coalesce(c.session ->> 'country', c.enrichment ->> 'country'),
            'device', coalesce(c.session ->> 'device', c.enrichment ->> 'device'),
            'browser', c.enrichment ->> 'browser',
            'os', c.enrichment ->> 'os',
            'user', c.person_id,
            'organization', c.company_id,
            'plan', coalesce(c.organization ->> 'plan', c.person ->> 'plan'),
            'industry', coalesce(c.organization ->> 'industry', c.person ->> 'industry'),
            'sentiment', case when j.sentiment > 0.2 then 'positive' when j.sentiment < -0.2 then 'negative'
                              when j.sentiment is not null then 'neutral' end,
            'score', j.sentiment,
            'intent', j.intent,
            'outcome', j.outcome,
            'dissatisfaction', j.dissatisfaction,
            'unresolved', j.unresolved_probability,
            'flags', jsonb_path_query_array(j.flags, '$[*].name'),
            'unanswered', j.unanswered,
            'escalated', j.escalated,
            'messages', c.message_count,
            'tags', c.tags,
            'custom', c.custom,
            'topic', m.topic_id
        ))
        from conversations c
        join conversation_judgements j on j.chatbot_id = c.chatbot_id and j.conversation_id = c.id
        left join conversation_meanings m on m.chatbot_id = c.chatbot_id and m.conversation_id = c.id
        where c.chatbot_id = $1 and c.id = any($2)
        order by c.id -- whoever changes several facts locks them in this order
        on conflict (chatbot_id, conversation_id) do update
        set began_at = excluded.began_at, facts = excluded.facts
        """,
        chatbot_id,
        conversation_ids,
    )


async def forget_day(db: Db, chatbot_id: ChatbotId, day: date) -> None:
    await db.run("delete from day_figures where chatbot_id = $1 and day = $2", chatbot_id, day)


async def compute_day(db: Db, chatbot_id: ChatbotId, day: date, *, since: datetime, until: datetime) -> None:
    await db.run(
        """
        insert into day_figures (chatbot_id, day, name, value, conversations, messages, users, scored, sentiment)
        select $1, $2, known.name, known.value, count(*), sum(c.message_count), count(distinct c.person_id),
               count(f.facts -> 'score'), coalesce(sum((f.facts ->> 'score')::float8), 0)
        from conversations c
        left join conversation_facts f on f.chatbot_id = c.chatbot_id and f.conversation_id = c.id
        cross join lateral (
            values ('all', ''),
                   ('source', c.source),
                   ('hour', extract(hour from c.first_message_at at time zone 'UTC')::text),
                   ('sentiment', coalesce(f.facts ->> 'sentiment', 'none')),
                   ('language', f.facts ->> 'language'),
                   ('country', f.facts ->> 'country'),
                   ('device', f.facts ->> 'device'),
                   ('plan', f.facts ->> 'plan'),
                   ('intent', f.facts ->> 'intent'),
                   ('outcome', f.facts ->> 'outcome'),
                   ('unanswered', f.facts ->> 'unanswered'),
                   ('escalated', f.facts ->> 'escalated')
        ) as known (name, value)
        where c.chatbot_id = $1 and c.first_message_at >= $3 and c.first_message_at < $4
            and known.value is not null
        group by known.name, known.value
        on conflict (chatbot_id, day, name, value) do update
        set conversations = excluded.conversations, messages = excluded.messages, users = excluded.users,
            scored = excluded.scored, sentiment = excluded.sentiment
        """,
        chatbot_id,
        day,
        since,
        until,
    )


async def days_begun(db: Db, chatbot_id: ChatbotId) -> list[date]:
    """On which conversations began, or figures say that some did."""
    return await db.values(
        """
        select distinct (first_message_at at time zone 'UTC')::date as day
        from conversations
        where chatbot_id = $1
        union
        select day
        from day_figures
        where chatbot_id = $1
        order by day
        """,
        chatbot_id,
    )
