"""What a team does about its agents: how sure they are, thumbs, better answers, handing over, leads, and webhooks."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from noctule import agents, chatbots, conversations
from noctule.accounts import Caller
from noctule.agents import Webhook
from noctule.api.native.jobs import JobShape, shape
from noctule.base.clock import iso
from noctule.base.db import Db
from noctule.base.errors import NotFound
from noctule.base.ids import parse_id
from noctule.base.text import storable
from noctule.chatbots import COVERAGE, Chatbot, agent_in
from noctule.conversations import Conversation, ConversationId
from noctule.web.callers import InCaller, JsonRoute
from noctule.web.paths import chatbot_in
from noctule.web.patience import wait_for
from noctule.web.services import InServices, InTransaction

router = APIRouter(prefix="/api/v1/chatbots/{chatbot_id}", tags=["agents"], route_class=JsonRoute)
_DELIVERIES = 100
_Line = Annotated[str, Field(max_length=2000)]


class Point(BaseModel):
    threshold: float
    coverage: float = Field(description="of questions that the sources answer, how many would be answered")
    risk: float = Field(description="of the answers, how many would be to questions that no source answers")


class AgentShape(BaseModel):
    coverage: float = Field(description="that is wanted; settings.agent.coverage")
    threshold: float | None = Field(description="of trust, below which it refuses; null before the first calibration")
    curve: list[Point]
    questions: int = Field(description="that the calibration has asked")
    version: int | None = Field(description="of the index that was calibrated")
    calibrated_at: str | None


class Feedback(BaseModel):
    feedback: Literal["up", "down"] | None


class Rated(BaseModel):
    message: str = "Thank you."


class Revision(BaseModel):
    question: _Line
    answer: Annotated[str, Field(max_length=20_000)]


class Revised(BaseModel):
    source_id: str
    job: JobShape


class Escalated(BaseModel):
    conversation_id: str
    escalated: bool


class NewLead(BaseModel):
    name: _Line | None = None
    email: _Line | None = None
    phone: _Line | None = None
    conversation_id: _Line | None = Field(None, alias="conversationId")


class LeadTaken(BaseModel):
    id: str
    user_id: str | None = Field(description="the person it is; null when only a name or a phone number was given")
    created_at: str


class NewWebhook(BaseModel):
    url: str
    events: list[str] = Field(default_factory=lambda: ["leads.submit"])
    secret: str | None = Field(None, description="made when none is given")


class WebhookShape(BaseModel):
    id: str
    url: str
    events: list[str]
    created_at: str


class WebhookMade(WebhookShape):
    secret: str = Field(description="shown once")


class WebhookList(BaseModel):
    webhooks: list[WebhookShape]


class WebhookGone(BaseModel):
    message: str = "Webhook removed."


class DeliveryShape(BaseModel):
    id: str
    webhook_id: str
    event: str
    status: Literal["waiting", "delivered", "failed"] = Field(description="failed: it is not tried again")
    attempts: int
    http_status: int | None
    error: str | None
    created_at: str
    delivered_at: str | None


class DeliveryList(BaseModel):
    deliveries: list[DeliveryShape]


@router.get("/agent")
async def read_agent(chatbot_id: str, caller: InCaller, db: InTransaction) -> AgentShape:
    """How sure it must be, and what other bounds would do."""
    chatbot = await _chatbot(db, caller, chatbot_id)
    known = await agents.calibration(db, chatbot.id)
    return AgentShape(
        coverage=agent_in(chatbot.settings).coverage or COVERAGE,
        threshold=known.threshold if known else None,
        curve=[Point(**one) for one in known.curve] if known else [],
        questions=known.questions if known else 0,
        version=known.version if known else None,
        calibrated_at=_when(known.calibrated_at if known else None),
    )


@router.post("/messages/{message_id}/feedback")
async def rate(chatbot_id: str, message_id: str, body: Feedback, caller: InCaller, db: InTransaction) -> Rated:
    """By our id of the answer, or by the `messageId` that came with it. Null takes it back."""
    chatbot = await _chatbot(db, caller, chatbot_id)
    thumb = {"up": 1, "down": -1}.get(body.feedback or "")
    await agents.rate(db, caller, chatbot, message=message_id, thumb=thumb)
    return Rated()


@router.post("/revise", status_code=202)
async def revise(chatbot_id: str, body: Revision, caller: InCaller, services: InServices) -> Revised:
    """A better answer to a question: it is given as soon as the job is done, which is waited for a while."""
    async with services.database.transaction() as db:
        chatbot = await _chatbot(db, caller, chatbot_id)
        source, job = await agents.revise(db, caller, chatbot, question=body.question, expected=body.answer)
    job = await wait_for(services.database, caller.org_id, job, seconds=services.patience)
    return Revised(source_id=str(source.id), job=shape(job))


@router.post("/conversations/{conversation_id:path}/escalate")
async def escalate(chatbot_id: str, conversation_id: str, caller: InCaller, db: InTransaction) -> Escalated:
    """A person is to take over: by our id of the conversation, or the caller's own, which may hold slashes."""
    chatbot = await _chatbot(db, caller, chatbot_id)
    found = await _conversation(db, chatbot, conversation_id)
    await agents.escalate(db, caller, chatbot, found)
    return Escalated(conversation_id=found.external_id, escalated=True)


@router.post("/leads", status_code=201)
async def submit_lead(chatbot_id: str, body: NewLead, caller: InCaller, db: InTransaction) -> LeadTaken:
    """Somebody left an address."""
    chatbot = await _chatbot(db, caller, chatbot_id)
    lead = await agents.submit_lead(
        db, chatbot, name=body.name, email=body.email, phone=body.phone, conversation=body.conversation_id
    )
    return LeadTaken(
        id=str(lead.id), user_id=str(lead.person_id) if lead.person_id else None, created_at=iso(lead.created_at)
    )


@router.get("/webhooks")
async def list_webhooks(chatbot_id: str, caller: InCaller, db: InTransaction) -> WebhookList:
    chatbot = await _chatbot(db, caller, chatbot_id)
    return WebhookList(webhooks=[_webhook(one) for one in await agents.webhooks_of(db, chatbot.id)])


@router.post("/webhooks", status_code=201)
async def add_webhook(chatbot_id: str, body: NewWebhook, caller: InCaller, db: InTransaction) -> WebhookMade:
    chatbot = await _chatbot(db, caller, chatbot_id)
    made, secret = await agents.add_webhook(db, caller, chatbot, url=body.url, events=body.events, secret=body.secret)
    return WebhookMade(**_webhook(made).model_dump(), secret=secret)


@router.delete("/webhooks/{webhook_id}")
async def remove_webhook(chatbot_id: str, webhook_id: str, caller: InCaller, db: InTransaction) -> WebhookGone:
    """With the log of what was sent to it."""
    chatbot = await _chatbot(db, caller, chatbot_id)
    await agents.remove_webhook(db, caller, chatbot, _id(webhook_id))
    return WebhookGone()


@router.get("/deliveries")
async def list_deliveries(chatbot_id: str, caller: InCaller, db: InTransaction) -> DeliveryList:
    """The latest hundred, the newest first."""
    chatbot = await _chatbot(db, caller, chatbot_id)
    found = await agents.deliveries_of(db, chatbot.id, limit=_DELIVERIES)
    return DeliveryList(
        deliveries=[
            DeliveryShape(
                id=str(one.id),
                webhook_id=str(one.webhook_id),
                event=one.event,
                status=one.state,
                attempts=one.attempts,
                http_status=one.status,
                error=one.problem,
                created_at=iso(one.created_at),
                delivered_at=_when(one.delivered_at),
            )
            for one in found
        ]
    )


async def _chatbot(db: Db, caller: Caller, chatbot_id: str) -> Chatbot:
    return await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))


async def _conversation(db: Db, chatbot: Chatbot, name: str) -> Conversation:
    parsed = parse_id(name)
    found = await conversations.conversation(db, [chatbot.id], ConversationId(parsed)) if parsed else None
    if found is None and storable(name) is None:
        found = await conversations.conversation_named(db, chatbot.id, name)
    if found is None:
        raise NotFound("There is no such conversation.")
    return found


def _webhook(one: Webhook) -> WebhookShape:
    return WebhookShape(id=str(one.id), url=one.url, events=one.events, created_at=iso(one.created_at))


def _id(text: str) -> UUID:
    parsed = parse_id(text)
    if parsed is None:
        raise NotFound("There is no such webhook.")
    return parsed


def _when(moment: datetime | None) -> str | None:
    return iso(moment) if moment else None
