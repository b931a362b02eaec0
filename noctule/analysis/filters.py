"""Filters: which conversations are meant, as one value that pages, the API, exports and saved views share.

In an address each condition is `f=field:operator:value`, such as `f=language:is:de`, `f=messages:ge:10` or
`f=custom.tier:not:gold`. Conditions of one field with `is` are alternatives, everything else must hold at once. In the
database they are one JSON path over the facts of a conversation (PostgreSQL, section 9.16.2, "The SQL/JSON Path Language").
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from noctule.analysis.quality import WEIGHTS
from noctule.base.errors import Invalid
from noctule.base.text import storable
from noctule.chatbots import ChatbotId, FieldType

Operator = Literal["is", "not", "ge", "le"]
Kind = Literal["word", "words", "number", "switch"]

# What can be asked of a conversation, and of which kind it is; "words" are several at once, such as tags.
FIELDS: dict[str, Kind] = {
    "sentiment": "word",
    "score": "number",
    "language": "word",
    "country": "word",
    "device": "word",
    "browser": "word",
    "os": "word",
    "source": "word",
    "intent": "word",
    "topic": "word",
    "outcome": "word",
    "behavior": "words",
    "flags": "words",
    "quality": "number",
    **dict[str, Kind](("marks." + name, "number") for name in WEIGHTS),
    "failing": "words",
    "dissatisfaction": "number",
    "unresolved": "number",
    "unanswered": "switch",
    "escalated": "switch",
    "analysed": "switch",
    "ended": "switch",
    "reviewed": "switch",
    "messages": "number",
    "user": "word",
    "organization": "word",
    "plan": "word",
    "industry": "word",
    "tags": "words",
}
_OF_CUSTOM: dict[FieldType, Kind] = {"string": "word", "number": "number", "boolean": "switch"}
_SIGNS: dict[Operator, str] = {"is": "==", "not": "==", "ge": ">=", "le": "<="}
# Of these only what is true is kept as a fact: where nothing is said, it is false.
FALSE_UNLESS_SAID = {"analysed", "ended", "reviewed"}
_LONGEST = 1000
MOST_CONDITIONS = 20


@dataclass(frozen=True)
class Condition:
    field: str  # a name of FIELDS, or custom.<key>
    operator: Operator
    value: str

    def __str__(self) -> str:
        return f"{self.field}:{self.operator}:{self.value}"


@dataclass(frozen=True)
class Filter:
    """Conditions that must hold, and the same as one JSON path over the facts of a conversation."""

    path: str
    conditions: tuple[Condition, ...]
    kinds: Mapping[str, Kind]  # of the fields that are asked for

    @property
    def names_a_value(self) -> bool:
        """Whether the index of facts can tell which conversations are meant: it knows values, and not what is missing."""
        return any(
            one.operator == "is" and (one.field, one.value) != ("sentiment", "none")
            and not (one.field in FALSE_UNLESS_SAID and one.value == "false")
            for one in self.conditions
        )  # fmt: skip


def read_condition(text: str, custom: Mapping[str, FieldType]) -> Condition:
    """`custom` are the accepted fields. Raises Invalid, naming the field."""
    name, _, rest = text.partition(":")
    operator, _, value = rest.partition(":")
    # A key of a custom field may hold colons: the longest known one counts.
    for key in sorted(custom, key=len, reverse=True):
        if text.startswith(f"custom.{key}:"):
            name = f"custom.{key}"
            operator, _, value = text[len(name) + 1 :].partition(":")
            break
    kind = kind_of(name, custom)
    known: Operator | None = next((one for one in _SIGNS if one == operator), None)
    if known is None or (known in ("ge", "le") and kind != "number"):
        raise Invalid.field("f", f"{operator or 'nothing'} is not an operator for {name}")
    if not value or len(value) > _LONGEST or storable(value) is not None:
        raise Invalid.field("f", f"the value for {name} cannot be looked for")
    _literal(value, kind, name)
    return Condition(name, known, value)


def kind_of(name: str, custom: Mapping[str, FieldType]) -> Kind:
    """Raises Invalid for a field that nobody knows."""
    if name.startswith("custom.") and name[7:] in custom:
        return _OF_CUSTOM[custom[name[7:]]]
    if name in FIELDS:
        return FIELDS[name]
    raise Invalid.field("f", f"{name or 'nothing'} is not a field of conversations that can be filtered by")


def read_conditions(texts: Sequence[str], custom: Mapping[str, FieldType]) -> list[Condition]:
    """Raises Invalid. In one order whatever order they came in, without repeats."""
    if len(texts) > MOST_CONDITIONS:
        raise Invalid.field("f", f"may be given {MOST_CONDITIONS} times")
    return sorted({read_condition(text, custom) for text in texts}, key=str)


def filter_of(conditions: Iterable[Condition], chatbot_id: ChatbotId, custom: Mapping[str, FieldType]) -> Filter | None:
    """None when there are no conditions."""
    alternatives: dict[str, list[str]] = {}
    others: list[str] = []
    asked = tuple(conditions)
    for one in asked:
        path = _asked(one, kind_of(one.field, custom))
        if one.operator == "is":
            alternatives.setdefault(one.field, []).append(path)
        else:
            others.append(f"!({path})" if one.operator == "not" else path)
    if not asked:
        return None
    every = [f'$.chatbot == "{chatbot_id}"', *(" || ".join(some) for some in alternatives.values()), *others]
    return Filter(
        " && ".join(f"({one})" for one in every), asked, {one.field: kind_of(one.field, custom) for one in asked}
    )


def _asked(condition: Condition, kind: Kind) -> str:
    if (condition.field, condition.value) == ("sentiment", "none"):
        return "!exists($.sentiment)"
    if condition.field in FALSE_UNLESS_SAID and _literal(condition.value, kind, condition.field) == "false":
        return f"!($.{condition.field} == true)"
    place = (
        f"$.custom.{json.dumps(condition.field[7:])}"
        if condition.field.startswith("custom.")
        else f"$.{condition.field}"
    )
    some = "[*]" if kind == "words" else ""
    return f"{place}{some} {_SIGNS[condition.operator]} {_literal(condition.value, kind, condition.field)}"


def _literal(value: str, kind: Kind, name: str) -> str:
    if kind == "switch":
        if value not in ("true", "false"):
            raise Invalid.field("f", f"{name} is true or false")
        return value
    if kind == "number":
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not abs(number) < 1e300:
            raise Invalid.field("f", f"{name} is a number")
        return repr(number)
    return json.dumps(value)
