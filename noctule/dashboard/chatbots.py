"""The chatbots of an organization: the list, making one, connecting it until its first conversation arrives, archiving it."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from noctule import analysis, chatbots, conversations, demo
from noctule.accounts import Member
from noctule.analysis import Day
from noctule.base.db import Db
from noctule.base.errors import Invalid
from noctule.chatbots import Chatbot, ChatbotId
from noctule.conversations import Conversation, Standing
from noctule.dashboard import charts
from noctule.dashboard.charts import Part
from noctule.dashboard.forms import Form, InForm, refused
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.newkey import forget, hand_over, handed_over
from noctule.dashboard.period import Period, recent
from noctule.dashboard.rendering import render
from noctule.dashboard.tally import Tally
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import address_of, chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED)
COUNTED = 10_000  # exactly; counting on would cost more than it tells
_DAYS = 30


@dataclass(frozen=True)
class ChatbotRow:
    chatbot: Chatbot
    conversations: str
    lately: int  # conversations of the last days
    spark: Markup
    feeling: Markup | None  # none: nothing of these days has been judged
    negative: str
    last_message_at: datetime | None

    @property
    def href(self) -> str:
        return f"/b/{self.chatbot.id}/{'overview' if self.last_message_at else 'connect'}"


@dataclass(frozen=True)
class HomePage:
    member: Member
    days: int
    rows: list[ChatbotRow]
    may_create: bool
    may_load_demo: bool


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
    known = await chatbots.chatbots_of(db, member.org_id)
    ids = [one.id for one in known]
    periods = {one.id: _lately(one, db.now) for one in known}
    standings = await conversations.standings_of(db, ids, most=COUNTED + 1)
    first = min((one.first for one in periods.values()), default=db.now.date())
    last = max((one.last for one in periods.values()), default=first)
    days = await analysis.days_between(db, ids, first=first, last=last)
    rows = [_row(one, standings[one.id], days, period=periods[one.id]) for one in known]
    page = HomePage(member, _DAYS, rows, may_change(member), may_load_demo=member.role == "owner")
    return render(request, "chatbots/home.html", page)


@router.post("/demo")
async def load_demo(member: InMember, db: InTransaction) -> Response:
    await demo.load(db, member)
    return RedirectResponse("/jobs", 303)


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
    return RedirectResponse(f"/b/{chatbot_in(chatbot_id)}/overview", 303)


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
    return _some(await conversations.count_up_to(db, chatbot_id, COUNTED + 1))


def _some(count: int, at_least: int = 0) -> str:
    """Exactly, or a number of thousands that it surely is."""
    return f"{max(COUNTED, at_least) // 1000}k+" if count > COUNTED else f"{count:,}"


def _lately(chatbot: Chatbot, now: datetime) -> Period:
    """Of its own calendar: today is not the same day everywhere."""
    today = chatbot.calendar.day_of(now)
    return recent(Period(today, today, calendar=chatbot.calendar), _DAYS, today)


def _row(chatbot: Chatbot, standing: Standing, everyone: list[Day], *, period: Period) -> ChatbotRow:
    days = [one for one in everyone if one.chatbot_id == chatbot.id and period.first <= one.day <= period.last]
    whole, by_day = Tally.of(days), {day.day: day.conversations for day in days}
    parts = [
        ("pos", "positive", whole.positive),
        ("neu", "neutral", whole.neutral),
        ("neg", "negative", whole.negative),
    ]
    said = ", ".join(f"{count:,} {word}" for _, word, count in parts)
    return ChatbotRow(
        chatbot,
        _some(standing.conversations, whole.conversations),
        whole.conversations,
        spark=charts.spark([by_day.get(day, 0) for day in period.dates]),
        feeling=charts.mix([Part(tone, count) for tone, _, count in parts], said) if whole.judged else None,
        negative=f"{whole.negative / whole.judged:.0%}" if whole.judged else "",
        last_message_at=standing.last_message_at,
    )


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
