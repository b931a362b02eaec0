"""Who changed what, the latest first: for owners and admins."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response

from noctule import accounts
from noctule.accounts import AuditEntry, Member
from noctule.base.errors import Invalid
from noctule.base.ids import parse_id
from noctule.dashboard.addresses import Choice
from noctule.dashboard.chatbots import may_change
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.rendering import render, short
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.services import InTransaction

router = APIRouter(include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED)
_LENGTH = 50
_NOUNS = {
    "": "Everything",
    "member": "Members",
    "invitation": "Invitations",
    "organization_key": "API keys",
    "chatbot": "Chatbots",
    "conversation": "Conversations",
    "conversations": "Many conversations",
    "person": "People",
    "view": "Saved views",
    "session": "Sign-ins",
    "user": "Accounts",
}
_ACTORS = {"organization_key": "An API key", "reset_link": "By a link", "server": "The server"}


@dataclass(frozen=True)
class EntryRow:
    entry: AuditEntry
    what: str  # `Member role changed`
    details: str  # `email: mia@example.com, new: admin`
    who: str
    only_this_actor: str | None  # an address


@dataclass(frozen=True)
class AuditPage:
    member: Member
    rows: list[EntryRow]
    nouns: list[Choice]
    older: str | None
    latest: str | None  # the address of the first page; None on it
    actor: str | None  # whose entries alone are shown
    may_read: bool


@router.get("/settings/audit")
async def read_log(
    request: Request, member: InMember, db: InTransaction, *, after: str = "", action: str = "", actor: str = ""
) -> Response:
    if not may_change(member):
        page = AuditPage(member, [], [], older=None, latest=None, actor=None, may_read=False)
        return render(request, "settings/audit.html", page)
    found = await accounts.read_log(
        db, member, after=_id("after", after), action=action or None, actor=_id("actor", actor), limit=_LENGTH + 1
    )
    shown = [_row(one, action) for one in found[:_LENGTH]]
    page = AuditPage(
        member,
        shown,
        nouns=[Choice(words, _address(noun, actor), noun == action) for noun, words in _NOUNS.items()],
        older=_address(action, actor, str(found[_LENGTH - 1].id)) if len(found) > _LENGTH else None,
        latest=_address(action, actor) if after else None,
        actor=(shown[0].who if shown else "nobody") if actor else None,
        may_read=True,
    )
    return render(request, "settings/audit.html", page)


def _row(entry: AuditEntry, action: str) -> EntryRow:
    what = entry.action.replace(".", " ").replace("_", " ")
    details = ", ".join(f"{name.replace('_', ' ')}: {short(value)}" for name, value in entry.details.items())
    who = entry.actor_name or _ACTORS.get(entry.actor_kind, "Somebody who is gone")
    only = _address(action, str(entry.actor_id)) if entry.actor_id else None
    return EntryRow(entry, what[:1].upper() + what[1:], details, who, only)


def _address(action: str, actor: str, after: str = "") -> str:
    given = {"action": action, "actor": actor, "after": after}
    query = urlencode({name: value for name, value in given.items() if value})
    return f"/settings/audit?{query}" if query else "/settings/audit"


def _id(name: str, text: str) -> UUID | None:
    parsed = parse_id(text)
    if text and parsed is None:
        raise Invalid.field(name, "must be an id")
    return parsed
