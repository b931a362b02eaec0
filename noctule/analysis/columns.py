"""Facts of the days that are over, column by column: filters over many days read the few things they ask for, and not each
conversation. They are made with the figures of a day and hold as long as these do.

A column has its values once and a code for each conversation; 0 is "nothing known". In all, conversations stand in the order
in which they began.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from noctule.analysis.filters import Filter
from noctule.analysis.holding import holding
from noctule.analysis.store.columns import Column, Row
from noctule.base.errors import Unavailable

CHANNEL = "(channel)"  # of all conversations, also of those of which nothing is known; no fact is called so
IDS, LAST = "(id)", "(last)"  # not coded: 16 bytes, and microseconds
SOURCE = "source"  # known of each conversation of which anything is known
_NESTED = ("marks", "custom")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBERS: set[type] = {int, float}  # True is none
_MICROSECOND = _EPOCH.resolution

Mark = tuple[int, bytes]  # a place in a list: a moment in microseconds, and an id
Codes = NDArray[np.unsignedinteger[Any]]


class Writing:
    """The columns of a day, conversation after conversation, so that only a few of these are held at a time."""

    def __init__(self) -> None:
        self._known: defaultdict[str, dict[bytes | str, int]] = defaultdict(dict)
        self._codes: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        self._last, self._ids = array("q"), bytearray()

    def add(self, row: Row) -> None:
        for name, value in _told(row):
            known, codes = self._known[name], self._codes[name]
            _reach(codes, len(self._last))
            codes.append(known.setdefault(_key(value), len(known) + 1))
        self._last.append(mark_of(row.last_message_at))
        self._ids += row.id.bytes

    def columns(self, day: date) -> list[Column]:
        """None without conversations."""
        if not self._last:
            return []
        last = np.array(self._last, "<i8")
        return [
            *(Column(day, name, _values(known), self._narrow(name)) for name, known in self._known.items()),
            Column(day, LAST, msgspec.json.encode(int(last.max())), last.tobytes()),
            Column(day, IDS, b"", bytes(self._ids)),
        ]

    def _narrow(self, name: str) -> bytes:
        codes = self._codes[name]
        _reach(codes, len(self._last))
        return np.array(codes).astype(_width(len(self._known[name]) + 1)).tobytes()


def _reach(codes: "array[int]", size: int) -> None:
    """With nothing known of the conversations in between."""
    codes.frombytes(bytes(codes.itemsize * (size - len(codes))))


def mark_of(moment: datetime) -> int:
    """In microseconds."""
    return (moment - _EPOCH) // _MICROSECOND


def marks_in(columns: Iterable[Column]) -> Callable[[date, NDArray[np.bool_]], list[Mark]]:
    """Of the conversations of a day that are chosen, as they stand in it. Raises Unavailable for a day that was counted anew meanwhile."""
    codes = {(one.name, one.day): one.codes for one in columns}

    def marks(day: date, chosen: NDArray[np.bool_]) -> list[Mark]:
        last, ids = np.frombuffer(codes.get((LAST, day), b""), "<i8"), codes.get((IDS, day), b"")
        if len(last) != len(chosen):
            raise Unavailable("A day was counted anew while it was read. Please ask again.", retry_after=1)
        return [(int(last[one]), ids[16 * one : 16 * one + 16]) for one in np.flatnonzero(chosen)]

    return marks


def _told(row: Row) -> Iterator[tuple[str, Any]]:
    yield CHANNEL, row.channel
    for name, value in (row.facts or {}).items():
        if name in _NESTED:
            yield from ((f"{name}.{key}", one) for key, one in value.items())
        elif name != "chatbot":
            yield name, value


def _key(value: Any) -> bytes | str:
    """Text as it is; of everything else its JSON, for True is 1 and 1.0 in Python."""
    return value if isinstance(value, str) else msgspec.json.encode(value)


def _values(known: Iterable[bytes | str]) -> bytes:
    written = [msgspec.json.encode(one) if isinstance(one, str) else one for one in known]
    return b"[" + b",".join([b"null", *written]) + b"]"


def _width(values: int) -> str:
    return "<u1" if values <= 1 << 8 else "<u2" if values <= 1 << 16 else "<u4"


@dataclass(frozen=True)
class Piece:
    """A column of one day."""

    known: list[Any]  # by code
    codes: Codes

    def numbers(self) -> NDArray[np.float64]:
        numbers = self.known[1:]
        if not set(map(type, numbers)) <= _NUMBERS:
            numbers = [one if type(one) in _NUMBERS else np.nan for one in numbers]
        return np.array([np.nan, *numbers], np.float64)[self.codes]


def _piece(column: Column) -> Piece:
    known: list[Any] = msgspec.json.decode(column.known)
    return Piece(known, np.frombuffer(column.codes, _width(len(known))))


class Table:
    """Some columns of some days, as one."""

    def __init__(self, columns: Iterable[Column]) -> None:
        pieces = {(one.name, one.day): _piece(one) for one in columns}
        self.days = sorted(day for name, day in pieces if name == CHANNEL)
        self.sizes = [len(pieces[CHANNEL, day].codes) for day in self.days]
        self._pieces = pieces

    @cached_property
    def at(self) -> NDArray[np.int64]:
        """For each conversation the number of its day."""
        return np.repeat(np.arange(len(self.days)), self.sizes)

    def pieces(self, name: str) -> list[Piece]:
        """Day by day."""
        return [
            self._pieces.get((name, day)) or Piece([None], np.zeros(size, np.uint8))
            for day, size in zip(self.days, self.sizes, strict=True)
        ]

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Not a number where nothing is known."""
        return _joined([one.numbers() for one in self.pieces(name)], np.float64)

    def has(self, name: str) -> NDArray[np.bool_]:
        return _joined([one.codes != 0 for one in self.pieces(name)], np.bool_)

    def coded(self, name: str) -> tuple[list[Any], NDArray[np.int64]]:
        """The values of all days, and for each conversation the place of its own; 0 is nothing."""
        places: dict[bytes | str, int] = {_key(None): 0}
        values: list[Any] = [None]
        codes: list[NDArray[np.int64]] = []
        for piece in self.pieces(name):
            place = [places.setdefault(_key(one), len(places)) for one in piece.known]
            values += [None] * (len(places) - len(values))
            for one, value in zip(place, piece.known, strict=True):
                values[one] = value
            codes.append(np.array(place)[piece.codes])
        return values, _joined(codes, np.int64)

    def span_of(self, day: date) -> slice:
        """Where its conversations stand."""
        number = self.days.index(day)
        start = sum(self.sizes[:number])
        return slice(start, start + self.sizes[number])

    def says(self, name: str, value: Any) -> NDArray[np.bool_]:
        """Where this is known; None is that nothing is."""
        values, codes = self.coded(name)
        return codes == (values.index(value) if value in values else -1)

    def meant(self, asked: Filter) -> NDArray[np.bool_]:
        """Which conversations the filter leaves."""
        left = self.has(SOURCE)
        for name, held in holding(asked).items():
            left &= _joined([held(one.known)[one.codes] for one in self.pieces(name)], np.bool_)
        return left


def _joined(pieces: Sequence[NDArray[Any]], sort: type) -> NDArray[Any]:
    every: list[NDArray[Any]] = [np.zeros(0, sort), *pieces]
    return np.concatenate(every)


def names_of(asked: Filter | None) -> set[str]:
    """The columns that it takes to know what a filter leaves."""
    return {CHANNEL, SOURCE, *(one.field for one in (asked.conditions if asked else ()))}
