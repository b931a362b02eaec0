"""Figures of days: counted from the rows, or as they were kept when somebody counted them."""

from collections.abc import Sequence
from datetime import date

from noctule.analysis.models import DayFigure
from noctule.base.db import Db
from noctule.chatbots import ChatbotId


async def counted(
    db: Db, chatbot_ids: Sequence[ChatbotId], days: Sequence[date], *, names: Sequence[str] | None = None
) -> list[DayFigure]:
    """Of each chatbot the day beside it; `names` leaves out what nobody asked for."""
    return await db.all(
        DayFigure,
        """
        select c.chatbot_id, asked.day, known.name, known.value, count(*) as conversations,
               sum(c.message_count)::bigint as messages, count(distinct c.person_id) as users,
               count(f.facts -> 'score') as scored, coalesce(sum((f.facts ->> 'score')::float8), 0) as sentiment
        from unnest($1::uuid[], $2::date[]) as asked (chatbot_id, day)
        join conversations c
            on c.chatbot_id = asked.chatbot_id and c.first_message_at >= asked.day::timestamp at time zone 'UTC'
                and c.first_message_at < (asked.day + 1)::timestamp at time zone 'UTC'
        left join conversation_facts f on f.chatbot_id = c.chatbot_id and f.conversation_id = c.id
        cross join lateral (
            values ('all', ''),
                   ('source', c.source),
                   ('hour', to_char(c.first_message_at at time zone 'UTC', 'HH24')),
                   ('sentiment', coalesce(f.facts ->> 'sentiment', 'none')),
                   ('language', f.facts ->> 'language'),
                   ('country', f.facts ->> 'country'),
                   ('device', f.facts ->> 'device'),
                   ('plan', f.facts ->> 'plan'),
                   ('intent', f.facts ->> 'intent'),
                   ('outcome', f.facts ->> 'outcome'),
                   ('unanswered', f.facts ->> 'unanswered'),
                   ('escalated', f.facts ->> 'escalated')
        ) as known (name, value)
        where known.value is not null and ($3::text[] is null or known.name = any($3))
        group by c.chatbot_id, asked.day, known.name, known.value
        """,
        chatbot_ids,
        days,
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
    """On which conversations began, or figures say that some did."""
    return await db.values(
        """
        select distinct (first_message_at at time zone 'UTC')::date as day
        from conversations
        where chatbot_id = $1
        union
        select day
        from day_figures
        where chatbot_id = $1
        order by day
        """,
        chatbot_id,
    )
