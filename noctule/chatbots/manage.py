"""Making, changing, archiving and deleting chatbots: owners and admins may, members may look.

Programs with an organization key make, change and delete them too: clients of Chatbase do it all with the key.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from noctule.accounts import Caller, Member, OrgId, note
from noctule.base import jobs
from noctule.base.calendar import Calendar, calendar_in
from noctule.base.crypto import digest
from noctule.base.db import Db
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import new_id
from noctule.base.text import storable
from noctule.chatbots.keys import SHOWN, announce_change, new_key
from noctule.chatbots.models import Chatbot, ChatbotId
from noctule.chatbots.settings import check_settings, check_size, merge
from noctule.chatbots.signals import check_analysis
from noctule.chatbots.store import chatbots as store

LONGEST_NAME = 100
CALENDAR_CHANGED = "calendar_changed"


async def create(db: Db, caller: Caller, name: str) -> tuple[Chatbot, str]:
    """The chatbot and its key, which is never to be had again."""
    _must_manage(caller)
    key = new_key()
    chatbot = Chatbot(ChatbotId(new_id()), caller.org_id, _checked_name(name), key[:SHOWN], {}, db.now, None, None)
    await store.insert_chatbot(
        db, chatbot, key_hash=digest(key), created_by=caller.id if isinstance(caller, Member) else None
    )
    await note(db, caller, action="chatbot.created", target=chatbot.id, name=chatbot.name)
    return chatbot, key


async def change(
    db: Db, caller: Caller, chatbot_id: ChatbotId, *, name: str | None, settings: dict[str, Any] | None
) -> Chatbot:
    """Both are optional; settings are merged into the old ones under a lock, so that no concurrent change is lost."""
    _must_manage(caller)
    if settings is not None:
        check_settings(settings)
    new_name = None if name is None else _checked_name(name)
    old = await store.lock_chatbot(db, caller.org_id, chatbot_id)
    if old is None:
        raise NotFound("There is no such chatbot.")
    merged = merge(old.settings, settings or {})
    check_size(merged)
    if settings and "analysis" in settings:
        check_analysis(merged["analysis"])  # what is said now must also go with what was said before
    new = replace(old, name=new_name or old.name, settings=merged)
    if new != old:
        await store.update_chatbot(db, caller.org_id, chatbot_id, name=new.name, settings=merged)
        changed = sorted(settings or {})
        await note(db, caller, action="chatbot.changed", target=chatbot_id, name=new.name, settings=changed)
    if new.calendar != old.calendar:
        await calendar_changed(db, new)
    return new


async def calendars_of(db: Db, chatbot_ids: Sequence[ChatbotId]) -> dict[ChatbotId, Calendar]:
    return {one: calendar_in(name) for one, name in await store.timezones_of(db, chatbot_ids)}


async def calendar_changed(db: Db, chatbot: Chatbot) -> None:
    """For higher floors, which keep figures by day: they count anew, and one may watch."""
    args = {"chatbot_id": str(chatbot.id)}
    await jobs.start_once(db, chatbot.org_id, CALENDAR_CHANGED, args=args, key=str(chatbot.id))


async def rotate_key(db: Db, member: Member, chatbot_id: ChatbotId) -> tuple[Chatbot, str]:
    """The old key stops with this commit."""
    member.must_be("admin")
    key = new_key()
    chatbot = await store.replace_key(db, member.org_id, chatbot_id, key_prefix=key[:SHOWN], key_hash=digest(key))
    if chatbot is None:
        raise NotFound("There is no such chatbot.")
    await announce_change(db)
    await note(db, member, action="chatbot.key_rotated", target=chatbot_id)
    return chatbot, key


async def archive(db: Db, member: Member, chatbot_id: ChatbotId) -> Chatbot:
    """From this commit on nothing is recorded; everything stays and can be read. Archiving it again changes nothing."""
    member.must_be("admin")
    held = await store.hold_chatbot(db, member.org_id, chatbot_id)
    if held is None:
        raise NotFound("There is no such chatbot.")
    if held.archived_at is None:
        held = replace(held, archived_at=db.now)
        await store.update_archived(db, member.org_id, chatbot_id, archived_at=held.archived_at)
        await note(db, member, action="chatbot.archived", target=chatbot_id, name=held.name)
    return held


async def restore(db: Db, member: Member, chatbot_id: ChatbotId) -> Chatbot:
    """As it was before it was archived: active, or pending when nothing was ever stored."""
    member.must_be("admin")
    held = await store.hold_chatbot(db, member.org_id, chatbot_id)
    if held is None:
        raise NotFound("There is no such chatbot.")
    if held.archived_at is not None:
        held = replace(held, archived_at=None)
        await store.update_archived(db, member.org_id, chatbot_id, archived_at=None)
        await note(db, member, action="chatbot.restored", target=chatbot_id, name=held.name)
    return held


async def delete(db: Db, caller: Caller, chatbot_id: ChatbotId) -> None:
    """With all its conversations, messages and judgements, for good."""
    _must_manage(caller)
    old = await store.chatbot(db, caller.org_id, chatbot_id)
    if old is None or not await store.delete_chatbot(db, caller.org_id, chatbot_id):
        raise NotFound("There is no such chatbot.")
    await announce_change(db)
    await note(db, caller, action="chatbot.deleted", target=chatbot_id, name=old.name)


async def get(db: Db, org_id: OrgId, chatbot_id: ChatbotId) -> Chatbot:
    """Raises NotFound, also for another organization's."""
    chatbot = await store.chatbot(db, org_id, chatbot_id)
    if chatbot is None:
        raise NotFound("There is no such chatbot.")
    return chatbot


def _must_manage(caller: Caller) -> None:
    if isinstance(caller, Member):
        caller.must_be("admin")


def _checked_name(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid.field("name", f"must have 1 to {LONGEST_NAME} characters")
    if problem := storable(name):
        raise Invalid.field("name", problem)
    return name
