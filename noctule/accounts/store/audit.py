"""The audit log."""

from uuid import UUID

from noctule.accounts.models import OrgId
from noctule.base.db import Db


async def insert_audit(
    db: Db,
    entry_id: UUID,
    org_id: OrgId,
    *,
    actor: tuple[str, UUID],
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
