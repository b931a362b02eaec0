"""Custom fields: what was declared, and what was seen."""

from collections.abc import Sequence

import msgspec

from noctule.base.db import Db
from noctule.chatbots.models import ChatbotId, CustomField, FieldStatus, Sighting


async def fields_of(db: Db, chatbot_id: ChatbotId, *, status: FieldStatus | None) -> list[CustomField]:
    return await db.all(
        CustomField,
        """
        select key, label, type, status, sample, occurrences, created_at, last_seen_at
        from custom_fields
        where chatbot_id = $1 and ($2::text is null or status = $2)
        order by key
        """,
        chatbot_id,
        status,
    )


async def field(db: Db, chatbot_id: ChatbotId, key: str) -> CustomField | None:
    return await db.one(
        CustomField,
        """
        select key, label, type, status, sample, occurrences, created_at, last_seen_at
        from custom_fields
        where chatbot_id = $1 and key = $2
        """,
        chatbot_id,
        key,
    )


async def count_declared(db: Db, chatbot_id: ChatbotId) -> int:
    return await db.value(
        "select count(*) from custom_fields where chatbot_id = $1 and status <> 'discovered'", chatbot_id
    )


async def declare_field(db: Db, chatbot_id: ChatbotId, new: CustomField) -> CustomField | None:
    """None when the key is declared already. What was seen of a discovered one stays."""
    return await db.one(
        CustomField,
        """
        insert into custom_fields as f (chatbot_id, key, label, type, status, created_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (chatbot_id, key) do update
        set label = excluded.label, type = excluded.type, status = excluded.status
        where f.status = 'discovered'
        returning key, label, type, status, sample, occurrences, created_at, last_seen_at
        """,
        chatbot_id,
        new.key,
        new.label,
        new.type,
        new.status,
        new.created_at,
    )


async def update_field(db: Db, chatbot_id: ChatbotId, changed: CustomField) -> None:
    """What was seen goes on being counted meanwhile; of a denied field no value is kept."""
    await db.run(
        """
        update custom_fields
        set label = $3, type = $4, status = $5, sample = case when $5 = 'deny' then null else sample end
        where chatbot_id = $1 and key = $2
        """,
        chatbot_id,
        changed.key,
        changed.label,
        changed.type,
        changed.status,
    )


async def add_sightings(db: Db, rows: Sequence[Sighting]) -> None:
    """Sorted by key, so that two batches never wait for each other in a circle."""
    await db.run(
        """
        insert into custom_fields as f (
            chatbot_id, key, type, status, sample, occurrences, created_at, last_seen_at
        )
        select u.chatbot_id, u.key, u.type, 'discovered', u.sample::jsonb, u.occurrences, $6, $6
        from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[]) as u (
            chatbot_id, key, type, sample, occurrences
        )
        on conflict (chatbot_id, key) do update
        set sample = coalesce(f.sample, excluded.sample),
            occurrences = f.occurrences + excluded.occurrences,
            last_seen_at = greatest(f.last_seen_at, excluded.last_seen_at)
        where f.status <> 'deny'
        """,
        [row.chatbot_id for row in rows],
        [row.key for row in rows],
        [row.type for row in rows],
        [msgspec.json.encode(row.sample).decode() for row in rows],
        [row.occurrences for row in rows],
        db.now,
    )


async def forget_samples(db: Db, chatbot_id: ChatbotId, values: Sequence[tuple[str, object]]) -> None:
    """Of fields whose sample is one of these values: the next one that comes takes its place."""
    await db.run(
        """
        update custom_fields f
        set sample = null
        from (select distinct key, sample from unnest($2::text[], $3::text[]) as u (key, sample)) gone
        where f.chatbot_id = $1 and f.key = gone.key and f.sample = gone.sample::jsonb
        """,
        chatbot_id,
        [key for key, _ in values],
        [msgspec.json.encode(value).decode() for _, value in values],
    )
