"""The audit log of the caller's organization, for its owners and admins."""

from uuid import UUID

from fastapi import APIRouter

from noctule import accounts
from noctule.accounts import AuditEntry
from noctule.api.native.shapes import ActorShape, EntryList, EntryShape
from noctule.base.clock import iso
from noctule.base.errors import Invalid
from noctule.base.ids import parse_id
from noctule.web.callers import InMember, JsonRoute
from noctule.web.paging import whole_number
from noctule.web.services import InTransaction

router = APIRouter(prefix="/api/v1/orgs/me/audit", tags=["members"], route_class=JsonRoute)


@router.get("")
async def read_log(
    member: InMember,
    db: InTransaction,
    *,
    after: str | None = None,
    limit: str | None = None,
    action: str | None = None,
    actor: str | None = None,
) -> EntryList:
    """The latest first. `action` is one, such as `member.removed`, or its noun, such as `member`."""
    most = whole_number("limit", limit, default=50, least=1, most=200, cut=True)
    found = await accounts.read_log(
        db, member, after=_id("after", after), action=action or None, actor=_id("actor", actor), limit=most + 1
    )
    shown = found[:most]
    return EntryList(entries=[_shape(one) for one in shown], next=str(shown[-1].id) if len(found) > most else None)


def _id(name: str, text: str | None) -> UUID | None:
    if not text:
        return None
    parsed = parse_id(text)
    if parsed is None:
        raise Invalid.field(name, "must be an id")
    return parsed


def _shape(one: AuditEntry) -> EntryShape:
    actor_id = str(one.actor_id) if one.actor_id else None
    return EntryShape(
        id=str(one.id),
        occurred_at=iso(one.occurred_at),
        actor=ActorShape(kind=one.actor_kind, id=actor_id, name=one.actor_name),
        action=one.action,
        target=one.target,
        details=one.details,
    )
