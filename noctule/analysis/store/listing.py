"""Conversations by what was judged of them. A place in a list is a moment and an id.

Who walks looks up what is known of each conversation (`offset 0`): put together beforehand, it would be that of all there are.

A mood is asked for as a range of sentiment and not worked out for each conversation, so that PostgreSQL knows how many there are.
"""

from datetime import datetime

from noctule.analysis.models import Narrowing
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import Conversation, ConversationId


async def walked_older(
    db: Db,
    chatbot_id: ChatbotId,
    narrowing: Narrowing,
    *,
    place: tuple[datetime | None, ConversationId | None],
    floor: datetime | None,
    limit: int,
) -> list[Conversation]:
    """Older than a place in the list, and not older than the floor."""
    return await db.all(
        Conversation,
        """
        select c.chatbot_id, c.id, c.number, c.external_id, c.external_user_id, c.source, c.title, c.tags,
               c.message_count, c.first_message_at, c.last_message_at, c.last_received_at, c.ended_at, c.reopened,
               c.created_at, c.person, c.organization, c.session, c.custom, c.enrichment, c.stated, c.revision, c.person_id, c.company_id
        from conversations c
        left join lateral (
            select own.sentiment from conversation_judgements own where own.chatbot_id = $1 and own.conversation_id = c.id and $7::text is not null
            offset 0
        ) j on true
        left join lateral (
            select own.facts from conversation_facts own where own.chatbot_id = $1 and own.conversation_id = c.id and $9::jsonpath is not null
            offset 0
        ) f on true
        where c.chatbot_id = $1
            and ($2::timestamptz is null or (c.last_message_at, c.id) < ($2, $3))
            and ($4::timestamptz is null or c.first_message_at >= $4)
            and ($5::timestamptz is null or c.first_message_at < $5)
            and ($6::text is null or c.source = $6)
            and (
                $7::text is null or $7 = 'none' and j.sentiment is null or $7 = 'positive' and j.sentiment > 0.2
                or $7 = 'negative' and j.sentiment < -0.2 or $7 = 'neutral' and j.sentiment between -0.2 and 0.2
            )
            and ($9::jsonpath is null or f.facts @@ $9)
            and ($10::timestamptz is null or c.last_message_at >= $10)
        order by c.last_message_at desc, c.id desc
        limit $8
        """,
        chatbot_id,
        *place,
        narrowing.since,
        narrowing.until,
        narrowing.channel,
        narrowing.sentiment,
        limit,
        narrowing.path,
        floor,
    )


async def walked_newer(
    db: Db,
    chatbot_id: ChatbotId,
    narrowing: Narrowing,
    *,
    place: tuple[datetime, ConversationId],
    ceiling: datetime | None,
    limit: int,
) -> list[Conversation]:
    """Newer than a place in the list and not newer than the ceiling, the nearest first."""
    return await db.all(
        Conversation,
        """
        select c.chatbot_id, c.id, c.number, c.external_id, c.external_user_id, c.source, c.title, c.tags,
               c.message_count, c.first_message_at, c.last_message_at, c.last_received_at, c.ended_at, c.reopened,
               c.created_at, c.person, c.organization, c.session, c.custom, c.enrichment, c.stated, c.revision, c.person_id, c.company_id
        from conversations c
        left join lateral (
            select own.sentiment from conversation_judgements own where own.chatbot_id = $1 and own.conversation_id = c.id and $7::text is not null
            offset 0
        ) j on true
        left join lateral (
            select own.facts from conversation_facts own where own.chatbot_id = $1 and own.conversation_id = c.id and $9::jsonpath is not null
            offset 0
        ) f on true
        where c.chatbot_id = $1
            and (c.last_message_at, c.id) > ($2, $3)
            and ($4::timestamptz is null or c.first_message_at >= $4)
            and ($5::timestamptz is null or c.first_message_at < $5)
            and ($6::text is null or c.source = $6)
            and (
                $7::text is null or $7 = 'none' and j.sentiment is null or $7 = 'positive' and j.sentiment > 0.2
                or $7 = 'negative' and j.sentiment < -0.2 or $7 = 'neutral' and j.sentiment between -0.2 and 0.2
            )
            and ($9::jsonpath is null or f.facts @@ $9)
            and ($10::timestamptz is null or c.last_message_at <= $10)
        order by c.last_message_at, c.id
        limit $8
        """,
        chatbot_id,
        *place,
        narrowing.since,
        narrowing.until,
        narrowing.channel,
        narrowing.sentiment,
        limit,
        narrowing.path,
        ceiling,
    )


async def walked_page(
    db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, *, floor: datetime | None, limit: int, offset: int
) -> list[Conversation]:
    """Not older than the floor."""
    return await db.all(
        Conversation,
        """
        select c.chatbot_id, c.id, c.number, c.external_id, c.external_user_id, c.source, c.title, c.tags,
               c.message_count, c.first_message_at, c.last_message_at, c.last_received_at, c.ended_at, c.reopened,
               c.created_at, c.person, c.organization, c.session, c.custom, c.enrichment, c.stated, c.revision,
               c.person_id, c.company_id
        from conversations c
        left join lateral (
            select own.sentiment from conversation_judgements own where own.chatbot_id = $1 and own.conversation_id = c.id and $5::text is not null
            offset 0
        ) j on true
        left join lateral (
            select own.facts from conversation_facts own where own.chatbot_id = $1 and own.conversation_id = c.id and $6::jsonpath is not null
            offset 0
        ) f on true
        where c.chatbot_id = $1
            and ($2::timestamptz is null or c.first_message_at >= $2)
            and ($3::timestamptz is null or c.first_message_at < $3)
            and ($4::text is null or c.source = $4)
            and (
                $5::text is null or $5 = 'none' and j.sentiment is null or $5 = 'positive' and j.sentiment > 0.2
                or $5 = 'negative' and j.sentiment < -0.2 or $5 = 'neutral' and j.sentiment between -0.2 and 0.2
            )
            and ($6::jsonpath is null or f.facts @@ $6)
            and ($7::timestamptz is null or c.last_message_at >= $7)
        order by c.last_message_at desc, c.id desc
        limit $8
        offset $9
        """,
        chatbot_id,
        narrowing.since,
        narrowing.until,
        narrowing.channel,
        narrowing.sentiment,
        narrowing.path,
        floor,
        limit,
        offset,
    )


async def walked_in_order(
    db: Db,
    chatbot_id: ChatbotId,
    narrowing: Narrowing,
    *,
    span: tuple[ConversationId | None, ConversationId | None],
    limit: int,
) -> list[Conversation]:
    """In the order of their ids, after the first of the span and up to the last."""
    return await db.all(
        Conversation,
        """
        select c.chatbot_id, c.id, c.number, c.external_id, c.external_user_id, c.source, c.title, c.tags,
               c.message_count, c.first_message_at, c.last_message_at, c.last_received_at, c.ended_at, c.reopened,
               c.created_at, c.person, c.organization, c.session, c.custom, c.enrichment, c.stated, c.revision,
               c.person_id, c.company_id
        from conversations c
        left join lateral (
            select own.sentiment from conversation_judgements own where own.chatbot_id = $1 and own.conversation_id = c.id and $7::text is not null
            offset 0
        ) j on true
        left join lateral (
            select own.facts from conversation_facts own where own.chatbot_id = $1 and own.conversation_id = c.id and $8::jsonpath is not null
            offset 0
        ) f on true
        where c.chatbot_id = $1
            and ($2::uuid is null or c.id > $2)
            and ($3::uuid is null or c.id <= $3)
            and ($4::timestamptz is null or c.first_message_at >= $4)
            and ($5::timestamptz is null or c.first_message_at < $5)
            and ($6::text is null or c.source = $6)
            and (
                $7::text is null or $7 = 'none' and j.sentiment is null or $7 = 'positive' and j.sentiment > 0.2
                or $7 = 'negative' and j.sentiment < -0.2 or $7 = 'neutral' and j.sentiment between -0.2 and 0.2
            )
            and ($8::jsonpath is null or f.facts @@ $8)
        order by c.id
        limit $9
        """,
        chatbot_id,
        *span,
        narrowing.since,
        narrowing.until,
        narrowing.channel,
        narrowing.sentiment,
        narrowing.path,
        limit,
    )


async def count_walked(db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, *, most: int) -> int:
    """Exact below `most`."""
    return await db.value(
        """
        select count(*)
        from (
            select 1
            from conversations c
            left join conversation_judgements j on j.chatbot_id = c.chatbot_id and j.conversation_id = c.id
            left join conversation_facts f on f.chatbot_id = c.chatbot_id and f.conversation_id = c.id
            where c.chatbot_id = $1
                and ($2::timestamptz is null or c.first_message_at >= $2)
                and ($3::timestamptz is null or c.first_message_at < $3)
                and ($4::text is null or c.source = $4)
                and (
                    $5::text is null or $5 = 'none' and j.sentiment is null or $5 = 'positive' and j.sentiment > 0.2
                    or $5 = 'negative' and j.sentiment < -0.2 or $5 = 'neutral' and j.sentiment between -0.2 and 0.2
                )
                and ($7::jsonpath is null or f.facts @@ $7)
            limit $6
        ) counted
        """,
        chatbot_id,
        narrowing.since,
        narrowing.until,
        narrowing.channel,
        narrowing.sentiment,
        most,
        narrowing.path,
    )


async def some_steps_older(db: Db, chatbot_id: ChatbotId, moment: datetime | None, *, steps: int) -> datetime | None:
    """Where one arrives so many conversations further back; None past the oldest."""
    return await db.value(
        """
        select last_message_at
        from conversations
        where chatbot_id = $1 and ($2::timestamptz is null or last_message_at <= $2)
        order by last_message_at desc, id desc
        offset $3
        limit 1
        """,
        chatbot_id,
        moment,
        steps,
    )


async def some_steps_on(
    db: Db, chatbot_id: ChatbotId, after: ConversationId | None, *, steps: int
) -> ConversationId | None:
    """The same in the order of ids."""
    return await db.value(
        """
        select id
        from conversations
        where chatbot_id = $1 and ($2::uuid is null or id > $2)
        order by id
        offset $3
        limit 1
        """,
        chatbot_id,
        after,
        steps,
    )


async def some_steps_newer(db: Db, chatbot_id: ChatbotId, moment: datetime, *, steps: int) -> datetime | None:
    """The same towards the latest."""
    return await db.value(
        """
        select last_message_at
        from conversations
        where chatbot_id = $1 and last_message_at >= $2
        order by last_message_at, id
        offset $3
        limit 1
        """,
        chatbot_id,
        moment,
        steps,
    )


async def lowest_between(
    db: Db, chatbot_id: ChatbotId, *, since: datetime, until: datetime, limit: int
) -> list[Conversation]:
    """Those that felt worst, the worst first; none that did not feel bad."""
    return await db.all(
        Conversation,
        """
        select c.chatbot_id, c.id, c.number, c.external_id, c.external_user_id, c.source, c.title, c.tags,
               c.message_count, c.first_message_at, c.last_message_at, c.last_received_at, c.ended_at, c.reopened,
               c.created_at, c.person, c.organization, c.session, c.custom, c.enrichment, c.stated, c.revision, c.person_id, c.company_id
        from conversation_facts f
        join conversations c on c.chatbot_id = f.chatbot_id and c.id = f.conversation_id
        where f.chatbot_id = $1 and f.began_at >= $2 and f.began_at < $3 and (f.facts ->> 'score')::float8 < -0.2
        order by (f.facts ->> 'score')::float8, c.last_message_at desc, c.id desc
        limit $4
        """,
        chatbot_id,
        since,
        until,
        limit,
    )
