"""Keys of the caller's own organization, with which programs read conversations and figures."""

from fastapi import APIRouter

from noctule import accounts
from noctule.accounts import OrganizationKey
from noctule.api.native.shapes import KeyMade, KeyShape, NewKey, Said
from noctule.base.clock import iso
from noctule.base.errors import NotFound
from noctule.base.ids import parse_id
from noctule.web.callers import InMember, JsonRoute
from noctule.web.services import InTransaction

router = APIRouter(prefix="/api/v1/orgs/me/apikeys", tags=["organization keys"], route_class=JsonRoute)


@router.get("")
async def list_keys(member: InMember, db: InTransaction) -> list[KeyShape]:
    member.must_be("admin")
    return [_shape(key) for key in await accounts.keys_of(db, member.org_id)]


@router.post("", status_code=201)
async def create_key(body: NewKey, member: InMember, db: InTransaction) -> KeyMade:
    row, key = await accounts.create_key(db, member, body.label, compatibility=body.compatibility)
    return KeyMade(key=key, label=row.label, id=str(row.id), compatibility=list(row.compatibility))


@router.delete("/{key_id}")
async def revoke_key(key_id: str, member: InMember, db: InTransaction) -> Said:
    parsed = parse_id(key_id)
    if parsed is None:
        raise NotFound("There is no such key.")
    await accounts.revoke_key(db, member, parsed)
    return Said(message="Organization key revoked")


def _shape(key: OrganizationKey) -> KeyShape:
    return KeyShape(
        id=str(key.id),
        organization_id=str(key.org_id),
        label=key.label,
        prefix=key.prefix,
        compatibility=list(key.compatibility),
        created_at=iso(key.created_at),
        last_used_at=iso(key.last_used_at) if key.last_used_at else None,
        revoked_at=iso(key.revoked_at) if key.revoked_at else None,
    )
