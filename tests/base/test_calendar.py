"""Days of time zones: every moment belongs to one, and they follow each other without a gap."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noctule.base.calendar import IN_UTC, calendar_in, zone_names

ZONES = st.sampled_from(zone_names())
DAY = timedelta(days=1)


@given(ZONES, st.integers(0, 32_503_000_000))
def test_every_moment_is_in_one_part_of_one_day(zone: str, seconds: int) -> None:
    calendar, moment = calendar_in(zone), datetime.fromtimestamp(seconds, UTC)
    day = calendar.day_of(moment)
    assert calendar.begin(day) <= moment < calendar.begin(day + DAY)
    (part,) = [one for one in calendar.hours_of(day) if one.since <= moment < one.until]
    assert part.hour == moment.astimezone(calendar.zone).hour
    assert day in calendar.days_on(moment.date())
    assert moment.date() in calendar.days_of_utc(day)


@given(ZONES, st.dates(date(1970, 1, 3), date(2999, 12, 28)))
def test_the_parts_of_a_day_make_up_the_day(zone: str, day: date) -> None:
    calendar = calendar_in(zone)
    edges = [calendar.begin(day)]
    for part in calendar.hours_of(day):
        assert part.since == edges[-1] < part.until
        edges.append(part.until)
    assert edges[-1] == calendar.begin(day + DAY)


@pytest.mark.parametrize(
    ("zone", "day", "begins", "hours"),
    [
        ("Europe/Brussels", date(2026, 3, 29), "2026-03-28T23:00:00+00:00", 23),
        ("Europe/Brussels", date(2026, 10, 25), "2026-10-24T22:00:00+00:00", 25),
        ("Asia/Kolkata", date(2026, 3, 29), "2026-03-28T18:30:00+00:00", 24),
        ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T03:00:00+00:00", 23),  # has no midnight
        ("Australia/Lord_Howe", date(2026, 4, 5), "2026-04-04T13:00:00+00:00", 24.5),
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30T10:00:00+00:00", 0),  # nobody there ever saw it
    ],
)
def test_days_on_which_clocks_are_set(zone: str, day: date, begins: str, hours: float) -> None:
    calendar = calendar_in(zone)
    assert calendar.begin(day).isoformat() == begins
    assert calendar.begin(day + DAY) - calendar.begin(day) == timedelta(hours=hours)


def test_an_hour_that_comes_twice_is_one() -> None:
    hours = calendar_in("Europe/Brussels").hours_of(date(2026, 10, 25))
    assert [one.hour for one in hours].count(2) == 2
    assert [one.hour for one in calendar_in("Europe/Brussels").hours_of(date(2026, 3, 29))].count(2) == 0


def test_a_day_that_comes_twice_is_one() -> None:
    calendar = calendar_in("America/St_Johns")  # a minute after midnight clocks went back to the day before
    begin = calendar.begin(date(2010, 11, 7))
    for minutes in (0, 1, 30, 61):
        assert calendar.day_of(begin + timedelta(minutes=minutes)) == date(2010, 11, 7)
    assert sum(one.until - one.since == timedelta(minutes=1) for one in calendar.hours_of(date(2010, 11, 7))) == 1


def test_the_ends_of_the_calendar_are_no_trouble() -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
        calendar = calendar_in(zone)
        for text in ("0001-01-01T00:00:00", "9999-12-31T23:59:59"):  # what asyncpg makes of infinity has no offset
            moment = datetime.fromisoformat(text)
            assert calendar.day_of(moment).year in (1, 2, 9998, 9999)


def test_what_is_no_zone_is_utc() -> None:
    for stored in (None, 5, [], "", "Mars/Olympus", "localtime", "../UTC"):
        assert calendar_in(stored) is IN_UTC
    assert calendar_in("UTC") == IN_UTC
