"""The members of an organization and its invitations: who is in it as what, inviting, changing roles, letting go."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from noctule import accounts
from noctule.accounts import Colleague, Invitation, Member, Role
from noctule.base.db import Db
from noctule.base.errors import Conflict, Denied, Invalid, NotFound, TooMany
from noctule.base.ids import parse_id
from noctule.dashboard.chatbots import may_change
from noctule.dashboard.forms import Form, InForm, refused
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.newkey import forget, hand_over, handed_over
from noctule.dashboard.rendering import render
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import address_of, user_in
from noctule.web.services import InServices, InTransaction

router = APIRouter(
    prefix="/settings/members", include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED
)
_PAGE = "/settings/members"
_ROLES: tuple[Role, ...] = ("member", "admin", "owner")


@dataclass(frozen=True)
class MembersPage:
    member: Member
    colleagues: list[Colleague]
    invitations: list[Invitation]
    link: str | None  # in full only once, right after it was made
    invited: str
    form: Form
    may_change: bool
    sends_mail: bool
    roles: tuple[Role, ...]  # that may be given


@dataclass(frozen=True)
class ColleaguePage:
    member: Member
    colleague: Colleague
    form: Form
    roles: tuple[Role, ...]  # that may be given; none when the colleague is out of reach
    saved: bool


@router.get("")
async def list_members(request: Request, member: InMember, db: InTransaction, services: InServices) -> Response:
    page = await _members(db, member, Form({"role": "member"}), sends_mail=services.mail_address is not None)
    token = handed_over(request)
    if token and page.may_change:
        page = await _with_link(request, db, page, token)
    response = render(request, "settings/members.html", page)
    forget(request, response, _PAGE)
    return response


@router.post("")
async def invite(request: Request, member: InMember, db: InTransaction, services: InServices, sent: InForm) -> Response:
    try:
        role = _role(sent, "member")
        _, token = await accounts.invite(db, member, sent.get("email", ""), role=role, address=services.mail_address)
    except (Invalid, Conflict, TooMany) as error:
        page = await _members(db, member, refused(sent, error), sends_mail=services.mail_address is not None)
        return render(request, "settings/members.html", page, status=422)
    return hand_over(request, _PAGE, token)


@router.post("/invitations/{invitation_id}/revoke")
async def revoke_invitation(invitation_id: str, member: InMember, db: InTransaction) -> Response:
    parsed = parse_id(invitation_id)
    if parsed is None:
        raise NotFound("There is no such invitation.")
    await accounts.revoke_invitation(db, member, parsed)
    return RedirectResponse(_PAGE, 303)


@router.get("/{user_id}")
async def read_member(request: Request, user_id: str, member: InMember, db: InTransaction, saved: str = "") -> Response:
    colleague = await _colleague(db, member, user_id)
    page = ColleaguePage(member, colleague, Form({"role": colleague.role}), _in_reach(member, colleague), bool(saved))
    return render(request, "settings/member.html", page)


@router.post("/{user_id}/role")
async def change_role(request: Request, user_id: str, member: InMember, db: InTransaction, sent: InForm) -> Response:
    colleague = await _colleague(db, member, user_id)
    try:
        role = _role(sent, colleague.role)
        await accounts.change_role(db, member, colleague.user_id, role=role)
    except (Invalid, Conflict) as error:
        return _again(request, member, colleague, form=refused(sent, error))
    return RedirectResponse(f"{_PAGE}/{colleague.user_id}?saved=1", 303)


@router.post("/{user_id}/remove")
async def remove_member(request: Request, user_id: str, member: InMember, db: InTransaction) -> Response:
    colleague = await _colleague(db, member, user_id)
    try:
        await accounts.remove_member(db, member, colleague.user_id)
    except Conflict as error:
        return _again(request, member, colleague, form=refused({"role": colleague.role}, error))
    return RedirectResponse("/" if colleague.user_id == member.user_id else _PAGE, 303)


def _again(request: Request, member: Member, colleague: Colleague, *, form: Form) -> Response:
    page = ColleaguePage(member, colleague, form, _in_reach(member, colleague), saved=False)
    return render(request, "settings/member.html", page, status=422)


async def _members(db: Db, member: Member, form: Form, *, sends_mail: bool) -> MembersPage:
    """Raises Denied when a form was sent by somebody who may not."""
    changes = may_change(member)
    if form.problems and not changes:
        raise Denied("Owners and admins invite.")
    return MembersPage(
        member,
        await accounts.members_of(db, member.org_id),
        await accounts.invitations_of(db, member.org_id) if changes else [],
        link=None,
        invited="",
        form=form,
        may_change=changes,
        sends_mail=sends_mail,
        roles=_given_by(member),
    )


async def _with_link(request: Request, db: Db, page: MembersPage, token: str) -> MembersPage:
    """The cookie may be forged: only a link into this organization is shown."""
    try:
        opened = await accounts.open_invitation(db, token)
    except NotFound:
        return page
    if opened.invitation.org_id != page.member.org_id:
        return page
    link = f"{address_of(request)}/invitations/{token}"
    return replace(page, link=link, invited=opened.invitation.email)


async def _colleague(db: Db, member: Member, user_id: str) -> Colleague:
    found = await accounts.member_of(db, member.org_id, user_in(user_id))
    if found is None:
        raise NotFound("There is no such member.")
    return found


def _role(sent: Mapping[str, str], default: Role) -> Role:
    wanted = sent.get("role") or default
    for role in _ROLES:
        if role == wanted:
            return role
    raise Invalid.field("role", f"must be one of {', '.join(_ROLES)}")


def _given_by(member: Member) -> tuple[Role, ...]:
    return {"owner": _ROLES, "admin": _ROLES[:2], "member": ()}[member.role]


def _in_reach(member: Member, colleague: Colleague) -> tuple[Role, ...]:
    given = _given_by(member)
    return given if colleague.role in given else ()
