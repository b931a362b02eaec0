"""All SQL about companies, the customer organizations of those who run chatbots."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.people.models import Claim, Company, CompanyId, Profile, Standing, Wanted


async def find(db: Db, claims: Sequence[Claim]) -> list[Profile]:
    """Those with the ids; those without an id who have the handles; and for claims without an id the first one with an
    id who has the handle. Never more, however many share a name.
    """
    return await db.all(
        Profile,
        """
        select c.chatbot_id, c.id, c.external_id, c.handle, c.traits, c.first_seen_at
        from companies c
        join unnest($1::uuid[], $2::text[]) as u (chatbot_id, external_id)
            on c.chatbot_id = u.chatbot_id and c.external_id = u.external_id
        union
        select c.chatbot_id, c.id, c.external_id, c.handle, c.traits, c.first_seen_at
        from companies c
        join unnest($1::uuid[], $3::text[]) as u (chatbot_id, handle)
            on c.chatbot_id = u.chatbot_id and c.handle = u.handle
        where c.external_id is null
        union
        select c.chatbot_id, c.id, c.external_id, c.handle, c.traits, c.first_seen_at
        from unnest($1::uuid[], $2::text[], $3::text[]) as u (chatbot_id, external_id, handle)
        cross join lateral (
            select chatbot_id, id, external_id, handle, traits, first_seen_at
            from companies
            where chatbot_id = u.chatbot_id and handle = u.handle and external_id is not null
            order by id
            limit 1
        ) c
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
            insert into companies (
                chatbot_id, id, external_id, handle, traits, first_seen_at, last_seen_at, standing_due_at, created_at
            )
            select u.chatbot_id, u.id, u.external_id, u.handle, u.traits, u.seen_at, u.seen_at, $7, $7
            from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[]::jsonb[], $6::timestamptz[])
                as u (chatbot_id, id, external_id, handle, traits, seen_at)
            on conflict do nothing
            returning id
            """,
            [one.chatbot_id for one in profiles],
            [one.id for one in profiles],
            [one.external_id for one in profiles],
            [one.handle for one in profiles],
            [msgspec.json.encode(one.traits).decode() for one in profiles],
            [one.first_seen_at for one in profiles],
            db.now,
        )
    )


async def update(db: Db, profiles: Sequence[Profile]) -> None:
    await db.run(
        """
        update companies c
        set external_id = u.external_id, handle = u.handle, traits = u.traits
        from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[]::jsonb[])
            as u (chatbot_id, id, external_id, handle, traits)
        where c.chatbot_id = u.chatbot_id and c.id = u.id
        """,
        [one.chatbot_id for one in profiles],
        [one.id for one in profiles],
        [one.external_id for one in profiles],
        [one.handle for one in profiles],
        [msgspec.json.encode(one.traits).decode() for one in profiles],
    )


async def mark_due(db: Db, chatbot_id: ChatbotId, ids: Sequence[UUID]) -> None:
    """Their figures are to be renewed: soon, or for somebody of many conversations after a while, as it is more work."""
    await db.run(
        """
        update companies c
        set standing_due_at = least(c.standing_due_at, $3::timestamptz + c.conversations * interval '1 millisecond')
        from (
            select id from companies where chatbot_id = $1 and id = any($2) order by id for no key update
        ) held
        where c.chatbot_id = $1 and c.id = held.id
        """,
        chatbot_id,
        ids,
        db.now,
    )


async def chatbots_with_due(db: Db) -> list[ChatbotId]:
    return await db.values("select distinct chatbot_id from companies where standing_due_at <= $1", db.now)


async def claim_due(db: Db, chatbot_id: ChatbotId, *, limit: int) -> list[CompanyId]:
    """Those whose figures are to be renewed in this transaction."""
    return await db.values(
        """
        update companies
        set standing_due_at = null
        where chatbot_id = $1
            and id in (
                select id
                from companies
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
        update companies c
        set people = u.people, conversations = u.conversations, messages = u.messages, sentiment = u.sentiment,
            first_seen_at = coalesce(u.first_seen_at, c.first_seen_at),
            last_seen_at = coalesce(u.last_seen_at, c.last_seen_at)
        from unnest($2::uuid[], $3::int[], $4::int[], $5::int[], $6::float8[], $7::timestamptz[], $8::timestamptz[])
            as u (id, people, conversations, messages, sentiment, first_seen_at, last_seen_at)
        where c.chatbot_id = $1 and c.id = u.id
        """,
        chatbot_id,
        [one.id for one in standings],
        [one.people for one in standings],
        [one.conversations for one in standings],
        [one.messages for one in standings],
        [one.sentiment for one in standings],
        [one.first_seen_at for one in standings],
        [one.last_seen_at for one in standings],
    )


async def list_companies(db: Db, chatbot_id: ChatbotId, wanted: Wanted) -> list[Company]:
    """What lacks what is sorted by comes last; ids decide between equals."""
    return await db.all(
        Company,
        """
        with ranked as (
            select c.chatbot_id, c.id, c.external_id, c.traits, c.people, c.conversations, c.messages, c.sentiment,
                   c.first_seen_at, c.last_seen_at, count(*) over ()::int as total,
                   coalesce($2 * case $3::text
                       when 'users' then c.people
                       when 'conversations' then c.conversations
                       when 'messages' then c.messages
                       when 'sentiment' then c.sentiment
                       when 'mrr' then (c.traits ->> 'mrr')::float8
                       when 'first_seen' then extract(epoch from c.first_seen_at)
                       else extract(epoch from c.last_seen_at)
                   end, 'infinity')::float8 as rank
            from companies c
            where c.chatbot_id = $1
                and ($4::text is null or position($4 in lower(concat_ws(' ', c.external_id, c.traits ->> 'name', c.handle))) > 0)
                and ($5::text is null or lower(c.traits ->> 'plan') = lower($5))
                and ($6::text is null or lower(c.traits ->> 'industry') = lower($6))
                and (c.conversations between ($7::float8[])[1] and ($8::float8[])[1] or ($9::boolean[])[1])
                and (c.sentiment between $7[2] and $8[2] or $9[2])
                and ((c.traits ->> 'mrr')::float8 between $7[3] and $8[3] or $9[3])
                and (extract(epoch from c.first_seen_at) between $7[4] and $8[4] or $9[4])
        )
        select r.chatbot_id, r.id, r.external_id, r.traits, r.people, r.conversations, r.messages, r.sentiment,
               r.first_seen_at, r.last_seen_at, r.rank, r.total
        from ranked r
        where $10::float8 is null or (r.rank, r.id) > ($10, $11::uuid)
        order by r.rank, r.id
        limit $12
        """,
        chatbot_id,
        -1 if wanted.descending else 1,
        wanted.sort,
        wanted.words.lower() if wanted.words else None,
        wanted.plan,
        wanted.industry,
        *wanted.limits(),
        *(wanted.after or (None, None)),
        wanted.limit,
    )


async def company(db: Db, chatbot_id: ChatbotId, company_id: CompanyId) -> Company | None:
    return await db.one(
        Company,
        """
        select chatbot_id, id, external_id, traits, people, conversations, messages, sentiment, first_seen_at,
               last_seen_at
        from companies
        where chatbot_id = $1 and id = $2
        """,
        chatbot_id,
        company_id,
    )


async def company_named(db: Db, chatbot_id: ChatbotId, external_id: str) -> CompanyId | None:
    return await db.value(
        "select id from companies where chatbot_id = $1 and external_id = $2", chatbot_id, external_id
    )
