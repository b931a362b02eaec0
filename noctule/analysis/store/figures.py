"""Figures over many conversations and messages. A message counts for the day it was said, a conversation for the day it
began; days are those of UTC.
"""

from collections.abc import Sequence
from datetime import date, datetime

from noctule.analysis.models import DayFigure, Felt, Totals
from noctule.base.db import Db
from noctule.chatbots import ChatbotId


async def count_said(db: Db, chatbot_ids: Sequence[ChatbotId], *, since: datetime) -> int:
    """Messages of the day that begins then."""
    return await db.value(
        """
        select count(*)
        from conversations recent
        join messages m on m.chatbot_id = recent.chatbot_id and m.conversation_id = recent.id
        where recent.chatbot_id = any($1) and recent.last_message_at >= $2
            and m.placed_at >= $2 and m.placed_at < $2 + interval '1 day'
        """,
        chatbot_ids,
        since,
    )


async def totals_kept(
    db: Db, chatbot_ids: Sequence[ChatbotId], *, but_of: Sequence[ChatbotId], but: Sequence[date]
) -> Totals:
    """Of all days, but not of those: of each chatbot the day beside it."""
    found = await db.one(
        Totals,
        """
        select coalesce(sum(kept.conversations), 0)::bigint as conversations,
               coalesce(sum(kept.messages), 0)::bigint as messages,
               coalesce(sum(kept.analysed), 0)::bigint as analysed
        from day_figures kept
        where kept.chatbot_id = any($1) and kept.name = 'all'
            and not exists (
                select 1
                from unnest($2::uuid[], $3::date[]) as other (chatbot_id, day)
                where other.chatbot_id = kept.chatbot_id and other.day = kept.day
            )
        """,
        chatbot_ids,
        but_of,
        but,
    )
    return found or Totals(0, 0, 0)


async def sums_kept(db: Db, chatbot_id: ChatbotId, name: str, *, but: Sequence[date]) -> list[DayFigure]:
    """By value, of all days but those, in one: under the latest day that has any. Users are counted day by day."""
    return await db.all(
        DayFigure,
        """
        select chatbot_id, max(day) as day, name, value, sum(conversations)::bigint as conversations,
               sum(messages)::bigint as messages, sum(users)::bigint as users, sum(scored)::bigint as scored,
               sum(sentiment) as sentiment, sum(analysed)::bigint as analysed, sum(ended)::bigint as ended,
               sum(resolved)::bigint as resolved, sum(rated)::bigint as rated, sum(dissatisfied)::bigint as dissatisfied,
               sum(dissatisfaction) as dissatisfaction, sum(mark) as mark
        from day_figures
        where chatbot_id = $1 and name = $2 and day <> all($3)
        group by chatbot_id, name, value
        """,
        chatbot_id,
        name,
        but,
    )


async def feelings_kept(
    db: Db, chatbot_ids: Sequence[ChatbotId], *, since: date | None, but_of: Sequence[ChatbotId], but: Sequence[date]
) -> list[Felt]:
    """By the day on which messages were said, or without `since` of all time in one. Those of conversations that began on a
    day of `but` are left out.
    """
    return await db.all(
        Felt,
        """
        select case when $2::date is not null then kept.said_on end as said_on, kept.label,
               sum(kept.messages)::bigint as messages, sum(kept.sentiment) as sentiment
        from day_feelings kept
        where kept.chatbot_id = any($1) and ($2::date is null or kept.said_on >= $2)
            and not exists (
                select 1
                from unnest($3::uuid[], $4::date[]) as other (chatbot_id, day)
                where other.chatbot_id = kept.chatbot_id and other.day = kept.day
            )
        group by 1, 2
        """,
        chatbot_ids,
        since,
        but_of,
        but,
    )


async def count_users(db: Db, chatbot_id: ChatbotId, *, since: datetime, until: datetime) -> int:
    """Over several days they are fewer than the sum of the days."""
    return await db.value(
        """
        select count(*)
        from ( -- by hash, where a count of what is distinct would sort all
            select distinct person_id
            from conversations
            where chatbot_id = $1 and first_message_at >= $2 and first_message_at < $3 and person_id is not null
        ) known
        """,
        chatbot_id,
        since,
        until,
    )
