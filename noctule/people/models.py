"""Whom chatbots talk with: people, and the companies they belong to. On the wire a company is an organization, but inside
an organization is one of ours.
"""

from dataclasses import dataclass, field
from datetime import datetime
from math import inf, isnan
from typing import Any, Literal, NewType
from uuid import UUID

from msgspec import Struct

from noctule.base.ids import parse_id
from noctule.chatbots import ChatbotId

PersonId = NewType("PersonId", UUID)
CompanyId = NewType("CompanyId", UUID)

AttributeType = Literal["text", "number", "boolean", "date"]
ATTRIBUTE_TYPES: tuple[AttributeType, ...] = ("text", "number", "boolean", "date")

SORTS = ("last_seen", "first_seen", "conversations", "messages", "sentiment", "mrr")
BOUNDED = ("conversations", "sentiment", "mrr", "first_seen")


class Seen(Struct, frozen=True):
    """What one request says about somebody, as it came: any part may be missing."""

    chatbot_id: ChatbotId
    person: dict[str, Any]
    company: dict[str, Any]
    at: datetime


class Identified(Struct, frozen=True):
    """Whom a request or a conversation is about."""

    person_id: PersonId | None = None
    company_id: CompanyId | None = None


@dataclass(slots=True)
class Profile:
    """A person or a company while a batch is being recorded."""

    chatbot_id: ChatbotId
    id: UUID
    external_id: str | None
    handle: str | None  # by what one is known who has no id: an address, or a name, in lower case
    traits: dict[str, Any]
    first_seen_at: datetime
    company_id: UUID | None = None  # of a person
    is_new: bool = False
    is_changed: bool = False


class Claim(Struct, frozen=True):
    """By what one request names a person or a company, and what it says of them."""

    chatbot_id: ChatbotId
    external_id: str | None
    handle: str | None
    traits: dict[str, Any]
    at: datetime


@dataclass(frozen=True)
class Standing:
    """Figures over the conversations of one person or company."""

    id: UUID
    people: int  # of a company
    conversations: int
    messages: int
    sentiment: float | None  # mean over their judged conversations, -1 to 1
    first_seen_at: datetime | None  # None: no conversation is left
    last_seen_at: datetime | None


@dataclass(frozen=True)
class Person:
    chatbot_id: ChatbotId
    id: PersonId
    external_id: str | None
    traits: dict[str, Any]
    company_id: CompanyId | None
    company_external_id: str | None
    company_name: str | None
    conversations: int
    messages: int
    sentiment: float | None
    first_seen_at: datetime
    last_seen_at: datetime
    rank: float = 0  # the place in a list
    total: int = 1  # how many there are in the list

    @property
    def shown(self) -> str:
        """What people call them."""
        return self.traits.get("name") or self.traits.get("email") or self.external_id or "Visitor"


@dataclass(frozen=True)
class Contact:
    """A person as a team keeps them: name, email, phone, stripe_accounts are traits; attributes are the team's own."""

    chatbot_id: ChatbotId
    id: PersonId
    external_id: str | None
    handle: str | None
    traits: dict[str, Any]
    attributes: dict[str, Any]
    created_at: datetime
    changed_at: datetime | None


@dataclass(frozen=True)
class Attribute:
    """What a team declares of its contacts. Archived ones take no new values."""

    name: str
    type: AttributeType
    label: str
    description: str | None
    archived: bool


@dataclass(frozen=True)
class Company:
    chatbot_id: ChatbotId
    id: CompanyId
    external_id: str | None
    traits: dict[str, Any]
    people: int
    conversations: int
    messages: int
    sentiment: float | None
    first_seen_at: datetime
    last_seen_at: datetime
    rank: float = 0
    total: int = 1

    @property
    def shown(self) -> str:
        return self.traits.get("name") or self.external_id or "Organization"


@dataclass(frozen=True)
class Wanted:
    """Which people or companies a list holds, and in which order. None: whatever it is."""

    sort: str = "last_seen"
    descending: bool = True
    words: str | None = None  # in a name, an address or an id
    plan: str | None = None
    industry: str | None = None
    company_id: CompanyId | None = None  # of people
    bounds: dict[str, tuple[float | None, float | None]] = field(
        default_factory=dict[str, tuple[float | None, float | None]]
    )  # of conversations, sentiment, mrr, first_seen (seconds): least and most
    after: tuple[float, UUID] | None = None  # rank and id of the last one of the page before
    limit: int = 26

    def limits(self) -> tuple[list[float], list[float], list[bool]]:
        """Least, most, and whether neither was asked for, in the order in which the statements want them."""
        pairs = [self.bounds.get(name, (None, None)) for name in BOUNDED]
        return (
            [-inf if least is None else least for least, _ in pairs],
            [inf if most is None else most for _, most in pairs],
            [least is None and most is None for least, most in pairs],
        )


def place_of(one: Person | Company) -> str:
    """Where somebody stands in a list, as a text from which the list goes on."""
    return f"{one.rank!r}_{one.id}"


def read_place(text: str) -> tuple[float, UUID] | None:
    """Rank and id; None for what is no place."""
    rank, _, last = text.partition("_")
    parsed = parse_id(last)
    try:
        number = float(rank)
    except ValueError:
        return None
    return None if parsed is None or isnan(number) else (number, parsed)
