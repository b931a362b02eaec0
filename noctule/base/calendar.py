"""Days and hours as people of one time zone count them; everything else here is UTC.

Where a day begins is decided in this one place, and the database is asked for moments: its own zones may be of another year.
A day has 23, 24 or 25 hours, begins where midnight does not exist, or has no hour at all; days follow each other without a gap.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from noctule.base.clock import in_utc

_NO_PLACES = {"localtime", "Factory"}  # of the machine, not of people
_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)
_FIRST, _LAST = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)  # so that every zone has them


class Stretch(NamedTuple):
    """Moments with one hour on the clock, `until` excluded."""

    hour: int
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Calendar:
    zone: ZoneInfo

    @property
    def name(self) -> str:
        return self.zone.key

    def begin(self, day: date) -> datetime:
        """Its first moment, in UTC. The end of a day is the beginning of the next one."""
        return min(max(datetime.combine(day, time(), UTC), _FIRST), _LAST).replace(tzinfo=self.zone).astimezone(UTC)

    def day_of(self, moment: datetime) -> date:
        day = min(max(in_utc(moment), _FIRST), _LAST).astimezone(self.zone).date()
        # Clocks that are set back over midnight show the same day twice: it counts from the first time on.
        return day if in_utc(moment) < self.begin(day + timedelta(days=1)) else day + timedelta(days=1)

    def days_on(self, day: date) -> list[date]:
        """Those that share a moment with this day of UTC."""
        first = self.day_of(datetime.combine(day, time(), UTC))
        last = self.day_of(datetime.combine(day, time.max, UTC))
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]

    def days_of_utc(self, day: date) -> list[date]:
        """Those of UTC that share a moment with this day."""
        first, end = self.begin(day).date(), (self.begin(day + timedelta(days=1)) - timedelta.resolution).date()
        return [first + timedelta(days=number) for number in range((end - first).days + 1)]

    def hours_of(self, day: date) -> list[Stretch]:
        return list(self._hours(self.begin(day), self.begin(day + timedelta(days=1))))

    def _hours(self, moment: datetime, end: datetime) -> Iterator[Stretch]:
        while moment < end:
            local = moment.astimezone(self.zone)
            mark = min(end, moment + _HOUR - (local - local.replace(minute=0, second=0, microsecond=0)))
            if (mark - timedelta.resolution).astimezone(self.zone).utcoffset() != local.utcoffset():
                mark = self._change(moment, mark)
            yield Stretch(local.hour, moment, mark)
            moment = mark

    def _change(self, moment: datetime, mark: datetime) -> datetime:
        """When the clocks are set within this hour, to the minute."""
        offset, later = moment.astimezone(self.zone).utcoffset(), moment + _MINUTE
        while later < mark and later.astimezone(self.zone).utcoffset() == offset:
            later += _MINUTE
        return later


@cache
def zone_names() -> tuple[str, ...]:
    """As the IANA names them, in their order."""
    return tuple(sorted(available_timezones() - _NO_PLACES))


def calendar_in(stored: object) -> Calendar:
    """UTC for what is no name of a zone."""
    return Calendar(ZoneInfo(stored)) if isinstance(stored, str) and stored in zone_names() else IN_UTC


IN_UTC = Calendar(ZoneInfo("UTC"))
