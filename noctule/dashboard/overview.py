"""The morning page of a chatbot: how much, is it better, what needs somebody. Every number leads to its conversations."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from fastapi import APIRouter, Request, Response

from noctule import analysis, chatbots, conversations
from noctule.analysis import Day
from noctule.base.db import Db
from noctule.chatbots import Chatbot
from noctule.dashboard.addresses import Query, address
from noctule.dashboard.chatbots import address_of
from noctule.dashboard.conversations import Choice
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.period import PRESETS, Period, period_in, recent, usual
from noctule.dashboard.rendering import render
from noctule.dashboard.rows import ConversationRow, rows_of
from noctule.dashboard.tally import FEW, METRICS, Figure, LineChart, Metric, Tally, chart_of, figure_of
from noctule.dashboard.tiles import BarRow, Feeling, Heat, channels_of, feeling_of, felt, heat_of
from noctule.dashboard.transcript import address_now
from noctule.dashboard.views import Shelf, shelf_of
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(prefix="/b/{chatbot_id}", include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED)
_LATELY = timedelta(minutes=5)
_WORST, _LATEST, _CHANNELS = 5, 7, 6
_ROSE = 10  # percentage points


@dataclass(frozen=True)
class Finding:
    """Something that needs somebody, and where to see it."""

    href: str
    image: str
    tone: str
    title: str
    words: str
    moment: datetime | None = None


@dataclass(frozen=True)
class Steering:
    """What chooses the period: presets, earlier and later, dates, the comparison."""

    period: Period
    today: date
    ranges: list[Choice]
    earlier: str
    later: str
    comparing: Choice
    metric: str


@dataclass(frozen=True)
class OverviewPage:
    chatbot: Chatbot
    base_url: str
    here_now: str
    anything: bool  # has ever been said
    talking: int
    steering: Steering
    problems: list[str]
    figures: list[Figure]
    chart: LineChart
    evidence: str  # the conversations behind the chart
    findings: list[Finding]
    feeling: Feeling
    latest: list[ConversationRow]
    heat: Heat
    channels: list[BarRow]
    list_href: str
    shelf: Shelf


@router.get("/overview")
async def overview(request: Request, chatbot_id: str, member: InMember, db: InTransaction) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    today = chatbot.calendar.day_of(db.now)
    period, problems = period_in(request.query_params, today, chatbot.calendar)
    period = period or usual(request.query_params, today, chatbot.calendar)
    asked = request.query_params.get("metric")
    metric = next((one for one in METRICS if one.key == asked), METRICS[0])
    asked_for = {**period.query, **_metric(metric)} if request.query_params else {}
    shelf = await shelf_of(db, member, chatbot, page="overview", query=asked_for)
    page = await _page(db, chatbot, period, metric=metric, problems=problems, shelf=shelf, request=request)
    return render(request, "overview/show.html", page)


async def _page(
    db: Db, chatbot: Chatbot, period: Period, *, metric: Metric, problems: list[str], shelf: Shelf, request: Request
) -> OverviewPage:
    today = chatbot.calendar.day_of(db.now)
    path, listing = f"/b/{chatbot.id}/overview", f"/b/{chatbot.id}/conversations"
    days = await analysis.days_between(db, [chatbot.id], first=period.before.first, last=period.last)
    now, before = await _tallies(db, chatbot, period, days=days)
    standing = (await conversations.standings_of(db, [chatbot.id], most=1))[chatbot.id]
    latest = await conversations.conversations_before(db, chatbot.id, moment=None, conversation_id=None, limit=_LATEST)
    hours = await analysis.hours_between(db, chatbot.id, first=period.first, last=period.last)
    channels = await analysis.channels_between(db, chatbot.id, first=period.first, last=period.last, limit=_CHANNELS)
    narrowed: Query = {"f": [f"sentiment:is:{metric.sentiment}"]} if metric.sentiment else {}
    return OverviewPage(
        chatbot,
        address_of(request),
        address_now(request),
        anything=standing.conversations > 0,
        talking=await conversations.count_talking(db, chatbot.id, since=db.now - _LATELY),
        steering=_steering(path, period, today, metric=metric),
        problems=problems,
        figures=[
            figure_of(one, now, before, href=address(path, period.query, _metric(one)), here=one is metric)
            for one in METRICS
        ],
        chart=chart_of(metric, period, days, today=today),
        evidence=address(listing, period.query, narrowed, {"compare": ""}),
        findings=await _findings(db, chatbot, period, now=now, before=before),
        feeling=feeling_of(listing, period, days),
        latest=await rows_of(db, chatbot, latest, base=listing),
        heat=heat_of(hours, chatbot.calendar),
        channels=channels_of(listing, period, channels),
        list_href=listing,
        shelf=shelf,
    )


def _metric(metric: Metric) -> Query:
    return {} if metric is METRICS[0] else {"metric": metric.key}


async def _tallies(db: Db, chatbot: Chatbot, period: Period, *, days: list[Day]) -> tuple[Tally, Tally | None]:
    """Of the period, and of the one before it when it is compared."""
    users = await analysis.count_users(db, chatbot.id, since=period.since, until=period.until)
    now = Tally.of((row for row in days if row.day >= period.first), users=users)
    if not period.compares:
        return now, None
    before = period.before
    users = await analysis.count_users(db, chatbot.id, since=before.since, until=before.until)
    return now, Tally.of((row for row in days if row.day < period.first), users=users)


def _steering(path: str, period: Period, today: date, *, metric: Metric) -> Steering:
    def to(other: Period | None) -> str:
        return address(path, other.query, _metric(metric)) if other else ""

    ranges = [
        Choice(f"{days} days", to(recent(period, days, today)), period.preset == name) for name, days in PRESETS.items()
    ]
    other = replace(period, compares=not period.compares)
    comparing = Choice("Do not compare" if period.compares else "Compare with before", to(other), period.compares)
    return Steering(
        period, today, ranges, to(period.shifted(-1, today)), to(period.shifted(1, today)), comparing, metric.key
    )


async def _findings(db: Db, chatbot: Chatbot, period: Period, *, now: Tally, before: Tally | None) -> list[Finding]:
    listing = f"/b/{chatbot.id}/conversations"
    found = [one for one in [_turned(listing, period, now, before=before)] if one]
    worst = await analysis.lowest_between(
        db, chatbot.id, since=period.since, until=period.until, limit=_WORST - len(found)
    )
    base = felt(listing, period, "negative")
    for row in await rows_of(db, chatbot, worst, base=base):
        words = analysis.label(row.judgement.sentiment) if row.judgement and row.judgement.sentiment is not None else ""
        found.append(Finding(row.href, "frown", "neg", row.title, words, moment=row.conversation.last_message_at))
    return found


def _turned(listing: str, period: Period, now: Tally, *, before: Tally | None) -> Finding | None:
    """When clearly more of the conversations feel bad than before, and they are not too few to say so."""
    if not before or min(now.judged, before.judged) < FEW:
        return None
    new, old = now.negative / now.judged * 100, before.negative / before.judged * 100
    if new - old < _ROSE:
        return None
    href = felt(listing, period, "negative")
    return Finding(
        href,
        "trend",
        "neg",
        "More conversations feel bad",
        f"{old:.0f}% → {new:.0f}% negative, {now.negative:,} conversations",
    )
