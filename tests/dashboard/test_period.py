"""Days as an address names them, and figures beside those of the days before."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from starlette.datastructures import QueryParams

from noctule.analysis import Day
from noctule.chatbots import ChatbotId
from noctule.dashboard.addresses import address
from noctule.dashboard.narrowing import asked_in
from noctule.dashboard.period import Period, period_in, usual
from noctule.dashboard.tally import METRICS, Change, Tally, change_of, chart_of, figure_of

TODAY = date(2026, 11, 20)
CONVERSATIONS, _, _, POSITIVE, NEGATIVE, JUDGED = METRICS


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ({"range": "7d"}, "2026-11-14", "2026-11-20"),
        ({"range": "90d", "compare": "off"}, "2026-08-23", "2026-11-20"),
        ({"from": "2026-10-01", "to": "2026-10-31"}, "2026-10-01", "2026-10-31"),
        ({"from": "2026-11-19"}, "2026-11-19", "2026-11-20"),
        ({"to": "2026-11-01"}, "2026-11-01", "2026-11-01"),
    ],
)
def test_a_period_is_read(asked: dict[str, str], first: str, last: str) -> None:
    period, problems = period_in(asked, TODAY)
    assert period
    assert (str(period.first), str(period.last), problems) == (first, last, [])
    assert period.compares == (asked.get("compare") != "off")


@pytest.mark.parametrize(
    "asked",
    [
        {"range": "1y"}, {"from": "x"}, {"from": "2026-11-21", "to": "2026-11-20"}, {"from": "0001-01-01"},
        {"from": "2020-01-01", "to": "2026-01-01"}, {"to": "9999-12-31"}, {"from": "2026-02-30"}, {"range": "%00"},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(asked: dict[str, str]) -> None:
    period, problems = period_in(asked, TODAY)
    assert period is None
    assert len(problems) == 1


def test_a_strange_comparison_is_said() -> None:
    assert period_in({"compare": "moon"}, TODAY)[1] == ["A comparison is either prev or off."]


def test_before_and_shifted() -> None:
    period = usual({}, TODAY)
    assert (period.days, period.before.last, period.before.days) == (30, date(2026, 10, 21), 30)
    assert (period.since, period.until) == (datetime(2026, 10, 22, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC))
    earlier = period.shifted(-1, TODAY)
    assert earlier
    assert earlier.query == {"from": "2026-09-22", "to": "2026-10-21"}
    assert earlier.shifted(1, TODAY) == period
    assert period.shifted(1, TODAY) is None


def test_addresses_have_one_order_and_leave_out_what_is_empty() -> None:
    assert address("/x", {"range": "7d", "compare": "off"}, {"compare": ""}) == "/x?range=7d"
    assert address("/x", {"f": ["a:is:b", "c:is:d&e"]}) == "/x?f=a:is:b&f=c:is:d%26e"
    assert address("/x", {"f": []}) == "/x"


def test_conditions() -> None:
    asked = asked_in(QueryParams("range=7d&f=sentiment:is:negative&f=channel:is:a:b"), TODAY, {})
    assert (asked.sentiment, asked.channel, asked.problems) == ("negative", "a:b", ())
    assert asked.query == {"range": "7d", "f": ["sentiment:is:negative", "channel:is:a:b"], "sort": "", "cols": ""}
    for strange in ("f=x", "f=channel:is:", "f=channel:is:%00"):
        asked = asked_in(QueryParams(strange), TODAY, {})
        assert (asked.anything, len(asked.problems)) == (False, 1), strange


@pytest.mark.parametrize(
    ("metric", "now", "before", "change"),
    [
        (CONVERSATIONS, Tally(conversations=110), Tally(conversations=100), Change("10.0%", "up", "good")),
        (CONVERSATIONS, Tally(conversations=500), Tally(conversations=100), Change("400%", "up", "good")),
        (CONVERSATIONS, Tally(conversations=5), Tally(), None),
        (CONVERSATIONS, Tally(conversations=5), None, None),
        (CONVERSATIONS, Tally(conversations=5), Tally(conversations=5), Change("no change", "", "")),
        (NEGATIVE, Tally(positive=50, negative=50), Tally(positive=60, negative=40), Change("10.0 pts", "up", "bad")),
        (POSITIVE, Tally(positive=50, negative=50), Tally(positive=40, negative=60), Change("10.0 pts", "up", "good")),
        (POSITIVE, Tally(), Tally(positive=40), None),
        (JUDGED, Tally(conversations=10, neutral=9), Tally(conversations=10, neutral=10), Change("10.0 pts", "down", "")),
    ],
)  # fmt: skip
def test_is_it_better(metric, now: Tally, before: Tally | None, change: Change | None) -> None:
    assert change_of(metric, now, before) == change


def test_a_share_of_few_says_so() -> None:
    few = figure_of(NEGATIVE, Tally(conversations=9, positive=4, negative=5), Tally(negative=9), href="", here=False)
    assert (few.value, few.unit, few.few, few.change, few.note) == ("55.6", "%", True, None, "few conversations")
    none = figure_of(NEGATIVE, Tally(conversations=9), None, href="", here=False)
    assert (none.value, none.unit, none.note) == ("–", "", "")


def test_a_chart_has_a_table_of_the_same_days() -> None:
    period = Period(TODAY - timedelta(days=2), TODAY)
    days = [day(0, 5), day(2, 3), day(3, 4)]
    chart = chart_of(CONVERSATIONS, period, days, today=TODAY)
    assert [(one.label, one.now, one.before) for one in chart.points] == [
        ("Wed 18 Nov", "3", "0"), ("Thu 19 Nov", "0", "0"), ("Fri 20 Nov", "5", "4"),
    ]  # fmt: skip
    assert chart.before == "Previous 3 days"
    assert chart_of(CONVERSATIONS, period, days[:2], today=TODAY).before == ""


def day(ago: int, count: int) -> Day:
    return Day(
        ChatbotId(UUID(int=1)), TODAY - timedelta(days=ago), count, count, 1, positive=count, neutral=0, negative=0
    )
