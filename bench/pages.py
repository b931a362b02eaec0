"""How long pages take on the server with many conversations, what each tile costs the database, and a click on a filter.

    python -m bench.pages [--sizes N ...] [--rounds N] [--without-browser]

Rows are made by the database itself, spread over a year and judged, in a server of the run's own. A page: p95 of the time
until its last byte, over HTTP, one request after the other, against a bound of 150 ms at up to 50,000 conversations and
400 ms beyond; and CPU of PostgreSQL for one request. A tile: CPU of PostgreSQL for its figures alone. A click: from the click
on a filter until the answer is painted, p95 against 250 ms.
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

import asyncpg
from playwright.sync_api import sync_playwright

from bench.screens import CHROMIUM, FLAGS
from bench.server import Server
from noctule import analysis, conversations
from noctule.base.db import Database, Db, connect
from noctule.chatbots import ChatbotId

_STEP = 50_000
_FEW, _BOUND_FEW, _BOUND_MANY, _BOUND_CLICK = 50_000, 150, 400, 250  # milliseconds
_ID = "('00000000-0000-7000-8000-' || lpad(to_hex({}), 12, '0'))::uuid"
_SEED = [
    """
    insert into people (chatbot_id, id, external_id, handle, traits, first_seen_at, last_seen_at, created_at, conversations, messages)
    select $1, {person}, 'u' || n, 'u' || n || '@example.com', jsonb_build_object('name', 'Person ' || n, 'plan', 'pro'),
           now() - interval '1 year', now() - n * interval '1 second', now(), 10, 20
    from generate_series($2::int / 10, $3::int / 10 - 1) n
    """,
    """
    insert into conversations (
        chatbot_id, id, external_id, source, message_count, first_message_at, last_message_at, last_received_at, created_at,
        ended_at, person, organization, session, custom, person_id
    )
    select $1, {id}, 'c' || n, 'capture', 2, at, at + interval '1 minute', at + interval '1 minute', at, at + interval '1 hour',
           jsonb_build_object('name', 'Person ' || n / 10), '{{}}', jsonb_build_object('country', (array['BE', 'DE', 'US'])[1 + n % 3]),
           jsonb_build_object('tier', (array['gold', 'silver', 'free'])[1 + n % 3], 'seats', n % 50), {person_of}
    from (
        select n, now() - interval '2 hours' - ($4::int - n) * (interval '365 days' / $4::int) as at
        from generate_series($2::int, $3::int - 1) n
    ) made
    """,
    """
    insert into messages (chatbot_id, conversation_id, id, role, content, received_at, placed_at, placed_rank)
    select $1, {id}, {message}, (array['user', 'assistant'])[1 + k], 'Where is parcel ' || n || '? It should have come yesterday.',
           c.first_message_at, c.first_message_at + k * interval '1 minute', 0
    from generate_series($2::int, $3::int - 1) n
    cross join generate_series(0, 1) k
    join conversations c on c.chatbot_id = $1 and c.id = {id}
    """,
    """
    insert into conversation_judgements (
        chatbot_id, conversation_id, status, final, judged_by, judged_at, messages_judged, language, sentiment, reason,
        intent, outcome, escalated, unanswered
    )
    select $1, {id}, 'done', true, 'bench', now(), 1, (array['en', 'de', 'fr'])[1 + n % 3],
           ((n * 7919) % 200 - 100) / 100.0, 'made', 'question', (array['fully_resolved', 'unresolved'])[1 + n % 2],
           n % 11 = 0, n % 7 = 0
    from generate_series($2::int, $3::int - 1) n
    """,
    """
    insert into conversation_facts (chatbot_id, conversation_id, began_at, facts)
    select c.chatbot_id, c.id, c.first_message_at, jsonb_strip_nulls(jsonb_build_object(
        'chatbot', c.chatbot_id, 'source', c.source, 'language', j.language, 'country', c.session ->> 'country',
        'user', c.person_id, 'score', j.sentiment, 'intent', j.intent, 'outcome', j.outcome,
        'sentiment', case when j.sentiment > 0.2 then 'positive' when j.sentiment < -0.2 then 'negative' else 'neutral' end,
        'flags', '[]'::jsonb, 'unanswered', j.unanswered, 'escalated', j.escalated, 'messages', c.message_count,
        'tags', c.tags, 'custom', c.custom, 'topic', {topic_of}
    ))
    from generate_series($2::int, $3::int - 1) n
    join conversations c on c.chatbot_id = $1 and c.id = {id}
    join conversation_judgements j on j.chatbot_id = $1 and j.conversation_id = c.id
    """,
    """
    insert into conversation_meanings (chatbot_id, conversation_id, revision, topic_id, likeness)
    select $1, {id}, 0, {topic_of}, 0.8 from generate_series($2::int, $3::int - 1) n
    """,
]


def made(sql: str) -> str:
    names = {"id": "n", "person": "n", "person_of": "n / 10", "message": "n * 2 + k", "topic_of": "n % 20"}
    return sql.format(**{name: _ID.format(of) for name, of in names.items()})


async def seed(url: str, chatbot_id: UUID, number: int) -> None:
    """Straight into the tables, without looking at references: they are right by construction."""
    connection: Any = await asyncpg.connect(url)
    await connection.execute("set session_replication_role = replica")
    await connection.execute("update chatbots set activated_at = now() where id = $1", chatbot_id)
    await connection.execute(
        f"insert into topics (chatbot_id, id, phrases, centres, x, y, created_at) select $1, {_ID.format('n')},"
        " array['parcel ' || n], ''::bytea, n / 20.0, n % 5 / 5.0, now() from generate_series(0, 19) n",
        chatbot_id,
    )
    await connection.execute(
        "insert into custom_fields (chatbot_id, key, type, status, created_at, occurrences) values ($1, 'tier', 'string', 'accept', now(), 9)",
        chatbot_id,
    )
    for first in range(0, number, _STEP):
        last = min(first + _STEP, number)
        for one in _SEED:
            known = (chatbot_id, first, last, number)
            await connection.execute(made(one), *known[: 4 if "$4" in one else 3])
    await connection.execute("analyze")
    await connection.close()
    async with connect(url) as database:
        await analysis.rebuild(database)


def pages_of(bot: str) -> dict[str, str]:
    base, one = f"/b/{bot}", "00000000-0000-7000-8000-000000000005"
    return {
        "home": "/", "overview": f"{base}/overview", "overview, 90 days": f"{base}/overview?range=90d",
        "overview, a year ago": f"{base}/overview?from=2025-12-01&to=2026-02-28",
        "list": f"{base}/conversations", "list, negative": f"{base}/conversations?f=sentiment:is:negative",
        "list, a field": f"{base}/conversations?f=custom.tier:is:gold&range=30d",
        "list, rare": f"{base}/conversations?f=user:is:{one}", "list, two fields": f"{base}/conversations?f=language:is:de&f=unanswered:is:true",
        "list, columns": f"{base}/conversations?cols=state,topic,custom.tier,outcome,last",
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
    return {
        "days and sentiment": lambda db, bot: analysis.days_between(db, [bot], **days),
        "users of 30 days": lambda db, bot: analysis.count_users(db, bot, since=since, until=now),
        "busiest hours": lambda db, bot: analysis.hours_between(db, bot, **days),
        "channels": lambda db, bot: analysis.channels_between(db, bot, **days, limit=6),
        "needs attention": lambda db, bot: analysis.lowest_between(db, bot, since=since, until=now, limit=5),
        "latest": lambda db, bot: conversations.conversations_before(db, bot, moment=None, conversation_id=None, limit=7),
        "talking now": lambda db, bot: conversations.count_talking(db, bot, since=now - timedelta(minutes=5)),
        "standing": lambda db, bot: conversations.standings_of(db, [bot], most=10_001),
    }  # fmt: skip


async def tile_costs(server: Server, url: str, bot: ChatbotId, rounds: int) -> dict[str, float]:
    """CPU of PostgreSQL in milliseconds."""
    costs: dict[str, float] = {}
    async with connect(url) as database:
        for name, ask in tiles(database).items():
            before = 0.0
            for number in range(rounds + 1):
                async with database.transaction() as db:
                    await ask(db, bot)
                if number == 0:
                    before = server.cpu_seconds()["postgres"]
            costs[name] = (server.cpu_seconds()["postgres"] - before) / rounds * 1000
    return costs


_CLICK = """
address => new Promise(done => {
  const began = performance.now();
  document.addEventListener('htmx:after:swap', () => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began))), { once: true });
  document.querySelector(`nav[aria-label=Sentiment] a:nth-child(${address})`).click();
})
"""


def clicks(server: Server, path: str, rounds: int) -> float:
    """p95 in milliseconds from a click on a filter until the next paint after the answer is in the page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        address = f"http://127.0.0.1:{server.port}"
        context.add_cookies([{"name": "auth_token", "value": server.token, "url": address}])
        page = context.new_page()
        page.goto(address + path)
        page.wait_for_function("() => document.querySelector('#palette-q')._htmx")
        took = [page.evaluate(_CLICK, 1 + number % 4) for number in range(1, rounds + 2)]
        browser.close()
    return quantiles(took[1:], n=20)[-1]


def measure(number: int, rounds: int, *, browser: bool) -> bool:
    """Whether everything is within its bound."""
    with Server(workers=1) as server:
        bot, _ = server.new_chatbot("Much")
        began = time.monotonic()
        asyncio.run(seed(server.database_url, UUID(bot), number))
        print(f"\n{number:,} conversations, made in {time.monotonic() - began:.0f} s\n")
        bound, good = _BOUND_FEW if number <= _FEW else _BOUND_MANY, True
        print(f"| page | p50, ms | p95, ms (bound {bound}) | CPU of the web process, ms | CPU of PostgreSQL, ms |")
        print("|---|---:|---:|---:|---:|")
        for name, path in pages_of(bot).items():
            one = timed(server, path, rounds)
            good = good and one.p95 <= bound
            over = "" if one.p95 <= bound else " **over**"
            print(f"| {name} | {one.p50:.0f} | {one.p95:.0f}{over} | {one.web:.0f} | {one.database:.0f} |", flush=True)
        print("\n| tile of the overview | CPU of PostgreSQL, ms |\n|---|---:|")
        for name, cpu in asyncio.run(tile_costs(server, server.database_url, ChatbotId(UUID(bot)), rounds)).items():
            print(f"| {name} | {cpu:.1f} |")
        if browser:
            p95 = clicks(server, pages_of(bot)["list"], rounds)
            good = good and (p95 <= _BOUND_CLICK or number > _FEW)
            print(f"\nA click on a filter until it is painted: p95 {p95:.0f} ms")
    return good


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[50_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--without-browser", action="store_true")
    given = parser.parse_args(arguments)
    browser = not given.without_browser and Path(CHROMIUM).exists()
    results = [measure(number, given.rounds, browser=browser) for number in given.sizes]
    sys.exit(None if all(results) else "some are over their bound")


if __name__ == "__main__":
    main()
