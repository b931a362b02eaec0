"""Gauges: what is counted day by day, as a part of a whole or by itself, and from it a figure, a line and the change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from markupsafe import Markup

from noctule.analysis import Sum
from noctule.dashboard import charts
from noctule.dashboard.period import Period
from noctule.dashboard.tally import FEW, Change, Figure, LineChart, Series, line_of, moved


@dataclass(frozen=True)
class Gauge:
    key: str
    label: str
    title: str  # over its line
    days: Mapping[date, tuple[float, int]]  # how much, of how many; of the days before as well
    share: bool = True  # in percent of the whole, or else the bare amount
    good: Literal["up", "down", ""] = ""
    conditions: tuple[str, ...] = ()  # of the conversations that it counts

    def amount(self, period: Period) -> float | None:
        part, whole = self.counted(period)
        return (part / whole * 100 if whole else None) if self.share else part

    def counted(self, period: Period) -> tuple[float, int]:
        found = [self.days[day] for day in period.dates if day in self.days]
        return sum(part for part, _ in found), sum(whole for _, whole in found)

    def change(self, period: Period) -> Change | None:
        """None where too few are compared to say so."""
        few = min(self.counted(period)[1], self.counted(period.before)[1]) < FEW
        if not period.compares or few:
            return None
        return moved(self.amount(period), self.amount(period.before), share=self.share, good=self.good)

    def figure(self, period: Period, *, href: str, here: bool) -> Figure:
        amount, (_, whole) = self.amount(period), self.counted(period)
        few = self.share and whole < FEW
        return Figure(
            self.label,
            "–" if amount is None else f"{amount:.1f}" if self.share else f"{amount:,.0f}",
            "%" if self.share and amount is not None else "",
            href,
            here,
            change=self.change(period),
            note="few conversations" if few and whole else "",
            few=few,
        )

    def line(self, period: Period, *, today: date, basis: str) -> LineChart:
        before = period.before
        compares = period.compares and any(before.first <= day <= before.last for day in self.days)
        series = Series(
            self.title, self._amounts(period), self._amounts(before) if compares else [], basis, share=self.share
        )
        return line_of(series, period, today=today)

    def spark(self, period: Period) -> Markup:
        return charts.spark(self._amounts(period))

    def _amounts(self, period: Period) -> list[float | None]:
        found = [self.days.get(day, (0, 0)) for day in period.dates]
        if not self.share:
            return [part for part, _ in found]
        return [part / whole * 100 if whole else None for part, whole in found]


def resolved(days: Mapping[date, Sum]) -> Gauge:
    return Gauge(
        "resolved",
        "Resolved",
        "Share that was resolved, of those that are over",
        {day: (one.resolved, one.ended) for day, one in days.items()},
        good="up",
        conditions=("ended:is:true", "outcome:is:fully_resolved", "outcome:is:partially_resolved"),
    )


def unhappy(days: Mapping[date, Sum]) -> Gauge:
    return Gauge(
        "unhappy",
        "Ended unhappy",
        "Share whose user is likely to have ended unhappy",
        {day: (one.dissatisfied, one.rated) for day, one in days.items()},
        good="down",
        conditions=("dissatisfaction:ge:0.5",),
    )


def analysed(days: Mapping[date, Sum]) -> Gauge:
    return Gauge(
        "analysed",
        "Analysed",
        "Share that is analysed",
        {day: (one.analysed, one.conversations) for day, one in days.items()},
        conditions=("analysed:is:true",),
    )
