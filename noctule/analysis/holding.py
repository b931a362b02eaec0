"""Whether a condition holds for what is known, said in Python as the JSON path says it to PostgreSQL; a test keeps the two alike.

As there, a value of another type than what is asked for makes a condition neither true nor false, and its opposite too.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from noctule.analysis.filters import FALSE_UNLESS_SAID, Condition, Filter, Kind

Holds = Callable[[Any], bool]  # of a value, None where nothing is known
Held = Callable[[Sequence[Any]], NDArray[np.bool_]]  # for each of many values
_EXACT = 2**53
_TRUE = True
_SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "is": lambda one, wanted: one == wanted,
    "not": lambda one, wanted: one == wanted,
    "ge": lambda one, wanted: one >= wanted,
    "le": lambda one, wanted: one <= wanted,
}


def holding(asked: Filter) -> dict[str, Held]:
    """By field, for which of its values the conditions hold."""
    fields = {one.field for one in asked.conditions}
    return {
        field: _held([one for one in asked.conditions if one.field == field], asked.kinds[field]) for field in fields
    }


def _held(conditions: Sequence[Condition], kind: Kind) -> Held:
    holds = _holding(conditions, kind)

    def held(known: Sequence[Any]) -> NDArray[np.bool_]:
        """`known` begins with None."""
        values = None if _asks_for_nothing(conditions) else _alike(known[1:], kind)
        if values is None:
            return np.fromiter(map(holds, known), bool, len(known))
        return np.concatenate([[holds(None)], _held_by_alike(conditions, kind, values=values)])

    return held


def _asks_for_nothing(conditions: Sequence[Condition]) -> bool:
    return any((one.field, one.value) == ("sentiment", "none") for one in conditions)


def _alike(values: Sequence[Any], kind: Kind) -> NDArray[Any] | None:
    """All of the sort that is asked for, and numbers that a float can tell; None when they are not."""
    sorts = set(map(type, values))
    if kind == "word" and sorts <= {str}:
        return np.array(values, object)
    if kind == "number" and sorts <= {int, float} and all(-_EXACT < one < _EXACT for one in values):
        return np.array(values, np.float64)
    return None


def _held_by_alike(conditions: Sequence[Condition], kind: Kind, *, values: NDArray[Any]) -> NDArray[np.bool_]:
    """The same of many at once."""
    said = {one: np.asarray(_SIGNS[one.operator](values, _wanted(one.value, kind)), np.bool_) for one in conditions}
    alternatives = [some for one, some in said.items() if one.operator == "is"]
    every = [~some if one.operator == "not" else some for one, some in said.items() if one.operator != "is"]
    if alternatives:
        every.append(np.logical_or.reduce(alternatives))
    return np.logical_and.reduce(every)


def _holding(conditions: Sequence[Condition], kind: Kind) -> Holds:
    alternatives = [_truth(one, kind) for one in conditions if one.operator == "is"]
    others = [(_truth(one, kind), one.operator != "not") for one in conditions if one.operator != "is"]

    def holds(value: Any) -> bool:
        return (not alternatives or any(one(value) is True for one in alternatives)) and all(
            one(value) is expected for one, expected in others
        )

    return holds


def _truth(condition: Condition, kind: Kind) -> Callable[[Any], bool | None]:
    if (condition.field, condition.value) == ("sentiment", "none"):
        return lambda value: value is None
    wanted = _wanted(condition.value, kind)
    if condition.field in FALSE_UNLESS_SAID and wanted is False:
        return lambda value: None if (said := _compared("is", _TRUE, value)) is None else not said
    return lambda value: _compared(condition.operator, wanted, value)


def _wanted(text: str, kind: Kind) -> Any:
    if kind == "switch":
        return text == "true"
    return float(text) if kind == "number" else text


def _compared(operator: str, wanted: Any, value: Any) -> bool | None:
    """True where one of several values is so."""
    found: bool | None = False
    for one in _several(value):
        if one is None:
            continue
        if _sort(one) != _sort(wanted):
            found = None
        elif _SIGNS[operator](one, wanted):
            return True
    return found


def _several(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        yield from value
    elif value is not None:
        yield value


def _sort(value: object) -> type[object]:
    return float if type(value) is int else value.__class__
