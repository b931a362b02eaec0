"""The map of topics as SVG: circles as large as what they hold, near where they mean much the same. Places are in percent, so
words keep their size. It repeats the table beside it, and is hidden from those who listen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from markupsafe import Markup, escape

_WIDE, _HIGH = 36, 42  # percent from the middle to the middles of the outermost circles
_LARGEST = 20.0  # percent, the radius of a circle that holds everything
_SMALLEST = 1.2
_NAMED, _ALWAYS = 12, 5  # circles that carry their name, also on a phone; the others tell it when pointed at
_LONGEST = 22  # characters of a name


@dataclass(frozen=True)
class Circle:
    href: str
    name: str
    conversations: int
    x: float  # -1..1
    y: float
    tone: str  # of its sentiment: pos, neu, neg or none


def topic_map(circles: Sequence[Circle]) -> Markup:
    """The largest first, so that a small one is never under a large one."""
    ordered = sorted(circles, key=lambda one: -one.conversations)
    whole = sqrt(sum(one.conversations for one in ordered)) or 1.0
    drawn = "".join(_circle(one, whole) for one in ordered)
    names = "".join(_name(one, thin=place >= _ALWAYS) for place, one in enumerate(ordered[:_NAMED]))
    return Markup(f'<svg class="map" aria-hidden="true" focusable="false">{drawn}{names}</svg>')


def _circle(one: Circle, whole: float) -> str:
    radius = max(_LARGEST * sqrt(one.conversations) / whole, _SMALLEST)
    said = escape(f"{one.name}, {one.conversations:,} conversations")
    shape = f'<circle class="m-{one.tone}" cx="{_at(one.x, _WIDE)}" cy="{_at(one.y, _HIGH)}" r="{radius:.2f}%"/>'
    return f'<a href="{escape(one.href)}" tabindex="-1"><title>{said}</title>{shape}</a>'


def _name(one: Circle, *, thin: bool) -> str:
    name = one.name if len(one.name) <= _LONGEST else f"{one.name[: _LONGEST - 1].rstrip()}…"
    kind = ' class="thin"' if thin else ""
    return f'<text{kind} x="{_at(one.x, _WIDE)}" y="{_at(one.y, _HIGH)}" dy=".32em">{escape(name)}</text>'


def _at(place: float, reach: int) -> str:
    return f"{50 + place * reach:.2f}%"
