"""Custom attributes of contacts: what a team declares of them, and values brought into the declared type."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Any

from noctule.accounts import Caller, Member, note
from noctule.base.clock import iso
from noctule.base.db import Db
from noctule.base.errors import Invalid, NotFound
from noctule.base.text import storable
from noctule.chatbots import Chatbot
from noctule.people.models import ATTRIBUTE_TYPES, Attribute, AttributeType
from noctule.people.store import contacts as store

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_RESERVED = frozenset(
    "id external_id externalId name email phone phonenumber stripe_accounts custom_attributes customAttributes created_at "
    "createdAt updated_at updatedAt".split()
)
_LONGEST = 5000  # characters of a text
_MOST = 200  # attributes of a chatbot
_SWITCH: dict[object, bool] = {True: True, False: False, "true": True, "false": False}
_DATES = (
    "%Y", "%Y-%m", "%Y/%m/%d", "%m/%d/%Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y",
    "%a %b %d %Y",
)  # fmt: skip


async def declare_attribute(
    db: Db, caller: Caller, chatbot: Chatbot, *, name: str, kind: str, given: Mapping[str, Any]
) -> Attribute:
    """`given` may hold label, description and archived. Raises Invalid for a name that is taken."""
    _may_manage(caller)
    if not _NAME.fullmatch(name):
        raise Invalid.field("name", "must begin with a letter and hold at most 64 letters, digits, _ and -")
    if name in _RESERVED:
        raise Invalid.field("name", "is a field that every contact has")
    new = Attribute(
        name, _type(kind), given.get("label") or name, given.get("description"), bool(given.get("archived"))
    )
    if await store.count_attributes(db, chatbot.id) >= _MOST:
        raise Invalid.field("name", f"would be one more than the {_MOST} attributes that a chatbot may have")
    if not await store.insert_attribute(db, chatbot.id, new):
        raise Invalid.field("name", "is the name of another attribute")
    await note(db, caller, action="attribute.declared", target=chatbot.id, name=name, type=kind)
    return new


async def change_attribute(
    db: Db, caller: Caller, chatbot: Chatbot, *, name: str, changes: Mapping[str, Any]
) -> Attribute:
    """`changes` may hold name (the same), type, label, description, archived. Raises NotFound, Invalid."""
    _may_manage(caller)
    old = await store.attribute(db, chatbot.id, name) if storable(name) is None else None
    if old is None:
        raise NotFound("There is no such custom attribute.")
    if changes.get("name", name) != name:
        raise Invalid.field("name", "cannot be changed")
    kind = _type(changes["type"]) if "type" in changes else old.type
    parts = {part: changes[part] for part in ("label", "description", "archived") if changes.get(part) is not None}
    new = replace(old, type=kind, **parts)
    if kind != old.type:
        await _convert(db, chatbot, new)
    await store.update_attribute(db, chatbot.id, new)
    await note(db, caller, action="attribute.changed", target=chatbot.id, name=name, changed=sorted(changes))
    return new


def coerced(attribute: Attribute, value: object) -> str | int | float | bool | None:
    """Raises Invalid, naming the attribute."""
    field = f"custom_attributes.{attribute.name}"
    if value is None:
        return None
    if attribute.archived:
        raise Invalid.field(field, "is archived and takes no new values")
    found = _READERS[attribute.type](value)
    if found is None:
        raise Invalid.field(field, f"must be a {attribute.type}")
    return found


async def _convert(db: Db, chatbot: Chatbot, new: Attribute) -> None:
    """Every stored value, or none."""
    known = await store.attribute_values(db, chatbot.id, new.name)
    try:
        values = [(one, coerced(replace(new, archived=False), value)) for one, value in known]
    except Invalid:
        raise Invalid.field("type", f"cannot be {new.type}: some contact has a value that is none") from None
    await store.set_attribute_values(db, chatbot.id, new.name, values=values)


def _type(kind: object) -> AttributeType:
    for one in ATTRIBUTE_TYPES:
        if one == kind:
            return one
    raise Invalid.field("type", f"must be one of {', '.join(ATTRIBUTE_TYPES)}")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and len(value) <= _LONGEST else None


def _number(value: object) -> int | float | None:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) and abs(value) < 1e15
    return value if fits and isinstance(value, int | float) else None


def _boolean(value: object) -> bool | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return bool(value) if value in (0, 1) else None
    return _SWITCH.get(value.lower() if isinstance(value, str) else value) if isinstance(value, str | bool) else None


def _date(value: object) -> str | None:
    """A date or time as people and programs write it, or milliseconds since 1970; kept as ISO 8601 in UTC."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return iso(datetime.fromtimestamp(value / 1000, UTC))
        if not isinstance(value, str) or len(value) > 100:
            return None
        moment = _moment(value.strip())
        return iso(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)) if moment else None
    except (ValueError, OverflowError, OSError):
        return None


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in _DATES:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None


def _may_manage(caller: Caller) -> None:
    if isinstance(caller, Member):
        caller.must_be("admin")


_READERS = {"text": _text, "number": _number, "boolean": _boolean, "date": _date}
