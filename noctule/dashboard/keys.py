"""The keys of an organization, for programs: listed, made and shown once, revoked after a question."""

from dataclasses import dataclass, replace

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from noctule import accounts
from noctule.accounts import Compatibility, Member, OrganizationKey
from noctule.base.db import Db
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import parse_id
from noctule.dashboard.chatbots import may_change
from noctule.dashboard.forms import Form, InForm, refused
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.newkey import forget, hand_over, handed_over
from noctule.dashboard.rendering import render
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import address_of
from noctule.web.services import InTransaction

router = APIRouter(prefix="/settings/keys", include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED)
_PAGE = "/settings/keys"


@dataclass(frozen=True)
class KeysPage:
    member: Member
    keys: list[OrganizationKey]  # none for members, who may not see them
    key: str | None  # in full only once, right after it was made
    base_url: str
    form: Form
    may_change: bool


@dataclass(frozen=True)
class KeyPage:
    member: Member
    key: OrganizationKey


@router.get("")
async def list_keys(request: Request, member: InMember, db: InTransaction) -> Response:
    page = await _keys(request, db, member, Form())
    key = handed_over(request)
    if key and page.may_change and await accounts.is_key_of(db, member.org_id, key):
        page = replace(page, key=key)
    response = render(request, "settings/keys.html", page)
    forget(request, response, _PAGE)
    return response


@router.post("")
async def create_key(request: Request, member: InMember, db: InTransaction, sent: InForm) -> Response:
    try:
        switches: list[Compatibility] = [one for one in accounts.COMPATIBILITIES if one in sent]
        _, key = await accounts.create_key(db, member, sent.get("label", ""), compatibility=switches)
    except Invalid as error:
        page = await _keys(request, db, member, refused(sent, error))
        return render(request, "settings/keys.html", page, status=422)
    return hand_over(request, _PAGE, key)


@router.get("/{key_id}")
async def ask_revocation(request: Request, key_id: str, member: InMember, db: InTransaction) -> Response:
    member.must_be("admin")
    found = next((key for key in await accounts.keys_of(db, member.org_id) if key.id == parse_id(key_id)), None)
    if found is None:
        raise NotFound("There is no such key.")
    return render(request, "settings/key.html", KeyPage(member, found))


@router.post("/{key_id}/revoke")
async def revoke_key(key_id: str, member: InMember, db: InTransaction) -> Response:
    parsed = parse_id(key_id)
    if parsed is None:
        raise NotFound("There is no such key.")
    await accounts.revoke_key(db, member, parsed)
    return RedirectResponse(_PAGE, 303)


async def _keys(request: Request, db: Db, member: Member, form: Form) -> KeysPage:
    changes = may_change(member)
    keys = await accounts.keys_of(db, member.org_id) if changes else []
    return KeysPage(member, keys, None, address_of(request), form, changes)
