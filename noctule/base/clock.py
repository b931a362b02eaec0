"""Time is a parameter: whoever needs the hour is given a clock, so that tests can turn it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from noctule.base.errors import Invalid

Clock = Callable[[], datetime]
_FIRST_YEAR, _LAST_YEAR = 1970, 2999
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d([Tt ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d+)?)?([Zz]|[+-]([01]\d|2[0-3])(:?[0-5]\d)?)?)?",
    re.ASCII,
)


def utc_now() -> datetime:
    return datetime.now(UTC)


def in_utc(moment: datetime) -> datetime:
    """Without an offset come only PostgreSQL's infinities, the ends of the calendar, which know no other zone."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def iso(moment: datetime) -> str:
    """RFC 3339 in UTC with a Z, milliseconds only where there are any: what every face puts on the wire."""
    moment = in_utc(moment)
    precision = "milliseconds" if moment.microsecond else "seconds"
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")


def moment(text: str, field: str) -> datetime:
    """RFC 3339 and its kin (docs/api/capture.md), in UTC: the one grammar of a time in a body or a file. Raises Invalid.

    The form is told by our own pattern, because what Python reads changes from version to version; the years are bounded,
    because the ends of the calendar are what libraries send for "never".
    """
    read = _in_calendar(text) if _MOMENT.fullmatch(text) else None
    if read is None:
        raise Invalid.field(field, "must be a date and time like 2025-03-15T14:30:00Z")
    if not _FIRST_YEAR <= read.year <= _LAST_YEAR:
        raise Invalid.field(field, f"must lie in the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return read


def _in_calendar(text: str) -> datetime | None:
    try:
        return in_utc(datetime.fromisoformat(text.upper()))
    except (ValueError, OverflowError):  # a day that is none, or one that another zone takes out of the calendar
        return None
