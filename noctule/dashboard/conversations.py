"""Reading conversations: the list, and one transcript with what the analysers say of it."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request, Response

from noctule import analysis, chatbots, conversations
from noctule.accounts import Member
from noctule.analysis import ConversationJudgement, MessageJudgement
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import parse_id
from noctule.chatbots import Chatbot
from noctule.conversations import Conversation, ConversationId, Message
from noctule.dashboard.chatbots import address_of, chatbot_in
from noctule.dashboard.highlight import Piece, pieces_of
from noctule.dashboard.rendering import render
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.services import InTransaction

router = APIRouter(prefix="/b/{chatbot_id}", include_in_schema=False, route_class=CredentialsFirst)
_PAGE = 25
_COUNTED = 10_000


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
    pending: bool  # something has been said that nobody has judged yet
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
    ids = [conversation.id for conversation in shown]
    opening = {
        message.conversation_id: message.content for message in await conversations.opening_words(db, chatbot.id, ids)
    }
    judgements = await analysis.judgements_of(db, chatbot.id, ids)
    rows = [ConversationRow(one, title_of(one, opening.get(one.id)), judgements.get(one.id)) for one in shown]
    total = await conversations.count_up_to(db, chatbot.id, _COUNTED + 1)
    page = ListPage(
        member, chatbot, address_of(request), rows, "10k+" if total > _COUNTED else f"{total:,}",
        f"{shown[-1].last_message_at.isoformat()}_{shown[-1].id}" if more else None, after is None,
    )  # fmt: skip
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
    messages = await conversations.messages_of(db, chatbot.id, [conversation.id])
    judgement = (await analysis.judgements_of(db, chatbot.id, [conversation.id])).get(conversation.id)
    judged = {one.message_id: one for one in await analysis.message_judgements_of(db, chatbot.id, conversation.id)}
    said = [Said(one, judged.get(one.id), pieces_of(one.content, judged.get(one.id))) for one in messages]
    first_words = next((message.content for message in messages if message.role == "user"), None)
    page = TranscriptPage(
        member, chatbot, conversation, title_of(conversation, first_words), judgement,
        analysis.label(judgement.sentiment) if judgement and judgement.sentiment is not None else None,
        judgement is None or judgement.messages_judged < conversation.message_count, said, _details(conversation),
    )  # fmt: skip
    return render(request, "conversations/show.html", page)


def title_of(conversation: Conversation, words: str | None) -> str:
    """What the user said first, until something better names a conversation."""
    line = " ".join((words or "").split())
    return (line[:117] + "…" if len(line) > 118 else line) or conversation.external_id


def _cursor(after: str | None) -> tuple[datetime | None, ConversationId | None]:
    """The place in the list after which to go on. Raises Invalid."""
    if after is None:
        return None, None
    moment, _, place = after.partition("_")
    parsed = parse_id(place)
    try:
        read = datetime.fromisoformat(moment)
    except ValueError:
        read = None
    if parsed is None or read is None or read.tzinfo is None:
        raise Invalid.field("after", "is not a place in this list")
    return read, ConversationId(parsed)


def _details(conversation: Conversation) -> list[tuple[str, list[tuple[str, object]]]]:
    parts = {
        "User": conversation.person,
        "Organization": conversation.organization,
        "Session": conversation.session,
        "Custom fields": conversation.custom,
    }
    return [(name, list(part.items())) for name, part in parts.items() if part]
