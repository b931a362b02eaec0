"""Charts as SVG, from pure functions: numbers in, markup out.

A drawing either stretches (a viewBox of 1000 by 100 without a ratio, strokes that do not scale) or places its parts in
percent. Words never stretch. So a chart needs no script and no style attribute, follows the theme and prints. What a chart
says is also in a table of the page; the drawing itself is hidden from those who listen.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

Values = Sequence[float | None]  # none: there is nothing to say of this bucket
_STRETCHED = 'viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true" focusable="false"'
_LEVELS = 7


@dataclass(frozen=True)
class Scale:
    """From zero to a round number, in at most four equal steps."""

    top: float
    step: float

    @property
    def ticks(self) -> list[float]:
        return [self.step * number for number in range(round(self.top / self.step) + 1)]


@dataclass(frozen=True)
class Part:
    """A share of a whole: its tone is a class of the style sheet."""

    tone: str
    amount: float


def scale_for(highest: float, *, whole: bool = False) -> Scale:
    """`whole`: what is counted has no halves."""
    raw = max(highest, 1e-9) / 4
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * one for one in (1, 2, 2.5, 5, 10) if size * one >= raw * 0.999)
    step = max(1.0, float(math.ceil(step))) if whole else step
    return Scale(step * math.ceil(round(highest / step, 6) or 1), step)


def line(now: Values, before: Values, scale: Scale, *, unfinished: bool) -> Markup:
    """Two periods over each other; the last bucket is dashed while it may still grow."""
    grid = "".join(f'<path class="c-grid" d="M0 {y}H1000"/>' for y in (_y(tick, scale) for tick in scale.ticks[1:]))
    solid, last = (now[:-1], now[-2:]) if unfinished and len(now) > 1 else (now, ())
    places = _places(now, scale)
    shade = "".join(f'<path class="c-area" d="{_area(run)}"/>' for run in _runs(places) if len(run) > 1)
    dashed = _strokes(_places(last, scale, first=len(now) - len(last), of=len(now)), "c-line c-part") if last else ""
    drawn = _strokes(_places(solid, scale, of=len(now)), "c-line")
    return _svg(shade + grid + _strokes(_places(before, scale), "c-before") + drawn + dashed)


def spark(values: Values) -> Markup:
    """The shape of a few weeks beside a name; its own highest is its top."""
    highest = max((value for value in values if value is not None), default=0)
    places = [(x * 0.07 + 1, y * 0.16 + 2) for x, y in _kept(_places(values, Scale(highest or 1, 1)))]
    path = f'<path d="{_path(places)}"/>' if len(places) > 1 else ""
    return Markup(f'<svg class="spark" viewBox="0 0 72 20" aria-hidden="true">{path}</svg>')


def mix(parts: Sequence[Part], said: str, *, big: bool = False) -> Markup:
    """One bar of a hundred percent. `said` is what it says, for those who do not see it."""
    whole = sum(part.amount for part in parts)
    drawn, place, seen = "", 0.0, [part for part in parts if part.amount > 0]
    for part in seen:
        width = part.amount / whole * 100
        gap = 0 if part is seen[-1] else 0.6
        drawn += f'<rect class="f-{part.tone}" x="{place:.2f}%" width="{max(width - gap, 0.4):.2f}%" height="100%"/>'
        place += width
    size = "mix big" if big else "mix"
    return Markup(f'<svg class="{size}" role="img" aria-label="{escape(said)}">{drawn}</svg>')


def bar(share: float) -> Markup:
    """What lies behind a name in a table: how much of the largest it is, 0 to 1."""
    return Markup(f'<svg aria-hidden="true"><rect width="{share * 100:.1f}%" height="100%" rx="4"/></svg>')


def columns(rows: Sequence[Sequence[Part]]) -> Markup:
    """A stacked bar of a hundred percent for each bucket, the first part at the bottom."""
    width = 1000 / max(len(rows), 1)
    drawn = ""
    for number, parts in enumerate(rows):
        whole, foot = sum(part.amount for part in parts), 100.0
        for part in parts:
            height = part.amount / whole * 100 if whole else 0
            foot -= height
            if height:
                drawn += (
                    f'<rect class="f-{part.tone}" x="{(number + 0.12) * width:.1f}" y="{foot:.1f}" '
                    f'width="{width * 0.76:.1f}" height="{max(height - 1, 0.5):.1f}"/>'
                )
    return Markup(f'<svg class="columns" {_STRETCHED}>{drawn}</svg>')


def upright(labels: Sequence[str], scale: Scale) -> Markup:
    """What stands beside the lines of a scale, from below."""
    words = zip(scale.ticks, labels, strict=True)
    drawn = "".join(f'<text x="0" y="{_y(tick, scale)}%" dy=".32em">{escape(word)}</text>' for tick, word in words)
    return Markup(f'<svg class="y" aria-hidden="true">{drawn}</svg>')


def along(labels: Sequence[str], *, last: str = "", most: int = 7) -> Markup:
    """What stands under a line of buckets: the first, some between, and the last in its own words."""
    end = len(labels) - 1
    every = max(1, math.ceil(len(labels) / most))
    shown = [number for number in range(0, end, every) if number == 0 or end - number > every * 0.6]
    drawn = ""
    for count, number in enumerate(shown):
        thin = ' class="thin"' if count % 2 else ""
        place = f'x="{number / end * 100:.2f}%"' + (' text-anchor="middle"' if number else "")
        drawn += f'<text {place} y="1.125rem"{thin}>{escape(labels[number])}</text>'
    if labels:
        drawn += f'<text class="last" x="100%" y="1.125rem" text-anchor="end">{escape(last or labels[-1])}</text>'
    return Markup(f'<svg class="x" aria-hidden="true">{drawn}</svg>')


def levels(grid: Sequence[Sequence[int]]) -> list[list[int]]:
    """Each number as one of eight shades, 0 only for nothing."""
    highest = max((number for row in grid for number in row), default=0)
    return [[math.ceil(number / highest * _LEVELS) if highest else 0 for number in row] for row in grid]


def _places(values: Values, scale: Scale, *, first: int = 0, of: int = 0) -> list[tuple[float, float] | None]:
    end = max((of or len(values)) - 1, 1)
    return [
        None if value is None else ((number + first) * 1000 / end, _y(value, scale))
        for number, value in enumerate(values)
    ]


def _y(value: float, scale: Scale) -> float:
    return round(100 - value / scale.top * 100, 2)


def _kept(places: Sequence[tuple[float, float] | None]) -> list[tuple[float, float]]:
    return [place for place in places if place is not None]


def _runs(places: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """Stretches without a gap."""
    runs: list[list[tuple[float, float]]] = []
    for before, place in pairwise([None, *places]):
        if place is not None:
            if before is None:
                runs.append([])
            runs[-1].append(place)
    return runs


def _strokes(places: Sequence[tuple[float, float] | None], tone: str) -> str:
    """A line for each stretch, a dot for a bucket that stands alone."""
    drawn = ""
    for run in _runs(places):
        dot = len(run) == 1 and tone == "c-line"
        path = f"{_path(run)}h0" if dot else _path(run)
        drawn += f'<path class="{"c-dot" if dot else tone}" d="{path}"/>'
    return drawn


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)


def _area(places: Sequence[tuple[float, float]]) -> str:
    return f"{_path(places)}L{places[-1][0]:.1f} 100L{places[0][0]:.1f} 100Z"


def _svg(drawn: str) -> Markup:
    return Markup(f"<svg {_STRETCHED}>{drawn}</svg>")
