"""Figures of the days that are over, of the conversations that a filter leaves: from columns, and the same as store.days counts
them from conversations one by one, which a test compares.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from noctule.analysis.columns import Table, names_of
from noctule.analysis.filters import Filter
from noctule.analysis.models import DayFigure
from noctule.analysis.quality import WEIGHTS
from noctule.chatbots import ChatbotId

_ALWAYS = ("messages", "score", "dissatisfaction", "analysed", "ended", "outcome")
_MARKS = {**{name: f"marks.{name}" for name in WEIGHTS}, "overall": "quality"}
_SEVERAL = ("behavior", "flags", "failing")
_RESOLVED = ("fully_resolved", "partially_resolved")
_UNHAPPY = 0.5
# Six things that are said of a conversation or not are one number: of each number that it is one, and which of them it says.
_BITS = np.array([[1, *(number >> bit & 1 for bit in range(6))] for number in range(1 << 6)])
_SPARSE = 1 << 16  # days and values
TALLIED = {
    "all", "source", "sentiment", "language", "country", "device", "plan", "intent", "topic", "outcome", "unanswered",
    "escalated", *_SEVERAL, "quality", "dissatisfied_user",
}  # fmt: skip

_Numbers = NDArray[np.int64]


def columns_for(names: Iterable[str], asked: Filter) -> set[str]:
    wanted = names_of(asked) | set(_ALWAYS)
    for name in names:
        wanted |= set(_MARKS.values()) if name == "quality" else {"user"} if name == "dissatisfied_user" else {name}
    return wanted


def tallied(table: Table, chatbot_id: ChatbotId, asked: Filter, *, names: Sequence[str]) -> list[DayFigure]:
    """Without users, as they are counted there."""
    return list(_Tally(table, chatbot_id, asked).figures(names))


class _Tally:
    """Of the conversations that are left, in one order, what is added up."""

    def __init__(self, table: Table, chatbot_id: ChatbotId, asked: Filter) -> None:
        self._table, self._chatbot_id = table, chatbot_id
        self._left = np.flatnonzero(table.meant(asked))
        self._day = table.at[self._left]
        self._score, self._unhappy = self._numbers("score"), self._numbers("dissatisfaction")
        ended = table.has("ended")[self._left]
        outcomes, outcome = table.coded("outcome")
        resolved = np.array([one in _RESOLVED for one in outcomes])[outcome[self._left]]
        said = [
            ~np.isnan(self._score), table.has("analysed")[self._left], ended & (outcome[self._left] != 0), ended & resolved,
            ~np.isnan(self._unhappy), self._unhappy >= _UNHAPPY,
        ]  # fmt: skip
        self._said: _Numbers = (1 << np.arange(len(said))) @ np.array(said)
        self._added = [self._numbers("messages"), np.nan_to_num(self._score), np.nan_to_num(self._unhappy)]

    def figures(self, names: Sequence[str]) -> Iterator[DayFigure]:
        everyone = np.arange(len(self._left))
        for name in sorted(set(names)):
            if name == "all":
                yield from self._of(name, [""], rows=everyone, own=np.zeros(len(everyone), np.int64))
            elif name == "quality":
                yield from self._marks()
            elif name in _SEVERAL:
                yield from self._several(name)
            else:
                yield from self._one(name)

    def _one(self, name: str) -> Iterator[DayFigure]:
        values, codes = self._table.coded("user" if name == "dissatisfied_user" else name)
        own = codes[self._left]
        there = own != 0
        if name == "dissatisfied_user":
            there &= self._unhappy >= _UNHAPPY
        elif name == "sentiment":
            values, there = ["none", *values[1:]], np.ones(len(own), np.bool_)
        rows = np.flatnonzero(there)
        yield from self._of(name, [_text(one) for one in values], rows=rows, own=own[rows])

    def _several(self, name: str) -> Iterator[DayFigure]:
        """A conversation counts for each of its values."""
        combinations, codes = self._table.coded(name)
        own = codes[self._left]
        values = sorted({one for some in combinations for one in some or ()})
        place = {one: number for number, one in enumerate(values)}
        flat = np.array([place[one] for some in combinations for one in some or ()], np.int64)
        sizes = np.array([len(some or ()) for some in combinations])
        begins = np.cumsum(sizes) - sizes
        rows = np.repeat(np.arange(len(own)), sizes[own])
        within = np.arange(len(rows)) - np.repeat(np.cumsum(sizes[own]) - sizes[own], sizes[own])
        yield from self._of(name, values, rows=rows, own=flat[np.repeat(begins[own], sizes[own]) + within])

    def _marks(self) -> Iterator[DayFigure]:
        overall = self._numbers(_MARKS["overall"])
        for name, column in _MARKS.items():
            marks = self._numbers(column)
            rows = np.flatnonzero(~np.isnan(marks) & ~np.isnan(overall))
            yield from self._of("quality", [name], rows=rows, own=np.zeros(len(rows), np.int64), marks=marks)

    def _of(
        self,
        name: str,
        values: Sequence[str],
        *,
        rows: _Numbers,
        own: _Numbers,
        marks: NDArray[np.float64] | None = None,
    ) -> Iterator[DayFigure]:
        """Day by day and value by value: of these rows, each with the place of its value."""
        places: _Numbers = self._day[rows] * len(values) + own
        keys, inverse = _numbered(places, len(self._table.days) * len(values))
        alike = np.bincount(inverse * len(_BITS) + self._said[rows], minlength=len(keys) * len(_BITS))
        counts: list[list[int]] = (alike.reshape(len(keys), len(_BITS)) @ _BITS).tolist()
        messages, sentiment, unhappy = (np.bincount(inverse, one[rows], len(keys)).tolist() for one in self._added)
        mark = np.bincount(inverse, None if marks is None else marks[rows], len(keys)).tolist()
        for number in range(len(keys)):
            day, value = divmod(int(keys[number]), len(values))
            many, scored, analysed, ended, resolved, rated, dissatisfied = counts[number]
            yield DayFigure(
                self._chatbot_id, self._table.days[day], name, values[value], many, int(messages[number]), 0, scored,
                sentiment[number], analysed, ended, resolved, rated, dissatisfied, unhappy[number],
                0.0 if marks is None else mark[number],
            )  # fmt: skip

    def _numbers(self, name: str) -> NDArray[np.float64]:
        return self._table.numbers(name)[self._left]


def _numbered(places: _Numbers, size: int) -> tuple[_Numbers, _Numbers]:
    """The places that occur, and for each one its number among them; sorted only where most do not occur."""
    if size > _SPARSE:
        return np.unique(places, return_inverse=True)
    keys = np.flatnonzero(np.bincount(places, minlength=size))
    numbers = np.zeros(size, np.int64)
    numbers[keys] = np.arange(len(keys))
    return keys, numbers[places]


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
