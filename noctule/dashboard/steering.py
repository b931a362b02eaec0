"""What chooses the days of a page: presets, earlier and later, dates, and whether they are compared."""

from dataclasses import dataclass, replace
from datetime import date

from noctule.dashboard.addresses import Choice, Query, address
from noctule.dashboard.period import PRESETS, Period, recent


@dataclass(frozen=True)
class Steering:
    period: Period
    today: date
    ranges: list[Choice]
    earlier: str
    later: str
    comparing: Choice
    kept: list[tuple[str, str]]  # what the form of the dates keeps of the address


def steering_of(path: str, period: Period, today: date, *, rest: Query) -> Steering:
    """`rest` is what the address says beside the days."""

    def to(other: Period | None) -> str:
        return address(path, other.query, rest) if other else ""

    ranges = [
        Choice(f"{days} days", to(recent(period, days, today)), period.preset == name) for name, days in PRESETS.items()
    ]
    other = replace(period, compares=not period.compares)
    comparing = Choice("Do not compare" if period.compares else "Compare with before", to(other), period.compares)
    named = [(name, [value] if isinstance(value, str) else value) for name, value in rest.items()]
    kept = [(name, one) for name, values in named for one in values if one]
    return Steering(period, today, ranges, to(period.shifted(-1, today)), to(period.shifted(1, today)), comparing, kept)
