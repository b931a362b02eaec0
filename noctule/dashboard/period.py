"""A stretch of whole days, as an address names it: `?range=30d`, or `?from=2026-10-01&to=2026-10-31`.

Days are those of a calendar: the one of the chatbot. `compare=off` leaves out the stretch of the same length before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from noctule.base.calendar import IN_UTC, Calendar

PRESETS = {"7d": 7, "30d": 30, "90d": 90}
USUAL = "30d"
_LONGEST = 366


@dataclass(frozen=True)
class Period:
    first: date
    last: date  # included
    preset: str | None = None
    compares: bool = True
    calendar: Calendar = IN_UTC

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def since(self) -> datetime:
        return self.calendar.begin(self.first)

    @property
    def until(self) -> datetime:
        """The first moment that is not in it."""
        return self.calendar.begin(self.last + timedelta(days=1))

    @property
    def before(self) -> "Period":
        """As many days, right before it."""
        return replace(self, first=self.first - timedelta(days=self.days), last=self.first - timedelta(days=1))

    @property
    def dates(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(self.days)]

    @property
    def query(self) -> dict[str, str]:
        """How an address says it, shortest form."""
        named = {"range": self.preset} if self.preset else {"from": str(self.first), "to": str(self.last)}
        return named if self.compares else {**named, "compare": "off"}

    def shifted(self, steps: int, today: date) -> "Period | None":
        """The same length, later or earlier; none when it would lie ahead of us."""
        move = timedelta(days=self.days * steps)
        first, last = self.first + move, self.last + move
        if first > today:
            return None
        return recent(self, last.toordinal() - first.toordinal() + 1, today) if last >= today else (
            replace(self, first=first, last=last, preset=None)
        )  # fmt: skip


def recent(like: Period, days: int, today: date) -> Period:
    """The days up to today."""
    preset = next((name for name, length in PRESETS.items() if length == days), None)
    return replace(like, first=today - timedelta(days=days - 1), last=today, preset=preset)


def period_in(asked: Mapping[str, str], today: date, calendar: Calendar = IN_UTC) -> tuple[Period | None, list[str]]:
    """What is asked for, none when nothing is; and what of it could not be understood, in words."""
    compares, problems = asked.get("compare", "prev") != "off", list[str]()
    if asked.get("compare", "prev") not in ("prev", "off"):
        problems.append("A comparison is either prev or off.")
    base = Period(today, today, compares=compares, calendar=calendar)
    if asked.get("from") or asked.get("to"):
        found = _between(asked.get("from", ""), asked.get("to", ""), today)
        if found:
            return replace(found, compares=compares, calendar=calendar), problems
        problems.append(
            "The dates could not be read; they are written like 2026-11-20, the first one first, at most a year."
        )
    elif asked.get("range"):
        if asked["range"] in PRESETS:
            return recent(base, PRESETS[asked["range"]], today), problems
        problems.append(f"There is no range of that name; there are {', '.join(PRESETS)}.")
    return None, problems


def usual(asked: Mapping[str, str], today: date, calendar: Calendar = IN_UTC) -> Period:
    """Where an address asks for none."""
    base = Period(today, today, compares=asked.get("compare") != "off", calendar=calendar)
    return recent(base, PRESETS[USUAL], today)


def _between(first: str, last: str, today: date) -> Period | None:
    try:
        start = date.fromisoformat(first) if first else None
        end = date.fromisoformat(last) if last else today
    except ValueError:
        return None
    start = start or end
    fits = start <= end and (end - start).days < _LONGEST and start.year > 1900 and end.year < 3000
    return Period(start, end) if fits else None
