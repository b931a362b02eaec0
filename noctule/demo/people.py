"""Who talks with the bots: people and companies that do not exist, at addresses that nobody can have."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from noctule.base.clock import iso
from noctule.demo.scripts import Bot, cast

_DAYS = 400  # since when somebody may be known


@dataclass(frozen=True)
class Actor:
    language: str
    name: str
    person: dict[str, Any]
    company: dict[str, Any]
    country: str
    device: str
    browser: str
    system: str
    department: str
    often: float  # how much more than others they write


_MACHINES = (
    ("desktop", "Chrome", "Windows"), ("desktop", "Chrome", "Mac OS X"), ("desktop", "Firefox", "Linux"), ("desktop", "Edge", "Windows"),
    ("desktop", "Safari", "Mac OS X"), ("mobile", "Mobile Safari", "iOS"), ("mobile", "Chrome Mobile", "Android"), ("tablet", "Mobile Safari", "iOS"),
)  # fmt: skip


def actors(slug: str, bot: Bot, *, seed: str, until: datetime) -> list[Actor]:
    chance = Random(f"{seed}:{slug}:people")
    firms = [_company(chance, bot, number) for number in range(bot.companies)]
    return [_actor(chance, bot, firms, number=number, until=until) for number in range(bot.people)]


def _company(chance: Random, bot: Bot, number: int) -> dict[str, Any]:
    named = cast().companies
    word, form = named[number % len(named)], chance.choice(cast().forms)
    name = (
        f"{word}{form}" if number < len(named) else f"{word} {chance.choice(('Nord', 'South', 'Digital', 'Services'))}"
    )
    plan = chance.choice(bot.plans)
    seats = chance.randint(3, 30) * {"free": 1, "team": 1, "business": 4, "enterprise": 12}[plan]
    price = {"free": 0, "team": 9, "business": 14, "enterprise": 21}[plan]
    return {
        "id": f"acct-{1000 + number}",
        "name": name,
        "plan": plan,
        "industry": chance.choice(cast().industries),
        "mrr": seats * price,
    }


def _actor(chance: Random, bot: Bot, firms: list[dict[str, Any]], *, number: int, until: datetime) -> Actor:
    language = chance.choices(list(bot.languages), list(bot.languages.values()))[0]
    first, last = chance.choice(cast().first[language]), chance.choice(cast().last[language])
    # The first few companies have most of the people.
    company = firms[min(int(chance.expovariate(1) * len(firms) / 3), len(firms) - 1)] if firms else {}
    house = _plain(company["name"]) if company else chance.choice(("mail", "post", "inbox", "letters"))
    host = "alderbrook.example" if not bot.plans else f"{house}.example"
    known_since = until - timedelta(days=chance.randint(1, _DAYS), minutes=chance.randrange(1440))
    person: dict[str, Any] = {
        "id": f"u-{10_000 + number * 7}",
        "name": f"{first} {last}",
        "email": f"{_plain(first)}.{_plain(last)}{number}@{host}",
        "createdAt": iso(known_since.replace(microsecond=0)),
    }
    if bot.plans:
        person["plan"] = company["plan"] if company else chance.choice(bot.plans)
    device, browser, system = chance.choice(_MACHINES[:5] if company else _MACHINES)
    return Actor(
        language,
        f"{first} {last}",
        person,
        company,
        chance.choice(cast().countries[language]),
        device,
        browser,
        system,
        chance.choice(cast().departments),
        often=chance.paretovariate(1.6),
    )


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "".join(one for one in letters if one.isalnum())
