"""How conversations went: outcomes, intents, behaviours, quality, flags, frustrations, and where they came from. Every number
leads to its conversations, and whatever narrows the list of conversations narrows these pages.
"""

from dataclasses import dataclass, replace
from datetime import date

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import QueryParams

from noctule import analysis, chatbots
from noctule.analysis import Breakdown, Days, Scope
from noctule.base.db import Db
from noctule.base.errors import NotFound
from noctule.chatbots import Chatbot
from noctule.dashboard.adding import Adding, adding_of, sent_address
from noctule.dashboard.addresses import Choice, Query, address
from noctule.dashboard.conditions import Condition, conditions_of
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.gauges import Gauge, analysed, resolved, unhappy
from noctule.dashboard.narrowing import Asked, asked_in
from noctule.dashboard.period import usual
from noctule.dashboard.rendering import render
from noctule.dashboard.steering import Steering, steering_of
from noctule.dashboard.tally import FEW, Figure, LineChart
from noctule.dashboard.wentrows import Place, Quote, Table, UserRow, gauge_of, quotes_of, table_of, users_of
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(
    prefix="/b/{chatbot_id}/went", include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED
)
_QUOTES, _USERS = 8, 8


@dataclass(frozen=True)
class Part:
    """A tab: by which names its conversations are divided, each with the caption of its table."""

    label: str
    names: dict[str, str]
    nothing: str  # what to say then


_PARTS = {
    "outcomes": Part("Outcome", {"outcome": "Outcome"}, "No conversation of these days has an outcome yet."),
    "intents": Part("Intents", {"intent": "What users wanted"}, "Of no conversation of these days it is known what was wanted."),
    "behaviors": Part("Behaviour", {"behavior": "What the assistant did"}, "No answer of these days has been judged."),
    "quality": Part("Quality", {"quality": "Marks of answers"}, "No answer of these days has been marked."),
    "flags": Part("Flags", {"flags": "What users showed"}, "Nothing was flagged in these days."),
    "frustrations": Part("Frustrations", {"topic": "Topic", "intent": "Intent"}, "Nobody ended unhappy in these days."),
    "audience": Part(
        "Where from",
        {"language": "Language", "country": "Country", "device": "Device", "plan": "Plan"},
        "Nothing is known of where these conversations came from.",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class WentPage:
    chatbot: Chatbot
    part: str
    title: str
    nothing: str
    tabs: list[Choice]
    steering: Steering
    adding: Adding
    conditions: list[Condition]
    problems: tuple[str, ...]
    figures: list[Figure]
    chart: LineChart | None
    chosen: Choice | None  # only those that the chart shows
    evidence: str  # the conversations behind the chart
    tables: list[Table]
    quotes: list[Quote]
    users: list[UserRow]
    coverage: str
    few: bool
    path: str


@router.get("")
@router.get("/{part}")
async def went(
    request: Request, chatbot_id: str, *, part: str = "outcomes", member: InMember, db: InTransaction, show: str = ""
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    if part not in _PARTS:
        raise NotFound("There is no such page.")
    if sent := sent_address(request):
        return RedirectResponse(sent, 303)
    custom = await chatbots.accepted_fields(db, chatbot.id)
    today = chatbot.calendar.day_of(db.now)
    asked = asked_in(request.query_params, today, custom, calendar=chatbot.calendar)
    period = asked.period or usual(request.query_params, today, chatbot.calendar)
    place = Place(chatbot.id, part, period, replace(asked, period=period))
    scope = Scope(chatbot.id, Days(period.first, period.last), asked.conditions(chatbot.id, custom))
    page = await _page(db, chatbot, scope, place=place, show=show, today=today, query=request.query_params)
    return render(request, "went/show.html", page)


async def _page(
    db: Db, chatbot: Chatbot, scope: Scope, *, place: Place, show: str, today: date, query: QueryParams
) -> WentPage:
    kind = _PARTS[place.part]
    beside = ["failing"] if place.part == "quality" else ["unanswered", "escalated"] if place.part == "outcomes" else []
    found = await analysis.breakdowns(db, scope, [*kind.names, *beside])
    first = next(iter(found.values()))
    topics = {str(one.id): one.name for one in await analysis.topics_of(db, chatbot.id)} if "topic" in found else {}
    tables = [
        table_of(place, name, caption, found=found, show=show, topics=topics) for name, caption in kind.names.items()
    ]
    gauges = _gauges(found) if place.part == "outcomes" else []
    gauge = gauge_of(place, found, show, topics=topics) or _usual(gauges, tables, found, place=place, show=show)
    unhappy_too = place.part == "frustrations"
    return WentPage(
        chatbot,
        place.part,
        kind.label,
        kind.nothing,
        tabs=[Choice(one.label, place.to(part=key), here=key == place.part) for key, one in _PARTS.items()],
        steering=steering_of(place.path, place.period, today, rest={**place.rest, "show": show}),
        adding=await adding_of(
            db, chatbot, place.asked, path=place.path, query=query, rest={**place.period.query, "show": show}
        ),
        conditions=await _conditions(db, chatbot, place),
        problems=place.asked.problems,
        figures=[
            one.figure(place.period, href=place.to(show=one.key), here=gauge is not None and one.key == gauge.key)
            for one in gauges
        ],
        chart=gauge.line(place.period, today=today, basis=_basis(gauge, place)) if gauge else None,
        chosen=_narrower(place, gauge) if gauge else None,
        evidence=place.evidence(*gauge.conditions) if gauge else "",
        tables=[one for one in tables if one.rows],
        quotes=await quotes_of(db, scope, limit=_QUOTES) if unhappy_too else [],
        users=await users_of(db, scope, place, limit=_USERS) if unhappy_too else [],
        coverage=f"{first.whole.analysed:,} of {first.whole.conversations:,} conversations analysed",
        few=0 < first.whole.analysed < FEW,
        path=place.path,
    )


def _gauges(found: dict[str, Breakdown]) -> list[Gauge]:
    days = found["outcome"].by_day
    count = Gauge(
        "conversations", "Conversations", "Conversations per day", {day: (one.conversations, one.conversations) for day, one in days.items()},
        share=False,
    )  # fmt: skip
    return [
        resolved(days),
        unhappy(days),
        _switch(found["unanswered"], "Unanswered", "Share with a question that stayed unanswered"),
        _switch(found["escalated"], "Escalated", "Share that wanted or got a person"),
        count,
        analysed(days),
    ]


def _switch(found: Breakdown, label: str, title: str) -> Gauge:
    yes, no = found.part("true").by_day, found.part("false").by_day
    days = {
        day: (some, some + (no[day].conversations if day in no else 0))
        for day in {**yes, **no}
        for some in [yes[day].conversations if day in yes else 0]
    }
    return Gauge(label.lower(), label, title, days, good="down", conditions=(f"{label.lower()}:is:true",))


def _usual(
    gauges: list[Gauge], tables: list[Table], found: dict[str, Breakdown], *, place: Place, show: str
) -> Gauge | None:
    """What the line shows where nothing of the tables is chosen: a figure of the strip, or else the first row."""
    if gauges:
        return next((one for one in gauges if one.key == show), gauges[0])
    if place.part == "frustrations":
        return unhappy(found["topic"].by_day)
    row = next((row for table in tables for row in table.rows), None)
    return gauge_of(place, found, row.key, topics={}) if row else None


def _basis(gauge: Gauge, place: Place) -> str:
    part, whole = gauge.counted(place.period)
    return f"{part:,.0f} of {whole:,} conversations" if gauge.share and gauge.conditions else f"{whole:,} conversations"


def _narrower(place: Place, gauge: Gauge) -> Choice | None:
    """All of these pages for only the conversations of the line."""
    known = [str(one) for one in place.asked.query["f"]]
    new = [one for one in gauge.conditions if one not in known]
    if not new:
        return None
    rest: Query = {**place.rest, "f": [*known, *new]}
    return Choice("Only these", address(place.path, place.period.query, rest), here=False)


async def _conditions(db: Db, chatbot: Chatbot, place: Place) -> list[Condition]:
    asked: Asked = replace(place.asked, period=None)
    found = await conditions_of(db, chatbot, asked, path=place.path)
    days = place.period.query
    return [replace(one, without=_with_days(one.without, days)) for one in found]


def _with_days(href: str, days: Query) -> str:
    return f"{href}{'&' if '?' in href else '?'}{address('', days)[1:]}"
