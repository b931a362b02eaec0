"""Keys of an organization, for programs: shown once, kept as a hash."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from noctule.accounts import audit
from noctule.accounts.models import COMPATIBILITIES, Compatibility, KeyHolder, Member, OrganizationKey, OrgId
from noctule.accounts.store import keys as store
from noctule.base.crypto import digest, random_hex
from noctule.base.db import Db
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import new_id
from noctule.base.text import storable

PREFIX = "noctule_"
LONGEST_LABEL = 100


async def create_key(
    db: Db, member: Member, label: str, *, compatibility: Sequence[Compatibility] = ()
) -> tuple[OrganizationKey, str]:
    """The key's row and the key itself, which is never to be had again."""
    member.must_be("admin")
    label = label.strip()
    if not 1 <= len(label) <= LONGEST_LABEL or storable(label):
        raise Invalid.field("label", f"must have 1 to {LONGEST_LABEL} characters")
    secret = PREFIX + random_hex(40)
    switches: list[Compatibility] = [one for one in COMPATIBILITIES if one in compatibility]
    row = OrganizationKey(new_id(), member.org_id, label, secret[:14], switches, db.now, None, None)
    await store.insert_key(db, row, key_hash=digest(secret), created_by=member.user_id)
    details = {"label": label} | ({"compatibility": ", ".join(switches)} if switches else {})
    await audit.note(db, member, action="organization_key.created", target=row.id, **details)
    return row, secret


async def revoke_key(db: Db, member: Member, key_id: UUID) -> None:
    member.must_be("admin")
    if not await store.revoke_key(db, member.org_id, key_id):
        raise NotFound("There is no such key.")
    await audit.note(db, member, action="organization_key.revoked", target=key_id)


async def is_key_of(db: Db, org_id: OrgId, key: str) -> bool:
    """Whether it opens this organization; to ask is not to use it."""
    holder = await store.holder_of(db, digest(key))
    return holder is not None and holder.org_id == org_id


async def holder_of(db: Db, key: str) -> KeyHolder | None:
    """Who showed this key; None when it is unknown or revoked."""
    holder = await store.holder_of(db, digest(key))
    if holder is not None:
        await store.note_key_use(db, holder.org_id, holder.id, not_after=db.now - timedelta(minutes=1))
    return holder
