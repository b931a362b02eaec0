"""The conversations of a chatbot, the latest first."""

from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from noctule import analysis, chatbots, conversations
from noctule.accounts import Member
from noctule.analysis import ConversationJudgement
from noctule.base.clock import in_utc
from noctule.base.db import Db
from noctule.base.errors import Invalid
from noctule.base.ids import parse_id
from noctule.chatbots import Chatbot, ChatbotId
from noctule.conversations import Conversation, ConversationId
from noctule.dashboard.chatbots import counted
from noctule.dashboard.rendering import render, short
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import address_of, chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(prefix="/b/{chatbot_id}", include_in_schema=False, route_class=CredentialsFirst)
_PAGE = 25


@dataclass(frozen=True)
class ConversationRow:
    conversation: Conversation
    title: str
    judgement: ConversationJudgement | None


@dataclass(frozen=True)
class ListPage:
    member: Member
    chatbot: Chatbot
    base_url: str
    rows: list[ConversationRow]
    total: str
    newer: str | None  # before this place are the newer ones
    older: str | None  # after this place are the older ones
    latest: bool  # this is the top of the list


@router.get("/conversations")
async def list_conversations(
    request: Request, chatbot_id: str, member: InMember, db: InTransaction, *, after: str = "", before: str = ""
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    found = await (_newer(db, chatbot.id, before) if before else _older(db, chatbot.id, after))
    if before and len(found) <= _PAGE:  # so few that they are the top of the list
        return RedirectResponse(f"/b/{chatbot.id}/conversations", 303)
    shown = found[1:] if before else found[:_PAGE]
    page = ListPage(
        member,
        chatbot,
        address_of(request),
        await _rows(db, chatbot.id, shown),
        total=await counted(db, chatbot.id),
        newer=_place_of(shown[0]) if shown and (before or after) else None,
        older=_place_of(shown[-1]) if len(found) > _PAGE else None,
        latest=not (before or after),
    )
    return render(request, "conversations/list.html", page)


def title_of(conversation: Conversation, words: str | None) -> str:
    """Its own title, or what the user said first."""
    return short(conversation.title or words or "", 118) or short(conversation.external_id, 118)


async def _older(db: Db, chatbot_id: ChatbotId, after: str) -> list[Conversation]:
    moment, place = _cursor("after", after) if after else (None, None)
    return await conversations.conversations_before(
        db, chatbot_id, moment=moment, conversation_id=place, limit=_PAGE + 1
    )


async def _newer(db: Db, chatbot_id: ChatbotId, before: str) -> list[Conversation]:
    """Also the latest first; the one more than a page, if there is one, comes first."""
    moment, place = _cursor("before", before)
    found = await conversations.conversations_after(
        db, chatbot_id, moment=moment, conversation_id=place, limit=_PAGE + 1
    )
    return found[::-1]


async def _rows(db: Db, chatbot_id: ChatbotId, shown: list[Conversation]) -> list[ConversationRow]:
    ids = [one.id for one in shown]
    opening = {one.conversation_id: one.content for one in await conversations.opening_words(db, chatbot_id, ids)}
    judgements = await analysis.judgements_of(db, chatbot_id, ids)
    return [ConversationRow(one, title_of(one, opening.get(one.id)), judgements.get(one.id)) for one in shown]


def _place_of(conversation: Conversation) -> str:
    return f"{in_utc(conversation.last_message_at).isoformat()}_{conversation.id}"


def _cursor(name: str, value: str) -> tuple[datetime, ConversationId]:
    """A place in the list, from which to go on. Raises Invalid."""
    moment, _, place = value.partition("_")
    parsed = parse_id(place)
    try:
        read = datetime.fromisoformat(moment)
        in_utc = read.astimezone(UTC) if read.tzinfo else None
    except (ValueError, OverflowError):  # no time, or one before the year 1 or after 9999 in UTC
        in_utc = None
    if parsed is None or in_utc is None:
        raise Invalid.field(name, "is not a place in this list")
    return in_utc, ConversationId(parsed)
