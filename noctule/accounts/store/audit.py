"""The audit log."""

from datetime import datetime
from uuid import UUID

from noctule.accounts.models import AuditEntry, OrgId
from noctule.base.db import Db


async def insert_audit(
    db: Db,
    entry_id: UUID,
    org_id: OrgId,
    *,
    actor: tuple[str, UUID | None],
    action: str,
    target: str,
    details: dict[str, object],
) -> None:
    await db.run(
        """
        insert into audit_log (id, org_id, occurred_at, actor_kind, actor_id, action, target, details)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        entry_id,
        org_id,
        db.now,
        actor[0],
        actor[1],
        action,
        target,
        details,
    )


async def entry_at(db: Db, org_id: OrgId, entry_id: UUID) -> datetime | None:
    return await db.value("select occurred_at from audit_log where org_id = $1 and id = $2", org_id, entry_id)


async def entries_before(
    db: Db, org_id: OrgId, *, place: tuple[datetime, UUID] | None, action: str | None, actor: UUID | None, limit: int
) -> list[AuditEntry]:
    """The latest first. `action` is one, or the noun before its dot."""
    moment, entry_id = place or (None, None)
    return await db.all(
        AuditEntry,
        """
        select a.id, a.occurred_at, a.actor_kind, a.actor_id, coalesce(u.name, k.label) as actor_name,
               a.action, a.target, a.details
        from audit_log a
        left join users u on u.id = a.actor_id
        left join organization_keys k on k.org_id = a.org_id and k.id = a.actor_id
        where a.org_id = $1
          and ($2::timestamptz is null or (a.occurred_at, a.id) < ($2, $3::uuid))
          and ($4::text is null or a.action = $4 or starts_with(a.action, $4 || '.'))
          and ($5::uuid is null or a.actor_id = $5)
        order by a.occurred_at desc, a.id desc
        limit $6
        """,
        org_id,
        moment,
        entry_id,
        action,
        actor,
        limit,
    )
