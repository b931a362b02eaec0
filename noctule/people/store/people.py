"""All SQL about people."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.people.models import Claim, Person, PersonId, Profile, Standing, Wanted


async def find(db: Db, claims: Sequence[Claim]) -> list[Profile]:
    """Those with the ids; those without an id who have the handles; and for claims without an id the first one with an
    id who has the handle. Never more, however many share an address.
    """
    return await db.all(
        Profile,
        """
        select p.chatbot_id, p.id, p.external_id, p.handle, p.traits, p.company_id, p.first_seen_at
        from people p
        join unnest($1::uuid[], $2::text[]) as u (chatbot_id, external_id)
            on p.chatbot_id = u.chatbot_id and p.external_id = u.external_id
        union
        select p.chatbot_id, p.id, p.external_id, p.handle, p.traits, p.company_id, p.first_seen_at
        from people p
        join unnest($1::uuid[], $3::text[]) as u (chatbot_id, handle)
            on p.chatbot_id = u.chatbot_id and p.handle = u.handle
        where p.external_id is null
        union
        select p.chatbot_id, p.id, p.external_id, p.handle, p.traits, p.company_id, p.first_seen_at
        from unnest($1::uuid[], $2::text[], $3::text[]) as u (chatbot_id, external_id, handle)
        cross join lateral (
            select chatbot_id, id, external_id, handle, traits, company_id, first_seen_at
            from people
            where chatbot_id = u.chatbot_id and handle = u.handle and external_id is not null
            order by id
            limit 1
        ) p
        where u.external_id is null
        """,
        [claim.chatbot_id for claim in claims],
        [claim.external_id for claim in claims],
        [claim.handle for claim in claims],
    )


async def insert(db: Db, profiles: Sequence[Profile]) -> set[UUID]:
    """Ids of those that were inserted; a missing one was made by somebody else a moment ago."""
    return set(
        await db.values(
            """
            insert into people (
                chatbot_id, id, external_id, handle, traits, company_id, first_seen_at, last_seen_at, standing_due_at,
                created_at
            )
            select u.chatbot_id, u.id, u.external_id, u.handle, u.traits, u.company_id, u.seen_at, u.seen_at, $8, $8
            from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[]::jsonb[], $6::uuid[], $7::timestamptz[])
                as u (chatbot_id, id, external_id, handle, traits, company_id, seen_at)
            on conflict do nothing
            returning id
            """,
            [one.chatbot_id for one in profiles],
            [one.id for one in profiles],
            [one.external_id for one in profiles],
            [one.handle for one in profiles],
            [msgspec.json.encode(one.traits).decode() for one in profiles],
            [one.company_id for one in profiles],
            [one.first_seen_at for one in profiles],
            db.now,
        )
    )


async def update(db: Db, profiles: Sequence[Profile]) -> None:
    await db.run(
        """
        update people p
        set external_id = u.external_id, handle = u.handle, traits = u.traits, company_id = u.company_id
        from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[]::jsonb[], $6::uuid[])
            as u (chatbot_id, id, external_id, handle, traits, company_id)
        where p.chatbot_id = u.chatbot_id and p.id = u.id
        """,
        [one.chatbot_id for one in profiles],
        [one.id for one in profiles],
        [one.external_id for one in profiles],
        [one.handle for one in profiles],
        [msgspec.json.encode(one.traits).decode() for one in profiles],
        [one.company_id for one in profiles],
    )


async def mark_due(db: Db, chatbot_id: ChatbotId, ids: Sequence[UUID]) -> None:
    """Their figures are to be renewed: soon, or for somebody of many conversations after a while, as it is more work."""
    await db.run(
        """
        update people p
        set standing_due_at = least(p.standing_due_at, $3::timestamptz + p.conversations * interval '1 millisecond')
        from (
            select id from people where chatbot_id = $1 and id = any($2) order by id for no key update
        ) held
        where p.chatbot_id = $1 and p.id = held.id
        """,
        chatbot_id,
        ids,
        db.now,
    )


async def chatbots_with_due(db: Db) -> list[ChatbotId]:
    return await db.values("select distinct chatbot_id from people where standing_due_at <= $1", db.now)


async def claim_due(db: Db, chatbot_id: ChatbotId, *, limit: int) -> list[PersonId]:
    """Those whose figures are to be renewed in this transaction."""
    return await db.values(
        """
        update people
        set standing_due_at = null
        where chatbot_id = $1
            and id in (
                select id
                from people
                where chatbot_id = $1 and standing_due_at <= $2
                order by standing_due_at
                limit $3
                for no key update skip locked
            )
        returning id
        """,
        chatbot_id,
        db.now,
        limit,
    )


async def note_standings(db: Db, chatbot_id: ChatbotId, standings: Sequence[Standing]) -> None:
    await db.run(
        """
        update people p
        set conversations = u.conversations, messages = u.messages, sentiment = u.sentiment,
            first_seen_at = coalesce(u.first_seen_at, p.first_seen_at),
            last_seen_at = coalesce(u.last_seen_at, p.last_seen_at)
        from unnest($2::uuid[], $3::int[], $4::int[], $5::float8[], $6::timestamptz[], $7::timestamptz[])
            as u (id, conversations, messages, sentiment, first_seen_at, last_seen_at)
        where p.chatbot_id = $1 and p.id = u.id
        """,
        chatbot_id,
        [one.id for one in standings],
        [one.conversations for one in standings],
        [one.messages for one in standings],
        [one.sentiment for one in standings],
        [one.first_seen_at for one in standings],
        [one.last_seen_at for one in standings],
    )


async def doubles(db: Db, chatbot_id: ChatbotId, *, limit: int) -> list[tuple[PersonId, PersonId]]:
    """People without an id beside the first one with an id who has the same address."""
    return await db.rows(
        """
        select nameless.id, named.id
        from people nameless
        cross join lateral (
            select id
            from people
            where chatbot_id = $1 and handle = nameless.handle and external_id is not null
            order by id
            limit 1
        ) named
        where nameless.chatbot_id = $1 and nameless.external_id is null
        limit $2
        """,
        chatbot_id,
        limit,
    )


async def absorb(db: Db, chatbot_id: ChatbotId, person_id: PersonId, into: PersonId) -> None:
    """One person goes and leaves the other what was known of them and not of the other."""
    await db.run(
        """
        update people p
        set traits = gone.traits || p.traits, attributes = gone.attributes || p.attributes,
            company_id = coalesce(p.company_id, gone.company_id),
            first_seen_at = least(p.first_seen_at, gone.first_seen_at), standing_due_at = $4
        from people gone
        where gone.chatbot_id = $1 and gone.id = $2 and p.chatbot_id = $1 and p.id = $3
        """,
        chatbot_id,
        person_id,
        into,
        db.now,
    )
    await db.run("delete from people where chatbot_id = $1 and id = $2", chatbot_id, person_id)


async def person(db: Db, chatbot_id: ChatbotId, person_id: PersonId) -> Person | None:
    return await db.one(
        Person,
        """
        select p.chatbot_id, p.id, p.external_id, p.traits, p.company_id, c.external_id as company_external_id,
               c.traits ->> 'name' as company_name, p.conversations, p.messages, p.sentiment, p.first_seen_at,
               p.last_seen_at
        from people p
        left join companies c on c.chatbot_id = p.chatbot_id and c.id = p.company_id
        where p.chatbot_id = $1 and p.id = $2
        """,
        chatbot_id,
        person_id,
    )


async def person_named(db: Db, chatbot_id: ChatbotId, external_id: str) -> PersonId | None:
    return await db.value("select id from people where chatbot_id = $1 and external_id = $2", chatbot_id, external_id)


async def list_people(db: Db, chatbot_id: ChatbotId, wanted: Wanted) -> list[Person]:
    """Who lacks what is sorted by comes last; ids decide between equals."""
    return await db.all(
        Person,
        """
        with ranked as (
            select p.chatbot_id, p.id, p.external_id, p.traits, p.company_id, p.conversations, p.messages, p.sentiment,
                   p.first_seen_at, p.last_seen_at, count(*) over ()::int as total,
                   coalesce($2 * case $3::text
                       when 'conversations' then p.conversations
                       when 'messages' then p.messages
                       when 'sentiment' then p.sentiment
                       when 'mrr' then (p.traits ->> 'mrr')::float8
                       when 'first_seen' then extract(epoch from p.first_seen_at)
                       else extract(epoch from p.last_seen_at)
                   end, 'infinity')::float8 as rank
            from people p
            where p.chatbot_id = $1
                and ($4::text is null or position($4 in lower(concat_ws(' ', p.external_id, p.traits ->> 'name', p.handle))) > 0)
                and ($5::text is null or lower(p.traits ->> 'plan') = lower($5))
                and ($6::text is null or lower(p.traits ->> 'industry') = lower($6))
                and ($7::uuid is null or p.company_id = $7)
                and (p.conversations between ($8::float8[])[1] and ($9::float8[])[1] or ($10::boolean[])[1])
                and (p.sentiment between $8[2] and $9[2] or $10[2])
                and ((p.traits ->> 'mrr')::float8 between $8[3] and $9[3] or $10[3])
                and (extract(epoch from p.first_seen_at) between $8[4] and $9[4] or $10[4])
        )
        select r.chatbot_id, r.id, r.external_id, r.traits, r.company_id, c.external_id as company_external_id,
               c.traits ->> 'name' as company_name, r.conversations, r.messages, r.sentiment, r.first_seen_at,
               r.last_seen_at, r.rank, r.total
        from ranked r
        left join companies c on c.chatbot_id = $1 and c.id = r.company_id
        where $11::float8 is null or (r.rank, r.id) > ($11, $12::uuid)
        order by r.rank, r.id
        limit $13
        """,
        chatbot_id,
        -1 if wanted.descending else 1,
        wanted.sort,
        wanted.words.lower() if wanted.words else None,
        wanted.plan,
        wanted.industry,
        wanted.company_id,
        *wanted.limits(),
        *(wanted.after or (None, None)),
        wanted.limit,
    )


async def unseen_since(
    db: Db, chatbot_id: ChatbotId, moment: datetime, *, after: PersonId | None, limit: int
) -> list[PersonId]:
    """Of whom no conversation is left, and whom the team does not keep as contacts; in the order of their ids."""
    return await db.values(
        """
        select id
        from people
        where chatbot_id = $1 and last_seen_at < $2 and ($3::uuid is null or id > $3)
            and conversations = 0 and standing_due_at is null and changed_at is null and attributes = '{}'
        order by id
        limit $4
        """,
        chatbot_id,
        moment,
        after,
        limit,
    )


async def forget_people(db: Db, chatbot_id: ChatbotId, ids: Sequence[PersonId]) -> None:
    await db.run("delete from people where chatbot_id = $1 and id = any($2)", chatbot_id, ids)
