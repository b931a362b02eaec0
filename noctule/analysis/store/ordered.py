"""Conversations with a number that is known of them, by which they are put in order; `path` is where facts hold it.

Beside each stands when it began: among equals the one that began last is first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from noctule.analysis.models import Narrowing
from noctule.analysis.store.places import Span
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId


@dataclass(frozen=True)
class Place:
    """Where a conversation stands."""

    value: float | None  # not known, or no number
    began: datetime
    id: ConversationId


@dataclass(frozen=True)
class Ranking:
    """By what is known at the path: the smallest first with the sign 1, the largest with -1. What is not known is last."""

    path: Sequence[str]
    sign: float
    rank: float | None  # from which to go on
    began: datetime | None
    id: ConversationId | None


async def places_valued_begun(
    db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, *, spans: Sequence[Span], path: Sequence[str]
) -> list[Place]:
    """Of those that are meant and began in these spans."""
    return await db.all(
        Place,
        """
        select case when jsonb_typeof(f.facts #> $7::text[]) = 'number' then (f.facts #> $7::text[])::float8 end as value,
               c.began, c.id
        from unnest($2::timestamptz[], $3::timestamptz[]) as span (since, until)
        cross join lateral ( -- each span by the index, and what is known of each: else all that is known may be read
            select begun.id, begun.first_message_at as began, begun.source
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
        path,
    )


async def places_valued_among(
    db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, *, ids: Sequence[ConversationId], path: Sequence[str]
) -> list[Place]:
    """Of those of them that are meant."""
    return await db.all(
        Place,
        """
        select case when jsonb_typeof(f.facts #> $8::text[]) = 'number' then (f.facts #> $8::text[])::float8 end as value,
               c.first_message_at as began, c.id
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
        path,
    )


async def places_ranked(
    db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, *, ranking: Ranking, limit: int
) -> list[Place]:
    """Of those that are meant the first ones after the place in the ranking. All are looked at."""
    return await db.all(
        Place,
        """
        select known.value, known.began, known.id
        from (
            select case when jsonb_typeof(f.facts #> $8::text[]) = 'number' then (f.facts #> $8::text[])::float8 end as value,
                   c.first_message_at as began, c.id
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
                and ($6::jsonpath is null or f.facts @@ $6)
            offset 0
        ) known
        cross join lateral (select coalesce($9::float8 * known.value, 'infinity') as rank) own
        where $10::float8 is null or own.rank > $10 or own.rank = $10 and (known.began, known.id) < ($11, $12)
        order by own.rank, known.began desc, known.id desc
        limit $7
        """,
        chatbot_id,
        narrowing.since,
        narrowing.until,
        narrowing.channel,
        narrowing.sentiment,
        narrowing.path,
        limit,
        *(ranking.path, ranking.sign, ranking.rank, ranking.began, ranking.id),
    )


async def places_ranked_back(
    db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, *, ranking: Ranking, limit: int
) -> list[Place]:
    """The same before the place, the nearest first."""
    return await db.all(
        Place,
        """
        select known.value, known.began, known.id
        from (
            select case when jsonb_typeof(f.facts #> $8::text[]) = 'number' then (f.facts #> $8::text[])::float8 end as value,
                   c.first_message_at as began, c.id
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
                and ($6::jsonpath is null or f.facts @@ $6)
            offset 0
        ) known
        cross join lateral (select coalesce($9::float8 * known.value, 'infinity') as rank) own
        where own.rank < $10 or own.rank = $10 and (known.began, known.id) > ($11, $12)
        order by own.rank desc, known.began, known.id
        limit $7
        """,
        chatbot_id,
        narrowing.since,
        narrowing.until,
        narrowing.channel,
        narrowing.sentiment,
        narrowing.path,
        limit,
        *(ranking.path, ranking.sign, ranking.rank, ranking.began, ranking.id),
    )


async def begun_up_to(db: Db, chatbot_id: ChatbotId, *, since: datetime, place: Place) -> tuple[int, int]:
    """How many began since then and before this one; and the same with it, if it is still there."""
    ((before, through),) = await db.rows(
        """
        select count(*) filter (where (first_message_at, id) < ($3, $4)), count(*)
        from conversations
        where chatbot_id = $1 and first_message_at >= $2 and (first_message_at, id) <= ($3, $4)
        """,
        *(chatbot_id, since, place.began, place.id),
    )
    return before, through
