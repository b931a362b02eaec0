"""The organization itself, and the others that the person is in."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from noctule import accounts
from noctule.accounts import Member, Membership, OrgId
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import parse_id
from noctule.dashboard.forms import Form, InForm, refused
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.rendering import render
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.services import InTransaction

router = APIRouter(include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED)


@dataclass(frozen=True)
class OrganizationPage:
    member: Member
    organizations: list[Membership]
    form: Form
    may_rename: bool
    saved: bool = False


@router.get("/settings")
async def settings() -> Response:
    return RedirectResponse("/settings/organization", 303)


@router.get("/settings/organization")
async def read_organization(request: Request, member: InMember, db: InTransaction, saved: str = "") -> Response:
    organizations = await accounts.organizations_of(db, member)
    form = Form({"name": member.org_name})
    page = OrganizationPage(member, organizations, form, member.role == "owner", saved=bool(saved))
    return render(request, "settings/organization.html", page)


@router.post("/settings/organization")
async def rename_organization(request: Request, member: InMember, db: InTransaction, sent: InForm) -> Response:
    try:
        await accounts.rename_organization(db, member, sent.get("name", ""))
    except Invalid as error:
        organizations = await accounts.organizations_of(db, member)
        page = OrganizationPage(member, organizations, refused(sent, error), may_rename=True)
        return render(request, "settings/organization.html", page, status=422)
    return RedirectResponse("/settings/organization?saved=1", 303)


@router.post("/orgs/switch")
async def switch_organization(member: InMember, db: InTransaction, sent: InForm) -> Response:
    org_id = parse_id(sent.get("organization_id", ""))
    if org_id is None:
        raise NotFound("There is no such organization.")
    await accounts.switch_organization(db, member, OrgId(org_id))
    return RedirectResponse("/", 303)
