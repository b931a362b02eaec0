"""Contacts of a chatbot: the people it talks with, as programs add, read, change and delete them."""

from typing import Any

from fastapi import APIRouter

from noctule import chatbots, conversations, people
from noctule.accounts import Caller
from noctule.api.chatbase.bodies import ContactBody, ContactChange, ContactsBody
from noctule.api.chatbase.shapes import (
    ContactList,
    ContactShape,
    ContactsTaken,
    DeletedContact,
    OneContact,
    Pages,
    Pagination,
)
from noctule.base.bodies import encoded
from noctule.base.clock import iso
from noctule.base.db import Db
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import parse_id
from noctule.chatbots import Chatbot
from noctule.people import Contact
from noctule.web.callers import InCaller, JsonRoute
from noctule.web.paging import whole_number
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(prefix="/api/v1/chatbots/{chatbot_id}/contacts", tags=["contacts"], route_class=JsonRoute)
_SAID = "Success"
_SPELLINGS = {"externalId": "external_id", "phonenumber": "phone"}


@router.post("", response_model_exclude_unset=True)
async def create_contacts(chatbot_id: str, body: ContactsBody, caller: InCaller, db: InTransaction) -> ContactsTaken:
    """Up to 1,000, all or none. Whose external id is known is changed."""
    given = body.contacts if body.contacts is not None else body.users
    if given is None or not 1 <= len(given) <= people.MOST:
        raise Invalid.field("contacts", f"must have 1 to {people.MOST:,} items")
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    added = await people.add_contacts(db, caller, chatbot, [_given(one) for one in given])
    return ContactsTaken(message=_SAID, data=[contact_shape(one) for one in added])


@router.get("", response_model_exclude_unset=True)
async def list_contacts(
    chatbot_id: str,
    caller: InCaller,
    db: InTransaction,
    *,
    limit: str | None = None,
    cursor: str | None = None,
    per_page: str | None = None,
    page: str | None = None,
) -> ContactList:
    """In the order in which they were made, by a cursor or by pages."""
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    most = whole_number("limit" if limit else "per_page", limit or per_page, default=100, least=1, most=1000, cut=True)
    number = whole_number("page", page, default=1, least=1, most=1_000_000)
    place = parse_id(cursor) if cursor else None
    if cursor and place is None:
        raise Invalid.field("cursor", "is not a place in this list")
    total = await people.count_contacts(db, chatbot.id)
    pages = max(1, -(-total // most))
    if number > pages:
        raise Invalid.field("page", f"must be at most {pages}")
    offset = 0 if place else (number - 1) * most
    found = await people.contacts_after(db, chatbot.id, after=place, limit=most + 1, offset=offset)
    shown, more = found[:most], len(found) > most
    following = str(shown[-1].id) if more else None
    if place:
        number = await people.count_contacts(db, chatbot.id, up_to=place) // most + 1
    return ContactList(
        message=_SAID,
        data=[contact_shape(one) for one in shown],
        total=total,
        pages=Pages(page=number, per_page=most, total_pages=pages),
        pagination=Pagination(cursor=following, hasMore=more, total=total),
        nextCursor=following,
    )


@router.get("/{contact_id:path}", response_model_exclude_unset=True)
async def get_contact(chatbot_id: str, contact_id: str, caller: InCaller, db: InTransaction) -> OneContact:
    """By our id or the caller's own."""
    _, contact = await _find(db, caller, chatbot_id, name=contact_id)
    return _one(contact)


@router.patch("/{contact_id:path}", response_model_exclude_unset=True)
async def update_contact(
    chatbot_id: str, contact_id: str, body: ContactChange, caller: InCaller, db: InTransaction
) -> OneContact:
    """What is not sent stays; the fields come as they are, or inside `data`."""
    chatbot, contact = await _find(db, caller, chatbot_id, name=contact_id)
    changes = _given(body.data or body)
    return _one(await people.change_contact(db, caller, chatbot, contact=contact, changes=changes))


@router.delete("/{contact_id:path}", response_model_exclude_unset=True)
async def delete_contact(chatbot_id: str, contact_id: str, caller: InCaller, db: InTransaction) -> DeletedContact:
    chatbot, contact = await _find(db, caller, chatbot_id, name=contact_id)
    await conversations.part_with(db, caller, chatbot, contact)
    return DeletedContact(status="success", message="Deleted successfully", data=contact_shape(contact))


def contact_shape(one: Contact) -> ContactShape:
    traits, changed = one.traits, one.changed_at or one.created_at
    said = {name: traits[name] for name in ("name", "email", "phone") if traits.get(name) is not None}
    return ContactShape.model_validate(
        {
            **said,
            "id": str(one.id),
            "external_id": one.external_id,
            "externalId": one.external_id,
            "phonenumber": traits.get("phone"),
            "customAttributes": one.attributes,
            "custom_attributes": one.attributes,
            "stripe_accounts": traits.get("stripe_accounts") or [],
            "createdAt": iso(one.created_at),
            "updatedAt": iso(changed),
            "created_at": int(one.created_at.timestamp()),
            "updated_at": int(changed.timestamp()),
        }
    )


def _one(contact: Contact) -> OneContact:
    shape = contact_shape(contact)
    return OneContact(**shape.model_dump(exclude_unset=True), message=_SAID, data=shape)


async def _find(db: Db, caller: Caller, chatbot_id: str, *, name: str) -> tuple[Chatbot, Contact]:
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    contact = await people.contact_called(db, chatbot.id, name)
    if contact is None:
        raise NotFound("There is no such contact.")
    return chatbot, contact


def _given(body: ContactBody) -> dict[str, Any]:
    """Under one spelling, with what is null; of two spellings the one that says something."""
    sent = body.model_dump(include=set(ContactBody.model_fields), exclude_unset=True)
    given: dict[str, Any] = {}
    for name, value in sent.items():
        plain = _SPELLINGS.get(name, name)
        if plain not in ("customAttributes", "custom_attributes") and given.get(plain) is None:
            given[plain] = value
    attributes: dict[str, Any] = {**(sent.get("customAttributes") or {}), **(sent.get("custom_attributes") or {})}
    encoded({"stripe_accounts": given.get("stripe_accounts")}, "stripe_accounts")
    encoded(attributes, "custom_attributes")
    return {**given, "attributes": attributes}
