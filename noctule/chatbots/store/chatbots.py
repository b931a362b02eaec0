"""Chatbots, their keys, their life from pending to archived, and what a recording must know of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from noctule.accounts import OrgId
from noctule.base.db import Db
from noctule.chatbots.models import LATELY, Chatbot, ChatbotId, Ingest


async def chatbots_of(db: Db, org_id: OrgId) -> list[Chatbot]:
    return await db.all(
        Chatbot,
        """
        select id, org_id, name, key_prefix, settings, created_at, activated_at, archived_at
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
        select id, org_id, name, key_prefix, settings, created_at, activated_at, archived_at
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
        select id, org_id, name, key_prefix, settings, created_at, activated_at, archived_at
        from chatbots
        where id = $1
        """,
        chatbot_id,
    )


async def hold_settings(db: Db, chatbot_id: ChatbotId) -> Chatbot | None:
    """Of whichever organization: for work of the server itself, that must end before its settings change."""
    return await db.one(
        Chatbot,
        """
        select id, org_id, name, key_prefix, settings, created_at, activated_at, archived_at
        from chatbots
        where id = $1
        for share
        """,
        chatbot_id,
    )


async def timezones_of(db: Db, chatbot_ids: Sequence[ChatbotId]) -> list[tuple[ChatbotId, str | None]]:
    return await db.rows("select id, settings ->> 'timezone' from chatbots where id = any($1)", chatbot_ids)


async def chatbots_with_retention(db: Db) -> list[ChatbotId]:
    """For work of the server itself, never for a caller."""
    return await db.values(
        "select id from chatbots where jsonb_typeof(settings #> '{privacy,retentionDays}') = 'number' order by id"
    )


async def every_chatbot(db: Db) -> list[ChatbotId]:
    """For work of the server itself, never for a caller."""
    return await db.values("select id from chatbots order by id")


async def lock_chatbot(db: Db, org_id: OrgId, chatbot_id: ChatbotId) -> Chatbot | None:
    """Held until the transaction ends: two changes of one settings object follow each other."""
    return await db.one(
        Chatbot,
        """
        select id, org_id, name, key_prefix, settings, created_at, activated_at, archived_at
        from chatbots
        where org_id = $1 and id = $2
        for no key update
        """,
        org_id,
        chatbot_id,
    )


async def hold_chatbot(db: Db, org_id: OrgId, chatbot_id: ChatbotId) -> Chatbot | None:
    """Waits until the recordings that are under way have ended, and lets none begin before this transaction ends."""
    return await db.one(
        Chatbot,
        """
        select id, org_id, name, key_prefix, settings, created_at, activated_at, archived_at
        from chatbots
        where org_id = $1 and id = $2
        for update
        """,
        org_id,
        chatbot_id,
    )


async def insert_chatbot(db: Db, chatbot: Chatbot, *, key_hash: bytes, created_by: UUID | None) -> None:
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
        returning id, org_id, name, key_prefix, settings, created_at, activated_at, archived_at
        """,
        org_id,
        chatbot_id,
        key_prefix,
        key_hash,
    )


async def delete_chatbot(db: Db, org_id: OrgId, chatbot_id: ChatbotId) -> bool:
    """Everything below it goes with it, by the foreign keys."""
    return bool(await db.run("delete from chatbots where org_id = $1 and id = $2", org_id, chatbot_id))


async def chatbot_for_chats(db: Db, org_id: OrgId) -> ChatbotId | None:
    return await db.value("select id from chatbots where org_id = $1 and for_chats", org_id)


async def insert_chatbot_for_chats(db: Db, chatbot: Chatbot, *, key_hash: bytes) -> bool:
    """False when somebody else made it a moment ago."""
    return bool(
        await db.run(
            """
            insert into chatbots (id, org_id, name, key_prefix, key_hash, settings, created_at, for_chats)
            values ($1, $2, $3, $4, $5, $6, $7, true)
            on conflict (org_id) where for_chats do nothing
            """,
            chatbot.id,
            chatbot.org_id,
            chatbot.name,
            chatbot.key_prefix,
            key_hash,
            chatbot.settings,
            chatbot.created_at,
        )
    )


async def chatbot_with_key(db: Db, key_hash: bytes) -> ChatbotId | None:
    return await db.value("select id from chatbots where key_hash = $1", key_hash)


async def ingests_of(db: Db, chatbot_ids: Sequence[ChatbotId]) -> list[Ingest]:
    """Locked against deletion and archiving until the transaction ends, in the order of ids.

    Not simply `any($1)`: for arrays of another length than it expects, PostgreSQL would make a plan anew for each batch.
    """
    return await db.all(
        Ingest,
        """
        select c.id,
               c.key_hash,
               c.settings -> 'userAnalysisEnabled' is distinct from 'false'::jsonb as user_analysis,
               c.settings -> 'assistantAnalysisEnabled' is distinct from 'false'::jsonb as assistant_analysis,
               c.archived_at is not null as archived,
               c.activated_at is not null as activated,
               f.fields,
               f.occurrences,
               f.unseen,
               c.settings -> 'lifecycle' as lifecycle,
               c.settings -> 'analysis' as analysis
        from chatbots c
        cross join lateral (
            select coalesce(
                       jsonb_object_agg(key, case when status <> 'deny' then type end) filter (where status <> 'discovered'),
                       '{}'
                   ) as fields,
                   coalesce(jsonb_object_agg(key, occurrences) filter (where status <> 'deny'), '{}') as occurrences,
                   coalesce(array_agg(key) filter (where last_seen_at is null or last_seen_at < $2), '{}') as unseen
            from custom_fields
            where chatbot_id = c.id
        ) f
        where c.id = any(array(select unnest($1::uuid[])))
        order by c.id
        for key share of c
        """,
        chatbot_ids,
        db.now - LATELY,
    )


async def activate(db: Db, chatbot_id: ChatbotId) -> None:
    """Its first conversation is stored."""
    await db.run(
        """
        update chatbots
        set activated_at = $2
        where id = $1 and activated_at is null
        """,
        chatbot_id,
        db.now,
    )


async def update_archived(db: Db, org_id: OrgId, chatbot_id: ChatbotId, *, archived_at: datetime | None) -> None:
    await db.run(
        """
        update chatbots
        set archived_at = $3
        where org_id = $1 and id = $2
        """,
        org_id,
        chatbot_id,
        archived_at,
    )
