"""Figures of days: counted from the rows, or as they were kept when somebody counted them. When a day begins is not known here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from noctule.analysis.models import DayFigure
from noctule.base.db import Db
from noctule.chatbots import ChatbotId


@dataclass(frozen=True)
class Part:
    """Of a day of a chatbot: moments with one hour on its clock, `until` excluded."""

    chatbot_id: ChatbotId
    day: date
    hour: str
    since: datetime
    until: datetime


async def counted(db: Db, parts: Sequence[Part], *, names: Sequence[str] | None = None) -> list[DayFigure]:
    """Of each day with a part among these; `names` leaves out what nobody asked for. Each part is looked up by the index: how
    few conversations begin in an hour is more than the planner can know.
    """
    return await db.all(
        DayFigure,
        """
        select c.chatbot_id, asked.day, known.name, known.value, count(*) as conversations,
               sum(c.message_count)::bigint as messages, count(distinct c.person_id) as users,
               count(c.facts -> 'score') as scored, coalesce(sum((c.facts ->> 'score')::float8), 0) as sentiment
        from unnest($1::uuid[], $2::date[], $3::text[], $4::timestamptz[], $5::timestamptz[])
            as asked (chatbot_id, day, hour, since, until)
        cross join lateral (
            select begun.chatbot_id, begun.source, begun.message_count, begun.person_id, found.facts
            from conversations begun
            left join conversation_facts found on found.chatbot_id = begun.chatbot_id and found.conversation_id = begun.id
            where begun.chatbot_id = asked.chatbot_id
                and begun.first_message_at >= asked.since and begun.first_message_at < asked.until
            offset 0
        ) c
        cross join lateral (
            values ('all', ''),
                   ('source', c.source),
                   ('hour', asked.hour),
                   ('sentiment', coalesce(c.facts ->> 'sentiment', 'none')),
                   ('language', c.facts ->> 'language'),
                   ('country', c.facts ->> 'country'),
                   ('device', c.facts ->> 'device'),
                   ('plan', c.facts ->> 'plan'),
                   ('intent', c.facts ->> 'intent'),
                   ('outcome', c.facts ->> 'outcome'),
                   ('unanswered', c.facts ->> 'unanswered'),
                   ('escalated', c.facts ->> 'escalated')
        ) as known (name, value)
        where known.value is not null and ($6::text[] is null or known.name = any($6))
        group by c.chatbot_id, asked.day, known.name, known.value
        """,
        [one.chatbot_id for one in parts],
        [one.day for one in parts],
        [one.hour for one in parts],
        [one.since for one in parts],
        [one.until for one in parts],
        names,
    )


async def kept(
    db: Db, chatbot_ids: Sequence[ChatbotId], *, first: date, last: date, names: Sequence[str]
) -> list[DayFigure]:
    """`last` included."""
    return await db.all(
        DayFigure,
        """
        select chatbot_id, day, name, value, conversations, messages, users, scored, sentiment
        from day_figures
        where chatbot_id = any($1) and day between $2 and $3 and name = any($4)
        """,
        chatbot_ids,
        first,
        last,
        names,
    )


async def keep(db: Db, chatbot_id: ChatbotId, day: date, figures: Sequence[DayFigure]) -> None:
    """In place of what was kept of that day."""
    await db.run("delete from day_figures where chatbot_id = $1 and day = $2", chatbot_id, day)
    await db.run(
        """
        insert into day_figures (chatbot_id, day, name, value, conversations, messages, users, scored, sentiment)
        select $1, $2, u.name, u.value, u.conversations, u.messages, u.users, u.scored, u.sentiment
        from unnest($3::text[], $4::text[], $5::int[], $6::bigint[], $7::int[], $8::int[], $9::float8[])
            as u (name, value, conversations, messages, users, scored, sentiment)
        on conflict (chatbot_id, day, name, value) do update
        set conversations = excluded.conversations, messages = excluded.messages, users = excluded.users,
            scored = excluded.scored, sentiment = excluded.sentiment
        """,
        chatbot_id,
        day,
        [one.name for one in figures],
        [one.value for one in figures],
        [one.conversations for one in figures],
        [one.messages for one in figures],
        [one.users for one in figures],
        [one.scored for one in figures],
        [one.sentiment for one in figures],
    )


async def days_begun(db: Db, chatbot_id: ChatbotId) -> list[date]:
    """Days of UTC on which conversations began."""
    return await db.values(
        """
        select distinct (first_message_at at time zone 'UTC')::date as day
        from conversations
        where chatbot_id = $1
        order by day
        """,
        chatbot_id,
    )


async def days_kept(db: Db, chatbot_id: ChatbotId) -> list[date]:
    """Of which there are figures."""
    return await db.values("select distinct day from day_figures where chatbot_id = $1 order by day", chatbot_id)


async def zones_kept(db: Db, chatbot_ids: Sequence[ChatbotId]) -> dict[ChatbotId, str]:
    """In which time zone the figures were counted, where it was not UTC."""
    found = await db.rows("select chatbot_id, zone from day_calendars where chatbot_id = any($1)", chatbot_ids)
    return dict(found)


async def note_mixture(db: Db, chatbot_id: ChatbotId, zone: str) -> None:
    """A day was counted in this zone: if the others were not, the figures are of no zone until all are counted anew."""
    await db.run(
        """
        insert into day_calendars (chatbot_id, zone)
        select $1, ''
        where $2 <> 'UTC' or exists (select 1 from day_calendars where chatbot_id = $1)
        on conflict (chatbot_id) do update set zone = '' where day_calendars.zone <> $2
        """,
        chatbot_id,
        zone,
    )


async def keep_zone(db: Db, chatbot_id: ChatbotId, zone: str) -> None:
    await db.run(
        """
        insert into day_calendars (chatbot_id, zone)
        values ($1, $2)
        on conflict (chatbot_id) do update set zone = excluded.zone
        """,
        chatbot_id,
        zone,
    )
