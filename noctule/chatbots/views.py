"""Saved views: names for filters of the conversations of a chatbot, for oneself or for everybody in the organization.

A view of one's own is nobody else's business, so every member may have some. One for everybody is made, changed and taken
away by owners and admins.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from noctule.accounts import Member, note
from noctule.base.db import Db
from noctule.base.errors import Conflict, Invalid, NotFound
from noctule.base.ids import new_id
from noctule.base.text import storable
from noctule.chatbots.manage import get
from noctule.chatbots.models import ChatbotId, SavedView, ViewPage
from noctule.chatbots.store import views as store

LONGEST_VIEW_NAME = 100
MOST_VIEWS = 100  # of one person at one chatbot
_QUERY = re.compile(r"[!-~]{0,4000}")  # as browsers write it: everything else is escaped


async def views_of(db: Db, member: Member, chatbot_id: ChatbotId) -> list[SavedView]:
    """His own and those for everybody, by name. Raises NotFound for another organization's chatbot."""
    await get(db, member.org_id, chatbot_id)
    return await store.views_of(db, chatbot_id, member.user_id)


async def save_view(
    db: Db, member: Member, chatbot_id: ChatbotId, *, page: ViewPage, name: str, query: str, shared: bool
) -> SavedView:
    """What is saved a second time is the first one. Raises NotFound, Denied, Invalid, or Conflict for too many."""
    known = await views_of(db, member, chatbot_id)
    if shared:
        member.must_be("admin")
    view = _checked(SavedView(new_id(), page, name, query, shared, member.user_id, db.now))
    if again := next((one for one in known if replace(view, id=one.id, created_at=one.created_at) == one), None):
        return again
    if sum(one.saved_by == member.user_id for one in known) >= MOST_VIEWS:
        raise Conflict(f"A person may have at most {MOST_VIEWS} views of a chatbot.")
    await store.insert_view(db, chatbot_id, view)
    await note(db, member, action="view.saved", target=view.id, chatbot=chatbot_id, shared=shared)
    return view


async def change_view(
    db: Db, member: Member, chatbot_id: ChatbotId, *, view_id: UUID, changes: Mapping[str, Any]
) -> SavedView:
    """`changes` holds some of name, query and shared. Raises NotFound, Denied or Invalid."""
    old = await _held(db, member, chatbot_id, view_id)
    new = _checked(replace(old, **changes))
    if new.shared != old.shared:
        member.must_be("admin")
    if new != old:
        await store.update_view(db, chatbot_id, new)
        await note(db, member, action="view.changed", target=view_id, chatbot=chatbot_id, changed=sorted(changes))
    return new


async def delete_view(db: Db, member: Member, chatbot_id: ChatbotId, *, view_id: UUID) -> None:
    """Raises NotFound or Denied."""
    view = await _held(db, member, chatbot_id, view_id)
    await store.delete_view(db, chatbot_id, view.id)
    await note(db, member, action="view.deleted", target=view.id, chatbot=chatbot_id, name=view.name)


async def _held(db: Db, member: Member, chatbot_id: ChatbotId, view_id: UUID) -> SavedView:
    """One that he may change. Another person's own does not exist for him, whoever he is."""
    found = [one for one in await views_of(db, member, chatbot_id) if one.id == view_id]
    if not found:
        raise NotFound("There is no such view.")
    if found[0].shared:
        member.must_be("admin")
    return found[0]


def _checked(view: SavedView) -> SavedView:
    name = view.name.strip()
    if not 1 <= len(name) <= LONGEST_VIEW_NAME:
        raise Invalid.field("name", f"must have 1 to {LONGEST_VIEW_NAME} characters")
    if problem := storable(name):
        raise Invalid.field("name", problem)
    query = view.query.removeprefix("?")
    if not _QUERY.fullmatch(query) or "#" in query:
        raise Invalid.field("query", "must be the query of an address, escaped, of at most 4000 characters")
    return replace(view, name=name, query=query)
