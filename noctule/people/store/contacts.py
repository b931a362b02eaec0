"""SQL on people as contacts, and on the attributes that a team declares of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.people.models import Attribute, Contact, PersonId


async def contact(db: Db, chatbot_id: ChatbotId, *, external_id: str, person_id: PersonId | None) -> Contact | None:
    return await db.one(
        Contact,
        """
        select chatbot_id, id, external_id, handle, traits, attributes, created_at, changed_at
        from people
        where chatbot_id = $1 and (external_id = $2 or id = $3)
        order by external_id = $2 desc nulls last
        limit 1
        """,
        chatbot_id,
        external_id,
        person_id,
    )


async def contacts_with(db: Db, chatbot_id: ChatbotId, ids: Sequence[PersonId]) -> list[Contact]:
    return await db.all(
        Contact,
        """
        select chatbot_id, id, external_id, handle, traits, attributes, created_at, changed_at
        from people
        where chatbot_id = $1 and id = any($2)
        """,
        chatbot_id,
        list(ids),
    )


async def lock_contacts(
    db: Db, chatbot_id: ChatbotId, ids: Sequence[PersonId], *, external_ids: Sequence[str], handles: Sequence[str]
) -> list[Contact]:
    """Those who have one of these ids, ours or the caller's, or addresses, locked in one order."""
    return await db.all(
        Contact,
        """
        select chatbot_id, id, external_id, handle, traits, attributes, created_at, changed_at
        from people
        where chatbot_id = $1 and (id = any($2) or external_id = any($3) or handle = any($4))
        order by id
        for no key update
        """,
        chatbot_id,
        list(ids),
        list(external_ids),
        list(handles),
    )


async def insert_contacts(db: Db, chatbot_id: ChatbotId, contacts: Sequence[Contact]) -> list[UUID]:
    """Ids of those that were inserted; a missing one was made by somebody else a moment ago."""
    return await db.values(
        """
        insert into people (
            chatbot_id, id, external_id, handle, traits, attributes, first_seen_at, last_seen_at, created_at, changed_at
        )
        select $1, id, external_id, handle, traits, attributes, $7, $7, $7, $7
        from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]::jsonb[], $6::text[]::jsonb[])
            as given (id, external_id, handle, traits, attributes)
        on conflict do nothing
        returning id
        """,
        chatbot_id,
        [one.id for one in contacts],
        [one.external_id for one in contacts],
        [one.handle for one in contacts],
        [msgspec.json.encode(one.traits).decode() for one in contacts],
        [msgspec.json.encode(one.attributes).decode() for one in contacts],
        db.now,
    )


async def update_contacts(db: Db, chatbot_id: ChatbotId, contacts: Sequence[Contact]) -> None:
    await db.run(
        """
        update people p
        set external_id = given.external_id, handle = given.handle, traits = given.traits,
            attributes = given.attributes, changed_at = $7
        from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]::jsonb[], $6::text[]::jsonb[])
            as given (id, external_id, handle, traits, attributes)
        where p.chatbot_id = $1 and p.id = given.id
        """,
        chatbot_id,
        [one.id for one in contacts],
        [one.external_id for one in contacts],
        [one.handle for one in contacts],
        [msgspec.json.encode(one.traits).decode() for one in contacts],
        [msgspec.json.encode(one.attributes).decode() for one in contacts],
        db.now,
    )


async def delete_contact(db: Db, chatbot_id: ChatbotId, person_id: PersonId) -> bool:
    return bool(await db.run("delete from people where chatbot_id = $1 and id = $2", chatbot_id, person_id))


async def contacts_after(
    db: Db, chatbot_id: ChatbotId, *, after: UUID | None, limit: int, offset: int
) -> list[Contact]:
    """In the order of their ids, which never change: nobody is seen twice or missed while one leafs."""
    return await db.all(
        Contact,
        """
        select chatbot_id, id, external_id, handle, traits, attributes, created_at, changed_at
        from people
        where chatbot_id = $1 and ($2::uuid is null or id > $2)
        order by id
        limit $3
        offset $4
        """,
        chatbot_id,
        after,
        limit,
        offset,
    )


async def count_contacts(db: Db, chatbot_id: ChatbotId, *, up_to: UUID | None = None) -> int:
    return await db.value(
        "select count(*) from people where chatbot_id = $1 and ($2::uuid is null or id <= $2)", chatbot_id, up_to
    )


async def attributes_of(db: Db, chatbot_id: ChatbotId) -> list[Attribute]:
    return await db.all(
        Attribute,
        """
        select name, type, label, description, archived
        from contact_attributes
        where chatbot_id = $1
        order by created_at, name
        """,
        chatbot_id,
    )


async def attribute(db: Db, chatbot_id: ChatbotId, name: str) -> Attribute | None:
    return await db.one(
        Attribute,
        """
        select name, type, label, description, archived
        from contact_attributes
        where chatbot_id = $1 and name = $2
        for update
        """,
        chatbot_id,
        name,
    )


async def count_attributes(db: Db, chatbot_id: ChatbotId) -> int:
    return await db.value("select count(*) from contact_attributes where chatbot_id = $1", chatbot_id)


async def insert_attribute(db: Db, chatbot_id: ChatbotId, one: Attribute) -> bool:
    """False when the name is taken."""
    return bool(
        await db.run(
            """
            insert into contact_attributes
                (chatbot_id, name, type, label, description, archived, created_at, updated_at)
            values ($1, $2, $3, $4, $5, $6, $7, $7)
            on conflict (chatbot_id, name) do nothing
            """,
            chatbot_id,
            one.name,
            one.type,
            one.label,
            one.description,
            one.archived,
            db.now,
        )
    )


async def update_attribute(db: Db, chatbot_id: ChatbotId, one: Attribute) -> None:
    await db.run(
        """
        update contact_attributes
        set type = $3, label = $4, description = $5, archived = $6, updated_at = $7
        where chatbot_id = $1 and name = $2
        """,
        chatbot_id,
        one.name,
        one.type,
        one.label,
        one.description,
        one.archived,
        db.now,
    )


async def attribute_values(db: Db, chatbot_id: ChatbotId, name: str) -> list[tuple[UUID, Any]]:
    """Of everybody who has one."""
    rows = await db.rows(
        """
        select id, attributes -> $2
        from people
        where chatbot_id = $1 and attributes ? $2
        order by id
        for no key update
        """,
        chatbot_id,
        name,
    )
    return [(row[0], row[1]) for row in rows]


async def set_attribute_values(
    db: Db, chatbot_id: ChatbotId, name: str, *, values: Sequence[tuple[UUID, object]]
) -> None:
    await db.run(
        """
        update people p
        set attributes = jsonb_set(p.attributes, array[$2], given.value)
        from unnest($3::uuid[], $4::text[]::jsonb[]) as given (id, value)
        where p.chatbot_id = $1 and p.id = given.id
        """,
        chatbot_id,
        name,
        [one for one, _ in values],
        [msgspec.json.encode(value).decode() for _, value in values],
    )
