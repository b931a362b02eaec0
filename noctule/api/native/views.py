"""Saved views of a chatbot's conversations: one's own, and those for everybody."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field, field_validator

from noctule import chatbots
from noctule.accounts import Member
from noctule.api.native.shapes import Said, not_null
from noctule.base.clock import iso
from noctule.base.errors import NotFound
from noctule.base.ids import parse_id
from noctule.chatbots import SavedView
from noctule.web.callers import InMember, JsonRoute
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(prefix="/api/v1/chatbots/{chatbot_id}/views", tags=["saved views"], route_class=JsonRoute)


class NewView(BaseModel):
    name: str
    query: str = Field(description="the query of the page's address, such as f=sentiment:is:negative&range=7d")
    page: Literal["conversations", "overview"] = "conversations"
    shared: bool = Field(default=False, description="for everybody in the organization")


class ViewChange(BaseModel):
    name: str | None = None
    query: str | None = None
    shared: bool | None = None

    @field_validator("name", "query", "shared", mode="before")
    @classmethod
    def _not_null(cls, value: object) -> object:
        return not_null(value)


class ViewShape(BaseModel):
    id: str
    name: str
    page: Literal["conversations", "overview"]
    query: str
    shared: bool
    own: bool = Field(description="saved by the caller")
    created_at: str


class ViewList(BaseModel):
    views: list[ViewShape]


@router.get("")
async def list_views(chatbot_id: str, member: InMember, db: InTransaction) -> ViewList:
    """By name."""
    found = await chatbots.views_of(db, member, chatbot_in(chatbot_id))
    return ViewList(views=[_shape(one, member) for one in found])


@router.post("", status_code=201)
async def save_view(chatbot_id: str, body: NewView, member: InMember, db: InTransaction) -> ViewShape:
    """Owners and admins save some for everybody."""
    view = await chatbots.save_view(
        db, member, chatbot_in(chatbot_id), page=body.page, name=body.name, query=body.query, shared=body.shared
    )
    return _shape(view, member)


@router.patch("/{view_id}")
async def change_view(
    chatbot_id: str, view_id: str, body: ViewChange, member: InMember, db: InTransaction
) -> ViewShape:
    changes = body.model_dump(exclude_unset=True)
    chatbot, view = chatbot_in(chatbot_id), parse_id(view_id)
    if view is None:
        raise NotFound("There is no such view.")
    return _shape(await chatbots.change_view(db, member, chatbot, view_id=view, changes=changes), member)


@router.delete("/{view_id}")
async def delete_view(chatbot_id: str, view_id: str, member: InMember, db: InTransaction) -> Said:
    chatbot, view = chatbot_in(chatbot_id), parse_id(view_id)
    if view is None:
        raise NotFound("There is no such view.")
    await chatbots.delete_view(db, member, chatbot, view_id=view)
    return Said(message="View deleted")


def _shape(view: SavedView, member: Member) -> ViewShape:
    return ViewShape(
        id=str(view.id),
        name=view.name,
        page=view.page,
        query=view.query,
        shared=view.shared,
        own=view.saved_by == member.user_id,
        created_at=iso(view.created_at),
    )
