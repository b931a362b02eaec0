"""Reading conversations: the list, and one transcript with what the analysers say of it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response

from noctule import analysis, chatbots, conversations
from noctule.accounts import Member
from noctule.analysis import ConversationJudgement, MessageJudgement
from noctule.base.clock import in_utc
from noctule.base.db import Db
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import parse_id
from noctule.chatbots import Chatbot, ChatbotId
from noctule.conversations import Conversation, ConversationId, Message
from noctule.dashboard.chatbots import address_of, counted
from noctule.dashboard.highlight import Piece, pieces_of
from noctule.dashboard.rendering import render
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
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
    after: str | None  # where the older ones begin
    latest: bool  # this is the top of the list


@dataclass(frozen=True)
class Said:
    message: Message
    judgement: MessageJudgement | None
    pieces: list[Piece]


@dataclass(frozen=True)
class TranscriptPage:
    member: Member
    chatbot: Chatbot
    conversation: Conversation
    title: str
    judgement: ConversationJudgement | None
    label: str | None
    pending: bool  # something has been said that is still to be judged
    said: list[Said]
    details: list[tuple[str, list[tuple[str, object]]]]


@router.get("/conversations")
async def list_conversations(
    request: Request, chatbot_id: str, member: InMember, db: InTransaction, after: str | None = None
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    moment, place = _cursor(after)
    found = await conversations.conversations_before(
        db, chatbot.id, moment=moment, conversation_id=place, limit=_PAGE + 1
    )
    shown, more = found[:_PAGE], len(found) > _PAGE
    rows, total = await _rows(db, chatbot.id, shown), await counted(db, chatbot.id)
    older = _place_of(shown[-1]) if more else None
    page = ListPage(member, chatbot, address_of(request), rows, total, older, after is None)
    return render(request, "conversations/list.html", page)


@router.get("/conversations/{conversation_id}")
async def read_conversation(
    request: Request, chatbot_id: str, conversation_id: str, member: InMember, db: InTransaction
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    parsed = parse_id(conversation_id)
    conversation = parsed and await conversations.conversation(db, [chatbot.id], ConversationId(parsed))
    if not conversation:
        raise NotFound("There is no such conversation.")
    page = await _transcript(db, member, chatbot, conversation=conversation)
    return render(request, "conversations/show.html", page)


def title_of(conversation: Conversation, words: str | None) -> str:
    """What the user said first, until something better names a conversation."""
    line = " ".join((words or "").split())
    return (line[:117] + "…" if len(line) > 118 else line) or conversation.external_id


async def _rows(db: Db, chatbot_id: ChatbotId, shown: list[Conversation]) -> list[ConversationRow]:
    ids = [one.id for one in shown]
    opening = {one.conversation_id: one.content for one in await conversations.opening_words(db, chatbot_id, ids)}
    judgements = await analysis.judgements_of(db, chatbot_id, ids)
    return [ConversationRow(one, title_of(one, opening.get(one.id)), judgements.get(one.id)) for one in shown]


async def _transcript(db: Db, member: Member, chatbot: Chatbot, *, conversation: Conversation) -> TranscriptPage:
    messages = await conversations.messages_of(db, chatbot.id, [conversation.id])
    judgement = (await analysis.judgements_of(db, chatbot.id, [conversation.id])).get(conversation.id)
    judged = {one.message_id: one for one in await analysis.message_judgements_of(db, chatbot.id, conversation.id)}
    return TranscriptPage(
        member,
        chatbot,
        conversation,
        title=title_of(conversation, next((message.content for message in messages if message.role == "user"), None)),
        judgement=judgement,
        label=analysis.label(judgement.sentiment) if judgement and judgement.sentiment is not None else None,
        pending=_pending(conversation, judgement),
        said=[Said(one, judged.get(one.id), pieces_of(one.content, judged.get(one.id))) for one in messages],
        details=_details(conversation),
    )


def _pending(conversation: Conversation, judgement: ConversationJudgement | None) -> bool:
    """A failure is said as it is: whether it is tried again does not depend on somebody who looks."""
    if judgement is None:
        return True
    return judgement.status == "done" and judgement.messages_judged < conversation.message_count


def _place_of(conversation: Conversation) -> str:
    return f"{in_utc(conversation.last_message_at).isoformat()}_{conversation.id}"


def _cursor(after: str | None) -> tuple[datetime | None, ConversationId | None]:
    """The place in the list after which to go on. Raises Invalid."""
    if after is None:
        return None, None
    moment, _, place = after.partition("_")
    parsed = parse_id(place)
    try:
        read = datetime.fromisoformat(moment)
        in_utc = read.astimezone(UTC) if read.tzinfo else None
    except (ValueError, OverflowError):  # no time, or one before the year 1 or after 9999 in UTC
        in_utc = None
    if parsed is None or in_utc is None:
        raise Invalid.field("after", "is not a place in this list")
    return in_utc, ConversationId(parsed)


def _details(conversation: Conversation) -> list[tuple[str, list[tuple[str, object]]]]:
    parts = {
        "User": conversation.person,
        "Organization": conversation.organization,
        "Session": conversation.session,
        "Custom fields": conversation.custom,
    }
    return [(name, list(part.items())) for name, part in parts.items() if part]
