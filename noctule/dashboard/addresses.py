"""Addresses with what is asked of a page: the state of a page is its address, written in one order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

Query = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Choice:
    """An address among others."""

    label: str
    href: str
    here: bool


def address(path: str, *parts: Query) -> str:
    """Later parts go over earlier ones; what is empty is left out."""
    query = {name: value for part in parts for name, value in part.items()}
    kept = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(kept, doseq=True, safe=':,')}" if kept else path
