"""Facts of days, column by column."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId


@dataclass(frozen=True)
class Column:
    """Of one thing that is known of the conversations of a day."""

    day: date
    name: str
    known: bytes
    codes: bytes


@dataclass(frozen=True)
class Row:
    """A conversation as columns are made of it."""

    id: ConversationId
    first_message_at: datetime
    last_message_at: datetime
    channel: str
    facts: dict[str, Any] | None  # nothing is known of it yet


async def rows_begun(
    db: Db, chatbot_id: ChatbotId, *, since: datetime, until: datetime, after: Row | None, limit: int
) -> list[Row]:
    """In one order."""
    return await db.all(
        Row,
        """
        select c.id, c.first_message_at, c.last_message_at, c.source as channel, f.facts
        from conversations c
        left join conversation_facts f on f.chatbot_id = c.chatbot_id and f.conversation_id = c.id
        where c.chatbot_id = $1 and c.first_message_at >= $2 and c.first_message_at < $3
            and ($4::timestamptz is null or (c.first_message_at, c.id) > ($4, $5))
        order by c.first_message_at, c.id
        limit $6
        """,
        *(chatbot_id, since, until),
        *((after.first_message_at, after.id) if after else (None, None)),
        limit,
    )


async def keep_columns(db: Db, chatbot_id: ChatbotId, day: date, columns: Sequence[Column]) -> None:
    """In place of what was kept of that day."""
    names = [one.name for one in columns]
    await db.run(
        "delete from day_columns where chatbot_id = $1 and day = $2 and name <> all($3)", chatbot_id, day, names
    )
    await db.run(
        """
        insert into day_columns (chatbot_id, name, day, known, codes)
        select $1, u.name, $2, u.known, u.codes
        from unnest($3::text[], $4::bytea[], $5::bytea[]) as u (name, known, codes)
        on conflict (chatbot_id, name, day) do update
        set known = excluded.known, codes = excluded.codes
        """,
        chatbot_id,
        day,
        names,
        [one.known for one in columns],
        [one.codes for one in columns],
    )


async def columns_of(db: Db, chatbot_id: ChatbotId, names: Sequence[str], *, first: date, last: date) -> list[Column]:
    """`last` included."""
    return await db.all(
        Column,
        """
        select day, name, known, codes
        from day_columns
        where chatbot_id = $1 and name = any($2) and day between $3 and $4
        """,
        chatbot_id,
        names,
        first,
        last,
    )


async def known_of(db: Db, chatbot_id: ChatbotId, name: str, days: Sequence[date]) -> list[tuple[date, bytes]]:
    """Of one column, without its codes."""
    return await db.rows(
        "select day, known from day_columns where chatbot_id = $1 and name = $2 and day = any($3)",
        *(chatbot_id, name, days),
    )


async def marks_of(db: Db, chatbot_id: ChatbotId, days: Sequence[date]) -> list[Column]:
    """Moments and ids of the conversations of these days."""
    return await db.all(
        Column,
        """
        select day, name, known, codes
        from day_columns
        where chatbot_id = $1 and name in ('(last)', '(id)') and day = any($2)
        """,
        chatbot_id,
        days,
    )


async def days_without(db: Db, chatbot_id: ChatbotId, name: str, *, first: date, last: date) -> list[date]:
    """Days of which figures are kept and no such column; `last` included."""
    return await db.values(
        """
        select kept.day
        from day_figures kept
        where kept.chatbot_id = $1 and kept.name = 'all' and kept.day between $3 and $4
            and not exists (
                select 1 from day_columns known where known.chatbot_id = $1 and known.name = $2 and known.day = kept.day
            )
        order by kept.day
        """,
        chatbot_id,
        name,
        first,
        last,
    )
