"""People and companies: whom chatbots talk with, who belongs to whom, and how they stand."""

from noctule.people.identify import JOIN, identify
from noctule.people.models import (
    SORTS,
    Company,
    CompanyId,
    Identified,
    Person,
    PersonId,
    Seen,
    Standing,
    Wanted,
    place_of,
    read_place,
)
from noctule.people.standing import chatbots_with_due, note_standings, renew_soon, take_due
from noctule.people.store.companies import company, company_named, list_companies
from noctule.people.store.people import absorb, doubles, list_people, person, person_named

__all__ = [
    "JOIN",
    "SORTS",
    "Company",
    "CompanyId",
    "Identified",
    "Person",
    "PersonId",
    "Seen",
    "Standing",
    "Wanted",
    "absorb",
    "chatbots_with_due",
    "company",
    "company_named",
    "doubles",
    "identify",
    "list_companies",
    "list_people",
    "note_standings",
    "person",
    "person_named",
    "place_of",
    "read_place",
    "renew_soon",
    "take_due",
]
