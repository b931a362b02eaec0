"""Leads and contacts of a chatbot: who left an address, and the people as the team keeps them."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from noctule import agents, chatbots, people
from noctule.accounts import Member
from noctule.agents import Lead
from noctule.base.db import Db
from noctule.base.errors import Invalid
from noctule.base.ids import parse_id
from noctule.chatbots import Chatbot
from noctule.dashboard.addresses import address
from noctule.dashboard.chatbots import may_change
from noctule.dashboard.forms import Form, InForm, refused
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.rendering import render
from noctule.people import Attribute, Contact
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paging import whole_number
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(prefix="/b/{chatbot_id}", include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED)
_PAGE = 50
_COLUMNS = 4  # attributes that stand in the list
_FIELDS = ("name", "email", "phone", "external_id")


@dataclass(frozen=True)
class LeadsPage:
    chatbot: Chatbot
    rows: list[Lead]
    newer: str | None
    older: str | None


@dataclass(frozen=True)
class ContactsPage:
    chatbot: Chatbot
    rows: list[Contact]
    total: int
    attributes: list[Attribute]
    older: str | None
    top: str
    latest: bool
    form: Form
    path: str
    may_change: bool


@router.get("/leads")
async def list_leads(
    request: Request, chatbot_id: str, member: InMember, db: InTransaction, page: str | None = None
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    number, path = whole_number("page", page, default=1, least=1, most=100_000), f"/b/{chatbot.id}/leads"
    found = await agents.leads_of(db, chatbot.id, between=(None, None), limit=_PAGE + 1, offset=(number - 1) * _PAGE)
    shown = LeadsPage(
        chatbot,
        found[:_PAGE],
        newer=address(path, {"page": str(number - 1) if number > 2 else ""}) if number > 1 else None,
        older=address(path, {"page": str(number + 1)}) if len(found) > _PAGE else None,
    )
    return render(request, "agents/leads.html", shown)


@router.get("/contacts")
async def list_contacts(
    request: Request, chatbot_id: str, member: InMember, db: InTransaction, after: str = ""
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    return render(request, "agents/contacts.html", await _contacts(db, member, chatbot, after=after))


@router.post("/contacts")
async def add_contact(request: Request, chatbot_id: str, member: InMember, db: InTransaction, sent: InForm) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    given = {field: sent[field].strip() for field in _FIELDS if sent.get(field, "").strip()}
    try:
        if not given:
            raise Invalid.field("name", "or an e-mail address, a phone number or an id is required")
        await people.add_contacts(db, member, chatbot, [{**given, "attributes": {}}])
    except Invalid as error:
        page = await _contacts(db, member, chatbot, form=refused(sent, error))
        return render(request, "agents/contacts.html", page, status=422)
    return RedirectResponse(f"/b/{chatbot.id}/contacts", 303)


async def _contacts(
    db: Db, member: Member, chatbot: Chatbot, *, after: str = "", form: Form | None = None
) -> ContactsPage:
    place, path = parse_id(after) if after else None, f"/b/{chatbot.id}/contacts"
    if after and place is None:
        raise Invalid.field("after", "is not a place in this list")
    found = await people.contacts_after(db, chatbot.id, after=place, limit=_PAGE + 1, offset=0)
    known = [one for one in await people.attributes_of(db, chatbot.id) if not one.archived]
    return ContactsPage(
        chatbot,
        found[:_PAGE],
        await people.count_contacts(db, chatbot.id),
        known[:_COLUMNS],
        older=address(path, {"after": str(found[_PAGE - 1].id)}) if len(found) > _PAGE else None,
        top=path,
        latest=place is None,
        form=form or Form(),
        path=path,
        may_change=may_change(member),
    )
