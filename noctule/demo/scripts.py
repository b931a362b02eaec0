"""What the plays are made of, read from `data/`: bots, scenes and the words around a question, none of them copied."""

from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct

BOTS = ("shop", "helpdesk", "people")


class Bot(Struct, frozen=True):
    name: str
    share: int  # conversations
    languages: dict[str, int]
    hours: tuple[int, ...]  # how busy each hour of the day is
    weekend: float  # how busy a day of it is beside another day
    people: int
    companies: int
    in_companies: float  # how many of its people belong to one
    pages: tuple[str, ...]
    site: str
    plans: tuple[str, ...]  # none: its people are colleagues, and their departments the companies
    prompt_before: str
    prompt_after: str
    changed_days_ago: int  # since when the better prompt holds
    bad_week: bool


class Scene(Struct, frozen=True):
    """One subject: questions with the answer that helps, answers that do not, what is asked back, what comes after."""

    about: str
    weight: int
    asks: tuple[tuple[str, str], ...]
    fails: tuple[str, ...]
    kind: str = ""  # "gap": nothing is known about it; "sales": somebody wants to buy
    tool: str = ""
    probes: tuple[tuple[str, str], ...] = ()
    follows: tuple[tuple[str, str], ...] = ()


class Script(Struct, frozen=True):
    words: dict[str, tuple[str, ...]]
    scenes: tuple[Scene, ...]


class Voice(Struct, frozen=True):
    hello: tuple[str, ...]
    thanks: tuple[str, ...]
    closes: tuple[str, ...]
    corrects: tuple[str, ...]
    retries: tuple[str, ...]
    annoyed: tuple[str, ...]
    furious: tuple[str, ...]
    sorry: tuple[str, ...]
    person: tuple[str, ...]
    handover: tuple[str, ...]
    leaves: tuple[str, ...]
    rivals: tuple[str, ...]
    hurry: tuple[str, ...]
    agree: tuple[str, ...]
    also: tuple[str, ...]


class Cast(Struct, frozen=True):
    industries: tuple[str, ...]
    departments: tuple[str, ...]
    companies: tuple[str, ...]
    forms: tuple[str, ...]
    first: dict[str, tuple[str, ...]]
    last: dict[str, tuple[str, ...]]
    countries: dict[str, tuple[str, ...]]


@cache
def bot(name: str) -> Bot:
    return _read(name, Bot)


@cache
def script(name: str, language: str) -> Script:
    return _read(f"{name}.{language}", Script)


@cache
def voice(language: str) -> Voice:
    return _read(f"voice.{language}", Voice)


@cache
def cast() -> Cast:
    return _read("cast", Cast)


def _read(name: str, kind: Any) -> Any:
    return msgspec.toml.decode((files("noctule.demo") / "data" / f"{name}.toml").read_bytes(), type=kind)
