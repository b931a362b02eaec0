"""A stretch of one conversation with what the analysers say of it, as its own page and the pane beside the list show it.

Nobody reads 100,000 messages on one page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from noctule import analysis, chatbots, conversations
from noctule.analysis import ConversationJudgement, MessageJudgement
from noctule.base.db import Db
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import parse_id
from noctule.chatbots import Chatbot
from noctule.conversations import (
    END,
    START,
    Conversation,
    ConversationId,
    Message,
    MessageId,
    Note,
    Place,
    Review,
    State,
)
from noctule.dashboard.corrections import Correcting, correcting
from noctule.dashboard.highlight import Piece, pieces_of
from noctule.dashboard.named import value_name
from noctule.dashboard.rendering import short

_AHEAD = 6  # messages before the one that is looked for
_FELL = 0.5  # from one message of the user to the next
_MARKED = 50  # chunks of one message
_LONGEST_EVIDENCE = 4000  # characters of one part
_VISITOR = {
    "browser": "Browser",
    "os": "System",
    "device": "Device",
    "language": "Language",
    "country": "Country",
    "region": "Region",
    "city": "City",
    "timezone": "Time zone",
    "referrer": "Came from",
}


@dataclass(frozen=True)
class Said:
    message: Message
    judgement: MessageJudgement | None
    pieces: list[Piece]
    unmarked: int  # chunks beyond those that are shown
    evidence: list[tuple[str, str]]
    turn: Literal["fell", "rose", ""]  # against what the user said before


@dataclass(frozen=True)
class Reading:
    conversation: Conversation
    title: str
    state: State
    judgement: ConversationJudgement | None
    label: str | None
    pending: bool  # something has been said that is still to be judged
    unjudged: bool  # by choice of whoever brought it in
    said: list[Said]
    earlier: MessageId | None  # before this message there are more
    later: MessageId | None  # after this message there are more
    details: list[tuple[str, list[tuple[str, object]]]]
    correcting: Correcting
    review: Review | None
    notes: list[Note]


@dataclass(frozen=True)
class Stretch:
    """Which part: after a message, before one, around one, or before the `end`; else from the start."""

    after: str = ""
    before: str = ""
    around: str = ""


@dataclass(frozen=True)
class _Found:
    messages: list[Message]
    earlier: bool
    later: bool


async def reading_of(db: Db, chatbot: Chatbot, conversation_id: str, *, stretch: Stretch, most: int) -> Reading:
    """Raises NotFound, or Invalid for a stretch that is not of this conversation."""
    parsed = parse_id(conversation_id)
    conversation = parsed and await conversations.conversation(db, [chatbot.id], ConversationId(parsed))
    if not conversation:
        raise NotFound("There is no such conversation.")
    found = await _found(db, conversation, stretch, most=most)
    return await _reading(db, chatbot, conversation, found=found)


def title_of(conversation: Conversation, words: str | None) -> str:
    """Its own title, or what the user said first."""
    return short(conversation.title or words or "", 118) or short(conversation.external_id, 118)


async def _found(db: Db, conversation: Conversation, asked: Stretch, *, most: int) -> _Found:
    if asked.before == "end":
        return await _up_to(db, conversation, END, most=most)
    if asked.before:
        place = await _place(db, conversation, "before", message_id=asked.before)
        return await _up_to(db, conversation, place, most=most)
    if asked.around:
        return await _onwards(db, conversation, await _shortly_before(db, conversation, asked.around), most=most)
    return await _onwards(db, conversation, await _place(db, conversation, "after", message_id=asked.after), most=most)


async def _shortly_before(db: Db, conversation: Conversation, message_id: str) -> Place:
    """So that what led to a message can be read as well."""
    place = await _place(db, conversation, "around", message_id=message_id)
    ahead = await conversations.messages_before(
        db, conversation.chatbot_id, conversation.id, place=place, limit=_AHEAD + 1
    )
    if len(ahead) <= _AHEAD:
        return START
    return await _place(db, conversation, "around", message_id=str(ahead[-1].id))


async def _onwards(db: Db, conversation: Conversation, place: Place, *, most: int) -> _Found:
    found = await conversations.messages_after(
        db, conversation.chatbot_id, conversation.id, place=place, limit=most + 1
    )
    return _Found(found[:most], earlier=place != START, later=len(found) > most)


async def _up_to(db: Db, conversation: Conversation, place: Place, *, most: int) -> _Found:
    found = await conversations.messages_before(
        db, conversation.chatbot_id, conversation.id, place=place, limit=most + 1
    )
    return _Found(found[:most][::-1], earlier=len(found) > most, later=place != END)


async def _place(db: Db, conversation: Conversation, name: str, *, message_id: str) -> Place:
    """Where a message stands; without one, at the start. Raises Invalid for one that is not of this conversation."""
    if not message_id:
        return START
    parsed = parse_id(message_id)
    place = parsed and await conversations.place_of(db, conversation.chatbot_id, conversation.id, MessageId(parsed))
    if not place:
        raise Invalid.field(name, "is not a message of this conversation")
    return place


async def _reading(db: Db, chatbot: Chatbot, conversation: Conversation, *, found: _Found) -> Reading:
    messages = found.messages
    opening = await conversations.opening_words(db, chatbot.id, [conversation.id])
    judgement = (await analysis.judgements_of(db, chatbot.id, [conversation.id])).get(conversation.id)
    judged = await analysis.message_judgements_of(db, chatbot.id, messages, most_chunks=_MARKED)
    awaited = judgement is not None or await conversations.awaits_analysis(db, chatbot.id, conversation.id)
    silence = chatbots.silence_in(chatbot.settings.get("lifecycle"))
    return Reading(
        conversation,
        title=title_of(conversation, opening[0].content if opening else None),
        state=conversations.state_of(conversation, silence, db.now),
        judgement=judgement,
        label=analysis.label(judgement.sentiment) if judgement and judgement.sentiment is not None else None,
        pending=awaited and _pending(conversation, judgement),
        unjudged=not awaited,
        said=_said(messages, [judged.get(message.id) for message in messages]),
        earlier=messages[0].id if messages and found.earlier else None,
        later=messages[-1].id if messages and found.later else None,
        details=_details(conversation),
        correcting=await correcting(db, chatbot, judgement),
        review=(await conversations.reviews_of(db, chatbot.id, [conversation.id])).get(conversation.id),
        notes=await conversations.notes_of(db, chatbot.id, conversation.id),
    )


def _said(messages: Sequence[Message], judgements: Sequence[MessageJudgement | None]) -> list[Said]:
    said: list[Said] = []
    felt: float | None = None
    for message, judgement in zip(messages, judgements, strict=True):
        turn = ""
        if judgement and judgement.sentiment is not None and message.role == "user":
            moved = 0.0 if felt is None else judgement.sentiment - felt
            turn = "fell" if moved <= -_FELL else "rose" if moved >= _FELL else ""
            felt = judgement.sentiment
        unmarked = max(0, judgement.chunks_found - len(judgement.chunks)) if judgement else 0
        pieces = pieces_of(message.content, judgement)
        said.append(Said(message, judgement, pieces, unmarked, evidence_of(message.evidence), turn))
    return said


def evidence_of(evidence: dict[str, Any] | None) -> list[tuple[str, str]]:
    """What a message came with, part by part, as text that a page can bear."""
    parts: list[tuple[str, str]] = []
    for name, value in (evidence or {}).items():
        if value in (None, "", [], {}):
            continue
        text = value if isinstance(value, str) else msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
        cut = len(text) - _LONGEST_EVIDENCE
        shown = text if cut <= 0 else f"{text[:_LONGEST_EVIDENCE]}\n… {cut:,} more characters; the JSON has them all"
        parts.append((name.replace("_", " "), shown))
    return parts


def _pending(conversation: Conversation, judgement: ConversationJudgement | None) -> bool:
    """A failure is said as it is: whether it is tried again does not depend on somebody who looks."""
    if judgement is None:
        return True
    return judgement.status == "done" and judgement.revision < conversation.revision


def _details(conversation: Conversation) -> list[tuple[str, list[tuple[str, object]]]]:
    parts = {
        "User": conversation.person,
        "Organization": conversation.organization,
        "Session": conversation.session,
        "Visitor": _visitor(conversation),
        "Custom fields": conversation.custom,
    }
    return [(name, list(part.items())) for name, part in parts.items() if part]


def _visitor(conversation: Conversation) -> dict[str, object]:
    """What the headers told, where the session does not say it itself."""
    told = {name: value for name, value in conversation.enrichment.items() if name not in conversation.session}
    if "browser" in told and "browser_version" in told:
        told["browser"] = f"{told['browser']} {told['browser_version']}"
    return {label: _named(name, told[name]) for name, label in _VISITOR.items() if name in told}


def _named(name: str, value: object) -> object:
    return value_name(name, value) if name in ("language", "country") and isinstance(value, str) else value
