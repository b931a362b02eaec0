"""Conversations that a list means: where they stand in it, and they themselves. A place is a moment and an id."""

from collections.abc import Sequence
from datetime import datetime

from noctule.analysis.models import Narrowing
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import Conversation, ConversationId

Span = tuple[datetime, datetime]  # the end excluded


async def stated(db: Db, chatbot_id: ChatbotId, path: str, *, most: int) -> list[ConversationId]:
    """Of which these facts are known, found by the index where they are few; not more than `most`."""
    return await db.values(
        "select conversation_id from conversation_facts where chatbot_id = $1 and facts @@ $2::jsonpath limit $3",
        chatbot_id,
        path,
        most,
    )


async def places_among(
    db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, ids: Sequence[ConversationId]
) -> list[tuple[datetime, ConversationId]]:
    """Of those that are meant."""
    return await db.rows(
        """
        select c.last_message_at, c.id
        from unnest($2::uuid[]) as hit (id)
        join conversations c on c.chatbot_id = $1 and c.id = hit.id
        left join conversation_judgements j on j.chatbot_id = c.chatbot_id and j.conversation_id = c.id
        left join conversation_facts f on f.chatbot_id = c.chatbot_id and f.conversation_id = c.id
        where ($3::timestamptz is null or c.first_message_at >= $3)
            and ($4::timestamptz is null or c.first_message_at < $4)
            and ($5::text is null or c.source = $5)
            and (
                $6::text is null or $6 = 'none' and j.sentiment is null or $6 = 'positive' and j.sentiment > 0.2
                or $6 = 'negative' and j.sentiment < -0.2 or $6 = 'neutral' and j.sentiment between -0.2 and 0.2
            )
            and ($7::jsonpath is null or f.facts @@ $7)
        """,
        chatbot_id,
        ids,
        narrowing.since,
        narrowing.until,
        narrowing.channel,
        narrowing.sentiment,
        narrowing.path,
    )


async def places_begun(
    db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, spans: Sequence[Span]
) -> list[tuple[datetime, ConversationId]]:
    """Of those that are meant and began in these spans."""
    return await db.rows(
        """
        select c.last_message_at, c.id
        from unnest($2::timestamptz[], $3::timestamptz[]) as span (since, until)
        cross join lateral ( -- each span by the index, and what is known of each: else all that is known may be read
            select begun.id, begun.last_message_at, begun.source
            from conversations begun
            where begun.chatbot_id = $1 and begun.first_message_at >= span.since and begun.first_message_at < span.until
            offset 0
        ) c
        left join lateral (
            select own.sentiment from conversation_judgements own where own.chatbot_id = $1 and own.conversation_id = c.id offset 0
        ) j on true
        left join lateral (
            select own.facts from conversation_facts own where own.chatbot_id = $1 and own.conversation_id = c.id offset 0
        ) f on true
        where ($4::text is null or c.source = $4)
            and (
                $5::text is null or $5 = 'none' and j.sentiment is null or $5 = 'positive' and j.sentiment > 0.2
                or $5 = 'negative' and j.sentiment < -0.2 or $5 = 'neutral' and j.sentiment between -0.2 and 0.2
            )
            and ($6::jsonpath is null or f.facts @@ $6)
        """,
        chatbot_id,
        [since for since, _ in spans],
        [until for _, until in spans],
        narrowing.channel,
        narrowing.sentiment,
        narrowing.path,
    )


async def conversations_at(db: Db, chatbot_id: ChatbotId, ids: Sequence[ConversationId]) -> list[Conversation]:
    """In no order."""
    return await db.all(
        Conversation,
        """
        select c.chatbot_id, c.id, c.number, c.external_id, c.external_user_id, c.source, c.title, c.tags,
               c.message_count, c.first_message_at, c.last_message_at, c.last_received_at, c.ended_at, c.reopened,
               c.created_at, c.person, c.organization, c.session, c.custom, c.enrichment, c.stated, c.revision, c.person_id, c.company_id
        from conversations c
        where c.chatbot_id = $1 and c.id = any($2)
        """,
        chatbot_id,
        ids,
    )
