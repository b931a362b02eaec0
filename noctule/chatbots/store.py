"""All SQL about chatbots and their custom fields."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from noctule.accounts import OrgId
from noctule.base.db import Db
from noctule.chatbots.models import Chatbot, ChatbotId, Ingest


async def chatbots_of(db: Db, org_id: OrgId) -> list[Chatbot]:
    return await db.all(
        Chatbot,
        """
        select id, org_id, name, key_prefix, settings, created_at
        from chatbots
        where org_id = $1
        order by created_at, id
        """,
        org_id,
    )


async def chatbot(db: Db, org_id: OrgId, chatbot_id: ChatbotId) -> Chatbot | None:
    return await db.one(
        Chatbot,
        """
        select id, org_id, name, key_prefix, settings, created_at
        from chatbots
        where org_id = $1 and id = $2
        """,
        org_id,
        chatbot_id,
    )


async def chatbot_anywhere(db: Db, chatbot_id: ChatbotId) -> Chatbot | None:
    """Of whichever organization: for work of the server itself, never for a caller."""
    return await db.one(
        Chatbot,
        """
        select id, org_id, name, key_prefix, settings, created_at
        from chatbots
        where id = $1
        """,
        chatbot_id,
    )


async def lock_chatbot(db: Db, org_id: OrgId, chatbot_id: ChatbotId) -> Chatbot | None:
    """Held until the transaction ends: two changes of one settings object follow each other."""
    return await db.one(
        Chatbot,
        """
        select id, org_id, name, key_prefix, settings, created_at
        from chatbots
        where org_id = $1 and id = $2
        for no key update
        """,
        org_id,
        chatbot_id,
    )


async def insert_chatbot(db: Db, chatbot: Chatbot, *, key_hash: bytes, created_by: UUID) -> None:
    await db.run(
        """
        insert into chatbots (id, org_id, name, key_prefix, key_hash, settings, created_by, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        chatbot.id,
        chatbot.org_id,
        chatbot.name,
        chatbot.key_prefix,
        key_hash,
        chatbot.settings,
        created_by,
        chatbot.created_at,
    )


async def update_chatbot(db: Db, org_id: OrgId, chatbot_id: ChatbotId, *, name: str, settings: dict[str, Any]) -> None:
    await db.run(
        """
        update chatbots
        set name = $3, settings = $4
        where org_id = $1 and id = $2
        """,
        org_id,
        chatbot_id,
        name,
        settings,
    )


async def replace_key(
    db: Db, org_id: OrgId, chatbot_id: ChatbotId, *, key_prefix: str, key_hash: bytes
) -> Chatbot | None:
    return await db.one(
        Chatbot,
        """
        update chatbots
        set key_prefix = $3, key_hash = $4
        where org_id = $1 and id = $2
        returning id, org_id, name, key_prefix, settings, created_at
        """,
        org_id,
        chatbot_id,
        key_prefix,
        key_hash,
    )


async def delete_chatbot(db: Db, org_id: OrgId, chatbot_id: ChatbotId) -> bool:
    """Everything below it goes with it, by the foreign keys."""
    return bool(await db.run("delete from chatbots where org_id = $1 and id = $2", org_id, chatbot_id))


async def chatbot_with_key(db: Db, key_hash: bytes) -> ChatbotId | None:
    return await db.value("select id from chatbots where key_hash = $1", key_hash)


async def ingests_of(db: Db, chatbot_ids: Sequence[ChatbotId]) -> list[Ingest]:
    """Locked against deletion until the transaction ends, in the order of ids."""
    return await db.all(
        Ingest,
        """
        select c.id,
               c.key_hash,
               c.settings -> 'userAnalysisEnabled' is distinct from 'false'::jsonb as user_analysis,
               c.settings -> 'assistantAnalysisEnabled' is distinct from 'false'::jsonb as assistant_analysis,
               coalesce(
                   (
                       select jsonb_object_agg(f.key, f.type)
                       from custom_fields f
                       where f.chatbot_id = c.id and f.status <> 'discovered'
                   ),
                   '{}'
               ) as fields,
               array(
                   select f.key
                   from custom_fields f
                   where f.chatbot_id = c.id and f.status = 'discovered'
               ) as discovered,
               c.settings -> 'lifecycle' as lifecycle
        from chatbots c
        where c.id = any($1)
        order by c.id
        for key share of c
        """,
        chatbot_ids,
    )


async def insert_discovered(
    db: Db, chatbot_ids: Sequence[ChatbotId], keys: Sequence[str], types: Sequence[str]
) -> None:
    await db.run(
        """
        insert into custom_fields (chatbot_id, key, type, status, created_at)
        select u.chatbot_id, u.key, u.type, 'discovered', $4
        from unnest($1::uuid[], $2::text[], $3::text[]) as u (chatbot_id, key, type)
        on conflict (chatbot_id, key) do nothing
        """,
        chatbot_ids,
        keys,
        types,
        db.now,
    )
