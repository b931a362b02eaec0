"""The audit log: every change says who made it, in the same transaction as the change itself."""

from uuid import UUID

from noctule.accounts.models import AuditEntry, Caller, Member, OrgId
from noctule.accounts.store import audit as store
from noctule.base.db import Db
from noctule.base.errors import Invalid
from noctule.base.ids import new_id
from noctule.base.text import storable


async def note(db: Db, actor: Caller, *, action: str, target: object, **details: object) -> None:
    """`action` reads like `chatbot.created`; `target` is an id. Never a secret, never its hash."""
    await note_by(db, actor.org_id, (actor.kind, actor.id), action=action, target=target, **details)


async def note_by(
    db: Db, org_id: OrgId, actor: tuple[str, UUID | None], *, action: str, target: object, **details: object
) -> None:
    """Of somebody who is not signed in, or of the server itself: kind and id."""
    await store.insert_audit(db, new_id(), org_id, actor=actor, action=action, target=str(target), details=details)


async def read_log(
    db: Db, member: Member, *, after: UUID | None, action: str | None, actor: UUID | None, limit: int
) -> list[AuditEntry]:
    """The latest first, going on after an entry. `action` is one, or its noun. Raises Denied or Invalid."""
    member.must_be("admin")
    if action and (problem := storable(action)):
        raise Invalid.field("action", problem)
    moment = await store.entry_at(db, member.org_id, after) if after else None
    if after and moment is None:
        raise Invalid.field("after", "is not an entry of this log")
    place = (moment, after) if moment and after else None
    return await store.entries_before(db, member.org_id, place=place, action=action, actor=actor, limit=limit)
