"""The chatbots of an organization: the list, making one, connecting it until its first conversation arrives, archiving it."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from noctule import chatbots, conversations
from noctule.accounts import Member
from noctule.base.db import Db
from noctule.base.errors import Invalid
from noctule.chatbots import Chatbot, ChatbotId
from noctule.conversations import Conversation
from noctule.dashboard.forms import Form, InForm, refused
from noctule.dashboard.newkey import forget, hand_over, handed_over
from noctule.dashboard.rendering import render
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import address_of, chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(include_in_schema=False, route_class=CredentialsFirst)
_COUNTED = 10_000


@dataclass(frozen=True)
class ChatbotRow:
    chatbot: Chatbot
    conversations: str
    last_message_at: datetime | None


@dataclass(frozen=True)
class HomePage:
    member: Member
    rows: list[ChatbotRow]
    may_create: bool


@dataclass(frozen=True)
class NewChatbotPage:
    member: Member
    form: Form
    may_create: bool


@dataclass(frozen=True)
class ConnectPage:
    member: Member
    chatbot: Chatbot
    key: str | None  # in full only once, right after it was made
    base_url: str
    latest: Conversation | None  # none yet: waiting
    may_change: bool


@router.get("/")
async def home(request: Request, member: InMember, db: InTransaction) -> Response:
    rows: list[ChatbotRow] = []
    for chatbot in await chatbots.chatbots_of(db, member.org_id):
        latest = await _latest(db, chatbot.id)
        last_message_at = latest.last_message_at if latest else None
        rows.append(ChatbotRow(chatbot, await counted(db, chatbot.id), last_message_at))
    return render(request, "chatbots/home.html", HomePage(member, rows, may_change(member)))


@router.get("/chatbots/new")
async def new_chatbot(request: Request, member: InMember) -> Response:
    return render(request, "chatbots/new.html", NewChatbotPage(member, Form(), may_change(member)))


@router.post("/chatbots/new")
async def create_chatbot(request: Request, member: InMember, db: InTransaction, sent: InForm) -> Response:
    try:
        chatbot, key = await chatbots.create(db, member, sent.get("name", ""))
    except Invalid as error:
        page = NewChatbotPage(member, refused(sent, error), may_change(member))
        return render(request, "chatbots/new.html", page, status=422)
    return hand_over(request, _connect_page(chatbot.id), key)


@router.get("/b/{chatbot_id}")
async def enter(chatbot_id: str) -> Response:
    return RedirectResponse(f"/b/{chatbot_in(chatbot_id)}/conversations", 303)


@router.get("/b/{chatbot_id}/connect")
async def connect(request: Request, chatbot_id: str, member: InMember, db: InTransaction) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    key = handed_over(request)
    shown = key if key and await chatbots.opens(db, chatbot.id, key) else None
    page = _connect(request, member, chatbot, key=shown, latest=await _latest(db, chatbot.id))
    response = render(request, "chatbots/connect.html", page)
    forget(request, response, _connect_page(chatbot.id))
    return response


@router.get("/b/{chatbot_id}/rotate-key")
async def ask_rotation(request: Request, chatbot_id: str, member: InMember, db: InTransaction) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    page = _connect(request, member, chatbot, key=None, latest=None)
    return render(request, "chatbots/rotate.html", page)


@router.post("/b/{chatbot_id}/rotate-key")
async def rotate_key(request: Request, chatbot_id: str, member: InMember, db: InTransaction) -> Response:
    chatbot, key = await chatbots.rotate_key(db, member, chatbot_in(chatbot_id))
    return hand_over(request, _connect_page(chatbot.id), key)


@router.post("/b/{chatbot_id}/archive")
async def archive(chatbot_id: str, member: InMember, db: InTransaction) -> Response:
    chatbot = await chatbots.archive(db, member, chatbot_in(chatbot_id))
    return RedirectResponse(f"/b/{chatbot.id}/connect", 303)


@router.post("/b/{chatbot_id}/restore")
async def restore(chatbot_id: str, member: InMember, db: InTransaction) -> Response:
    chatbot = await chatbots.restore(db, member, chatbot_in(chatbot_id))
    return RedirectResponse(f"/b/{chatbot.id}/connect", 303)


async def counted(db: Db, chatbot_id: ChatbotId) -> str:
    """How many conversations, exactly while that is cheap."""
    count = await conversations.count_up_to(db, chatbot_id, _COUNTED + 1)
    return "10k+" if count > _COUNTED else f"{count:,}"


def may_change(member: Member) -> bool:
    return member.role in ("owner", "admin")


def _connect_page(chatbot_id: ChatbotId) -> str:
    return f"/b/{chatbot_id}/connect"


def _connect(
    request: Request, member: Member, chatbot: Chatbot, *, key: str | None, latest: Conversation | None
) -> ConnectPage:
    return ConnectPage(member, chatbot, key, address_of(request), latest, may_change(member))


async def _latest(db: Db, chatbot_id: ChatbotId) -> Conversation | None:
    found = await conversations.conversations_before(db, chatbot_id, moment=None, conversation_id=None, limit=1)
    return found[0] if found else None
