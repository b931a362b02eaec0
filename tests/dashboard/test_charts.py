"""Drawings from numbers."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noctule.dashboard import charts
from noctule.dashboard.charts import Part

AMOUNTS = st.lists(st.none() | st.floats(0, 1e6), min_size=0, max_size=40)


@pytest.mark.parametrize(
    ("highest", "whole", "ticks"),
    [
        (0, True, [0, 1]),
        (1, True, [0, 1]),
        (3, True, [0, 1, 2, 3]),
        (7, True, [0, 2, 4, 6, 8]),
        (573, True, [0, 200, 400, 600]),
        (12_651, True, [0, 5000, 10_000, 15_000]),
        (100, False, [0, 25, 50, 75, 100]),
        (61.3, False, [0, 20, 40, 60, 80]),
        (0.4, False, [0, 0.1, 0.2, 0.3, 0.4]),
    ],
)
def test_a_scale_is_round(highest: float, whole: bool, ticks: list[float]) -> None:
    assert charts.scale_for(highest, whole=whole).ticks == pytest.approx(ticks)


@given(highest=st.floats(0, 1e9), whole=st.booleans())
def test_a_scale_reaches_as_high_as_what_it_is_for(highest: float, whole: bool) -> None:
    scale = charts.scale_for(highest, whole=whole)
    assert scale.top >= highest * 0.999
    assert 2 <= len(scale.ticks) <= 6


@given(now=AMOUNTS, before=AMOUNTS, unfinished=st.booleans())
def test_a_line_can_be_drawn_of_anything(now: list[float | None], before: list[float | None], unfinished: bool) -> None:
    highest = max([value for value in [*now, *before] if value is not None], default=0)
    drawn = charts.line(now, before, charts.scale_for(highest), unfinished=unfinished)
    ET.fromstring(drawn)
    assert "nan" not in drawn
    assert "inf" not in drawn


def test_the_last_bucket_is_dashed_while_it_may_grow() -> None:
    scale = charts.scale_for(4, whole=True)
    growing = charts.line([1, 2, 3, 4], [], scale, unfinished=True)
    assert 'class="c-line" d="M0.0 75.0L333.3 50.0L666.7 25.0"' in growing
    assert 'class="c-line c-part" d="M666.7 25.0L1000.0 0.0"' in growing
    assert "c-part" not in charts.line([1, 2, 3, 4], [], scale, unfinished=False)


def test_a_gap_is_a_gap_and_a_lonely_bucket_a_dot() -> None:
    drawn = charts.line([1, None, 2, None, 3, 4], [], charts.scale_for(4, whole=True), unfinished=False)
    assert drawn.count('class="c-line"') == 1
    assert drawn.count('class="c-dot"') == 2


@given(parts=st.lists(st.builds(Part, st.just("pos"), st.integers(0, 1000)), max_size=5))
def test_a_mix_is_a_hundred_percent(parts: list[Part]) -> None:
    drawn = charts.mix(parts, 'said "so"')
    ET.fromstring(drawn)
    ends = [float(x) + float(width) for x, width in re.findall(r'x="([\d.]+)%" width="([\d.]+)%"', drawn)]
    assert not ends or max(ends) == pytest.approx(100, abs=0.5)


def test_columns_fill_their_height() -> None:
    drawn = charts.columns([[Part("pos", 3), Part("neg", 1)], [Part("pos", 0)], []])
    assert re.findall(r'class="f-(\w+)" x="[\d.]+" y="([\d.]+)"', drawn) == [("pos", "25.0"), ("neg", "0.0")]


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, 1), (2, 2), (7, 7), (30, 7), (90, 8), (366, 8)])
def test_there_are_few_words_below_a_line_and_always_the_last(count: int, shown: int) -> None:
    drawn = charts.along([str(number) for number in range(count)], last="Today" if count else "")
    assert drawn.count("<text") <= shown
    assert (">Today<" in drawn) == bool(count)


def test_words_are_escaped() -> None:
    scale = charts.scale_for(1, whole=True)
    for drawn in (charts.along(["<b>", "<i>"]), charts.upright(["<b>", "<i>"], scale), charts.mix([], '"><script>')):
        assert "<b>" not in drawn
        assert "<script>" not in drawn


def test_shades() -> None:
    assert charts.levels([[0, 1, 50, 100]]) == [[0, 1, 4, 7]]
    assert charts.levels([[0, 0]]) == [[0, 0]]


def test_a_spark_needs_two_points() -> None:
    assert "<path" not in charts.spark([3])
    assert "<path" in charts.spark([0, 0])
