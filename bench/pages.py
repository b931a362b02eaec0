"""How long pages take on the server with many conversations, what each tile costs the database, and a click on a filter.

    python -m bench.pages [--sizes N ...] [--rounds N] [--days N] [--without-browser]

Rows are made by the database itself, spread over a year (or --days) and judged, in a server of the run's own. A page: p95 of
the time until its last byte, over HTTP, one request after the other, against a bound of 150 ms at up to 50,000 conversations
and 400 ms beyond; and CPU of both processes for one request. A tile: CPU of PostgreSQL for its figures alone, against 20 ms, or
100 ms where a filter leaves every fourth conversation. A click: from the click on a filter until the answer is painted, p95
against 250 ms.
"""

import argparse
import asyncio
import http.client
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from uuid import UUID

from playwright.sync_api import sync_playwright

from bench.many import make_conversations
from bench.screens import CHROMIUM, FLAGS
from bench.server import Server
from noctule import analysis, conversations
from noctule.analysis import Days, Scope
from noctule.base.db import Database, Db, connect
from noctule.chatbots import ChatbotId
from noctule.dashboard import attention

_FEW, _BOUND_FEW, _BOUND_MANY, _BOUND_CLICK, _BOUND_TILE, _BOUND_FILTERED = (
    50_000,
    150,
    400,
    250,
    20,
    100,
)  # milliseconds
_FILTER = "country:is:DE"


def pages_of(bot: str) -> dict[str, str]:
    base, one = f"/b/{bot}", "00000000-0000-7000-8000-000000000005"
    return {
        "home": "/", "overview": f"{base}/overview", "overview, 90 days": f"{base}/overview?range=90d",
        "overview, a year ago": f"{base}/overview?from=2025-12-01&to=2026-02-28",
        **{name: f"{base}/went/{name}" for name in ("outcomes", "intents", "behaviors", "quality", "flags", "frustrations", "audience")},
        **{f"{name}, filtered": f"{base}/went/{name}?f={_FILTER}" for name in ("outcomes", "quality", "frustrations", "audience")},
        "list": f"{base}/conversations", "list, negative": f"{base}/conversations?f=sentiment:is:negative",
        "list, a field": f"{base}/conversations?f=custom.tier:is:gold&range=30d",
        "list, rare": f"{base}/conversations?f=user:is:{one}", "list, two fields": f"{base}/conversations?f=language:is:de&f=unanswered:is:true",
        "list, columns": f"{base}/conversations?cols=state,topic,custom.tier,outcome,last",
        "list, sorted": f"{base}/conversations?sort=score", "list, sorted, a field": f"{base}/conversations?sort=-messages&f=custom.tier:is:gold",
        "reading": f"{base}/conversations?c={one}", "transcript": f"{base}/conversations/{one}",
        "users": f"{base}/users", "a user": f"{base}/users/{one}", "topics": f"{base}/topics", "topics, 30 days": f"{base}/topics?range=30d",
        "a topic": f"{base}/topics/{one}", "privacy": f"{base}/settings/privacy", "fields": f"{base}/settings/fields",
    }  # fmt: skip


@dataclass(frozen=True)
class Timing:
    """Of one page, in milliseconds."""

    p50: float
    p95: float
    web: float  # CPU of the web process for one request
    database: float  # CPU of PostgreSQL


def timed(server: Server, path: str, rounds: int) -> Timing:
    """The first request does not count."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    headers = {"cookie": f"auth_token={server.token}", "accept-encoding": "gzip"}
    took: list[float] = []
    before: dict[str, float] = {}
    for number in range(rounds + 1):
        began = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        took.append((time.perf_counter() - began) * 1000)
        if number == 0:
            before = server.cpu_seconds()
    used = {kind: (spent - before[kind]) / rounds * 1000 for kind, spent in server.cpu_seconds().items()}
    connection.close()
    return Timing(median(took[1:]), quantiles(took[1:], n=20)[-1], used["python"], used["postgres"])


Tile = Callable[[Db, ChatbotId], Awaitable[object]]


def tiles(database: Database) -> dict[str, Tile]:
    now = database.clock()
    last, since = now.date(), now - timedelta(days=30)
    days: Any = {"first": last - timedelta(days=59), "last": last}
    unfiltered: dict[str, Tile] = {
        "days and sentiment": lambda db, bot: analysis.days_between(db, [bot], **days),
        "users of 30 days": lambda db, bot: analysis.count_users(db, bot, since=since, until=now),
        "busiest hours": lambda db, bot: analysis.hours_between(db, bot, **days),
        "channels": lambda db, bot: analysis.channels_between(db, bot, **days, limit=6),
        "needs attention": lambda db, bot: analysis.lowest_between(db, bot, since=since, until=now, limit=5),
        "latest": lambda db, bot: conversations.conversations_before(db, bot, moment=None, conversation_id=None, limit=7),
        "talking now": lambda db, bot: conversations.count_talking(db, bot, since=now - timedelta(minutes=5)),
        "standing": lambda db, bot: conversations.standings_of(db, [bot], most=10_001),
    }  # fmt: skip
    return unfiltered | {name: _of_scope(database, ask, conditions=[]) for name, ask in _SCOPED.items()}


_SCOPED: dict[str, Callable[[Db, Scope], Awaitable[object]]] = {
    "outcomes": lambda db, scope: analysis.breakdowns(db, scope, ["outcome", "unanswered", "escalated"]),
    "intents": lambda db, scope: analysis.breakdowns(db, scope, ["intent"]),
    "behaviours": lambda db, scope: analysis.breakdowns(db, scope, ["behavior"]),
    "quality": lambda db, scope: analysis.breakdowns(db, scope, ["quality", "failing"]),
    "flags": lambda db, scope: analysis.breakdowns(db, scope, ["flags"]),
    "where from": lambda db, scope: analysis.breakdowns(db, scope, ["language", "country", "device", "plan"]),
    "rises": lambda db, scope: analysis.breakdowns(db, scope, attention.NAMES),
    "frustrations": lambda db, scope: analysis.frustrations(db, scope, limit=8),
    "most dissatisfied users": lambda db, scope: analysis.unhappy_users(db, scope, limit=8),
}


def _of_scope(database: Database, ask: Callable[[Db, Scope], Awaitable[object]], *, conditions: Sequence[str]) -> Tile:
    last = database.clock().date()
    days, asked = Days(last - timedelta(days=29), last), analysis.read_conditions(conditions, {})
    return lambda db, bot: ask(db, Scope(bot, days, analysis.filter_of(asked, bot, {})))


async def tile_costs(server: Server, url: str, bot: ChatbotId, rounds: int) -> dict[str, tuple[float, int]]:
    """CPU of PostgreSQL in milliseconds, and its bound."""
    costs: dict[str, tuple[float, int]] = {}
    async with connect(url) as database:
        filtered = {
            f"{name}, filtered": _of_scope(database, ask, conditions=[_FILTER]) for name, ask in _SCOPED.items()
        }
        bounded = [(_BOUND_TILE, tiles(database)), (_BOUND_FILTERED, filtered)]
        for bound, (name, ask) in [(bound, one) for bound, some in bounded for one in some.items()]:
            before = 0.0
            for number in range(rounds + 1):
                async with database.transaction() as db:
                    await ask(db, bot)
                if number == 0:
                    before = server.cpu_seconds()["postgres"]
            costs[name] = (server.cpu_seconds()["postgres"] - before) / rounds * 1000, bound
    return costs


_CLICK = """
number => new Promise(done => {
  const began = performance.now(), took = [], note = () => took.push(performance.now() - began), once = { once: true };
  document.addEventListener('htmx:before:response', note, once);
  document.addEventListener('htmx:before:swap', note, once);
  document.addEventListener('htmx:after:swap', () => { note(); requestAnimationFrame(() => requestAnimationFrame(() => { note(); done(took); })); }, once);
  document.querySelector(`nav[aria-label=Sentiment] a:nth-child(${number})`).click();
})
"""


def clicks(server: Server, path: str, rounds: int) -> list[list[float]]:
    """From a click on a filter until the answer begins, is read, is in the page, and is painted, in milliseconds."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        address = f"http://127.0.0.1:{server.port}"
        context.add_cookies([{"name": "auth_token", "value": server.token, "url": address}])
        page = context.new_page()
        page.goto(address + path)
        page.wait_for_function("() => document.querySelector('#palette-q')._htmx")
        took: list[list[float]] = [page.evaluate(_CLICK, 1 + number % 4) for number in range(1, rounds + 2)]
        browser.close()
    return took[1:]


def measure(number: int, rounds: int, *, days: int, browser: bool) -> bool:
    """Whether everything is within its bound."""
    with Server(workers=1) as server:
        bot, _ = server.new_chatbot("Much")
        began = time.monotonic()
        asyncio.run(make_conversations(server.database_url, UUID(bot), number, days=days))
        print(f"\n{number:,} conversations, made in {time.monotonic() - began:.0f} s\n")
        bound = _BOUND_FEW if number <= _FEW else _BOUND_MANY
        good = [_pages(server, bot, rounds, bound=bound), _tiles(server, bot, rounds)]
        if browser:
            took = clicks(server, pages_of(bot)["list"], rounds)
            p95 = quantiles((one[-1] for one in took), n=20)[-1]
            good.append(p95 <= _BOUND_CLICK or number > _FEW)
            steps = ", ".join(f"{median(one):.0f}" for one in zip(*took, strict=True))
            print(f"\nA click on a filter until it is painted: p95 {p95:.0f} ms, bound {_BOUND_CLICK}")
            print(f"The middle one: answered, read, exchanged and painted after {steps} ms")
    return all(good)


def _pages(server: Server, bot: str, rounds: int, *, bound: int) -> bool:
    good = True
    print("| page | p50, ms | p95, ms | bound | CPU of the web process, ms | CPU of PostgreSQL, ms |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, path in pages_of(bot).items():
        one = timed(server, path, rounds)
        good = good and one.p95 <= bound
        shown = _shown(one.p95, bound, digits=0)
        print(f"| {name} | {one.p50:.0f} | {shown} | {one.web:.0f} | {one.database:.0f} |", flush=True)
    return good


def _tiles(server: Server, bot: str, rounds: int) -> bool:
    costs = asyncio.run(tile_costs(server, server.database_url, ChatbotId(UUID(bot)), rounds))
    print("\n| tile | CPU of PostgreSQL, ms | bound |\n|---|---:|---:|")
    for name, (cpu, bound) in costs.items():
        print(f"| {name} | {_shown(cpu, bound, digits=1)} |")
    return all(cpu <= bound for cpu, bound in costs.values())


def _shown(figure: float, bound: int, *, digits: int) -> str:
    return f"{figure:.{digits}f}{' **over**' if figure > bound else ''} | {bound}"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[50_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--without-browser", action="store_true")
    given = parser.parse_args(arguments)
    browser = not given.without_browser and Path(CHROMIUM).exists()
    results = [measure(number, given.rounds, days=given.days, browser=browser) for number in given.sizes]
    sys.exit(None if all(results) else "some are over their bound")


if __name__ == "__main__":
    main()
