"""SQL that finds passages.

A vector stands in a `select` of its own, so that it is read once and not once a row.
"""

from collections.abc import Sequence

from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.knowledge.models import Found, SourceId


async def documents(db: Db, chatbot_id: ChatbotId, terms: Sequence[str]) -> dict[str, int]:
    """In how many passages each of these terms stands; those that nobody uses are missing."""
    rows = await db.rows(
        "select term, sum(documents)::integer from terms where chatbot_id = $1 and term = any($2) group by term",
        chatbot_id,
        list(terms),
    )
    return dict(rows)


async def postings(db: Db, chatbot_id: ChatbotId, terms: Sequence[str]) -> dict[str, bytes]:
    rows = await db.rows(
        """
        select term, string_agg(postings, ''::bytea)
        from terms
        where chatbot_id = $1 and term = any($2)
        group by term
        """,
        chatbot_id,
        list(terms),
    )
    return dict(rows)


async def nearest_of_few(db: Db, chatbot_id: ChatbotId, *, version: int, vector: str, limit: int) -> dict[int, float]:
    """How near each of the nearest is: exactly, by looking at all vectors of the chatbot."""
    rows = await db.rows(
        """
        with mine as materialized (
            select digest, embedding <=> (select $3::text::halfvec) as distance
            from vectors
            where chatbot_id = $1
        )
        select p.number, 1 - mine.distance
        from mine
        join passages p on p.chatbot_id = $1 and p.digest = mine.digest
        where p.born <= $2 and (p.died is null or p.died > $2)
        order by mine.distance
        limit $4
        """,
        chatbot_id,
        version,
        vector,
        limit,
    )
    return dict(rows)


async def nearest_of_many(db: Db, chatbot_id: ChatbotId, *, version: int, vector: str, limit: int) -> dict[int, float]:
    """How near nearly all of the nearest are, by the graph over the vectors of all chatbots."""
    await _walk_on_until_enough_are_ours(db)
    rows = await db.rows(
        """
        select p.number, 1 - near.distance
        from (
            select digest, embedding <=> (select $3::text::halfvec) as distance
            from vectors
            where chatbot_id = $1
            order by distance
            limit $4
        ) as near
        join passages p on p.chatbot_id = $1 and p.digest = near.digest
        where p.born <= $2 and (p.died is null or p.died > $2)
        """,
        chatbot_id,
        version,
        vector,
        limit,
    )
    return dict(rows)


async def _walk_on_until_enough_are_ours(db: Db) -> None:
    """Without the last, a bad guess of the planner looks at all vectors after all."""
    await db.run(
        """
        select set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', '100', true),
               set_config('enable_sort', 'off', true)
        """
    )


async def cosines(
    db: Db, chatbot_id: ChatbotId, numbers: Sequence[int], *, version: int, vector: str | None, limit: int
) -> dict[int, float | None]:
    """The first of these passages that the version has, with their nearness to a vector where they have one."""
    rows = await db.rows(
        """
        with living as materialized (
            select number, digest
            from passages
            where chatbot_id = $1 and number = any($3) and born <= $2 and (died is null or died > $2)
            order by array_position($3, number)
            limit $5
        )
        select living.number, 1 - (v.embedding <=> (select $4::text::halfvec))
        from living
        left join vectors v on v.chatbot_id = $1 and v.digest = living.digest
        """,
        chatbot_id,
        version,
        list(numbers),
        vector,
        limit,
    )
    return dict(rows)


async def found(db: Db, chatbot_id: ChatbotId, numbers: Sequence[int]) -> list[Found]:
    return await db.all(
        Found,
        """
        select p.number, p.source_id, s.external_id, s.kind, s.title, s.url, p.language, p.heading, p.text, p.begins,
               p.ends
        from passages p
        join sources s on s.chatbot_id = p.chatbot_id and s.id = p.source_id
        where p.chatbot_id = $1 and p.number = any($2)
        order by array_position($2, p.number)
        """,
        chatbot_id,
        list(numbers),
    )


async def passages_of(db: Db, chatbot_id: ChatbotId, source_id: SourceId, *, limit: int) -> list[Found]:
    """Of one source in the version that answers, in their order."""
    return await db.all(
        Found,
        """
        select p.number, p.source_id, s.external_id, s.kind, s.title, s.url, p.language, p.heading, p.text, p.begins,
               p.ends
        from passages p
        join sources s on s.chatbot_id = p.chatbot_id and s.id = p.source_id
        join knowledge k on k.chatbot_id = p.chatbot_id
        where p.chatbot_id = $1 and p.source_id = $2 and p.born <= k.version and (p.died is null or p.died > k.version)
        order by p.begins
        limit $3
        """,
        chatbot_id,
        source_id,
        limit,
    )


async def passages_among(db: Db, chatbot_id: ChatbotId, *, most: int) -> list[Found]:
    """At most so many passages of the version that answers, spread evenly over all of it."""
    return await db.all(
        Found,
        """
        with living as (
            select p.number, p.source_id, s.external_id, s.kind, s.title, s.url, p.language, p.heading, p.text, p.begins,
                   p.ends, row_number() over (order by p.number) - 1 as place, count(*) over () as passages
            from passages p
            join sources s on s.chatbot_id = p.chatbot_id and s.id = p.source_id
            join knowledge k on k.chatbot_id = p.chatbot_id
            where p.chatbot_id = $1 and p.born <= k.version and (p.died is null or p.died > k.version)
        )
        select number, source_id, external_id, kind, title, url, language, heading, text, begins, ends
        from living
        where place % greatest(1, ceil(passages::float8 / $2)::integer) = 0
        order by number
        """,
        chatbot_id,
        most,
    )
