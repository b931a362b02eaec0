"""The tables of how it went: a row for each value, with its share, its line, the same of before, and its conversations."""

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from noctule import analysis
from noctule.analysis import Breakdown, Frustration, Scope, Sum, UnhappyUser
from noctule.analysis import Part as Value
from noctule.base.db import Db
from noctule.base.text import one_line
from noctule.chatbots import ChatbotId
from noctule.dashboard import charts
from noctule.dashboard.addresses import Query, address
from noctule.dashboard.gauges import Gauge
from noctule.dashboard.named import value_name
from noctule.dashboard.narrowing import Asked
from noctule.dashboard.period import Period
from noctule.dashboard.tally import FEW, Change, moved
from noctule.dashboard.tiles import Feeling, Share

_MOST_ROWS, _MOST_UNHAPPY = 20, 8  # the latter twice on a page, beside users and messages
_LONGEST = 240  # characters of a quote
_GOOD: dict[str, Literal["up", "down", ""]] = {
    "fully_resolved": "up", "partially_resolved": "up", "deflected": "down", "capability_failure": "down", "incorrect": "down",
    "helpful": "up", "frustrated_user": "down", "churn_risk": "down", "confused_user": "down", "buying_signal": "up",
}  # fmt: skip
_OUTCOMES = [
    ("fully_resolved", "Resolved", "pos"), ("partially_resolved", "Resolved in part", "part"), ("other", "Other", "neu"),
    ("deflected", "Deflected", "warn"), ("capability_failure", "Could not help", "neg"), ("incorrect", "Incorrect", "worse"),
]  # fmt: skip
_UNHAPPY = f"dissatisfaction:ge:{analysis.UNHAPPY:g}"


@dataclass(frozen=True)
class Place:
    """Which of the pages this is, with its days and what narrows it."""

    chatbot_id: ChatbotId
    part: str
    period: Period
    asked: Asked

    @property
    def path(self) -> str:
        return f"/b/{self.chatbot_id}/went/{self.part}"

    @property
    def rest(self) -> Query:
        return {"f": self.asked.query["f"]}

    def to(self, *, part: str = "", show: str = "") -> str:
        path = f"/b/{self.chatbot_id}/went/{part or self.part}"
        return address(path, self.period.query, self.rest, {"show": show})

    def evidence(self, *conditions: str) -> str:
        """The very conversations: the same days, whatever narrows this page, and the conditions."""
        both = [*self.asked.query["f"], *conditions]
        return address(f"/b/{self.chatbot_id}/conversations", self.period.query, {"compare": "", "f": both})


@dataclass(frozen=True)
class Row:
    key: str  # name:value
    label: str
    href: str  # this page, its line
    here: bool
    drawing: Markup
    count: int
    evidence: str
    shown: str  # a share or a mark
    few: bool
    change: Change | None
    spark: Markup
    score: float | None
    resolved: str
    ended: int
    severity: str


@dataclass(frozen=True)
class Table:
    name: str
    caption: str
    rows: list[Row]
    more: int  # rows that are left out
    basis: str


@dataclass(frozen=True)
class Quote:
    found: Frustration
    words: str
    reason: str
    href: str


@dataclass(frozen=True)
class UserRow:
    user: UnhappyUser
    href: str
    evidence: str
    spark: Markup


def table_of(
    place: Place, name: str, caption: str, *, found: dict[str, Breakdown], show: str, topics: dict[str, str]
) -> Table:
    if name == "quality":
        rows = _marks(place, found, show=show)
    elif place.part == "frustrations":
        rows = _unhappy(place, name, found[name], topics=topics)
    else:
        rows = [
            _row(place, name, one, found=found[name], show=show, topics=topics)
            for one in found[name].parts
            if one.now.conversations
        ]
    most = _MOST_UNHAPPY if place.part == "frustrations" else _MOST_ROWS
    return Table(name, caption, rows[:most], max(len(rows) - most, 0), _basis(name, found[name]))


def gauge_of(place: Place, found: dict[str, Breakdown], key: str, *, topics: dict[str, str]) -> Gauge | None:
    """The line of a row."""
    name, _, value = key.partition(":")
    one = next((one for one in found[name].parts if one.value == value), None) if name in found else None
    if one is None or place.part == "frustrations":
        return None
    label = label_of(name, value, topics)
    if name == "quality":
        days = {day: (some.mark, some.conversations) for day, some in one.by_day.items()}
        return Gauge(key, label, f"{label}: mean mark", days, good="up")
    days = {day: (some.conversations, some.conversations) for day, some in one.by_day.items()}
    return Gauge(key, label, f"{label}: conversations per day", days, share=False, conditions=(f"{name}:is:{value}",))


def label_of(name: str, value: str, topics: dict[str, str]) -> str:
    if name == "topic":
        return topics.get(value, "A topic that ended")
    return value_name(name, value)


def table_basis(found: Breakdown) -> str:
    return f"of {found.known:,} of which it is known"


def _basis(name: str, found: Breakdown) -> str:
    return f"of {found.known:,} that are analysed" if name in ("behavior", "flags") else table_basis(found)


def outcomes_of(place: Place, found: Breakdown) -> Feeling:
    """How conversations ended as one bar, the good to the left."""
    parts = {one.value: one.now.conversations for one in found.parts}
    shares = [
        Share(tone, label, parts.get(value, 0), f"{parts.get(value, 0) / found.known:.1%}" if found.known else "–",
              place.evidence(f"outcome:is:{value}"))
        for value, label, tone in _OUTCOMES
    ]  # fmt: skip
    shares = [one for one in shares if one.count]
    said = ", ".join(f"{one.share} {one.label.lower()}" for one in shares)
    drawing = charts.mix([charts.Part(one.tone, one.count) for one in shares], said, big=True)
    return Feeling(found.known, drawing, shares, Markup(""), said)


def _row(place: Place, name: str, one: Value, *, found: Breakdown, show: str, topics: dict[str, str]) -> Row:
    largest, share = found.parts[0].now.conversations, found.share(one)
    key = f"{name}:{one.value}"
    of_day = {day: found.by_day[day].analysed for day in one.by_day}
    gauge = Gauge(
        key, "", "", {day: (some.conversations, of_day[day]) for day, some in one.by_day.items()}, share=False
    )
    return Row(
        key,
        label_of(name, one.value, topics),
        place.to(show=key),
        key == show,
        charts.bar(one.now.conversations / largest if largest else 0),
        one.now.conversations,
        place.evidence(key.replace(":", ":is:", 1)),
        shown="–" if share is None else f"{share:.1%}",
        few=found.known < FEW,
        change=_moved(place, found, one),
        spark=gauge.spark(place.period),
        score=one.now.feeling,
        resolved=_percent(one.now.resolution),
        ended=one.now.ended,
        severity=analysis.SEVERITY.get(one.value, "") if name == "behavior" else "",
    )


def _moved(place: Place, found: Breakdown, one: Value) -> Change | None:
    """Of the share, by points; none where too few are compared."""
    new, old = found.share(one), found.share_before(one)
    if not place.period.compares or new is None or old is None or min(found.known, found.known_before) < FEW:
        return None
    return moved(new * 100, old * 100, share=True, good=_GOOD.get(one.value, ""))


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _marks(place: Place, found: dict[str, Breakdown], *, show: str) -> list[Row]:
    """Overall first, then by weight; the number leads to the conversations that fail in it."""
    return [
        _mark(place, name, found["quality"].part(name), failing=found["failing"].part(name).now, show=show)
        for name in ("overall", *analysis.WEIGHTS)
        if found["quality"].part(name).now.conversations
    ]


def _mark(place: Place, name: str, one: Value, *, failing: Sum, show: str) -> Row:
    key = f"quality:{name}"
    gauge = Gauge(key, "", "", {day: (some.mark, some.conversations) for day, some in one.by_day.items()}, good="up")
    mean = one.now.mean_mark
    return Row(
        key,
        label_of("quality", name, {}),
        place.to(show=key),
        key == show,
        charts.bar(mean or 0),
        failing.conversations,
        place.evidence(f"failing:is:{name}"),
        shown=_percent(mean),
        few=one.now.conversations < FEW,
        change=gauge.change(place.period),
        spark=gauge.spark(place.period),
        score=None,
        resolved="",
        ended=one.now.conversations,
        severity="",
    )


def _unhappy(place: Place, name: str, found: Breakdown, *, topics: dict[str, str]) -> list[Row]:
    """Only conversations that ended unhappy are counted; the share is how many of its own did."""
    parts = sorted((one for one in found.parts if one.now.dissatisfied), key=lambda one: -one.now.dissatisfied)
    rows: list[Row] = []
    for one in parts:
        days = {day: (some.dissatisfied, some.rated) for day, some in one.by_day.items()}
        gauge = Gauge("", "", "", days, good="down")
        evidence = place.evidence(f"{name}:is:{one.value}", _UNHAPPY)
        rows.append(
            Row(
                f"{name}:{one.value}", label_of(name, one.value, topics), evidence, here=False,
                drawing=charts.bar(one.now.dissatisfied / parts[0].now.dissatisfied), count=one.now.dissatisfied,
                evidence=evidence, shown=_percent(one.now.unhappiness), few=one.now.rated < FEW,
                change=gauge.change(place.period), spark=Gauge("", "", "", days, share=False).spark(place.period),
                score=one.now.feeling, resolved=_percent(one.now.resolution), ended=one.now.ended, severity="",
            )
        )  # fmt: skip
    return rows


async def quotes_of(db: Db, scope: Scope, *, limit: int) -> list[Quote]:
    found = await analysis.frustrations(db, scope, limit=limit)
    return [
        Quote(one, one_line(one.content, _LONGEST), analysis.reason_of(one), _message(scope.chatbot_id, one))
        for one in found
    ]


def _message(chatbot_id: ChatbotId, one: Frustration) -> str:
    path = f"/b/{chatbot_id}/conversations/{one.conversation_id}"
    return f"{address(path, {'around': str(one.message_id)})}#m-{one.message_id}"


async def users_of(db: Db, scope: Scope, place: Place, *, limit: int) -> list[UserRow]:
    return [
        UserRow(
            one,
            f"/b/{scope.chatbot_id}/users/{one.person.id}",
            place.evidence(f"user:is:{one.person.id}", _UNHAPPY),
            charts.spark(
                [one.part.by_day[day].dissatisfied if day in one.part.by_day else 0 for day in place.period.dates]
            ),
        )
        for one in await analysis.unhappy_users(db, scope, limit=limit)
    ]
