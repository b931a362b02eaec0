"""The users of a chatbot and their organizations, and a page about each."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from noctule import analysis, chatbots, people
from noctule.analysis import Narrowing
from noctule.base.db import Db
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import parse_id
from noctule.base.text import storable
from noctule.chatbots import Chatbot, ChatbotId
from noctule.dashboard.addresses import Choice, Query, address
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.rendering import render
from noctule.dashboard.rows import ConversationRow, rows_of
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
class Kind:
    """Users or organizations, in the words of their pages."""

    name: str
    title: str
    one: str
    field: str  # by which conversations are chosen
    hint: str
    none: str
    why: str
    image: str


_USERS = Kind(
    "users", "Users", "User", "user", "Name, e-mail or id", "No user yet",
    "Whoever your bot names as user stands here, with how often they came and how they felt. "
    "Send user.id or user.email with a conversation.",
    "users",
)  # fmt: skip
_ORGANIZATIONS = Kind(
    "organizations", "Organizations", "Organization", "organization", "Name or id", "No organization yet",
    "The companies that your users belong to stand here once your bot names them. "
    "Send organization.id or organization.name with a conversation.",
    "org",
)  # fmt: skip


@dataclass(frozen=True)
class DirectoryPage:
    chatbot: Chatbot
    kind: Kind
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
    kind: Kind
    one: Person | Company
    mood: str | None
    rows: list[ConversationRow]
    everything: str  # the list of all their conversations
    colleagues: list[Person]  # of an organization
    more_colleagues: str


@dataclass(frozen=True)
class Asked:
    q: str = ""
    sort: str = ""
    after: str = ""

    @property
    def wanted(self) -> Wanted:
        """What cannot be understood is as if it were not asked for; only a place that is none is refused."""
        sort = self.sort if self.sort in _SORTS else "last_seen"
        words = self.q.strip()[:_LONGEST] if storable(self.q) is None else ""
        after = people.read_place(self.after)
        if self.after and after is None:
            raise Invalid.field("after", "is not a place in this list")
        return Wanted(sort, sort not in _UPWARDS, words=words or None, after=after, limit=_PAGE + 1)


InAsked = Annotated[Asked, Depends()]


@router.get("/users")
async def list_users(
    request: Request, chatbot_id: str, member: InMember, db: InTransaction, asked: InAsked
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    found = await people.list_people(db, chatbot.id, asked.wanted)
    return render(request, "people/list.html", _directory(chatbot, _USERS, found, asked=asked))


@router.get("/organizations")
async def list_organizations(
    request: Request, chatbot_id: str, member: InMember, db: InTransaction, asked: InAsked
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    found = await people.list_companies(db, chatbot.id, asked.wanted)
    return render(request, "people/list.html", _directory(chatbot, _ORGANIZATIONS, found, asked=asked))


@router.get("/users/{person_id}")
async def read_user(request: Request, chatbot_id: str, person_id: str, member: InMember, db: InTransaction) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    parsed = parse_id(person_id)
    person = await people.person(db, chatbot.id, PersonId(parsed)) if parsed else None
    if person is None:
        raise NotFound("There is no such user.")
    return render(request, "people/show.html", await _about(db, chatbot, _USERS, one=person, colleagues=[]))


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
    page = await _about(db, chatbot, _ORGANIZATIONS, one=company, colleagues=colleagues)
    return render(request, "people/show.html", page)


async def _about(
    db: Db, chatbot: Chatbot, kind: Kind, *, one: Person | Company, colleagues: list[Person]
) -> PersonPage:
    condition = f"{kind.field}:is:{one.id}"
    everything = address(f"/b/{chatbot.id}/conversations", {"f": condition})
    found = await analysis.matching_page(db, chatbot.id, _narrowing(chatbot.id, condition), limit=_LATEST, offset=0)
    return PersonPage(
        chatbot,
        kind,
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
    return Narrowing(conditions=analysis.filter_of(analysis.read_conditions([condition], {}), chatbot_id, {}))


def _directory(chatbot: Chatbot, kind: Kind, found: list[Person] | list[Company], *, asked: Asked) -> DirectoryPage:
    wanted, path = asked.wanted, f"/b/{chatbot.id}/{kind.name}"
    query: Query = {"q": wanted.words or "", "sort": wanted.sort if wanted.sort != "last_seen" else ""}
    shown = found[:_PAGE]
    return DirectoryPage(
        chatbot,
        kind,
        rows=shown,
        total=found[0].total if found else 0,
        wanted=wanted.words or "",
        sorts=[
            Choice(label, address(path, query, {"sort": name}), name == wanted.sort) for name, label in _SORTS.items()
        ],
        older=address(path, query, {"after": people.place_of(shown[-1])}) if len(found) > _PAGE else None,
        top=address(path, query),
        latest=not asked.after,
        path=path,
    )
