"""Saved views: above what they narrow, with a form to save what is shown; and the page to rename them and take them away."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from noctule import chatbots
from noctule.accounts import Member
from noctule.base.db import Db
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import parse_id
from noctule.chatbots import Chatbot, SavedView, ViewPage
from noctule.dashboard.addresses import Query, address
from noctule.dashboard.chatbots import may_change
from noctule.dashboard.forms import InForm
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.rendering import render
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(
    prefix="/b/{chatbot_id}/views", include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED
)


@dataclass(frozen=True)
class Listed:
    view: SavedView
    href: str
    here: bool


@dataclass(frozen=True)
class Shelf:
    """What a page shows of the views that lead to it."""

    path: str  # of the views
    page: ViewPage
    query: str  # as it is now
    listed: list[Listed]
    may_share: bool

    @property
    def new(self) -> bool:
        """There is something to save."""
        return bool(self.query) and not any(one.here for one in self.listed)


@dataclass(frozen=True)
class ViewsPage:
    chatbot: Chatbot
    member: Member
    mine: list[Listed]
    shared: list[Listed]
    may_share: bool


async def shelf_of(db: Db, member: Member, chatbot: Chatbot, *, page: ViewPage, query: Query) -> Shelf:
    asked = address("", query).removeprefix("?")
    found = [one for one in await chatbots.views_of(db, member, chatbot.id) if one.page == page]
    listed = [_listed(chatbot, one, asked) for one in found]
    return Shelf(f"/b/{chatbot.id}/views", page, asked, listed, may_change(member))


@router.get("")
async def list_views(request: Request, chatbot_id: str, member: InMember, db: InTransaction) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    listed = [_listed(chatbot, one) for one in await chatbots.views_of(db, member, chatbot.id)]
    page = ViewsPage(
        chatbot,
        member,
        mine=[one for one in listed if not one.view.shared],
        shared=[one for one in listed if one.view.shared],
        may_share=may_change(member),
    )
    return render(request, "chatbots/views.html", page)


@router.post("")
async def save_view(chatbot_id: str, member: InMember, db: InTransaction, sent: InForm) -> Response:
    """And back to what was saved."""
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    page: ViewPage = "overview" if sent.get("page") == "overview" else "conversations"
    view = await chatbots.save_view(
        db, member, chatbot.id, page=page, name=sent.get("name", ""), query=sent.get("query", ""),
        shared="shared" in sent,
    )  # fmt: skip
    return RedirectResponse(_listed(chatbot, view).href, 303)


@router.post("/{view_id}")
async def change_view(chatbot_id: str, view_id: str, member: InMember, db: InTransaction, sent: InForm) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    changes = {"name": sent.get("name", ""), "shared": "shared" in sent}
    if not changes["name"]:
        raise Invalid.field("name", "is required")
    await chatbots.change_view(db, member, chatbot.id, view_id=_id(view_id), changes=changes)
    return RedirectResponse(f"/b/{chatbot.id}/views", 303)


@router.post("/{view_id}/delete")
async def delete_view(chatbot_id: str, view_id: str, member: InMember, db: InTransaction) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    await chatbots.delete_view(db, member, chatbot.id, view_id=_id(view_id))
    return RedirectResponse(f"/b/{chatbot.id}/views", 303)


def _listed(chatbot: Chatbot, view: SavedView, asked: str | None = None) -> Listed:
    path = f"/b/{chatbot.id}/{view.page}"
    return Listed(view, f"{path}?{view.query}" if view.query else path, view.query == asked)


def _id(text: str) -> UUID:
    parsed = parse_id(text)
    if parsed is None:
        raise NotFound("There is no such view.")
    return parsed
