"""Figures of days: counted from the rows, or as they were kept when somebody counted them. When a day begins is not known here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from noctule.analysis.models import DayFeeling, DayFigure, Hour
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
    """Of each day with a part among these, without users; with `only`, a JSON path over facts, they are of one chatbot and in a row."""
    return await db.all(
        DayFigure,
        """
        with begun as (
            select asked.part::int, found.message_count as messages, found.source, found.facts
            from unnest($1::uuid[], $4::timestamptz[], $5::timestamptz[]) with ordinality as asked (chatbot_id, since, until, part)
            cross join lateral ( -- each part by the index: a plan over all of them would cost more with every year
                select c.message_count, c.source, known.facts
                from conversations c
                left join lateral (select facts from conversation_facts where chatbot_id = c.chatbot_id and conversation_id = c.id offset 0) known on true
                where c.chatbot_id = asked.chatbot_id and c.first_message_at >= asked.since and c.first_message_at < asked.until offset 0
            ) found where $7::jsonpath is null
            union all
            select width_bucket(n.began_at, $4::timestamptz[]), (n.facts ->> 'messages')::integer, n.facts ->> 'source', n.facts
            from conversation_facts n
            where n.chatbot_id = ($1::uuid[])[1] and n.facts @@ $7::jsonpath and n.began_at >= ($4::timestamptz[])[1]
                and n.began_at < ($5::timestamptz[])[array_upper($5::timestamptz[], 1)]
        ), read as ( -- once for a conversation, not for each of its values
            select part, messages, source, facts, (facts ->> 'score')::float8 as score, (facts ->> 'dissatisfaction')::float8 as unhappy,
                   case when facts ? 'analysed' then 1 else 0 end | case when facts ?& '{ended,outcome}' then 2 else 0 end
                   | case when facts ? 'ended' and facts ->> 'outcome' in ('fully_resolved', 'partially_resolved') then 4 else 0 end as told from begun offset 0
        ), named as (select part, messages, source, facts, score, unhappy, told, unnest($6::text[]) as name from read
        ), valued as (
            select part, messages, facts, score, unhappy, told, name, unnest(case
                       when name in ('behavior', 'flags', 'failing') then array(select jsonb_array_elements_text(facts -> name))
                       when name = 'quality' then array(select jsonb_object_keys(jsonb_set(facts -> 'marks', '{overall}', facts -> name)))
                       when name = 'dissatisfied_user' then case when unhappy >= 0.5 then array[facts ->> 'user'] end
                       else array[case name when 'all' then '' when 'source' then source when 'hour' then ($3::text[])[part]
                                       when 'sentiment' then coalesce(facts ->> name, 'none') else facts ->> name end]
                   end) as value from named
        ), marked as ( -- from here on without facts, which would be carried along
            select part, name, value, told, messages, score, unhappy,
                   case when name = 'quality' then coalesce(facts -> 'marks' ->> value, facts ->> name)::float8 end as mark
            from valued where value is not null offset 0
        ), alike as ( -- what costs are the sums over each value of each row, so those that say the same are counted together first
            select part, name, value, told, unhappy >= 0.5 as dissatisfied, count(*) as many, sum(messages) as messages, count(score) as scored,
                   sum(score) as sentiment, count(unhappy) as rated, sum(unhappy) as dissatisfaction, sum(mark) as mark
            from marked group by part, name, value, told, dissatisfied
        )
        select ($1::uuid[])[part] as chatbot_id, ($2::date[])[part] as day, name, value, sum(many)::bigint as conversations,
               sum(messages)::bigint as messages, 0 as users, sum(scored)::bigint as scored, coalesce(sum(sentiment), 0) as sentiment,
               sum(many * (told & 1))::bigint as analysed, sum(many * ((told >> 1) & 1))::bigint as ended, sum(many * (told >> 2))::bigint as resolved,
               sum(rated)::bigint as rated, coalesce(sum(many) filter (where dissatisfied), 0)::bigint as dissatisfied,
               coalesce(sum(dissatisfaction), 0) as dissatisfaction, coalesce(sum(mark), 0) as mark
        from alike group by 1, 2, 3, 4
        """,
        *(*_columns(parts), sorted(set(names)), only),
    )


async def users_counted(db: Db, parts: Sequence[Part]) -> dict[tuple[ChatbotId, date], int]:
    """How many wrote, of each day with a part among these."""
    found = await db.rows(
        """
        select one.chatbot_id, one.day, count(*) as users
        from (
            select distinct asked.chatbot_id, asked.day, begun.person_id
            from unnest($1::uuid[], $2::date[], $3::timestamptz[], $4::timestamptz[]) as asked (chatbot_id, day, since, until)
            cross join lateral ( -- by the index alone
                select person_id
                from conversations
                where chatbot_id = asked.chatbot_id and first_message_at >= asked.since and first_message_at < asked.until
                offset 0
            ) begun
            where begun.person_id is not null
        ) one
        group by one.chatbot_id, one.day
        """,
        *([one.chatbot_id for one in parts], [one.day for one in parts]),
        *([one.since for one in parts], [one.until for one in parts]),
    )
    return {(chatbot_id, day): users for chatbot_id, day, users in found}


async def hours_counted(db: Db, parts: Sequence[Part]) -> list[Hour]:
    """By the index alone: what is known of conversations does not matter."""
    return await db.all(
        Hour,
        """
        select extract(isodow from asked.day)::integer as weekday, asked.hour::integer as hour, begun.conversations
        from unnest($1::uuid[], $2::date[], $3::text[], $4::timestamptz[], $5::timestamptz[]) as asked (chatbot_id, day, hour, since, until)
        cross join lateral (
            select count(*) as conversations
            from conversations
            where chatbot_id = asked.chatbot_id and first_message_at >= asked.since and first_message_at < asked.until
        ) begun
        where begun.conversations > 0
        """,
        *_columns(parts),
    )


async def hours_kept(db: Db, chatbot_id: ChatbotId, *, first: date, last: date, but: Sequence[date]) -> list[Hour]:
    """`last` included, without the days of `but`."""
    return await db.all(
        Hour,
        """
        select extract(isodow from day)::integer as weekday, value::integer as hour, sum(conversations)::bigint as conversations
        from day_figures
        where chatbot_id = $1 and name = 'hour' and day between $2 and $3 and day <> all($4)
        group by weekday, hour
        """,
        chatbot_id,
        first,
        last,
        but,
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
