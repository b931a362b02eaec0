"""Conversations by what was judged of them. Latest first; a place in the list is a moment and an id.

A mood is asked for as a range of sentiment and not worked out for each conversation, so that PostgreSQL knows how many there are.
"""

from datetime import datetime

from noctule.analysis.models import Narrowing
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import Conversation, ConversationId


async def matching_before(
    db: Db,
    chatbot_id: ChatbotId,
    narrowing: Narrowing,
    *,
    moment: datetime | None,
    conversation_id: ConversationId | None,
    limit: int,
) -> list[Conversation]:
    """Older than a place in the list."""
    return await db.all(
        Conversation,
        """
        select c.chatbot_id, c.id, c.number, c.external_id, c.external_user_id, c.source, c.title, c.tags,
               c.message_count, c.first_message_at, c.last_message_at, c.last_received_at, c.ended_at, c.reopened,
               c.created_at, c.person, c.organization, c.session, c.custom, c.enrichment, c.stated, c.revision, c.person_id, c.company_id
        from conversations c
        left join conversation_judgements j on j.chatbot_id = c.chatbot_id and j.conversation_id = c.id
        left join conversation_facts f on f.chatbot_id = c.chatbot_id and f.conversation_id = c.id
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
        order by c.last_message_at desc, c.id desc
        limit $8
        """,
        chatbot_id,
        moment,
        conversation_id,
        narrowing.since,
        narrowing.until,
        narrowing.channel,
        narrowing.sentiment,
        limit,
        narrowing.conditions,
    )


async def matching_after(
    db: Db,
    chatbot_id: ChatbotId,
    narrowing: Narrowing,
    *,
    moment: datetime,
    conversation_id: ConversationId,
    limit: int,
) -> list[Conversation]:
    """Newer than a place in the list, the nearest to it first."""
    return await db.all(
        Conversation,
        """
        select c.chatbot_id, c.id, c.number, c.external_id, c.external_user_id, c.source, c.title, c.tags,
               c.message_count, c.first_message_at, c.last_message_at, c.last_received_at, c.ended_at, c.reopened,
               c.created_at, c.person, c.organization, c.session, c.custom, c.enrichment, c.stated, c.revision, c.person_id, c.company_id
        from conversations c
        left join conversation_judgements j on j.chatbot_id = c.chatbot_id and j.conversation_id = c.id
        left join conversation_facts f on f.chatbot_id = c.chatbot_id and f.conversation_id = c.id
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
        order by c.last_message_at, c.id
        limit $8
        """,
        chatbot_id,
        moment,
        conversation_id,
        narrowing.since,
        narrowing.until,
        narrowing.channel,
        narrowing.sentiment,
        limit,
        narrowing.conditions,
    )


async def matching_page(
    db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, *, limit: int, offset: int
) -> list[Conversation]:
    """By page number, as the OpenBat clients ask for it."""
    return await db.all(
        Conversation,
        """
        select c.chatbot_id, c.id, c.number, c.external_id, c.external_user_id, c.source, c.title, c.tags,
               c.message_count, c.first_message_at, c.last_message_at, c.last_received_at, c.ended_at, c.reopened,
               c.created_at, c.person, c.organization, c.session, c.custom, c.enrichment, c.stated, c.revision,
               c.person_id, c.company_id
        from conversations c
        left join conversation_facts f on f.chatbot_id = c.chatbot_id and f.conversation_id = c.id
        where c.chatbot_id = $1
            and ($2::timestamptz is null or c.first_message_at >= $2)
            and ($3::timestamptz is null or c.first_message_at < $3)
            and ($4::jsonpath is null or f.facts @@ $4)
        order by c.last_message_at desc, c.id desc
        limit $5
        offset $6
        """,
        chatbot_id,
        narrowing.since,
        narrowing.until,
        narrowing.conditions,
        limit,
        offset,
    )


async def matching_in_order(
    db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, *, after: ConversationId | None, limit: int
) -> list[Conversation]:
    """In the order of their ids, which never change: for whoever wants to see each one once."""
    return await db.all(
        Conversation,
        """
        select c.chatbot_id, c.id, c.number, c.external_id, c.external_user_id, c.source, c.title, c.tags,
               c.message_count, c.first_message_at, c.last_message_at, c.last_received_at, c.ended_at, c.reopened,
               c.created_at, c.person, c.organization, c.session, c.custom, c.enrichment, c.stated, c.revision,
               c.person_id, c.company_id
        from conversations c
        left join conversation_judgements j on j.chatbot_id = c.chatbot_id and j.conversation_id = c.id
        left join conversation_facts f on f.chatbot_id = c.chatbot_id and f.conversation_id = c.id
        where c.chatbot_id = $1
            and ($2::uuid is null or c.id > $2)
            and ($3::timestamptz is null or c.first_message_at >= $3)
            and ($4::timestamptz is null or c.first_message_at < $4)
            and ($5::text is null or c.source = $5)
            and (
                $6::text is null or $6 = 'none' and j.sentiment is null or $6 = 'positive' and j.sentiment > 0.2
                or $6 = 'negative' and j.sentiment < -0.2 or $6 = 'neutral' and j.sentiment between -0.2 and 0.2
            )
            and ($7::jsonpath is null or f.facts @@ $7)
        order by c.id
        limit $8
        """,
        chatbot_id,
        after,
        narrowing.since,
        narrowing.until,
        narrowing.channel,
        narrowing.sentiment,
        narrowing.conditions,
        limit,
    )


async def count_matching(db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, *, most: int) -> int:
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
        narrowing.conditions,
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
