"""The users of a chatbot and their organizations: directories to sort, to filter and to leaf through."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from noctule import analysis, chatbots, people
from noctule.base.clock import iso
from noctule.base.db import Db
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import parse_id
from noctule.base.text import storable
from noctule.chatbots import ChatbotId
from noctule.people import Company, CompanyId, Person, Wanted
from noctule.web import query
from noctule.web.callers import CredentialsFirst, InCaller
from noctule.web.paging import whole_number
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(prefix="/api/v1/chatbots/{chatbot_id}", tags=["people"], route_class=CredentialsFirst)
T = TypeVar("T", Person, Company)


class Directory(BaseModel):
    """What both lists are asked by. Everything is optional, and all of it must fit."""

    sort: str | None = Field(None, description="what to sort by; with a minus in front the largest first")
    limit: str | None = Field(None, description="1 to 100, 25 as given")
    after: str | None = Field(None, description="`next` of the page before")
    q: str | None = Field(None, description="words in a name, an address or an id")
    plan: str | None = None
    industry: str | None = None
    min_conversations: str | None = None
    max_conversations: str | None = None
    min_sentiment: str | None = None
    max_sentiment: str | None = None
    min_mrr: str | None = None
    max_mrr: str | None = None
    first_seen_from: str | None = Field(None, description="a date or a time, as in exports")
    first_seen_to: str | None = None


class UserDirectory(Directory):
    organization: str | None = Field(None, description="our id of an organization, or the caller's")


class OrganizationName(BaseModel):
    id: str
    external_id: str | None
    name: str | None


class Standing(BaseModel):
    conversations: int
    messages: int
    average_sentiment: float | None = Field(description="mean over their judged conversations, -1 to 1")
    sentiment_label: str | None
    first_seen_at: str
    last_seen_at: str


class EndUser(Standing):
    id: str
    external_id: str | None
    name: str | None
    email: str | None
    plan: str | None
    industry: str | None
    mrr: float | None
    created_at: str | None = Field(description="when they became one, as their chatbot says")
    organization: OrganizationName | None


class CustomerOrganization(Standing):
    id: str
    external_id: str | None
    name: str | None
    plan: str | None
    industry: str | None
    mrr: float | None
    users: int


class EndUsers(BaseModel):
    users: list[EndUser]
    total: int
    next: str | None


class CustomerOrganizations(BaseModel):
    organizations: list[CustomerOrganization]
    total: int
    next: str | None


@router.get("/users")
async def list_users(
    chatbot_id: str, asked: Annotated[UserDirectory, Query()], caller: InCaller, db: InTransaction
) -> EndUsers:
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    wanted = _wanted(asked, sorts=people.SORTS)
    company_id = await _company(db, chatbot.id, asked.organization) if asked.organization else None
    found = await people.list_people(db, chatbot.id, replace(wanted, company_id=company_id))
    shown, total, after = _cut(found, wanted)
    return EndUsers(users=[_user(person) for person in shown], total=total, next=after)


@router.get("/users/{person_id:path}")
async def read_user(chatbot_id: str, person_id: str, caller: InCaller, db: InTransaction) -> EndUser:
    """By our id or the caller's own, which may hold slashes."""
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    return _user(await people.person_called(db, chatbot.id, person_id))


@router.get("/organizations")
async def list_organizations(
    chatbot_id: str, asked: Annotated[Directory, Query()], caller: InCaller, db: InTransaction
) -> CustomerOrganizations:
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    wanted = _wanted(asked, sorts=(*people.SORTS, "users"))
    shown, total, after = _cut(await people.list_companies(db, chatbot.id, wanted), wanted)
    return CustomerOrganizations(organizations=[_organization(company) for company in shown], total=total, next=after)


@router.get("/organizations/{organization_id:path}")
async def read_organization(
    chatbot_id: str, organization_id: str, caller: InCaller, db: InTransaction
) -> CustomerOrganization:
    """By our id or the caller's own, which may hold slashes."""
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    company_id = await _company(db, chatbot.id, organization_id)
    company = await people.company(db, chatbot.id, company_id) if company_id else None
    if company is None:
        raise NotFound("There is no such organization.")
    return _organization(company)


async def _company(db: Db, chatbot_id: ChatbotId, text: str) -> CompanyId:
    """By our id or the caller's own. Raises NotFound."""
    parsed = parse_id(text)
    if parsed and await people.company(db, chatbot_id, CompanyId(parsed)):
        return CompanyId(parsed)
    named = await people.company_named(db, chatbot_id, text) if storable(text) is None else None
    if named is None:
        raise NotFound("There is no such organization.")
    return named


def _wanted(asked: Directory, *, sorts: Sequence[str]) -> Wanted:
    """Raises Invalid, naming the parameter."""
    sort = asked.sort or "-last_seen"
    if sort.removeprefix("-") not in sorts:
        raise Invalid.field("sort", f"must be one of {', '.join(sorts)}, with or without a minus in front")
    for name in ("q", "plan", "industry"):
        if problem := storable(getattr(asked, name) or ""):
            raise Invalid.field(name, problem)
    since = query.moment("first_seen_from", asked.first_seen_from)
    until = query.moment("first_seen_to", asked.first_seen_to, whole_day=True)
    return Wanted(
        sort=sort.removeprefix("-"),
        descending=sort.startswith("-"),
        words=asked.q,
        plan=asked.plan,
        industry=asked.industry,
        bounds={
            "conversations": _bounds(asked, "conversations"),
            "sentiment": _bounds(asked, "sentiment"),
            "mrr": _bounds(asked, "mrr"),
            "first_seen": (since.timestamp() if since else None, until.timestamp() if until else None),
        },
        after=_place(asked.after) if asked.after else None,
        limit=whole_number("limit", asked.limit, default=25, least=1, most=100, cut=True) + 1,
    )


def _bounds(asked: Directory, name: str) -> tuple[float | None, float | None]:
    least, most = f"min_{name}", f"max_{name}"
    return query.number(least, getattr(asked, least)), query.number(most, getattr(asked, most))


def _place(text: str) -> tuple[float, UUID]:
    place = people.read_place(text)
    if place is None:
        raise Invalid.field("after", "is not a place in this list")
    return place


def _cut(found: list[T], wanted: Wanted) -> tuple[list[T], int, str | None]:
    """What is shown of what was found, how many there are in all, and the place behind what is shown."""
    shown = found[: wanted.limit - 1]
    after = people.place_of(shown[-1]) if len(found) == wanted.limit else None
    return shown, found[0].total if found else 0, after


def _user(person: Person) -> EndUser:
    organization = None
    if person.company_id:
        organization = OrganizationName(
            id=str(person.company_id), external_id=person.company_external_id, name=person.company_name
        )
    return EndUser.model_validate(
        {
            **_head(person),
            "email": person.traits.get("email"),
            "created_at": person.traits.get("createdAt"),
            "organization": organization,
        }
    )


def _organization(company: Company) -> CustomerOrganization:
    return CustomerOrganization.model_validate({**_head(company), "users": company.people})


def _head(one: Person | Company) -> dict[str, object]:
    return {
        "id": str(one.id),
        "external_id": one.external_id,
        **{name: one.traits.get(name) for name in ("name", "plan", "industry", "mrr")},
        "conversations": one.conversations,
        "messages": one.messages,
        "average_sentiment": one.sentiment,
        "sentiment_label": None if one.sentiment is None else analysis.label(one.sentiment),
        "first_seen_at": iso(one.first_seen_at),
        "last_seen_at": iso(one.last_seen_at),
    }
