"""The morning page of a chatbot: how much, is it better, what needs somebody. Every number leads to its conversations."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response

from noctule import analysis, chatbots, conversations
from noctule.analysis import Day, Days, Scope
from noctule.base.db import Db
from noctule.chatbots import Chatbot
from noctule.dashboard import attention
from noctule.dashboard.addresses import Query, address
from noctule.dashboard.attention import Rise
from noctule.dashboard.chatbots import address_of
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.narrowing import Asked
from noctule.dashboard.period import Period, period_in, usual
from noctule.dashboard.rendering import render
from noctule.dashboard.rows import ConversationRow, rows_of
from noctule.dashboard.steering import Steering, steering_of
from noctule.dashboard.tally import FEW, METRICS, Figure, LineChart, Metric, Tally, chart_of, figure_of
from noctule.dashboard.tiles import BarRow, Feeling, Heat, channels_of, feeling_of, felt, heat_of
from noctule.dashboard.transcript import address_now
from noctule.dashboard.views import Shelf, shelf_of
from noctule.dashboard.wentrows import Place, Row, outcomes_of, table_basis, table_of
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(prefix="/b/{chatbot_id}", include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED)
_LATELY = timedelta(minutes=5)
_WORST, _LATEST, _CHANNELS, _TOPICS, _RISES = 5, 7, 6, 7, 3
_ROSE = 10  # percentage points
_NAMES = (*analysis.OF_DAYS, "source", *attention.NAMES)  # by which days are divided, read in one


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
    topics: list[Row]  # or intents, as long as there are no topics
    topics_are: str
    topics_href: str
    outcomes: Feeling
    ended: str  # of how many it is known
    went_href: str
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
    figures = await analysis.figures_of_days(
        db, [chatbot.id], first=period.before.first, last=period.last, names=_NAMES
    )
    days = analysis.days_of(figures)
    now, before = await _tallies(db, chatbot, period, days=days)
    standing = (await conversations.standings_of(db, [chatbot.id], most=1))[chatbot.id]
    latest = await conversations.conversations_before(db, chatbot.id, moment=None, conversation_id=None, limit=_LATEST)
    hours = await analysis.hours_between(db, chatbot.id, first=period.first, last=period.last)
    channels = analysis.channels_of(figures, since=period.first, limit=_CHANNELS)
    found = analysis.breakdowns_of(Scope(chatbot.id, Days(period.first, period.last)), figures, attention.NAMES)
    names = {str(one.id): one.name for one in await analysis.topics_of(db, chatbot.id)}
    place = Place(chatbot.id, "intents", period, Asked(period))
    kind = "topic" if found["topic"].parts else "intent"
    table = table_of(place, kind, kind, found=found, show="", topics=names)
    narrowed: Query = {"f": [f"sentiment:is:{metric.sentiment}"]} if metric.sentiment else {}
    return OverviewPage(
        chatbot,
        address_of(request),
        address_now(request),
        anything=standing.conversations > 0,
        talking=await conversations.count_talking(db, chatbot.id, since=db.now - _LATELY),
        steering=steering_of(path, period, today, rest=_metric(metric)),
        problems=problems,
        figures=[
            figure_of(one, now, before, href=address(path, period.query, _metric(one)), here=one is metric)
            for one in METRICS
        ],
        chart=chart_of(metric, period, days, today=today),
        evidence=address(listing, period.query, narrowed, {"compare": ""}),
        findings=await _findings(db, chatbot, period, turned=_turned(now, before), rises=attention.rises(found, names)),
        topics=table.rows[:_TOPICS],
        topics_are="Topics" if kind == "topic" else "Intents",
        topics_href=f"/b/{chatbot.id}/topics" if kind == "topic" else place.to(),
        outcomes=outcomes_of(place, found["outcome"]),
        ended=table_basis(found["outcome"]),
        went_href=place.to(part="outcomes"),
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


async def _findings(
    db: Db, chatbot: Chatbot, period: Period, *, turned: list[Rise], rises: list[Rise]
) -> list[Finding]:
    """What became worse, the greatest impact first; then the conversations that felt worst."""
    listing = f"/b/{chatbot.id}/conversations"
    ranked = sorted([*turned, *rises], key=lambda one: -one.impact)[:_RISES] if period.compares else []
    found = [
        Finding(
            address(listing, period.query, {"compare": "", "f": one.conditions}), "trend", "neg", one.title, one.words
        )
        for one in ranked
    ]
    worst = await analysis.lowest_between(
        db, chatbot.id, since=period.since, until=period.until, limit=_WORST - len(found)
    )
    base = felt(listing, period, "negative")
    for row in await rows_of(db, chatbot, worst, base=base):
        words = analysis.label(row.judgement.sentiment) if row.judgement and row.judgement.sentiment is not None else ""
        found.append(Finding(row.href, "frown", "neg", row.title, words, moment=row.conversation.last_message_at))
    return found


def _turned(now: Tally, before: Tally | None) -> list[Rise]:
    """When clearly more of the conversations feel bad than before, and they are not too few to say so."""
    if not before or min(now.judged, before.judged) < FEW:
        return []
    new, old = now.negative / now.judged * 100, before.negative / before.judged * 100
    rise = Rise("More conversations feel bad", now.negative, old, new, ("sentiment:is:negative",))
    return [rise] if new - old >= _ROSE else []
