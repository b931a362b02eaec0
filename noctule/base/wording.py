"""What msgspec says of a body that does not fit its type, in plain words: the field and what it must be."""

import json
import re
from typing import Any

import msgspec
from msgspec import Struct, inspect

from noctule.base.text import unstorable_in

_KINDS = {
    "str": "a string",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
}
_MISSING = re.compile(r"Object missing required field `(.+)`")
_LENGTH = re.compile(r"Expected `(str|array)` of length (<=|>=) (\d+)")
_KIND = re.compile(r"Expected `([a-z |]+)`, got `.+`")


def problem_with(error: msgspec.ValidationError, kind: type[Struct], body: bytes = b"") -> tuple[str, str]:
    """The field and the message. `kind` is what the body did not fit."""
    said, _, place = str(error).partition(" - at `$")
    path = place.rstrip("`").lstrip(".")
    if missing := _MISSING.fullmatch(said):
        return f"{path}.{missing[1]}".lstrip("."), "is required"
    if said.startswith("Number out of range"):
        return _number_in(body) or (path.replace("[...]", ""), "holds a number that is too large")
    return path or "body", _words(said, path, kind)


def _words(said: str, path: str, kind: type[Struct]) -> str:
    if length := _LENGTH.fullmatch(said):
        unit = "characters" if length[1] == "str" else "items"
        return f"must have at most {length[3]} {unit}" if length[2] == "<=" else "must not be empty"
    if types := _KIND.fullmatch(said):
        kinds = types[1].split(" | ")
        names = dict.fromkeys(
            _KINDS[name] for name in kinds if name in _KINDS and (name != "int" or "float" not in kinds)
        )
        return f"must be {' or '.join(names)}"
    if said.startswith("Invalid enum value"):
        *some, last = _choices(kind, path)
        return f"must be {', '.join(some)} or {last}"
    return said[:1].lower() + said[1:].replace("`", "")


def _choices(body: type[Struct], path: str) -> list[str]:
    """The values that a field may have, read off the type of the body."""
    kind: Any = inspect.type_info(body)
    for step in re.findall(r"\w+(?!\])|\[", path):
        kind = kind.item_type if step == "[" else next(one.type for one in kind.fields if one.encode_name == step)
        if isinstance(kind, inspect.UnionType):
            kind = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    return list(kind.values)


def _number_in(body: bytes) -> tuple[str, str] | None:
    """Under keys of any name msgspec does not say under which one; Python reads such a number as infinite."""
    try:
        return unstorable_in(json.loads(body), "")
    except (ValueError, RecursionError):
        return None
