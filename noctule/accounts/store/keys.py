"""Keys of organizations."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from noctule.accounts.models import KeyHolder, OrganizationKey, OrgId
from noctule.base.db import Db


async def insert_key(db: Db, key: OrganizationKey, *, key_hash: bytes, created_by: UUID) -> None:
    await db.run(
        """
        insert into organization_keys (id, org_id, label, prefix, key_hash, created_by, created_at, compatibility)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        key.id,
        key.org_id,
        key.label,
        key.prefix,
        key_hash,
        created_by,
        key.created_at,
        key.compatibility,
    )


async def keys_of(db: Db, org_id: OrgId) -> list[OrganizationKey]:
    return await db.all(
        OrganizationKey,
        """
        select id, org_id, label, prefix, compatibility, created_at, last_used_at, revoked_at
        from organization_keys
        where org_id = $1
        order by number
        """,
        org_id,
    )


async def revoke_key(db: Db, org_id: OrgId, key_id: UUID) -> bool:
    """False when there is no such key; revoking twice keeps the first time."""
    return bool(
        await db.run(
            """
            update organization_keys
            set revoked_at = coalesce(revoked_at, $3)
            where org_id = $1 and id = $2
            """,
            org_id,
            key_id,
            db.now,
        )
    )


async def holder_of(db: Db, key_hash: bytes) -> KeyHolder | None:
    return await db.one(
        KeyHolder,
        """
        select k.id, k.org_id, o.slug as org_slug, k.compatibility
        from organization_keys k
        join organizations o on o.id = k.org_id
        where k.key_hash = $1 and k.revoked_at is null
        """,
        key_hash,
    )


async def revoked_keys(db: Db, org_ids: Sequence[OrgId], key_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the keys that do not open anything any more."""
    return set(
        await db.values(
            """
            select id
            from organization_keys
            where org_id = any($1) and id = any($2) and revoked_at is not null
            """,
            org_ids,
            key_ids,
        )
    )


async def note_key_use(db: Db, org_id: OrgId, key_id: UUID, *, not_after: datetime) -> None:
    """Once a minute is enough: a write per request would cost more than the request."""
    await db.run(
        """
        update organization_keys
        set last_used_at = $3
        where org_id = $1 and id = $2 and (last_used_at is null or last_used_at < $4)
        """,
        org_id,
        key_id,
        db.now,
        not_after,
    )
