"""All conversations of one bot, the last first: the same for the same seed and hour, whoever asks and however often."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from noctule.conversations import Turn
from noctule.demo import scripts
from noctule.demo.people import Actor, actors
from noctule.demo.play import Play, play
from noctule.demo.scripts import Bot
from noctule.demo.times import days_ago, moments
from noctule.transfer import Draft

SEED = "noctule-1"
_SOURCES = {"capture": 74, "track": 16, "chats": 10}
_CITIES = {"GB": "Leeds", "US": "Austin", "DE": "Leipzig", "AT": "Graz", "CH": "Basel", "FR": "Lyon", "ES": "Bilbao", "PT": "Porto"}  # fmt: skip


@dataclass(frozen=True)
class _Scenery:
    """Where and when a conversation takes place."""

    slug: str
    bot: Bot
    actor: Actor
    ago: int  # days
    chance: Random


def drafts(slug: str, until: datetime, *, seed: str = SEED) -> Iterator[Draft]:
    bot = scripts.bot(slug)
    people = actors(slug, bot, seed=seed, until=until)
    often = [one.often for one in people]
    for number, began in enumerate(moments(bot, until, Random(f"{seed}:{slug}:times"))):
        chance = Random(f"{seed}:{slug}:{number}")
        scenery = _Scenery(slug, bot, chance.choices(people, often)[0], days_ago(began, until), chance)
        yield _draft(f"demo-{slug}-{number:04}", scenery, began=began, until=until)


def _draft(name: str, scenery: _Scenery, *, began: datetime, until: datetime) -> Draft:
    actor, chance = scenery.actor, scenery.chance
    played = play(scenery.slug, scenery.bot, actor, ago=scenery.ago, chance=chance)
    source = chance.choices(list(_SOURCES), list(_SOURCES.values()))[0]
    told = source == "chats"
    return Draft(
        name,
        tuple(_turns(name, played, scenery, began=began, until=until)),
        source=source,
        title=played.about.capitalize() if told else None,
        tags=(played.about,) if told else (),
        stated={"category": played.about} if told else {},
        person=actor.person,
        organization=actor.company,
        session={
            "pageUrl": scenery.bot.site + chance.choice(scenery.bot.pages),
            "device": actor.device,
            "country": actor.country,
        },
        custom=_custom(scenery, chance),
        enrichment=_enrichment(actor),
    )


def _turns(name: str, played: Play, scenery: _Scenery, *, began: datetime, until: datetime) -> Iterator[Turn]:
    """Whoever types takes his time; the assistant answers within seconds. What lies ahead has not been said yet."""
    moment, chance = began.replace(microsecond=0), scenery.chance
    for place, (role, content) in enumerate(played.said):
        if role == "assistant":
            moment += timedelta(seconds=chance.randint(2, 7))
        elif place:
            moment += timedelta(seconds=chance.randint(12, 40) + len(content) // 3)
        if moment > until:
            return
        uses_tool = role == "assistant" and played.tool and place == 1
        evidence = _evidence(played, scenery, chance) if uses_tool else None
        yield Turn(role, content, f"{name}-{place}", moment, evidence)


def _evidence(played: Play, scenery: _Scenery, chance: Random) -> dict[str, Any]:
    missing = played.course in ("failed", "leaving", "handed_over")
    found = {"error": "timeout"} if missing and chance.random() < 0.5 else {"found": not missing}
    asked = {"customer": scenery.actor.person["id"]}
    return {"tools": [{"name": played.tool, "input": asked, "output": found}], "reasoning": None}


def _custom(scenery: _Scenery, chance: Random) -> dict[str, Any]:
    bot = scenery.bot
    custom: dict[str, Any] = {
        "prompt_version": bot.prompt_after if scenery.ago < bot.changed_days_ago else bot.prompt_before
    }
    if scenery.slug == "shop":
        custom |= {"basket_value": chance.randint(0, 320), "returning_customer": chance.random() < 0.6}
    elif scenery.slug == "helpdesk":
        custom |= {"workspace_seats": chance.choice((5, 12, 25, 60, 140)), "app_version": chance.choice(("4.1", "4.2"))}
    else:
        custom |= {"department": scenery.actor.company["name"], "on_site": chance.random() < 0.5}
    return custom


def _enrichment(actor: Actor) -> dict[str, Any]:
    city = _CITIES.get(actor.country)
    return {
        "browser": actor.browser,
        "os": actor.system,
        "language": actor.language,
        **({"city": city} if city else {}),
    }
