"""Figures over many conversations and messages. A message counts for the day it was said, a conversation for the day it
began; days are those of UTC.
"""

from collections.abc import Sequence
from datetime import datetime

from noctule.analysis.models import DayOfSentiment, Totals
from noctule.base.db import Db
from noctule.chatbots import ChatbotId


async def totals(db: Db, chatbot_ids: Sequence[ChatbotId], *, today: datetime) -> Totals:
    """`today` is the first moment of the day; a message counts for the day it was said."""
    found = await db.one(
        Totals,
        """
        select count(*) as conversations,
               coalesce(sum(c.message_count), 0)::bigint as messages,
               (
                   select count(*)
                   from conversations recent
                   join messages m on m.chatbot_id = recent.chatbot_id and m.conversation_id = recent.id
                   where recent.chatbot_id = any($1) and recent.last_message_at >= $2
                       and m.placed_at >= $2 and m.placed_at < $2 + interval '1 day'
               ) as messages_today,
               count(j.conversation_id) filter (where j.status = 'done') as analysed
        from conversations c
        left join conversation_judgements j on j.chatbot_id = c.chatbot_id and j.conversation_id = c.id
        where c.chatbot_id = any($1)
        """,
        chatbot_ids,
        today,
    )
    return found or Totals(0, 0, 0, 0)


async def sentiment_scores(
    db: Db, chatbot_ids: Sequence[ChatbotId], *, since: datetime | None
) -> list[tuple[float, int]]:
    """Pairs of a score and how many messages have it: few distinct scores, many messages.

    A conversation whose sentiment its caller or a person stated counts as one message of that sentiment.
    """
    return await db.rows(
        """
        select judged.sentiment, count(*) as messages
        from (
            select m.sentiment
            from message_judgements m
            where m.chatbot_id = any($1) and m.sentiment is not null
                and ($2::timestamptz is null or m.said_at >= $2)
                and not exists (
                    select 1
                    from conversation_judgements j
                    where j.chatbot_id = m.chatbot_id and j.conversation_id = m.conversation_id
                        and (j.by_caller ? 'sentiment' or j.by_human ? 'sentiment')
                )
            union all
            select j.sentiment
            from conversation_judgements j
            join conversations c on c.chatbot_id = j.chatbot_id and c.id = j.conversation_id
            where j.chatbot_id = any($1) and (j.by_caller ? 'sentiment' or j.by_human ? 'sentiment')
                and ($2::timestamptz is null or c.last_message_at >= $2)
        ) judged
        group by judged.sentiment
        """,
        chatbot_ids,
        since,
    )


async def sentiment_by_day(db: Db, chatbot_ids: Sequence[ChatbotId], *, since: datetime) -> list[DayOfSentiment]:
    """Days (UTC) that have judged messages, oldest first."""
    return await db.all(
        DayOfSentiment,
        """
        select (judged.moment at time zone 'UTC')::date as day,
               avg(judged.sentiment)::float8 as average,
               count(*) as messages
        from (
            select m.said_at as moment, m.sentiment
            from message_judgements m
            where m.chatbot_id = any($1) and m.said_at >= $2 and m.sentiment is not null
                and not exists (
                    select 1
                    from conversation_judgements j
                    where j.chatbot_id = m.chatbot_id and j.conversation_id = m.conversation_id
                        and (j.by_caller ? 'sentiment' or j.by_human ? 'sentiment')
                )
            union all
            select c.last_message_at as moment, j.sentiment
            from conversation_judgements j
            join conversations c on c.chatbot_id = j.chatbot_id and c.id = j.conversation_id
            where j.chatbot_id = any($1) and (j.by_caller ? 'sentiment' or j.by_human ? 'sentiment') and c.last_message_at >= $2
        ) judged
        group by day
        order by day
        """,
        chatbot_ids,
        since,
    )


async def count_users(db: Db, chatbot_id: ChatbotId, *, since: datetime, until: datetime) -> int:
    """Over several days they are fewer than the sum of the days."""
    return await db.value(
        """
        select count(distinct person_id)
        from conversations
        where chatbot_id = $1 and first_message_at >= $2 and first_message_at < $3
        """,
        chatbot_id,
        since,
        until,
    )
