"""Conversations and leads of a chatbot, by days and pages."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from noctule import agents, chatbots, conversations, people
from noctule.accounts import OrgId
from noctule.agents import Lead
from noctule.api.chatbase.shapes import (
    ConversationShape,
    ConversationsShape,
    LeadShape,
    LeadsShape,
    MessageShape,
    WrappedLeads,
)
from noctule.base.clock import iso
from noctule.base.db import Db
from noctule.base.errors import Invalid
from noctule.chatbots import Chatbot
from noctule.conversations import Conversation, ConversationId, Message
from noctule.people import Contact
from noctule.web.callers import InCaller, JsonRoute
from noctule.web.paging import whole_number
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(prefix="/api/v1", tags=["agents"], route_class=JsonRoute)
_CHANNELS = {
    name.lower(): name
    for name in (
        "API", "Chatbase site", "Instagram", "Messenger", "Slack", "Unspecified", "WhatsApp", "Widget or Iframe",
        "Playground", "Action preview",
    )
} | {"website": "Widget or Iframe", "widget": "Widget or Iframe", "iframe": "Widget or Iframe"}  # fmt: skip
_STORED = {"widget": "Widget or Iframe", "playground": "Playground"}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LAST_DAY = datetime(9999, 12, 30, tzinfo=UTC)  # that has a day after it
_OURS = {1: "up", -1: "down"}


class Stretch(BaseModel):
    chatbotId: str | None = Field(None, description="required")
    startDate: str | None = Field(None, description="YYYY-MM-DD, included")
    endDate: str | None = Field(None, description="YYYY-MM-DD, included")
    page: str | None = Field(None, description="from 1")
    size: str | None = Field(None, description="20 as given; more than 1,000 is 1,000")

    @property
    def between(self) -> tuple[datetime | None, datetime | None]:
        return _day("startDate", self.startDate), _day("endDate", self.endDate, after=True)

    @property
    def part(self) -> tuple[int, int]:
        """How many, and how many are left out before them. Raises Invalid."""
        number = whole_number("page", self.page, default=1, least=1, most=100_000)
        limit = whole_number("size", self.size, default=20, least=1, most=1000, cut=True)
        return limit, (number - 1) * limit


class Channelled(Stretch):
    filteredSources: str | None = Field(None, description="such as API, Widget or Iframe, Playground")


@router.get("/get-conversations")
async def get_conversations(
    caller: InCaller, db: InTransaction, asked: Annotated[Channelled, Query()]
) -> ConversationsShape:
    """The newest first; days are those of UTC, both included."""
    chatbot = await _chatbot(db, caller.org_id, asked.chatbotId)
    between, (limit, offset) = asked.between, asked.part
    channels = _channels(asked.filteredSources)
    found = await conversations.conversations_begun(
        db, chatbot.id, between=between, channels=channels, limit=limit, offset=offset
    )
    ids = [one.id for one in found]
    said: dict[ConversationId, list[Message]] = {one: [] for one in ids}
    for message in await conversations.messages_of(db, chatbot.id, ids):
        said[message.conversation_id].append(message)
    thumbs = await agents.thumbs_of(db, chatbot.id, ids)
    people_in = [one.person_id for one in found if one.person_id]
    known = {one.id: one for one in await people.contacts_with(db, chatbot.id, people_in)}
    return ConversationsShape(
        data=[
            _conversation(one, said[one.id], thumbs, contact=known.get(one.person_id) if one.person_id else None)
            for one in found
        ]
    )


@router.get("/get-leads", response_model_exclude_unset=True)
async def get_leads(caller: InCaller, db: InTransaction, asked: Annotated[Stretch, Query()]) -> LeadsShape:
    chatbot = await _chatbot(db, caller.org_id, asked.chatbotId)
    between, (limit, offset) = asked.between, asked.part
    found = await agents.leads_of(db, chatbot.id, between=between, limit=limit, offset=offset)
    leads = [lead_shape(one, chatbot) for one in found]
    wrapped = "wrapped_lists" in caller.compatibility
    return LeadsShape(data=leads, collectedCustomers=WrappedLeads(data=leads) if wrapped else leads)


def lead_shape(lead: Lead, chatbot: Chatbot) -> LeadShape:
    parts = {"name": lead.name, "email": lead.email, "phone": lead.phone}
    return LeadShape.model_validate(
        {
            "id": str(lead.id),
            "chatbotId": str(chatbot.id),
            "chatbot_id": str(chatbot.id),
            "account_id": str(chatbot.org_id),
            "conversationId": lead.conversation,
            "createdAt": iso(lead.created_at),
            "created_at": iso(lead.created_at),
            **{name: value for name, value in parts.items() if value is not None},
        }
    )


async def _chatbot(db: Db, org_id: OrgId, named: str | None) -> Chatbot:
    if not named:
        raise Invalid.field("chatbotId", "is required")
    return await chatbots.get(db, org_id, chatbot_in(named))


def _day(name: str, text: str | None, *, after: bool = False) -> datetime | None:
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise Invalid.field(name, "must be a date like 2026-03-15")
    return min(day, _LAST_DAY) + timedelta(days=1) if after else day


def _channels(text: str | None) -> list[str] | None:
    """What nobody knows fits nothing."""
    names = [part.strip().lower() for part in (text or "").split(",") if part.strip()]
    return [_CHANNELS.get(name, "") for name in names] or None


def _conversation(
    one: Conversation, said: list[Message], thumbs: dict[UUID, int], *, contact: Contact | None
) -> ConversationShape:
    messages = [
        _message(message, thumbs) for message in agents.segment_of(said) if message.role in ("user", "assistant")
    ]
    scores = [message.score for message in messages if message.score is not None]
    began, last = iso(one.first_message_at), iso(one.last_message_at)
    return ConversationShape(
        id=one.external_id,
        chatbotId=str(one.chatbot_id),
        chatbot_id=str(one.chatbot_id),
        source=_STORED.get(one.source, "API"),
        createdAt=began,
        created_at=began,
        updatedAt=last,
        updated_at=last,
        last_message_at=last,
        customer=_customer(one.person, contact) or one.external_user_id,
        country=one.session.get("country") or one.enrichment.get("country"),
        title=one.title,
        min_score=min(scores, default=None),
        form_submission=None,
        messages=messages,
    )


def _customer(person: dict[str, Any], contact: Contact | None) -> str | None:
    """As the conversation names them, else as they are known."""
    known = contact.traits if contact else {}
    said = (one.get(name) for one in (person, known) for name in ("email", "name"))
    return next((name for name in said if name), contact.external_id if contact else None)


def _message(message: Message, thumbs: dict[UUID, int]) -> MessageShape:
    evidence = message.evidence or {}
    return MessageShape(
        id=str(message.id),
        role=message.role,
        content=message.content,
        createdAt=iso(message.said_at),
        score=evidence.get("agent", {}).get("confidence"),
        feedback=_OURS.get(thumbs.get(message.id, 0)),
    )
