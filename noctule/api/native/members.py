"""Who is in the caller's organization, and which organizations the caller is in."""

from fastapi import APIRouter

from noctule import accounts
from noctule.accounts import Colleague, Member, OrgId
from noctule.api.native.shapes import (
    ColleagueList,
    ColleagueShape,
    MembershipList,
    MembershipShape,
    OrganizationChange,
    OrganizationChoice,
    OrganizationShape,
    RoleChange,
    Said,
)
from noctule.base.clock import iso
from noctule.base.errors import NotFound
from noctule.base.ids import parse_id
from noctule.web.callers import InMember, JsonRoute
from noctule.web.paths import user_in
from noctule.web.services import InTransaction

router = APIRouter(prefix="/api/v1/orgs", tags=["members"], route_class=JsonRoute)


@router.get("")
async def list_organizations(member: InMember, db: InTransaction) -> MembershipList:
    """Those that the caller is in."""
    found = await accounts.organizations_of(db, member)
    return MembershipList(
        organizations=[
            MembershipShape(
                id=str(one.id), name=one.name, slug=one.slug, role=one.role, current=one.id == member.org_id
            )
            for one in found
        ]
    )


@router.post("/switch")
async def switch_organization(body: OrganizationChoice, member: InMember, db: InTransaction) -> OrganizationShape:
    """The session goes on in another organization of the caller."""
    org_id = parse_id(body.organization_id)
    if org_id is None:
        raise NotFound("There is no such organization.")
    return _organization(await accounts.switch_organization(db, member, OrgId(org_id)))


@router.patch("/me")
async def rename_organization(body: OrganizationChange, member: InMember, db: InTransaction) -> OrganizationShape:
    """The slug stays as it is."""
    name = await accounts.rename_organization(db, member, body.name)
    return OrganizationShape(id=str(member.org_id), name=name, slug=member.org_slug)


@router.get("/me/members")
async def list_members(member: InMember, db: InTransaction) -> ColleagueList:
    return ColleagueList(members=[_shape(one) for one in await accounts.members_of(db, member.org_id)])


@router.patch("/me/members/{user_id}")
async def change_role(user_id: str, body: RoleChange, member: InMember, db: InTransaction) -> ColleagueShape:
    """Owners change everybody, admins everybody but owners."""
    return _shape(await accounts.change_role(db, member, user_in(user_id), role=body.role))


@router.delete("/me/members/{user_id}")
async def remove_member(user_id: str, member: InMember, db: InTransaction) -> Said:
    """With one's own id: leave."""
    await accounts.remove_member(db, member, user_in(user_id))
    return Said(message="Member removed")


def _organization(member: Member) -> OrganizationShape:
    return OrganizationShape(id=str(member.org_id), name=member.org_name, slug=member.org_slug)


def _shape(one: Colleague) -> ColleagueShape:
    return ColleagueShape(
        user_id=str(one.user_id),
        email=one.email,
        name=one.name,
        role=one.role,
        joined_at=iso(one.joined_at),
        last_seen_at=iso(one.last_seen_at) if one.last_seen_at else None,
    )
