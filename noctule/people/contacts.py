"""Contacts: the people of a chatbot as a team keeps them. Whoever was met in a conversation is one, and who is added here is
the person that a later conversation names.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg

from noctule import chatbots
from noctule.accounts import Caller, Member, note
from noctule.base.db import Db
from noctule.base.errors import Conflict, Invalid, NotFound
from noctule.base.ids import new_id, parse_id
from noctule.base.text import is_email, storable
from noctule.chatbots import Chatbot, ChatbotId
from noctule.people.attributes import coerced
from noctule.people.models import Attribute, Contact, PersonId
from noctule.people.store import contacts as store

MOST = 1000  # in one request
_LONGEST = 256
_TRAITS = ("name", "email", "phone", "stripe_accounts")
_NOBODY = "There is no such contact."
_MEANWHILE = "Somebody else has just added one of these contacts. Please send this again."


async def add_contacts(db: Db, caller: Caller, chatbot: Chatbot, given: Sequence[Mapping[str, Any]]) -> list[Contact]:
    """All or none, in the order given. Whose external id is known is changed. Raises Invalid, naming the field.

    Each may hold external_id, name, email, phone, stripe_accounts and attributes; what is null is taken away.
    """
    _may_manage(caller)
    checked = await _checked(db, chatbot.id, given)
    await chatbots.lock_chatbot(db, chatbot.org_id, chatbot.id)
    shelf = _Shelf(
        await store.lock_contacts(
            db,
            chatbot.id,
            [],
            external_ids=[one["external_id"] for one in checked if one.get("external_id")],
            handles=[_handle(one) for one in checked if one.get("email")],
        ),
        chatbot.id,
        now=db.now,
    )
    met = [shelf.meet(one) for one in checked]
    new = [shelf.known[one] for one in shelf.new]
    if len(await store.insert_contacts(db, chatbot.id, new)) < len(new):
        raise Conflict(_MEANWHILE)
    await _update(db, chatbot, [shelf.known[one] for one in {*met} - shelf.new])
    await note(db, caller, action="contacts.added", target=chatbot.id, contacts=len(met))
    return [shelf.known[one] for one in met]


async def change_contact(
    db: Db, caller: Caller, chatbot: Chatbot, *, contact: Contact, changes: Mapping[str, Any]
) -> Contact:
    """As it is now, not as its caller has read it: two changes at once both stay. Raises NotFound, Invalid, Conflict."""
    _may_manage(caller)
    [checked] = await _checked(db, chatbot.id, [changes])
    await chatbots.lock_chatbot(db, chatbot.org_id, chatbot.id)
    wanted = checked.get("external_id")
    found = await store.lock_contacts(
        db,
        chatbot.id,
        [contact.id],
        external_ids=[wanted] if wanted else [],
        handles=[_handle(checked)] if checked.get("email") else [],
    )
    shelf = _Shelf(found, chatbot.id, now=db.now)
    if contact.id not in shelf.known:
        raise NotFound(_NOBODY)
    if wanted and any(one.external_id == wanted and one.id != contact.id for one in found):
        raise Invalid.field("external_id", "belongs to another contact")
    shelf.change(shelf.known[contact.id], checked)
    changed = shelf.known[contact.id]
    await _update(db, chatbot, [changed])
    await note(
        db, caller, action="contact.changed", target=contact.id, chatbot=str(chatbot.id), changed=sorted(changes)
    )
    return changed


async def delete_contact(db: Db, caller: Caller, chatbot: Chatbot, contact: Contact) -> None:
    """What they said stays, as said by nobody in particular. Raises NotFound."""
    _may_manage(caller)
    if not await store.delete_contact(db, chatbot.id, contact.id):
        raise NotFound(_NOBODY)
    await note(db, caller, action="contact.deleted", target=contact.id, chatbot=str(chatbot.id))


async def contact_called(db: Db, chatbot_id: ChatbotId, name: str) -> Contact | None:
    """By the caller's id or ours."""
    if storable(name) is not None:
        return None
    parsed = parse_id(name)
    return await store.contact(db, chatbot_id, external_id=name, person_id=PersonId(parsed) if parsed else None)


async def _update(db: Db, chatbot: Chatbot, contacts: Sequence[Contact]) -> None:
    try:
        await store.update_contacts(db, chatbot.id, contacts)
    except asyncpg.UniqueViolationError:  # somebody was met in a conversation a moment ago
        raise Conflict(_MEANWHILE) from None


async def _checked(db: Db, chatbot_id: ChatbotId, given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    known = {one.name: one for one in await store.attributes_of(db, chatbot_id)}
    return [_check(one, known, place if len(given) > 1 else None) for place, one in enumerate(given)]


def _check(given: Mapping[str, Any], known: Mapping[str, Attribute], place: int | None) -> dict[str, Any]:
    where = "" if place is None else f" (contact {place})"
    checked = dict(given)
    for name in ("external_id", "name", "email", "phone"):
        value = given.get(name)
        if value is not None and not (isinstance(value, str) and value.strip() and len(value) <= _LONGEST):
            raise Invalid.field(name, f"must be a text of 1 to {_LONGEST} characters{where}")
    if given.get("email") is not None and not is_email(given["email"]):
        raise Invalid.field("email", f"must be an e-mail address{where}")
    attributes: dict[str, Any] = given.get("attributes") or {}
    checked["attributes"] = {name: coerced(known[name], value) for name, value in attributes.items() if name in known}
    return checked


def _handle(checked: Mapping[str, Any]) -> str:
    return str(checked["email"]).lower()


class _Shelf:
    """The contacts that a request may be about, in memory."""

    def __init__(self, known: Iterable[Contact], chatbot_id: ChatbotId, *, now: Any) -> None:
        self.known: dict[UUID, Contact] = {one.id: one for one in known}
        self.new: set[UUID] = set()
        self._chatbot_id = chatbot_id
        self._now = now

    def meet(self, checked: Mapping[str, Any]) -> UUID:
        """Whom it is about: by the external id, else somebody without one who has the address."""
        external_id, named = checked.get("external_id"), None
        found = next((one for one in self.known.values() if external_id and one.external_id == external_id), None)
        if found is None and checked.get("email"):
            named = self._at(_handle(checked))
            found = named if named and external_id and named.external_id is None else None
        if found is None:
            found = Contact(self._chatbot_id, PersonId(new_id()), external_id, None, {}, {}, self._now, self._now)
            self.new.add(found.id)
        self.change(found, checked)
        return found.id

    def change(self, old: Contact, checked: Mapping[str, Any]) -> None:
        """Raises Invalid for the address of another contact."""
        handle = old.handle
        if "email" in checked:
            handle = _handle(checked) if checked["email"] else None
        other = self._at(handle) if handle and handle != old.handle else None
        if other is not None and other.id != old.id:
            raise Invalid.field("email", "belongs to another contact")
        traits = {**old.traits, **{name: checked[name] for name in _TRAITS if name in checked}}
        self.known[old.id] = replace(
            old,
            external_id=checked.get("external_id") or old.external_id,
            handle=handle,
            traits={name: value for name, value in traits.items() if value is not None},
            attributes={**old.attributes, **checked["attributes"]},
            changed_at=self._now,
        )

    def _at(self, handle: str) -> Contact | None:
        return next((one for one in self.known.values() if one.handle == handle), None)


def _may_manage(caller: Caller) -> None:
    if isinstance(caller, Member):
        caller.must_be("admin")
