"""Talking with one's own agent: what it answers and why, beside the settings that make it answer so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from noctule import agents, chatbots, conversations, knowledge
from noctule.accounts import Member
from noctule.agents import Asked, Calibration, Said
from noctule.base.db import Db
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import new_id, parse_id
from noctule.base.text import storable
from noctule.chatbots import COVERAGE, REFUSAL, Chatbot, agent_in
from noctule.conversations import Message
from noctule.dashboard.chatbots import may_change
from noctule.dashboard.forms import Form, InForm, refused
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.rendering import render
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InServices, InTransaction

router = APIRouter(prefix="/b/{chatbot_id}", include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED)
SOURCE = "playground"
_SHOWN = 40  # messages
_LONGEST = 2000
_LINES = {"initial": "initialMessages", "suggested": "suggestedMessages"}


@dataclass(frozen=True)
class Turn:
    role: str
    content: str
    said_at: datetime
    why: dict[str, Any] | None  # what the answer leaned on
    message: str
    thumb: int


@dataclass(frozen=True)
class PlaygroundPage:
    member: Member
    chatbot: Chatbot
    turns: list[Turn]
    conversation: str
    welcome: list[str]
    suggested: list[str]
    form: Form
    ask: Form
    calibration: Calibration | None
    taught: bool
    path: str
    may_change: bool
    saved: bool = False


@router.get("/playground")
async def playground(
    request: Request, chatbot_id: str, member: InMember, db: InTransaction, *, c: str = "", saved: str = ""
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    page = await _page(db, member, chatbot, conversation=c, form=Form(values_of(chatbot)), saved=bool(saved))
    return render(request, "agents/playground.html", page)


@router.post("/playground")
async def ask(request: Request, chatbot_id: str, member: InMember, services: InServices, sent: InForm) -> Response:
    """The answer is recorded like any other, under a channel of its own."""
    async with services.database.transaction() as db:
        chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
        question, conversation = sent.get("question", "").strip(), _name(sent.get("c", ""))
        problem = storable(question)
        if problem or not 1 <= len(question) <= _LONGEST:
            error = Invalid.field("question", problem or f"must have 1 to {_LONGEST:,} characters")
            page = await _page(
                db, member, chatbot, conversation=conversation, form=Form(values_of(chatbot)), ask=refused(sent, error)
            )
            return render(request, "agents/playground.html", page, status=422)
    name = conversation or str(new_id())
    asked = Asked(chatbot, [Said("user", question)], name, SOURCE, services.database.clock())
    exchange = await agents.ask(services.database, services.embedder, asked)
    await exchange.record(services.recorder, exchange.reply.text)
    return RedirectResponse(f"/b/{chatbot.id}/playground?c={name}#latest", 303)


@router.post("/playground/settings")
async def change_settings(
    request: Request, chatbot_id: str, member: InMember, db: InTransaction, sent: InForm
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    member.must_be("admin")
    try:
        await chatbots.change(db, member, chatbot.id, name=None, settings={"agent": _changes(sent)})
        await agents.note_change(db, chatbot.id)
    except Invalid as error:
        found = refused(sent, error)
        problems = {field.removeprefix("settings.agent."): words for field, words in found.problems.items()}
        page = await _page(db, member, chatbot, conversation="", form=Form(found.values, problems))
        return render(request, "agents/playground.html", page, status=422)
    return RedirectResponse(f"/b/{chatbot.id}/playground?saved=1", 303)


@router.post("/playground/rate")
async def rate(chatbot_id: str, member: InMember, db: InTransaction, sent: InForm) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    thumb = {"up": 1, "down": -1}.get(sent.get("thumb", ""))
    await agents.rate(db, member, chatbot, message=sent.get("message", ""), thumb=thumb)
    return RedirectResponse(f"/b/{chatbot.id}/playground?c={_name(sent.get('c', ''))}#latest", 303)


@router.post("/playground/revise")
async def revise(chatbot_id: str, member: InMember, db: InTransaction, sent: InForm) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    await agents.revise(db, member, chatbot, question=sent.get("asked", ""), expected=sent.get("answer", ""))
    return RedirectResponse(f"/b/{chatbot.id}/sources", 303)


def values_of(chatbot: Chatbot) -> dict[str, str]:
    """What holds now, said or not, as a form sends it."""
    own = agent_in(chatbot.settings)
    return {
        "instructions": own.instructions or "",
        "refusal": own.refusal or REFUSAL,
        "coverage": f"{(own.coverage or COVERAGE) * 100:.0f}",
        "temperature": f"{own.temperature or 0:g}",
        "public": "on" if own.visibility == "public" else "",
        "initial": "\n".join(own.initial_messages or ()),
        "suggested": "\n".join(own.suggested_messages or ()),
    }


def _changes(sent: dict[str, str]) -> dict[str, Any]:
    """Raises Invalid."""
    lines = {
        key: [line.strip() for line in sent.get(field, "").splitlines() if line.strip()]
        for field, key in _LINES.items()
    }
    refusal = sent.get("refusal", "").strip()
    return {
        "instructions": sent.get("instructions", "").strip() or None,
        "refusal": None if refusal in ("", REFUSAL) else refusal,
        "coverage": _number("coverage", sent.get("coverage", ""), COVERAGE * 100) / 100,
        "temperature": _number("temperature", sent.get("temperature", ""), 0),
        "visibility": "public" if sent.get("public") else "private",
        **lines,
    }


def _number(field: str, text: str, default: float) -> float:
    try:
        return float(text) if text.strip() else default
    except ValueError:
        raise Invalid.field(field, "must be a number") from None


def _name(text: str) -> str:
    return text if parse_id(text) else ""


async def _page(
    db: Db,
    member: Member,
    chatbot: Chatbot,
    *,
    conversation: str,
    form: Form,
    ask: Form | None = None,
    saved: bool = False,
) -> PlaygroundPage:
    own, name = agent_in(chatbot.settings), _name(conversation)
    taught = bool(await knowledge.learned(db, [chatbot.id]))
    return PlaygroundPage(
        member,
        chatbot,
        await _turns(db, chatbot, name) if name else [],
        name,
        list(own.initial_messages or ()),
        list(own.suggested_messages or ()),
        form,
        ask or Form(),
        await agents.calibration(db, chatbot.id),
        taught,
        f"/b/{chatbot.id}/playground",
        may_change(member),
        saved,
    )


async def _turns(db: Db, chatbot: Chatbot, name: str) -> list[Turn]:
    found = await conversations.conversation_named(db, chatbot.id, name)
    if found is None or found.source != SOURCE:
        raise NotFound("There is no such conversation.")
    latest = await conversations.messages_before(db, chatbot.id, found.id, place=conversations.END, limit=_SHOWN)
    thumbs = await agents.thumbs_of(db, chatbot.id, [found.id])
    return [_turn(message, thumbs.get(message.id, 0)) for message in reversed(latest)]


def _turn(message: Message, thumb: int) -> Turn:
    why = (message.evidence or {}).get("agent")
    return Turn(message.role, message.content, message.said_at, why, str(message.id), thumb)
