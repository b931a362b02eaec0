"""Figures of days: counted from the rows, or as they were kept when somebody counted them. When a day begins is not known here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from noctule.analysis.models import DayFeeling, DayFigure
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


async def counted(db: Db, parts: Sequence[Part], *, names: Sequence[str], only: str | None = None) -> list[DayFigure]:
    """Of each day with a part among these; with `only`, a JSON path over facts, they are of one chatbot and in a row."""
    return await db.all(
        DayFigure,
        """
        select c.chatbot_id, c.day, known.name, known.value, count(*) as conversations, sum(c.messages)::bigint as messages,
               count(distinct c.person_id) as users, count(told.score) as scored, coalesce(sum(told.score), 0) as sentiment,
               count(*) filter (where told.analysed) as analysed, count(*) filter (where told.ended) as ended,
               count(*) filter (where told.ended and told.outcome in ('fully_resolved', 'partially_resolved')) as resolved,
               count(told.unhappy) as rated, count(*) filter (where told.unhappy >= 0.5) as dissatisfied,
               coalesce(sum(told.unhappy), 0) as dissatisfaction, coalesce(sum(known.mark), 0) as mark
        from (
            select asked.chatbot_id, asked.day, asked.hour, begun.message_count as messages, begun.person_id, begun.source, begun.facts
            from unnest($1::uuid[], $2::date[], $3::text[], $4::timestamptz[], $5::timestamptz[]) as asked (chatbot_id, day, hour, since, until)
            cross join lateral ( -- each part by the index: a plan over all of them would cost more with every year
                select c.message_count, c.person_id, c.source, found.facts
                from conversations c
                left join lateral (select facts from conversation_facts where chatbot_id = c.chatbot_id and conversation_id = c.id offset 0) found on true
                where c.chatbot_id = asked.chatbot_id and c.first_message_at >= asked.since and c.first_message_at < asked.until offset 0
            ) begun where $7::jsonpath is null
            union all
            select n.chatbot_id, ($2::date[])[part.place], ($3::text[])[part.place], (n.facts ->> 'messages')::integer,
                   (n.facts ->> 'user')::uuid, n.facts ->> 'source', n.facts
            from conversation_facts n
            cross join lateral (select width_bucket(n.began_at, $4::timestamptz[]) as place) part
            where n.chatbot_id = any($1) and n.facts @@ $7::jsonpath and n.began_at >= ($4::timestamptz[])[1]
                and n.began_at < ($5::timestamptz[])[array_upper($5::timestamptz[], 1)]
        ) c
        cross join lateral ( -- once for a conversation, not for each of its values
            select (c.facts ->> 'score')::float8 as score, c.facts ->> 'outcome' as outcome, c.facts ? 'analysed' as analysed,
                   c.facts ?& '{ended,outcome}' as ended, (c.facts ->> 'dissatisfaction')::float8 as unhappy offset 0
        ) told
        cross join lateral (
            select plain.name, plain.value, 0 as mark
            from (values ('all', ''), ('source', c.source), ('hour', c.hour), ('sentiment', coalesce(c.facts ->> 'sentiment', 'none')),
                         ('dissatisfied_user', case when told.unhappy >= 0.5 then c.facts ->> 'user' end)) as plain (name, value)
            where plain.value is not null and plain.name = any($6)
            union all
            select fact.name, said #>> '{}', 0
            from unnest($6::text[]) as fact (name), jsonb_path_query(c.facts, ('$.' || fact.name || '[*]')::jsonpath) as said
            where fact.name not in ('all', 'source', 'hour', 'sentiment', 'quality', 'dissatisfied_user')
            union all
            select 'quality', given.key, given.value::float8
            from jsonb_each(jsonb_set(c.facts -> 'marks', '{overall}', c.facts -> 'quality')) as given where 'quality' = any($6)
        ) as known
        group by c.chatbot_id, c.day, known.name, known.value
        """,
        *(*_columns(parts), names, only),
    )


def _columns(parts: Sequence[Part]) -> list[list[object]]:
    return [
        [one.chatbot_id for one in parts],
        [one.day for one in parts],
        [one.hour for one in parts],
        [one.since for one in parts],
        [one.until for one in parts],
    ]


async def kept(
    db: Db, chatbot_ids: Sequence[ChatbotId], *, first: date, last: date, names: Sequence[str]
) -> list[DayFigure]:
    """`last` included."""
    return await db.all(
        DayFigure,
        """
        select chatbot_id, day, name, value, conversations, messages, users, scored, sentiment, analysed, ended, resolved,
               rated, dissatisfied, dissatisfaction, mark
        from day_figures
        where chatbot_id = any($1) and day between $2 and $3 and name = any($4)
        """,
        chatbot_ids,
        first,
        last,
        names,
    )


async def kept_of(
    db: Db, chatbot_id: ChatbotId, name: str, values: Sequence[str], *, first: date, last: date
) -> list[DayFigure]:
    """Of a few values of one name; `last` included."""
    return await db.all(
        DayFigure,
        """
        select chatbot_id, day, name, value, conversations, messages, users, scored, sentiment, analysed, ended, resolved,
               rated, dissatisfied, dissatisfaction, mark
        from day_figures
        where chatbot_id = $1 and name = $2 and value = any($3) and day between $4 and $5
        """,
        *(chatbot_id, name, values, first, last),
    )


async def most_dissatisfied(
    db: Db, chatbot_id: ChatbotId, *, days: Sequence[date], fresh: Sequence[DayFigure], limit: int
) -> list[str]:
    """The users with the most conversations that ended unhappy, of what was kept of these days and of what is counted now."""
    return await db.values(
        """
        select every.value
        from (
            select value, dissatisfied, dissatisfaction
            from day_figures
            where chatbot_id = $1 and name = 'dissatisfied_user' and day = any($2)
            union all
            select counted.value, counted.dissatisfied, counted.dissatisfaction
            from jsonb_to_recordset($3::jsonb) as counted (value text, dissatisfied int, dissatisfaction float8)
        ) every
        group by every.value
        order by sum(every.dissatisfied) desc, sum(every.dissatisfaction) desc, every.value
        limit $4
        """,
        *(chatbot_id, days, list(fresh), limit),
    )


async def keep(db: Db, chatbot_id: ChatbotId, day: date, figures: Sequence[DayFigure]) -> None:
    """In place of what was kept of that day."""
    await db.run("delete from day_figures where chatbot_id = $1 and day = $2", chatbot_id, day)
    await db.run(
        """
        insert into day_figures (
            chatbot_id, day, name, value, conversations, messages, users, scored, sentiment, analysed, ended, resolved,
            rated, dissatisfied, dissatisfaction, mark
        )
        select $1, $2, u.name, u.value, u.conversations, u.messages, u.users, u.scored, u.sentiment, u.analysed, u.ended,
               u.resolved, u.rated, u.dissatisfied, u.dissatisfaction, u.mark
        from jsonb_to_recordset($3::jsonb) as u (
            name text, value text, conversations int, messages bigint, users int, scored int, sentiment float8,
            analysed int, ended int, resolved int, rated int, dissatisfied int, dissatisfaction float8, mark float8
        )
        on conflict (chatbot_id, name, day, value) do update
        set conversations = excluded.conversations, messages = excluded.messages, users = excluded.users,
            scored = excluded.scored, sentiment = excluded.sentiment, analysed = excluded.analysed,
            ended = excluded.ended, resolved = excluded.resolved, rated = excluded.rated,
            dissatisfied = excluded.dissatisfied, dissatisfaction = excluded.dissatisfaction, mark = excluded.mark
        """,
        chatbot_id,
        day,
        list(figures),
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


async def feelings_counted(
    db: Db, chatbot_ids: Sequence[ChatbotId], days: Sequence[date], *, since: date | None = None
) -> list[DayFeeling]:
    """Of each chatbot the day beside it, of what was said since. A conversation whose sentiment its caller or a person stated
    counts as one message of that sentiment.
    """
    return await db.all(
        DayFeeling,
        """
        select felt.chatbot_id, felt.day, felt.said_on, felt.label, count(*) as messages, sum(felt.sentiment) as sentiment
        from (
            select asked.chatbot_id, asked.day, (one.moment at time zone 'UTC')::date as said_on, one.sentiment,
                   case when one.sentiment >= 0.6 then 'Very Positive' when one.sentiment > 0.2 then 'Positive'
                        when one.sentiment >= -0.2 then 'Neutral' when one.sentiment > -0.6 then 'Negative'
                        else 'Very Negative' end as label
            from unnest($1::uuid[], $2::date[]) as asked (chatbot_id, day)
            join conversations c
                on c.chatbot_id = asked.chatbot_id and c.first_message_at >= asked.day::timestamp at time zone 'UTC'
                    and c.first_message_at < (asked.day + 1)::timestamp at time zone 'UTC'
            cross join lateral (
                select own.sentiment, own.by_caller ? 'sentiment' or own.by_human ? 'sentiment' as stated
                from conversation_judgements own
                where own.chatbot_id = c.chatbot_id and own.conversation_id = c.id
                offset 0
            ) j
            cross join lateral (
                select m.said_at as moment, m.sentiment
                from message_judgements m
                where m.chatbot_id = c.chatbot_id and m.conversation_id = c.id and m.sentiment is not null and not j.stated
                union all
                select c.last_message_at as moment, j.sentiment
                where j.stated and j.sentiment is not null
            ) one
        ) felt
        where $3::date is null or felt.said_on >= $3
        group by felt.chatbot_id, felt.day, felt.said_on, felt.label
        """,
        chatbot_ids,
        days,
        since,
    )


async def keep_feelings(db: Db, chatbot_id: ChatbotId, day: date, feelings: Sequence[DayFeeling]) -> None:
    """In place of what was kept of that day."""
    await db.run("delete from day_feelings where chatbot_id = $1 and day = $2", chatbot_id, day)
    await db.run(
        """
        insert into day_feelings (chatbot_id, day, said_on, label, messages, sentiment)
        select $1, $2, u.said_on, u.label, u.messages, u.sentiment
        from jsonb_to_recordset($3::jsonb) as u (said_on date, label text, messages int, sentiment float8)
        on conflict (chatbot_id, day, said_on, label) do update
        set messages = excluded.messages, sentiment = excluded.sentiment
        """,
        chatbot_id,
        day,
        list(feelings),
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
