"""The conversations of a chatbot, the latest first unless another order is asked for, and beside them the one that is being read."""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from noctule import analysis, chatbots
from noctule.accounts import Member
from noctule.analysis import Narrowing
from noctule.base.db import Db
from noctule.base.errors import Invalid
from noctule.base.text import storable
from noctule.chatbots import Chatbot
from noctule.conversations import ConversationId
from noctule.dashboard.adding import Adding, adding_of, sent_address
from noctule.dashboard.addresses import Choice, address
from noctule.dashboard.chatbots import COUNTED, counted
from noctule.dashboard.columns import Cell, Columns, cells_of, chosen, columns_of, written
from noctule.dashboard.conditions import Condition, conditions_of
from noctule.dashboard.forms import InForm
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.leaves import Leaf, leaf_of
from noctule.dashboard.narrowing import Asked, asked_in
from noctule.dashboard.period import PRESETS
from noctule.dashboard.reading import Reading, Stretch, reading_of
from noctule.dashboard.rendering import render
from noctule.dashboard.rows import ConversationRow, rows_of
from noctule.dashboard.sorting import Orders, orders_of, sorting_in
from noctule.dashboard.transcript import address_now
from noctule.dashboard.views import Shelf, shelf_of
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import address_of, chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(prefix="/b/{chatbot_id}", include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED)
_READ = 50  # messages beside the list; the page of the conversation has all
_REVIEWED = analysis.Condition("reviewed", "is", "true")
_KEPT = ("range", "from", "to", "f", "sort")  # of an address, when other columns are chosen
_TO_REVIEW = analysis.Condition("reviewed", "is", "false")


@dataclass(frozen=True)
class Dates:
    """Which days conversations began on: presets, or two dates."""

    ranges: list[Choice]
    first: date | str
    last: date | str
    today: date


@dataclass(frozen=True)
class Pages:
    back: str  # the address of the page before; empty when there is none
    on: str  # and of the page after
    first: bool  # this is the top of the list
    fresh: bool  # what arrives comes on top; in another order it would shift what one reads


@dataclass(frozen=True)
class ListPage:
    member: Member
    chatbot: Chatbot
    base_url: str
    here_now: str
    top: str  # the address of the top of this list
    rows: list[ConversationRow]
    columns: Columns
    choosing: bool  # the menu of columns is open
    cells: dict[ConversationId, list[Cell]]
    total: str
    orders: Orders
    pages: Pages
    moods: list[Choice]
    dates: Dates
    reviewing: list[Choice]
    adding: Adding
    conditions: list[Condition]
    problems: tuple[str, ...]
    reading: Reading | None
    shelf: Shelf
    exports: list[Choice]
    closed: str  # the address without the one that is being read


@router.get("/conversations")
async def list_conversations(
    request: Request,
    chatbot_id: str,
    member: InMember,
    db: InTransaction,
    *,
    after: str = "",
    before: str = "",
    c: str = "",
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    custom = await chatbots.accepted_fields(db, chatbot.id)
    today = chatbot.calendar.day_of(db.now)
    columns = await columns_of(db, member, chatbot, request.query_params)
    sorting = sorting_in(request.query_params, columns)
    asked = asked_in(request.query_params, today, custom, calendar=chatbot.calendar)
    asked = replace(asked, cols=columns.cols, sort=sorting.text)
    narrowing, path = asked.narrowing(chatbot.id, custom), f"/b/{chatbot.id}/conversations"
    after, before = ("", "") if sorting.problem else (after, before)  # a place is one of the order that was asked for
    leaf = await leaf_of(db, chatbot.id, narrowing, sorting=sorting, after=after, before=before)
    sent = sent_address(request)
    if sent or (before and leaf.first):
        return RedirectResponse(sent or address(path, asked.query), 303)
    closed = address(path, asked.query, {"before": before} if before else {"after": after})
    rows = await rows_of(db, chatbot, leaf.shown, base=closed)
    page = ListPage(
        member,
        chatbot,
        address_of(request),
        here_now=address_now(request),
        top=address(path, asked.query),
        rows=rows,
        columns=columns,
        choosing=request.query_params.get("edit") == "columns",
        cells=await cells_of(db, chatbot, rows, columns),
        total=await _total(db, chatbot, narrowing),
        orders=orders_of(sorting, columns, asked, path=path),
        pages=_pages(leaf, asked),
        moods=_moods(path, asked),
        dates=_dates(path, asked, today),
        reviewing=_reviewing(path, asked),
        adding=await adding_of(db, chatbot, asked, path=path, query=request.query_params),
        conditions=await conditions_of(db, chatbot, asked, path=path),
        problems=(*asked.problems, *columns.problems, *filter(None, [sorting.problem])),
        reading=await reading_of(db, chatbot, c, stretch=Stretch(), most=_READ) if c else None,
        shelf=await shelf_of(db, member, chatbot, page="conversations", query=asked.query),
        exports=_exports(path, replace(asked, sort="")),
        closed=closed,
    )
    return render(request, "conversations/list.html", page)


@router.post("/conversations/columns")
async def choose_columns(chatbot_id: str, member: InMember, db: InTransaction, sent: InForm) -> Response:
    """Kept for whoever chose them, and in the address, so that it can be handed on."""
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    names = None if "reset" in sent else chosen(sent)
    if any(storable(name) for name in names or ()):
        raise Invalid.field("columns", "cannot be stored")
    await chatbots.keep_columns(db, member, chatbot.id, names or None)
    rest = {name: values for name, values in parse_qs(sent.get("query", "")).items() if name in _KEPT}
    moving = {"edit": "columns"} if "up" in sent or "down" in sent else {}
    return RedirectResponse(
        address(f"/b/{chatbot.id}/conversations", rest, {"cols": written(names or ())}, moving), 303
    )


def _pages(leaf: Leaf, asked: Asked) -> Pages:
    back = address("", {"before": leaf.back}, asked.query) if leaf.back else ""
    on = address("", {"after": leaf.on}, asked.query) if leaf.on else ""
    return Pages(back, on, leaf.first, fresh=leaf.first and not asked.sort)


async def _total(db: Db, chatbot: Chatbot, narrowing: Narrowing) -> str:
    whole = await counted(db, chatbot.id)
    if narrowing == Narrowing():
        return whole
    count = await analysis.count_matching(db, chatbot.id, narrowing, most=COUNTED + 1)
    return f"{'10k+' if count > COUNTED else f'{count:,}'} of {whole}"


def _moods(path: str, asked: Asked) -> list[Choice]:
    moods = [("All", None), ("Positive", "positive"), ("Neutral", "neutral"), ("Negative", "negative")]
    return [
        Choice(label, address(path, replace(asked, sentiment=mood).query), asked.sentiment == mood)
        for label, mood in moods
    ]  # fmt: skip


def _dates(path: str, asked: Asked, today: date) -> Dates:
    rest = replace(asked, period=None).query
    here = asked.period.preset if asked.period else None
    ranges = [
        Choice("Any time", address(path, rest), not asked.period),
        *(Choice(f"{days} days", address(path, {"range": name}, rest), here == name) for name, days in PRESETS.items()),
    ]
    first, last = (asked.period.first, asked.period.last) if asked.period else ("", today)
    return Dates(ranges, first, last, today)


def _reviewing(path: str, asked: Asked) -> list[Choice]:
    rest = tuple(one for one in asked.others if one.field != "reviewed")
    here = {str(one) for one in asked.others} - {str(one) for one in rest}
    choices = [("Reviewed or not", None), ("Not reviewed", _TO_REVIEW), ("Reviewed", _REVIEWED)]
    return [
        Choice(
            words,
            address(path, replace(asked, others=(*rest, one) if one else rest).query),
            here == ({str(one)} if one else set()),
        )
        for words, one in choices
    ]


def _exports(path: str, asked: Asked) -> list[Choice]:
    """Of everything that fits, all pages of it, in the order in which they came."""
    files = {
        "table": "CSV of these columns", "csv": "CSV, a row for each message", "jsonl": "JSON lines, with everything",
    }  # fmt: skip
    return [
        Choice(words, address(f"{path}/export", asked.query, {"kind": kind}), here=False)
        for kind, words in files.items()
    ]
