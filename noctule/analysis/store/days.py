"""Figures of days: counted from the rows, or as they were kept when somebody counted them."""

from collections.abc import Sequence
from datetime import date

from noctule.analysis.models import DayFeeling, DayFigure
from noctule.base.db import Db
from noctule.chatbots import ChatbotId


async def counted(
    db: Db, of: Sequence[ChatbotId], days: Sequence[date], *, names: Sequence[str], conditions: str | None = None
) -> list[DayFigure]:
    """Of each chatbot the day beside it; with `conditions`, a JSON path over the facts of those that count, days in a row."""
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
            select asked.chatbot_id, asked.day, c.message_count as messages, c.person_id, c.source, c.first_message_at, f.facts
            from unnest($1::uuid[], $2::date[]) as asked (chatbot_id, day)
            join conversations c on c.chatbot_id = asked.chatbot_id and c.first_message_at >= asked.day::timestamp at time zone 'UTC'
                and c.first_message_at < (asked.day + 1)::timestamp at time zone 'UTC'
            left join lateral ( -- one by one: a plan over all of them would cost more with every year
                select n.facts from conversation_facts n where n.chatbot_id = c.chatbot_id and n.conversation_id = c.id offset 0
            ) f on true where $4::jsonpath is null
            union all
            select n.chatbot_id, (n.began_at at time zone 'UTC')::date, (n.facts ->> 'messages')::integer,
                   (n.facts ->> 'user')::uuid, n.facts ->> 'source', n.began_at, n.facts
            from conversation_facts n
            where n.chatbot_id = any($1) and n.facts @@ $4::jsonpath and n.began_at >= ($2::date[])[1]::timestamp at time zone 'UTC'
                and n.began_at < (($2::date[])[array_upper($2::date[], 1)] + 1)::timestamp at time zone 'UTC'
        ) c
        cross join lateral ( -- once for a conversation, not for each of its values
            select (c.facts ->> 'score')::float8 as score, c.facts ->> 'outcome' as outcome, c.facts ? 'analysed' as analysed,
                   c.facts ?& '{ended,outcome}' as ended, (c.facts ->> 'dissatisfaction')::float8 as unhappy offset 0
        ) told
        cross join lateral (
            select plain.name, plain.value, 0 as mark
            from (values ('all', ''), ('source', c.source), ('hour', to_char(c.first_message_at at time zone 'UTC', 'HH24')),
                         ('sentiment', coalesce(c.facts ->> 'sentiment', 'none')),
                         ('dissatisfied_user', case when told.unhappy >= 0.5 then c.facts ->> 'user' end)) as plain (name, value)
            where plain.value is not null and plain.name = any($3)
            union all
            select fact.name, said #>> '{}', 0
            from unnest($3::text[]) as fact (name), jsonb_path_query(c.facts, ('$.' || fact.name || '[*]')::jsonpath) as said
            where fact.name not in ('all', 'source', 'hour', 'sentiment', 'quality', 'dissatisfied_user')
            union all
            select 'quality', given.key, given.value::float8
            from jsonb_each(jsonb_set(c.facts -> 'marks', '{overall}', c.facts -> 'quality')) as given where 'quality' = any($3)
        ) as known
        group by c.chatbot_id, c.day, known.name, known.value
        """,
        *(of, days, names, conditions),
    )


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
