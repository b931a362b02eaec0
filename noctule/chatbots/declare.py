"""Declaring custom fields: which the team tracks, which it accepts as filters, which it denies; and filtering by them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from noctule.accounts import Member, OrgId, note
from noctule.base.db import Db
from noctule.base.errors import Conflict, Invalid, NotFound
from noctule.base.text import storable
from noctule.chatbots.manage import get
from noctule.chatbots.models import ChatbotId, CustomField, FieldStatus, FieldType, Scalar
from noctule.chatbots.store import chatbots, fields

MOST_DECLARED = 500  # per chatbot: each recording reads them
LONGEST_KEY = 256
LONGEST_LABEL = 100


async def fields_of(
    db: Db, org_id: OrgId, chatbot_id: ChatbotId, *, status: FieldStatus | None = None
) -> list[CustomField]:
    """Raises NotFound, also for another organization's chatbot."""
    await get(db, org_id, chatbot_id)
    return await fields.fields_of(db, chatbot_id, status=status)


async def declare_field(
    db: Db, member: Member, chatbot_id: ChatbotId, *, key: str, label: str | None, kind: FieldType
) -> CustomField:
    """A discovered key becomes a declared one and keeps what was seen of it. Raises Conflict for a declared one."""
    member.must_be("admin")
    if not 1 <= len(key) <= LONGEST_KEY:
        raise Invalid.field("key", f"must have 1 to {LONGEST_KEY} characters")
    if problem := storable(key):
        raise Invalid.field("key", problem)
    await _hold(db, member, chatbot_id)
    if await fields.count_declared(db, chatbot_id) >= MOST_DECLARED:
        raise Conflict(f"A chatbot may have at most {MOST_DECLARED} declared fields.")
    new = CustomField(key, _checked_label(label), kind, "track", None, 0, db.now, None)
    declared = await fields.declare_field(db, chatbot_id, new)
    if declared is None:
        raise Conflict("This field is declared already.")
    await note(db, member, action="field.declared", target=chatbot_id, key=key, type=kind)
    return declared


async def change_field(
    db: Db, member: Member, chatbot_id: ChatbotId, key: str, *, changes: Mapping[str, Any]
) -> CustomField:
    """`changes` holds some of status, label and type. Values that were stored before stay as they are."""
    member.must_be("admin")
    await _hold(db, member, chatbot_id)
    old = await fields.field(db, chatbot_id, key) if storable(key) is None else None
    if old is None:
        raise NotFound("There is no such field.")
    new = replace(old, **changes)
    if new != old:
        new = replace(new, label=_checked_label(new.label), sample=None if new.status == "deny" else new.sample)
        await fields.update_field(db, chatbot_id, new)
        await note(db, member, action="field.changed", target=chatbot_id, key=key, **changes)
    return new


async def accepted_fields(db: Db, chatbot_id: ChatbotId) -> dict[str, FieldType]:
    """Those that conversations can be filtered by, with their types."""
    return {field.key: field.type for field in await fields.fields_of(db, chatbot_id, status="accept")}


async def filter_by(db: Db, chatbot_id: ChatbotId, asked: Mapping[str, str]) -> dict[str, Scalar]:
    """What conversations must carry, from text by key. Raises Invalid for a field that is not accepted, or a wrong value."""
    accepted = await accepted_fields(db, chatbot_id)
    wanted: dict[str, Scalar] = {}
    for key, text in asked.items():
        if key not in accepted:
            raise Invalid.field(f"custom.{key}", "is not an accepted field of this chatbot")
        if problem := storable(text):
            raise Invalid.field(f"custom.{key}", problem)
        wanted[key] = text if accepted[key] == "string" else _read(key, text, accepted[key])
    return wanted


def _read(key: str, text: str, kind: FieldType) -> Scalar:
    """A number or a boolean, written as in JSON."""
    try:
        return msgspec.json.decode(text, type=bool if kind == "boolean" else int | float)
    except (msgspec.DecodeError, RecursionError):
        raise Invalid.field(f"custom.{key}", f"must be a {kind}") from None


async def _hold(db: Db, member: Member, chatbot_id: ChatbotId) -> None:
    """Changes of one chatbot's fields follow each other."""
    if await chatbots.lock_chatbot(db, member.org_id, chatbot_id) is None:
        raise NotFound("There is no such chatbot.")


def _checked_label(label: str | None) -> str | None:
    label = label.strip() if label else None
    if not label:
        return None
    if len(label) > LONGEST_LABEL:
        raise Invalid.field("label", f"must have at most {LONGEST_LABEL} characters")
    if problem := storable(label):
        raise Invalid.field("label", problem)
    return label
