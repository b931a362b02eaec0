"""People and companies: whom chatbots talk with, who belongs to whom, and how they stand."""

from noctule.people.attributes import change_attribute, declare_attribute
from noctule.people.called import person_called
from noctule.people.contacts import MOST, add_contacts, change_contact, contact_called, delete_contact
from noctule.people.identify import JOIN, identify
from noctule.people.models import (
    SORTS,
    Attribute,
    Company,
    CompanyId,
    Contact,
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
from noctule.people.store.contacts import attributes_of, contacts_after, contacts_with, count_contacts
from noctule.people.store.people import (
    absorb,
    doubles,
    forget_people,
    list_people,
    person,
    person_named,
    unseen_since,
)

__all__ = [
    "JOIN",
    "MOST",
    "SORTS",
    "Attribute",
    "Company",
    "CompanyId",
    "Contact",
    "Identified",
    "Person",
    "PersonId",
    "Seen",
    "Standing",
    "Wanted",
    "absorb",
    "add_contacts",
    "attributes_of",
    "change_attribute",
    "change_contact",
    "chatbots_with_due",
    "company",
    "company_named",
    "contact_called",
    "contacts_after",
    "contacts_with",
    "count_contacts",
    "declare_attribute",
    "delete_contact",
    "doubles",
    "forget_people",
    "identify",
    "list_companies",
    "list_people",
    "note_standings",
    "person",
    "person_called",
    "person_named",
    "place_of",
    "read_place",
    "renew_soon",
    "take_due",
    "unseen_since",
]
