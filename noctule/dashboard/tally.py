"""Key figures of a stretch of days, each beside the same of the stretch before: how much, is it better, of how many."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

from markupsafe import Markup

from noctule.analysis import Day, Mood
from noctule.dashboard import charts
from noctule.dashboard.period import Period

FEW = 30  # below this a share says little


@dataclass(frozen=True)
class Tally:
    """What is counted, of one day or of many."""

    conversations: int = 0
    messages: int = 0
    users: int = 0
    positive: int = 0
    neutral: int = 0
    negative: int = 0

    @property
    def judged(self) -> int:
        return self.positive + self.neutral + self.negative

    @classmethod
    def of(cls, days: Iterable[Day], *, users: int | None = None) -> Self:
        """`users`, when it is known: over several days they are fewer than the sum."""
        rows = list(days)
        return cls(
            conversations=sum(row.conversations for row in rows),
            messages=sum(row.messages for row in rows),
            users=sum(row.users for row in rows) if users is None else users,
            positive=sum(row.positive for row in rows),
            neutral=sum(row.neutral for row in rows),
            negative=sum(row.negative for row in rows),
        )


@dataclass(frozen=True)
class Metric:
    key: str
    label: str
    title: str  # over its chart
    amount: Callable[[Tally], float | None]
    share: bool = False  # in percent of what is judged, or of all
    good: Literal["up", "down", ""] = "up"
    sentiment: Mood | None = None  # the conversations that make it up

    def shown(self, tally: Tally) -> str:
        amount = self.amount(tally)
        return "–" if amount is None else f"{amount:.1f}" if self.share else f"{amount:,.0f}"


def _percent(part: int, whole: int) -> float | None:
    return part / whole * 100 if whole else None


METRICS = [
    Metric("conversations", "Conversations", "Conversations per day", lambda one: one.conversations),
    Metric("users", "Users", "Users per day", lambda one: one.users),
    Metric("messages", "Messages", "Messages per day", lambda one: one.messages),
    Metric("positive", "Positive", "Share of positive conversations", lambda one: _percent(one.positive, one.judged),
           share=True, sentiment="positive"),
    Metric("negative", "Negative", "Share of negative conversations", lambda one: _percent(one.negative, one.judged),
           share=True, good="down", sentiment="negative"),
    Metric("judged", "Judged", "Share of conversations that are judged",
           lambda one: _percent(one.judged, one.conversations), share=True, good=""),
]  # fmt: skip


@dataclass(frozen=True)
class Change:
    shown: str
    way: Literal["up", "down", ""]
    tone: Literal["good", "bad", ""]


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    unit: str
    href: str
    here: bool
    change: Change | None = None
    note: str = ""
    few: bool = False


@dataclass(frozen=True)
class Point:
    label: str
    now: str
    before: str


@dataclass(frozen=True)
class LineChart:
    title: str
    span: str
    now: str
    before: str  # empty: nothing is compared
    basis: str
    drawing: Markup
    y: Markup
    x: Markup
    points: list[Point]


def figure_of(metric: Metric, now: Tally, before: Tally | None, *, href: str, here: bool) -> Figure:
    basis = now.judged if metric.sentiment else now.conversations
    few = metric.share and basis < FEW
    return Figure(
        label=metric.label,
        value=metric.shown(now),
        unit="%" if metric.share and metric.amount(now) is not None else "",
        href=href,
        here=here,
        change=None if few else change_of(metric, now, before),
        note="few conversations" if few and basis else "",
        few=few,
    )


def change_of(metric: Metric, now: Tally, before: Tally | None) -> Change | None:
    """None where there is nothing to compare with."""
    old = metric.amount(before) if before else None
    return moved(metric.amount(now), old, share=metric.share, good=metric.good)


def moved(new: float | None, old: float | None, *, share: bool, good: Literal["up", "down", ""] = "") -> Change | None:
    """A share by points, an amount by percent. None where there is nothing to compare with."""
    if new is None or old is None or (old == 0 and not share):
        return None
    move = new - old if share else (new - old) / old * 100
    if abs(move) < 0.05:
        return Change("no change", "", "")
    way = "up" if move > 0 else "down"
    tone = "" if not good else "good" if way == good else "bad"
    size = f"{abs(move):,.0f}" if abs(move) >= 100 else f"{abs(move):.1f}"
    return Change(size + (" pts" if share else "%"), way, tone)


@dataclass(frozen=True)
class Series:
    """Amounts day by day; none: there is nothing to say of a day."""

    title: str
    now: Sequence[float | None]
    before: Sequence[float | None]  # empty: nothing is compared
    basis: str
    share: bool = False  # in percent


def worded(amount: float | None, *, share: bool) -> str:
    return "–" if amount is None else f"{amount:.1f}%" if share else f"{amount:,.0f}"


def chart_of(metric: Metric, period: Period, days: Sequence[Day], *, today: date) -> LineChart:
    known = {row.day: Tally.of([row]) for row in days}
    compares = period.compares and any(row.day < period.first for row in days)
    series = Series(
        metric.title,
        [metric.amount(known.get(day, Tally())) for day in period.dates],
        [metric.amount(known.get(day, Tally())) for day in period.before.dates] if compares else [],
        basis=_basis(metric, Tally.of(row for row in days if period.first <= row.day <= period.last)),
        share=metric.share,
    )
    return line_of(series, period, today=today)


def line_of(series: Series, period: Period, *, today: date) -> LineChart:
    now, before = series.now, series.before
    highest = max((value for value in [*now, *before] if value is not None), default=0)
    scale = charts.scale_for(min(highest * 1.04, 100) if series.share else highest * 1.04, whole=not series.share)
    shown = "{:g}%" if series.share else "{:,.0f}"
    words = [f"{day:%a} {day.day} {day:%b}" for day in period.dates]
    return LineChart(
        title=series.title,
        span=f"{words[0]} to {words[-1]}",
        now="This period",
        before=f"Previous {period.days} days" if before else "",
        basis=series.basis,
        drawing=charts.line(now, before, scale, unfinished=period.last == today),
        y=charts.upright([shown.format(tick) for tick in scale.ticks], scale),
        x=charts.along([f"{day.day} {day:%b}" for day in period.dates], last="Today" if period.last == today else ""),
        points=[
            Point(word, worded(one, share=series.share), worded(before[place], share=series.share) if before else "")
            for place, (word, one) in enumerate(zip(words, now, strict=True))
        ],
    )


def _basis(metric: Metric, whole: Tally) -> str:
    if metric.share:
        return f"{whole.judged:,} of {whole.conversations:,} conversations are judged"
    return f"{whole.conversations:,} conversations"
