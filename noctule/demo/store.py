"""All SQL of the demo: one lock. What it brings goes through the doors of the other domains."""

from noctule.accounts import OrgId
from noctule.base.db import Db


async def lock_organization(db: Db, org_id: OrgId) -> None:
    """Two clicks must not load everything twice."""
    await db.run("select 1 from organizations where id = $1 for update", org_id)
