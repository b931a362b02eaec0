"""How conversations divide by something that is known of them, such as outcome or language, each part beside the same of the
days before. Figures come from days, so they are exact at any time and cost little without a filter.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from operator import attrgetter
from typing import Literal, Self

from noctule.analysis.days import figures_of_days, stale_days
from noctule.analysis.filters import Filter
from noctule.analysis.models import DayFigure
from noctule.analysis.store import days as counting
from noctule.analysis.store import figures as store
from noctule.base.db import Db
from noctule.chatbots import ChatbotId

# Of these a conversation may have several values, so shares are of all that are analysed.
_SEVERAL = ("behavior", "flags", "failing", "quality")
UNHAPPY = 0.5  # from this probability on a conversation counts as one that ended unhappy
SEVERITY: dict[str, Literal["critical", "high", "medium", "low", "positive"]] = {
    "hallucinating": "critical", "dodging": "high", "yes_man": "high", "over_apologizing": "medium",
    "redirecting": "medium", "verbose": "medium", "robotic": "low", "helpful": "positive",
}  # fmt: skip


@dataclass(frozen=True)
class Days:
    first: date
    last: date  # included

    @property
    def before(self) -> "Days":
        """As many days, right before them."""
        return Days(self.first - (self.last - self.first) - timedelta(days=1), self.first - timedelta(days=1))


@dataclass(frozen=True)
class Scope:
    """Which conversations are asked about: those of a chatbot that began in these days, and of which conditions hold."""

    chatbot_id: ChatbotId
    days: Days
    conditions: Filter | None = None  # on their facts

    @property
    def path(self) -> str | None:
        return self.conditions.path if self.conditions else None


@dataclass(frozen=True)
class Sum:
    """Of some conversations."""

    conversations: int = 0
    scored: int = 0
    sentiment: float = 0.0
    analysed: int = 0
    ended: int = 0
    resolved: int = 0
    rated: int = 0
    dissatisfied: int = 0
    dissatisfaction: float = 0.0
    mark: float = 0.0

    @classmethod
    def of(cls, figures: Iterable[DayFigure]) -> Self:
        return cls(*map(sum, zip(*map(_ADDED, figures), strict=True)))

    @property
    def feeling(self) -> float | None:
        """The mean sentiment of those that have one."""
        return self.sentiment / self.scored if self.scored else None

    @property
    def resolution(self) -> float | None:
        """The share that was resolved, in full or in part; conversations that go on are left out."""
        return self.resolved / self.ended if self.ended else None

    @property
    def unhappiness(self) -> float | None:
        return self.dissatisfied / self.rated if self.rated else None

    @property
    def mean_mark(self) -> float | None:
        return self.mark / self.conversations if self.conversations else None


# A Sum has them in this order.
_ADDED = attrgetter(*(one.name for one in fields(Sum)))


@dataclass(frozen=True)
class Part:
    value: str
    now: Sum
    before: Sum
    by_day: dict[date, DayFigure] = field(
        default_factory=dict[date, DayFigure]
    )  # that have any, also of the days before

    @property
    def change(self) -> float | None:
        return change(self.now.conversations, self.before.conversations)

    def days_of(self, days: Days) -> list[tuple[date, DayFigure]]:
        return sorted((day, some) for day, some in self.by_day.items() if days.first <= day <= days.last)


@dataclass(frozen=True)
class Breakdown:
    scope: Scope
    whole: Sum
    before: Sum
    by_day: dict[date, Sum]  # of the whole, also of the days before
    parts: list[Part]  # the most conversations first
    known: int  # conversations that shares are of
    known_before: int

    def share(self, part: Part) -> float | None:
        return part.now.conversations / self.known if self.known else None

    def share_before(self, part: Part) -> float | None:
        return part.before.conversations / self.known_before if self.known_before else None

    def part(self, value: str) -> Part:
        return next((one for one in self.parts if one.value == value), Part(value, Sum(), Sum()))


def change(now: float, before: float) -> float | None:
    """Relative; something after nothing is one whole more, nothing after nothing is no change."""
    return (now - before) / before if before else 1.0 if now else None


async def breakdowns(db: Db, scope: Scope, names: Sequence[str]) -> dict[str, Breakdown]:
    """By each of these names, of days.NAMES."""
    first, last = scope.days.before.first, scope.days.last
    figures = await figures_of_days(
        db, [scope.chatbot_id], first=first, last=last, names=["all", *names], conditions=scope.conditions
    )
    return breakdowns_of(scope, figures, names)


def breakdowns_of(scope: Scope, figures: Iterable[DayFigure], names: Sequence[str]) -> dict[str, Breakdown]:
    """The same of figures that were read with these names and `all`, of the days and of those before."""
    of_name: defaultdict[str, list[DayFigure]] = defaultdict(list)
    for one in figures:
        of_name[one.name].append(one)
    return {name: _breakdown(scope, name, every=of_name["all"], figures=of_name[name]) for name in names}


async def all_time(db: Db, chatbot_id: ChatbotId, name: str) -> dict[str, Sum]:
    """By value, of all days there are."""
    aligned, stale = await stale_days(db, [chatbot_id])
    figures = await store.sums_kept(db, chatbot_id, name, but=[one.day for one in stale]) if aligned else []
    figures += await counting.counted(db, stale, names=[name])
    of_value: defaultdict[str, list[DayFigure]] = defaultdict(list)
    for one in figures:
        of_value[one.value].append(one)
    return {value: Sum.of(some) for value, some in of_value.items()}


def _breakdown(scope: Scope, name: str, *, every: Sequence[DayFigure], figures: Sequence[DayFigure]) -> Breakdown:
    of_value: defaultdict[str, list[DayFigure]] = defaultdict(list)
    for one in figures:
        of_value[one.value].append(one)
    parts = [part_of(scope.days, value, some) for value, some in of_value.items()]
    whole = Sum.of(one for one in every if one.day >= scope.days.first)
    before = Sum.of(one for one in every if one.day < scope.days.first)
    several = name in _SEVERAL
    return Breakdown(
        scope,
        whole,
        before,
        {one.day: Sum.of([one]) for one in every},
        sorted(parts, key=lambda one: (-one.now.conversations, -one.before.conversations, one.value)),
        known=whole.analysed if several else sum(one.now.conversations for one in parts),
        known_before=before.analysed if several else sum(one.before.conversations for one in parts),
    )


def part_of(days: Days, value: str, figures: Sequence[DayFigure]) -> Part:
    """`figures` are of these days and of those before."""
    return Part(
        value,
        Sum.of(one for one in figures if one.day >= days.first),
        Sum.of(one for one in figures if one.day < days.first),
        {one.day: one for one in figures},
    )
