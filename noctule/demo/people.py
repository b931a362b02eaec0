"""Who talks with the bots: people and companies that do not exist, at addresses that nobody can have."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from noctule.base.clock import iso
from noctule.demo.scripts import Bot, cast

_DAYS = 400  # since when somebody may be known
_MOST_OFTEN = 7.0
_PRICES = {"free": 0, "team": 9, "business": 14, "enterprise": 21}  # a seat and month
_BRANCHES = ("Nord", "South", "Digital", "Services")
_POSTBOXES = ("mail", "post", "inbox", "letters")
_OURS = "alderbrook"


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
    if not bot.plans:
        name = cast().departments[number]
        return {"id": f"department-{_plain(name)}", "name": name}
    named = cast().companies
    word, form = named[number % len(named)], chance.choice(cast().forms)
    name = f"{word}{form}" if number < len(named) else f"{word} {chance.choice(_BRANCHES)}"
    plan = chance.choice(bot.plans[2:])  # whoever signs for a company pays
    seats, price = chance.randint(3, 30), _PRICES.get(plan, 6)
    mrr = seats * price * (4 if plan == "enterprise" else 1)
    return {
        "id": f"acct-{1000 + number}",
        "name": name,
        "plan": plan,
        "industry": chance.choice(cast().industries),
        "mrr": mrr,
    }


def _actor(chance: Random, bot: Bot, firms: list[dict[str, Any]], *, number: int, until: datetime) -> Actor:
    language = chance.choices(list(bot.languages), list(bot.languages.values()))[0]
    first, last = chance.choice(cast().first[language]), chance.choice(cast().last[language])
    # The first few companies have most of the people.
    firm = firms[min(int(chance.expovariate(1) * len(firms) / 3), len(firms) - 1)]
    company = firm if chance.random() < bot.in_companies else {}
    house = _plain(company["name"]) if company else chance.choice(_POSTBOXES)
    host = f"{house if bot.plans else _OURS}.example"
    known_since = until - timedelta(days=chance.randint(1, _DAYS), minutes=chance.randrange(1440))
    person: dict[str, Any] = {
        "id": f"u-{10_000 + number * 7}",
        "name": f"{first} {last}",
        "email": f"{_plain(first)}.{_plain(last)}{number}@{host}",
        "createdAt": iso(known_since.replace(microsecond=0)),
    }
    if bot.plans:
        person["plan"] = company.get("plan") or chance.choice(bot.plans)
    device, browser, system = chance.choice(_MACHINES[:5] if bot.in_companies == 1 else _MACHINES)
    return Actor(
        language,
        f"{first} {last}",
        person,
        company,
        chance.choice(cast().countries[language]),
        device,
        browser,
        system,
        often=min(chance.paretovariate(1.6), _MOST_OFTEN),
    )


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "".join(one for one in letters if one.isalnum())
