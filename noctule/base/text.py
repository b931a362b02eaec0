"""Text that PostgreSQL and people can read: what JSON allows and a database does not."""

import re
from math import isfinite
from typing import TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

# Not the whole of RFC 5322: one @, no spaces, something on both sides. Intranet and test domains are addresses too.
_EMAIL = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]{1,190}")
LONGEST_EMAIL = 256
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])  # Unicode's marks that reorder what follows
DEEPEST = 32  # levels of objects and lists
TOO_DEEP = f"must not be nested deeper than {DEEPEST} levels"


def is_email(text: str) -> bool:
    return len(text) <= LONGEST_EMAIL and _EMAIL.fullmatch(text) is not None and storable(text) is None


def storable(text: str) -> str | None:
    """None when the text can be stored, else why not: NUL and lone surrogates are legal JSON but not text."""
    if "\0" in text:
        return "must not contain the character NUL"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "must not contain half of a surrogate pair"
    return None


def one_line(text: str, most: int) -> str:
    """Somebody else's text in a line of ours: cut, and without what would break the line or turn the words around it."""
    line = " ".join(text.translate(_TURNING).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def shown(text: str, most: int = 80) -> str:
    """What somebody sent, as it may stand in an error: cut, and a mark for each character that cannot be seen."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return (
        cut if cut.isprintable() else "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in cut)
    )


def too_deep(value: Json, levels: int = DEEPEST) -> bool:
    """Whether objects and lists stand in each other more than `levels` times: not every reader of JSON goes on for ever."""
    if not isinstance(value, dict | list):
        return False
    items = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(too_deep(item, levels - 1) for item in items)


def unstorable_in(value: Json, path: str) -> tuple[str, str] | None:
    """The path and the trouble of the first thing in a JSON value that cannot be stored; None when all can."""
    if isinstance(value, str):
        problem = storable(value)
        return (path, problem) if problem else None
    if isinstance(value, float) and not isfinite(value):
        return path, "must be a finite number"
    if isinstance(value, dict):
        for key, item in value.items():
            if problem := storable(key):
                return path, f"a key {problem}"
            if found := unstorable_in(item, f"{path}.{key}" if path else key):
                return found
    if isinstance(value, list):
        for index, item in enumerate(value):
            if found := unstorable_in(item, f"{path}[{index}]"):
                return found
    return None
