"""Correcting what was judged, where it is read: a form with what holds now, and the way back.

Only what somebody changed is a correction: each choice comes with what it was when the page was made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Response

from noctule import analysis, chatbots
from noctule.analysis import ConversationJudgement, Correction
from noctule.base.db import Db
from noctule.chatbots import Chatbot
from noctule.dashboard.forms import InForm
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.remarks import back_to, conversation_in
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.services import InTransaction

router = APIRouter(
    prefix="/b/{chatbot_id}/conversations/{conversation_id}/corrections",
    include_in_schema=False,
    route_class=CredentialsFirst,
    dependencies=FRAMED,
)
_FLAG = "flags."
_YES_NO = {True: "yes", False: "no", None: ""}


@dataclass(frozen=True)
class Asked:
    """One choice of the form."""

    signal: str
    label: str
    now: str  # as a form sends it
    options: list[tuple[str, str]]  # value and words; none: to be written


@dataclass(frozen=True)
class Corrected:
    correction: Correction
    otherwise: str  # what would be said without it, in words
    by_caller: bool  # who would say so


@dataclass(frozen=True)
class Correcting:
    """What the reader shows of corrections."""

    known: dict[str, Corrected]  # by signal
    asked: list[Asked]
    flags: list[tuple[str, bool]]  # those that may be set, and whether they hold


async def correcting(db: Db, chatbot: Chatbot, judgement: ConversationJudgement | None) -> Correcting:
    if judgement is None:
        return Correcting({}, [], [])
    ours = await analysis.corrections_of(db, chatbot.id, [judgement.conversation_id])
    known = {
        one.signal: Corrected(one, _otherwise(judgement, one.signal), one.signal in judgement.by_caller)
        for one in ours.get(judgement.conversation_id, [])
    }
    own = chatbots.analysis_in(chatbot.settings.get("analysis")).flag_definitions
    holding = {flag["name"] for flag in judgement.flags}
    flags = [(name, name in holding) for name in sorted({*analysis.FLAGS, *own, *holding})]
    return Correcting(known, _asked(judgement), flags)


@router.post("")
async def correct(chatbot_id: str, conversation_id: str, member: InMember, db: InTransaction, sent: InForm) -> Response:
    found = await conversation_in(db, member, chatbot_id, conversation_id=conversation_id)
    member.must_be("admin")
    if said := _changed(sent):
        await analysis.correct(db, member, found.chatbot_id, conversation_id=found.id, said=said)
    return back_to(found, sent)


@router.post("/{signal}/take-back")
async def take_back(
    chatbot_id: str, conversation_id: str, signal: str, member: InMember, db: InTransaction, *, sent: InForm
) -> Response:
    found = await conversation_in(db, member, chatbot_id, conversation_id=conversation_id)
    await analysis.take_back(db, member, found.chatbot_id, conversation_id=found.id, signal=signal)
    return back_to(found, sent)


def _asked(judgement: ConversationJudgement) -> list[Asked]:
    intents = sorted({*analysis.INTENTS, judgement.intent or "other"})
    return [
        Asked("sentiment", "Sentiment", analysis.said_of(judgement, "sentiment") or "", _words(analysis.LABELS)),
        Asked("outcome", "Outcome", judgement.outcome or "", _words(analysis.OUTCOMES)),
        Asked("intent", "Intent", judgement.intent or "", _words(intents)),
        Asked("escalated", "Escalated", _YES_NO[judgement.escalated], _words(("yes", "no"))),
        Asked("language", "Language", judgement.language or "", []),
    ]


def _words(values: Any) -> list[tuple[str, str]]:
    return [(one, one[:1].upper() + one[1:].replace("_", " ")) for one in values]


def _otherwise(judgement: ConversationJudgement, signal: str) -> str:
    said = judgement.by_human.get(signal)
    if signal.startswith(_FLAG):
        return "yes" if said else "no"
    if said is None:
        return "nothing"
    if signal == "sentiment":
        return analysis.label(said)
    return _YES_NO[said] if isinstance(said, bool) else str(said).replace("_", " ")


def _changed(sent: Mapping[str, str]) -> dict[str, Any]:
    """By signal, as an operation wants it."""
    said: dict[str, Any] = {}
    for name, before in sent.items():
        signal, mark, _ = name.partition(":was")
        now = sent.get(signal, "").strip()
        if not mark or now == before:
            continue
        if signal.startswith(_FLAG):
            said[signal] = now == "on"
        elif now:
            said[signal] = now == "yes" if signal == "escalated" else now
    return said
