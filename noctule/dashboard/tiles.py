"""Tiles of the overview: how conversations felt, when they begin, by which door they come. Each number has an address."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from noctule.analysis import Channel, Day, Hour, Mood
from noctule.base.calendar import Calendar
from noctule.dashboard import charts
from noctule.dashboard.addresses import address
from noctule.dashboard.charts import Part
from noctule.dashboard.period import Period
from noctule.dashboard.tally import Tally

CHANNELS = {
    "capture": "Capture API", "track": "Track API", "chats": "Chats API", "import": "Import", "agent": "Agent API",
    "playground": "Playground",
}  # fmt: skip
_WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun".split()


@dataclass(frozen=True)
class Share:
    tone: str
    label: str
    count: int
    share: str
    href: str


@dataclass(frozen=True)
class Feeling:
    """How conversations felt, all of them and day by day."""

    judged: int
    bar: Markup
    shares: list[Share]
    days: Markup
    said: str


@dataclass(frozen=True)
class HeatCell:
    count: int
    level: int


@dataclass(frozen=True)
class HeatRow:
    weekday: str
    cells: list[HeatCell]


@dataclass(frozen=True)
class Heat:
    said: str
    rows: list[HeatRow]


@dataclass(frozen=True)
class BarRow:
    href: str
    label: str
    shown: str
    drawing: Markup


def felt(listing: str, period: Period, mood: Mood) -> str:
    """The conversations of these days that felt so."""
    return address(listing, period.query, {"compare": "", "f": [f"sentiment:is:{mood}"]})


def feeling_of(listing: str, period: Period, days: Sequence[Day]) -> Feeling:
    """Shares are of what is judged; how much is not stands beside them."""
    inside = {row.day: Tally.of([row]) for row in days if row.day >= period.first}
    whole = Tally.of(row for row in days if row.day >= period.first)
    moods: list[tuple[str, str, Mood, int]] = [
        ("pos", "Positive", "positive", whole.positive),
        ("neu", "Neutral", "neutral", whole.neutral),
        ("neg", "Negative", "negative", whole.negative),
    ]
    shares = [
        Share(tone, label, count, f"{count / whole.judged:.1%}" if whole.judged else "–", felt(listing, period, mood))
        for tone, label, mood, count in moods
    ]
    said = ", ".join(f"{one.share} {one.label.lower()}" for one in shares)
    rest = Share("none", "Not judged", whole.conversations - whole.judged, "", felt(listing, period, "none"))
    return Feeling(
        whole.judged,
        charts.mix(_parts(whole), said, big=True),
        [*shares, rest],
        charts.columns([_parts(inside.get(day, Tally())) for day in period.dates]),
        f"How judged conversations felt, day by day. In all: {said}.",
    )


def _parts(tally: Tally) -> list[Part]:
    return [Part("pos", tally.positive), Part("neu", tally.neutral), Part("neg", tally.negative)]


def heat_of(hours: Sequence[Hour], calendar: Calendar) -> Heat:
    grid = [[0] * 24 for _ in _WEEKDAYS]
    for one in hours:
        grid[one.weekday - 1][one.hour] = one.conversations
    rows = [
        HeatRow(day, [HeatCell(count, level) for count, level in zip(counts, shades, strict=True)])
        for day, counts, shades in zip(_WEEKDAYS, grid, charts.levels(grid), strict=True)
    ]
    peak = max(hours, key=lambda one: one.conversations, default=None)
    said = f"The busiest hour is {_WEEKDAYS[peak.weekday - 1]} {peak.hour:02}:00." if peak else "Nothing yet."
    return Heat(f"Conversations by weekday and hour, in {calendar.name}. {said}", rows)


def channels_of(listing: str, period: Period, channels: Sequence[Channel]) -> list[BarRow]:
    highest = max((one.conversations for one in channels), default=1)
    return [
        BarRow(
            address(listing, period.query, {"compare": "", "f": [f"channel:is:{one.source}"]}),
            CHANNELS.get(one.source, one.source),
            f"{one.conversations:,}",
            charts.bar(one.conversations / highest),
        )
        for one in channels
    ]
