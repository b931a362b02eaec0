"""Facts of conversations: what any filter can ask of them."""

from collections.abc import Sequence
from datetime import datetime

from noctule.analysis.quality import FAILING
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


async def began(db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId]) -> list[datetime]:
    return await db.values(
        "select first_message_at from conversations where chatbot_id = $1 and id = any($2)",
        chatbot_id,
        conversation_ids,
    )


async def note_facts(db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId]) -> None:
    """What is known of these conversations, judged or not. Marks are means over the answers of a conversation."""
    await db.run(
        """
        insert into conversation_facts (chatbot_id, conversation_id, began_at, facts)
        select c.chatbot_id, c.id, c.first_message_at, jsonb_strip_nulls(jsonb_build_object(
            'chatbot', c.chatbot_id,
            'source', c.source, 'messages', c.message_count, 'tags', c.tags, 'custom', c.custom, 'topic', m.topic_id,
            'user', c.person_id, 'organization', c.company_id,
            'country', upper(coalesce(c.session ->> 'country', c.enrichment ->> 'country')),
            'device', coalesce(c.session ->> 'device', c.enrichment ->> 'device'),
            'browser', c.enrichment ->> 'browser', 'os', c.enrichment ->> 'os',
            'plan', coalesce(c.organization ->> 'plan', c.person ->> 'plan'),
            'industry', coalesce(c.organization ->> 'industry', c.person ->> 'industry'),
            'sentiment', case when j.sentiment > 0.2 then 'positive' when j.sentiment < -0.2 then 'negative'
                              when j.sentiment is not null then 'neutral' end,
            'score', j.sentiment, 'language', j.language, 'intent', j.intent, 'outcome', j.outcome,
            'dissatisfaction', j.dissatisfaction, 'unresolved', j.unresolved_probability,
            'flags', jsonb_path_query_array(j.flags, '$[*].name'), 'unanswered', j.unanswered, 'escalated', j.escalated,
            'behavior', answers.behavior, 'quality', marks.found -> 'overall', 'marks', marks.found - 'overall',
            'failing', marks.failing,
            'analysed', case when j.status = 'done' then true end, 'ended', case when j.final then true end,
            'reviewed', case when r.reviewed_at is not null then true end
        ))
        from conversations c
        left join conversation_judgements j on j.chatbot_id = c.chatbot_id and j.conversation_id = c.id
        left join conversation_meanings m on m.chatbot_id = c.chatbot_id and m.conversation_id = c.id
        left join conversation_reviews r on r.chatbot_id = c.chatbot_id and r.conversation_id = c.id
        left join lateral (
            select jsonb_agg(distinct a.behavior) filter (where a.behavior is not null) as behavior
            from message_judgements a
            where a.chatbot_id = c.chatbot_id and a.conversation_id = c.id
        ) answers on true
        left join lateral (
            select jsonb_object_agg(name, mark) as found, jsonb_agg(name order by name) filter (where mark < $3) as failing
            from (
                select given.key as name, round(avg(given.value::float8)::numeric, 3) as mark
                from message_judgements a
                cross join jsonb_each(a.quality) as given
                where a.chatbot_id = c.chatbot_id and a.conversation_id = c.id
                group by given.key
            ) mean
        ) marks on true
        where c.chatbot_id = $1 and c.id = any($2)
        order by c.id -- whoever changes several facts locks them in this order
        on conflict (chatbot_id, conversation_id) do update
        set began_at = excluded.began_at, facts = excluded.facts
        """,
        *(chatbot_id, conversation_ids, FAILING),
    )
