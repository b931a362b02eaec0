"""Who is in an organization: its name, the roles of its members, their going; and a person's other organizations.

Owners manage everybody, admins everybody but owners, and no organization is left without an owner. Whoever may do less
than before takes his invitations with him: they were made with rights that are gone.
"""

from dataclasses import replace

from noctule.accounts import audit
from noctule.accounts.models import RANK, Colleague, Member, Membership, OrgId, Role, UserId
from noctule.accounts.store import links, members, people
from noctule.base.db import Db
from noctule.base.errors import Conflict, Denied, Invalid, NotFound, Unauthenticated
from noctule.base.text import storable

LONGEST_NAME = 100


async def rename_organization(db: Db, member: Member, name: str) -> str:
    """The name as it is now. Its slug stays: addresses hold it. Raises Invalid or Denied."""
    member.must_be("owner")
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid.field("name", f"must have 1 to {LONGEST_NAME} characters")
    if problem := storable(name):
        raise Invalid.field("name", problem)
    if name != member.org_name:
        await members.rename_organization(db, member.org_id, name)
        await audit.note(db, member, action="organization.renamed", target=member.org_id, name=name)
    return name


async def change_role(db: Db, member: Member, user_id: UserId, *, role: Role) -> Colleague:
    """Raises Denied, NotFound, or Conflict for the last owner."""
    acting = await acting_as(db, member, "admin")
    colleague = await _colleague(db, acting, user_id)
    if "owner" in (colleague.role, role):
        acting.must_be("owner")
    if colleague.role == role:
        return colleague
    await _keep_an_owner(db, acting, colleague)
    await members.set_role(db, acting.org_id, colleague.user_id, role)
    if RANK[role] < RANK[colleague.role]:
        await links.take_invitations_by(db, acting.org_id, colleague.user_id)
    await audit.note(
        db, acting, action="member.role_changed", target=colleague.user_id,
        email=colleague.email, old=colleague.role, new=role,
    )  # fmt: skip
    return replace(colleague, role=role)


async def remove_member(db: Db, member: Member, user_id: UserId) -> None:
    """Of oneself, too: that needs no role. Raises Denied, NotFound, or Conflict for the last owner."""
    leaving = user_id == member.user_id
    acting = await acting_as(db, member, "member" if leaving else "admin")
    colleague = await _colleague(db, acting, user_id)
    if colleague.role == "owner":
        acting.must_be("owner")
    await _keep_an_owner(db, acting, colleague)
    taken_back = await links.take_invitations_by(db, acting.org_id, colleague.user_id)
    await members.remove_member(db, acting.org_id, colleague.user_id)
    await audit.note(
        db, acting, action="member.left" if leaving else "member.removed", target=colleague.user_id,
        email=colleague.email, role=colleague.role, invitations_taken_back=taken_back,
    )  # fmt: skip


async def switch_organization(db: Db, member: Member, org_id: OrgId) -> Member:
    """The session goes on in another organization of the same person. Raises NotFound."""
    if await members.role_of(db, org_id, member.user_id) is None:
        raise NotFound("There is no such organization.")
    await members.move_session(db, member.session_id, member.user_id, org_id=org_id)
    await members.note_seen(db, org_id, member.user_id)
    moved = await people.member_of_session(db, member.session_id)
    if moved is None:
        raise Unauthenticated("The session has ended.")
    if org_id != member.org_id:
        await audit.note(db, moved, action="session.switched", target=moved.user_id)
    return moved


async def organizations_of(db: Db, member: Member) -> list[Membership]:
    return await members.memberships_of(db, member.user_id)


async def acting_as(db: Db, member: Member, least: Role) -> Member:
    """The member with the role of this very moment, which stays until we commit. Raises Denied."""
    await members.lock_organization(db, member.org_id)
    role = await members.role_of(db, member.org_id, member.user_id)
    if role is None:
        raise Denied(f"You are not a member of {member.org_name} any more.")
    acting = replace(member, role=role)
    acting.must_be(least)
    return acting


async def _colleague(db: Db, member: Member, user_id: UserId) -> Colleague:
    colleague = await members.member_of(db, member.org_id, user_id)
    if colleague is None:
        raise NotFound("There is no such member.")
    return colleague


async def _keep_an_owner(db: Db, member: Member, colleague: Colleague) -> None:
    if colleague.role == "owner" and not await members.owners_besides(db, member.org_id, colleague.user_id):
        raise Conflict("An organization needs an owner. Make somebody else one first.")
