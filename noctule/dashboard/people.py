"""The users of a chatbot and their organizations, and a page about each."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request, Response

from noctule import analysis, chatbots, people
from noctule.analysis import Narrowing
from noctule.base.db import Db
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import parse_id
from noctule.base.text import storable
from noctule.chatbots import Chatbot, ChatbotId
from noctule.dashboard.addresses import Query, address
from noctule.dashboard.conversations import Choice, ConversationRow, rows_of
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.rendering import render
from noctule.people import Company, CompanyId, Person, PersonId, Wanted
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(prefix="/b/{chatbot_id}", include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED)
_PAGE = 25
_LATEST = 10
_LONGEST = 100
_SORTS = {
    "last_seen": "Last seen",
    "conversations": "Most conversations",
    "sentiment": "Most unhappy",
    "mrr": "Revenue",
}
_UPWARDS = {"sentiment"}  # the lowest first


@dataclass(frozen=True)
class DirectoryPage:
    chatbot: Chatbot
    rows: list[Person] | list[Company]
    total: int
    wanted: str
    sorts: list[Choice]
    older: str | None
    top: str
    latest: bool
    path: str


@dataclass(frozen=True)
class PersonPage:
    chatbot: Chatbot
    one: Person | Company
    mood: str | None
    rows: list[ConversationRow]
    everything: str  # the list of all their conversations
    colleagues: list[Person]  # of an organization
    more_colleagues: str


@router.get("/users")
async def list_users(
    request: Request,
    chatbot_id: str,
    member: InMember,
    db: InTransaction,
    *,
    q: str = "",
    sort: str = "",
    after: str = "",
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    wanted = _wanted(q, sort, after=after)
    found = await people.list_people(db, chatbot.id, wanted)
    page = _directory(chatbot, found, wanted, path=f"/b/{chatbot.id}/users", after=after)
    return render(request, "people/users.html", page)


@router.get("/organizations")
async def list_organizations(
    request: Request,
    chatbot_id: str,
    member: InMember,
    db: InTransaction,
    *,
    q: str = "",
    sort: str = "",
    after: str = "",
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    wanted = _wanted(q, sort, after=after)
    found = await people.list_companies(db, chatbot.id, wanted)
    page = _directory(chatbot, found, wanted, path=f"/b/{chatbot.id}/organizations", after=after)
    return render(request, "people/organizations.html", page)


@router.get("/users/{person_id}")
async def read_user(request: Request, chatbot_id: str, person_id: str, member: InMember, db: InTransaction) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    parsed = parse_id(person_id)
    person = await people.person(db, chatbot.id, PersonId(parsed)) if parsed else None
    if person is None:
        raise NotFound("There is no such user.")
    page = await _about(db, chatbot, person, field="user", colleagues=[])
    return render(request, "people/user.html", page)


@router.get("/organizations/{organization_id}")
async def read_organization(
    request: Request, chatbot_id: str, organization_id: str, member: InMember, db: InTransaction
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    parsed = parse_id(organization_id)
    company = await people.company(db, chatbot.id, CompanyId(parsed)) if parsed else None
    if company is None:
        raise NotFound("There is no such organization.")
    colleagues = await people.list_people(db, chatbot.id, Wanted(company_id=company.id, limit=_LATEST))
    page = await _about(db, chatbot, company, field="organization", colleagues=colleagues)
    return render(request, "people/organization.html", page)


async def _about(
    db: Db, chatbot: Chatbot, one: Person | Company, *, field: str, colleagues: list[Person]
) -> PersonPage:
    condition = f"{field}:is:{one.id}"
    everything = address(f"/b/{chatbot.id}/conversations", {"f": condition})
    found = await analysis.matching_page(db, chatbot.id, _narrowing(chatbot.id, condition), limit=_LATEST, offset=0)
    return PersonPage(
        chatbot,
        one,
        mood=None if one.sentiment is None else analysis.label(one.sentiment),
        rows=await rows_of(db, chatbot, found, base=everything),
        everything=everything,
        colleagues=colleagues,
        more_colleagues=f"{colleagues[0].total - len(colleagues):,}"
        if colleagues and colleagues[0].total > _LATEST
        else "",
    )


def _narrowing(chatbot_id: ChatbotId, condition: str) -> Narrowing:
    return Narrowing(conditions=analysis.path_of(analysis.read_conditions([condition], {}), chatbot_id, {}))


def _wanted(words: str, sort: str, *, after: str) -> Wanted:
    """What cannot be understood is as if it were not asked for; only a place that is none is refused."""
    known = sort if sort in _SORTS else "last_seen"
    shown = words.strip()[:_LONGEST] if storable(words) is None else ""
    return Wanted(
        sort=known,
        descending=known not in _UPWARDS,
        words=shown or None,
        after=_place(after) if after else None,
        limit=_PAGE + 1,
    )


def _place(text: str) -> tuple[float, UUID]:
    place = people.read_place(text)
    if place is None:
        raise Invalid.field("after", "is not a place in this list")
    return place


def _directory(
    chatbot: Chatbot, found: list[Person] | list[Company], wanted: Wanted, *, path: str, after: str
) -> DirectoryPage:
    asked: Query = {"q": wanted.words or "", "sort": wanted.sort if wanted.sort != "last_seen" else ""}
    shown = found[:_PAGE]
    return DirectoryPage(
        chatbot,
        rows=shown,
        total=found[0].total if found else 0,
        wanted=wanted.words or "",
        sorts=[
            Choice(label, address(path, asked, {"sort": name}), name == wanted.sort) for name, label in _SORTS.items()
        ],
        older=address(path, asked, {"after": people.place_of(shown[-1])}) if len(found) > _PAGE else None,
        top=address(path, asked),
        latest=not after,
        path=path,
    )
