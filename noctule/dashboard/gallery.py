"""`/_ui`: every part of the pages in every state, with made-up content, for those who build and test them.

For whoever is signed in: it shows nothing of anybody, and a part that looks wrong on a server is best looked at there.
"""

import math
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from noctule.accounts import OrgId
from noctule.analysis import Day, Hour
from noctule.base.calendar import IN_UTC
from noctule.chatbots import Chatbot, ChatbotId
from noctule.conversations import Conversation, ConversationId
from noctule.dashboard import charts
from noctule.dashboard.addresses import Choice
from noctule.dashboard.charts import Part
from noctule.dashboard.conditions import Condition
from noctule.dashboard.forms import Form
from noctule.dashboard.frame import FRAMED, Work
from noctule.dashboard.overview import Finding
from noctule.dashboard.period import Period
from noctule.dashboard.rendering import render
from noctule.dashboard.tally import METRICS, Change, Figure, LineChart, chart_of
from noctule.dashboard.tiles import BarRow, Heat, Share, heat_of
from noctule.web.callers import CredentialsFirst, InMember

router = APIRouter(include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED)
_NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
_TODAY = date(2026, 11, 20)
_ID = UUID(int=1)
_BOT = Chatbot(ChatbotId(_ID), OrgId(_ID), "Northwind Support", "ob_live_1a2b3c", {}, _NOW, _NOW, None)
_CONVERSATION = Conversation(
    ChatbotId(_ID), ConversationId(_ID), 1, "order-88213", "u1", "capture", title=None, tags=[], message_count=7,
    first_message_at=_NOW, last_message_at=_NOW, last_received_at=_NOW, ended_at=None, reopened=0, created_at=_NOW,
    person={"name": "Ines Moreau"}, organization={"name": "Brightside"}, session={}, custom={}, enrichment={},
    stated={}, revision=1, person_id=None, company_id=None,
)  # fmt: skip


@dataclass(frozen=True)
class GalleryPage:
    moment: datetime
    bots: list[Chatbot]
    conversation: Conversation
    form: Form
    choices: list[Choice]
    conditions: list[Condition]
    work: list[Work]
    figures: list[Figure]
    changes: list[Change]
    chart: LineChart
    alone: LineChart
    sparks: list[Markup]
    mixes: list[Markup]
    columns: Markup
    heat: Heat
    bars: list[BarRow]
    shares: list[Share]
    findings: list[Finding]
    moods: list[float | None]


@router.get("/_ui")
async def gallery(request: Request, _member: InMember) -> Response:
    period, days = Period(_TODAY - timedelta(days=29), _TODAY, "30d"), _days()
    page = GalleryPage(
        moment=_NOW,
        bots=[_BOT, replace(_BOT, activated_at=None), replace(_BOT, archived_at=_NOW)],
        conversation=_CONVERSATION,
        form=Form({"name": "Northwind", "email": "ines", "on": "on"}, {"email": "must be an e-mail address"}),
        choices=[Choice("7 days", "#a", here=False), Choice("30 days", "#b", here=True), Choice("90 days", "#c", here=False)],
        conditions=[Condition("Sentiment", "Negative", "#x"), Condition("", "Last 30 days", "")],
        work=[_work("running", 1688, 1902), _work("queued", 0, None)],
        figures=_figures(),
        changes=[Change("11.6%", "up", "good"), Change("3.4 pts", "down", "bad"), Change("2%", "up", ""), Change("no change", "", "")],
        chart=chart_of(METRICS[0], period, days, today=_TODAY),
        alone=chart_of(METRICS[4], replace(period, compares=False), days, today=_TODAY),
        sparks=[charts.spark([1, 3, 2, 5, 4, 8, 6]), charts.spark([0, 0, 0]), charts.spark([])],
        mixes=[_mix(62, 23, 15), _mix(0, 0, 9), _mix(0, 0, 0)],
        columns=charts.columns([[Part("pos", 60 + number), Part("neu", 20), Part("neg", 30 - number)] for number in range(20)]),
        heat=heat_of([Hour(day, hour, max(0, 40 - abs(12 - hour) * 4 - day * 2)) for day in range(1, 8) for hour in range(24)], IN_UTC),
        bars=[BarRow("#bar", name, shown, charts.bar(share)) for name, shown, share in (("capture", "7,717", 1), ("import", "1,138", 0.15))],
        shares=[Share("pos", "Positive", 7818, "61.8%", "#p"), Share("neu", "Neutral", 2910, "23.0%", "#n"),
                Share("neg", "Negative", 1898, "15.0%", "#g"), Share("none", "Not judged", 25, "0.2%", "#o")],
        findings=[Finding("#f1", "trend", "neg", "More conversations feel bad", "18% → 41% negative, 612 conversations"),
                  Finding("#f2", "gap", "warn", "“Okta SSO” has no source", "Asked 61 times"),
                  Finding("#f3", "check", "pos", "Damaged item improved", "Resolved 54% → 69%")],
        moods=[0.8, 0.0, -0.7, None],
    )  # fmt: skip
    return render(request, "gallery.html", page)


def _work(state: str, done: int, total: int | None) -> Work:
    return Work("Importing conversations", state, done, total, None, _NOW, None)


def _mix(positive: int, neutral: int, negative: int) -> Markup:
    parts = [Part("pos", positive), Part("neu", neutral), Part("neg", negative)]
    return charts.mix(parts, f"{positive} positive, {neutral} neutral, {negative} negative")


def _figures() -> list[Figure]:
    return [
        Figure("Conversations", "12,651", "", "#c", here=True, change=Change("11.6%", "up", "good")),
        Figure("Users", "5,214", "", "#u", here=False, change=Change("4.6%", "up", "good")),
        Figure("Positive", "61.8", "%", "#p", here=False, change=Change("3.4 pts", "down", "bad")),
        Figure("Negative", "6.1", "%", "#n", here=False, change=Change("0.8 pts", "down", "good")),
        Figure("Judged", "43.0", "%", "#j", here=False, note="few conversations", few=True),
        Figure("Messages", "–", "", "#m", here=False),
    ]


def _days() -> list[Day]:
    """Two months with weekends in them, and a gap."""
    return [
        Day(ChatbotId(_ID), _TODAY - timedelta(days=ago), count, count * 6, count // 2,
            positive=count // 2, neutral=count // 4, negative=count // 5)
        for ago in range(60)
        if ago not in (17, 18)
        for count in [int(300 + 110 * math.sin(ago / 7 * math.tau) + 2 * (60 - ago))]
    ]  # fmt: skip
