"""The order of the list of conversations: `sort=score` in an address is the smallest first, `sort=-score` the largest; nothing
is the latest first. By which columns one can sort, and the address of each order.
"""

from dataclasses import dataclass, replace
from typing import Literal

from starlette.datastructures import QueryParams

from noctule import analysis
from noctule.dashboard.addresses import Choice, address
from noctule.dashboard.columns import CUSTOM, Column, Columns
from noctule.dashboard.narrowing import Asked

LAST = "last"
_WORDS = {
    LAST: ("the oldest first", "the latest first"), "score": ("the worst first", "the best first"),
    "messages": ("the fewest first", "the most first"),
}  # fmt: skip
_OF_NUMBERS = ("the smallest first", "the largest first")
_RISING_FIRST = {"score"}  # with the first click; everything else begins with the largest


@dataclass(frozen=True)
class Head:
    """What stands over a column by which one can sort: the address of the order that a click gives."""

    href: str
    words: str
    here: Literal["ascending", "descending"] | None


@dataclass(frozen=True)
class Sorting:
    column: Column
    falling: bool = True
    problem: str = ""

    @property
    def text(self) -> str:
        """As the address says it; empty for the usual order."""
        return "" if self.usual else ("-" if self.falling else "") + self.column.name

    @property
    def usual(self) -> bool:
        return self.falling and self.column.name == LAST

    @property
    def words(self) -> str:
        return _WORDS.get(self.column.name, _OF_NUMBERS)[self.falling]

    @property
    def order(self) -> analysis.Order | None:
        """None for the time of the last message, which is no number that is known of a conversation."""
        return None if self.column.name == LAST else analysis.Order(self.column.name, self.falling)


@dataclass(frozen=True)
class Orders:
    """What the page shows of the orders there are."""

    now: Sorting
    heads: dict[str, Head]  # by the name of a column
    choices: list[Choice]
    without: str  # in the usual order; empty when it is in that
    seen: str  # the column that is left where there is room for one: that by which the list is sorted, or the last


def sorting_in(query: QueryParams, columns: Columns) -> Sorting:
    """What cannot be sorted by is said, and the order is the usual one."""
    text, usual = query.get("sort", ""), Sorting(columns.sortable[LAST])
    column = columns.sortable.get(text.removeprefix("-"))
    if text and column is None:
        return replace(usual, problem="The list cannot be sorted by what this address names: the latest are first.")
    return Sorting(column, text.startswith("-")) if column else usual


def orders_of(now: Sorting, columns: Columns, asked: Asked, *, path: str) -> Orders:
    def leads_to(one: Sorting) -> str:
        return address(path, replace(asked, sort=one.text).query)

    def head(column: Column) -> Head:
        here = column == now.column
        then = Sorting(column, not now.falling) if here else _turns(column)[0]
        return Head(leads_to(then), then.words, ("descending" if now.falling else "ascending") if here else None)

    shown = [one for one in columns.shown if one.name in columns.sortable]
    own = dict.fromkeys(one for one in (*shown, now.column) if one.name.startswith(CUSTOM))
    offered = [turn for one in (*(columns.sortable[name] for name in _WORDS), *own) for turn in _turns(one)]
    return Orders(
        now,
        {one.name: head(one) for one in shown},
        [Choice(f"{one.column.label}, {one.words}", leads_to(one), one.text == now.text) for one in offered],
        without="" if now.usual else leads_to(Sorting(columns.sortable[LAST])),
        seen=(now.column if now.column in shown or not columns.shown else columns.shown[-1]).name,
    )


def _turns(column: Column) -> list[Sorting]:
    """First the one that a click gives."""
    return [Sorting(column, falling) for falling in ((False, True) if column.name in _RISING_FIRST else (True, False))]
