"""Words of a query string that mean something else than text. Nonsense is refused, naming the parameter."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from math import isfinite, nan
from typing import TypeVar

from noctule.base.errors import Invalid

T = TypeVar("T", bound=str)
D = TypeVar("D")
_SWITCH = {"true": True, "1": True, "false": False, "0": False}


def choice(name: str, text: str | None, *, of: Sequence[T], default: D) -> T | D:
    if not text:
        return default
    for one in of:
        if one == text:
            return one
    raise Invalid.field(name, f"must be one of {', '.join(of)}")


def switch(name: str, text: str | None, *, default: bool) -> bool:
    if not text:
        return default
    if text not in _SWITCH:
        raise Invalid.field(name, "must be true or false")
    return _SWITCH[text]


def number(name: str, text: str | None) -> float | None:
    if not text:
        return None
    try:
        read = float(text)
    except ValueError:
        read = nan
    if not isfinite(read):
        raise Invalid.field(name, "must be a number")
    return read


def day(name: str, text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid.field(name, "must be a date like 2025-03-15") from None


def moment(name: str, text: str | None, *, whole_day: bool = False) -> datetime | None:
    """ISO 8601, without an offset in UTC. A bare date is its first moment, or with `whole_day` the end of that day."""
    if not text:
        return None
    try:
        # A plus that nobody escaped arrives as a space.
        read = datetime.fromisoformat(text.upper().replace(" ", "+") if "T" in text else text)
        read = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
        return read + timedelta(days=1) if whole_day and len(text) == 10 else read
    except (ValueError, OverflowError):
        raise Invalid.field(name, "must be a date like 2025-03-15 or a time like 2025-03-15T14:30:00Z") from None
