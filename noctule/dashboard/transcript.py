"""One conversation with what the analysers say of it, a stretch at a time: nobody reads 100,000 messages on one page."""

from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from noctule import analysis, chatbots, conversations
from noctule.accounts import Member
from noctule.analysis import ConversationJudgement, MessageJudgement
from noctule.base.db import Db
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import parse_id
from noctule.chatbots import Chatbot
from noctule.conversations import END, START, Conversation, ConversationId, Message, MessageId, Place
from noctule.dashboard.conversations import title_of
from noctule.dashboard.highlight import Piece, pieces_of
from noctule.dashboard.rendering import render
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(prefix="/b/{chatbot_id}/conversations/{conversation_id}", include_in_schema=False, route_class=CredentialsFirst)  # fmt: skip
_PAGE = 200
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


@dataclass(frozen=True)
class TranscriptPage:
    member: Member
    chatbot: Chatbot
    conversation: Conversation
    title: str
    judgement: ConversationJudgement | None
    label: str | None
    pending: bool  # something has been said that is still to be judged
    here_now: str  # the address of this stretch
    said: list[Said]
    earlier: MessageId | None  # before this message there are more
    later: MessageId | None  # after this message there are more
    details: list[tuple[str, list[tuple[str, object]]]]


@dataclass(frozen=True)
class _Asked:
    """Which part: after a message, before one, or before the `end`; else from the start."""

    after: str = ""
    before: str = ""


@dataclass(frozen=True)
class _Stretch:
    messages: list[Message]
    earlier: bool
    later: bool


@router.get("")
async def read_conversation(
    request: Request,
    chatbot_id: str,
    conversation_id: str,
    member: InMember,
    db: InTransaction,
    *,
    stretch: Annotated[_Asked, Depends()],
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    parsed = parse_id(conversation_id)
    conversation = parsed and await conversations.conversation(db, [chatbot.id], ConversationId(parsed))
    if not conversation:
        raise NotFound("There is no such conversation.")
    shown = await _stretch(db, conversation, stretch)
    if stretch.before and stretch.before != "end" and not shown.earlier:  # so few that they are the start of it
        return RedirectResponse(request.url.path, 303)
    page = await _page(db, member, chatbot, conversation=conversation, stretch=shown, here_now=_address(request))
    return render(request, "conversations/show.html", page)


async def _stretch(db: Db, conversation: Conversation, asked: _Asked) -> _Stretch:
    if asked.before == "end":
        return await _up_to(db, conversation, END)
    if asked.before:
        return await _up_to(db, conversation, await _place(db, conversation, "before", message_id=asked.before))
    return await _onwards(db, conversation, await _place(db, conversation, "after", message_id=asked.after))


async def _onwards(db: Db, conversation: Conversation, place: Place) -> _Stretch:
    found = await conversations.messages_after(
        db, conversation.chatbot_id, conversation.id, place=place, limit=_PAGE + 1
    )
    return _Stretch(found[:_PAGE], earlier=place != START, later=len(found) > _PAGE)


async def _up_to(db: Db, conversation: Conversation, place: Place) -> _Stretch:
    found = await conversations.messages_before(
        db, conversation.chatbot_id, conversation.id, place=place, limit=_PAGE + 1
    )
    return _Stretch(found[:_PAGE][::-1], earlier=len(found) > _PAGE, later=place != END)


async def _place(db: Db, conversation: Conversation, name: str, *, message_id: str) -> Place:
    """Where a message stands; without one, at the start. Raises Invalid for one that is not of this conversation."""
    if not message_id:
        return START
    parsed = parse_id(message_id)
    place = parsed and await conversations.place_of(db, conversation.chatbot_id, conversation.id, MessageId(parsed))
    if not place:
        raise Invalid.field(name, "is not a message of this conversation")
    return place


def _address(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


async def _page(
    db: Db, member: Member, chatbot: Chatbot, *, conversation: Conversation, stretch: _Stretch, here_now: str
) -> TranscriptPage:
    messages = stretch.messages
    opening = await conversations.opening_words(db, chatbot.id, [conversation.id])
    judgement = (await analysis.judgements_of(db, chatbot.id, [conversation.id])).get(conversation.id)
    judged = await analysis.message_judgements_of(db, chatbot.id, messages, most_chunks=_MARKED)
    return TranscriptPage(
        member,
        chatbot,
        conversation,
        title=title_of(conversation, opening[0].content if opening else None),
        judgement=judgement,
        label=analysis.label(judgement.sentiment) if judgement and judgement.sentiment is not None else None,
        pending=_pending(conversation, judgement),
        here_now=here_now,
        said=[_said(message, judged.get(message.id)) for message in messages],
        earlier=messages[0].id if messages and stretch.earlier else None,
        later=messages[-1].id if messages and stretch.later else None,
        details=_details(conversation),
    )


def _said(message: Message, judgement: MessageJudgement | None) -> Said:
    unmarked = max(0, judgement.chunks_found - len(judgement.chunks)) if judgement else 0
    return Said(message, judgement, pieces_of(message.content, judgement), unmarked, evidence_of(message.evidence))


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
    return {label: told[name] for name, label in _VISITOR.items() if name in told}
