"""Requests made at random from those that fit, to every operation and page, by everybody: none is a failure of ours.

The short form is one round from a fixed seed; `make fuzz` goes on for ten minutes from a new one.
"""

import asyncio
import json
import logging
import random
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio

from tests.api.test_bad_input import BAD_BODIES, BAD_VALUES
from tests.conftest import World
from tests.operations import Operation, Things, operations, pages, things_of

_log = logging.getLogger(__name__)
SECONDS, ROUND = 600, 400  # of the long form; requests until everything is made anew
SHORT = 150
# Never ends, or ends what the other requests need.
LEFT_OUT = {"GET /b/{chatbot_id}/live", "POST /api/v1/auth/logout", "POST /sign-out"}
PARTS = [
    "\0",
    "..",
    "%",
    "a" * 3000,
    "é" * 300,
    "'; drop table users; --",
    "{}",
    "0",
    "-1",
    "null",
    "\u202e",
    "//",
    "?",
    "#",
]
VALUES = [
    *PARTS,
    "",
    "9" * 400,
    "1e999",
    "NaN",
    "0000-00-00",
    "9999-12-31T23:59:60Z",
    "+275760-09-13",
    "a:b:c",
    "[",
    "\ud800",
    "\x85",
]
HEADERS: list[tuple[bytes, bytes]] = [
    (b"accept", b"*/*, \xff"), (b"accept-language", b"de;q=x,\xc3\x28"), (b"authorization", b"Bearer "),
    (b"authorization", b"Bearer a.b.c"), (b"content-encoding", b"gzip"), (b"content-length", b"7"),
    (b"content-type", b"application/x-www-form-urlencoded"), (b"content-type", b"multipart/form-data; boundary=\xff"),
    (b"content-type", b"multipart/form-data; boundary=x"), (b"content-type", b"text/plain; charset=utf-99"),
    (b"cookie", b"auth_token=\xff; a=b=c;;"), (b"host", b""), (b"idempotency-key", b"\xe2\x80\xae"), (b"if-none-match", b"*"),
    (b"last-event-id", b"x"), (b"origin", b"null"), (b"range", b"bytes=9-1"), (b"user-agent", b"\xf0\x28\x8c\xbc"),
    (b"x-forwarded-for", b"::ffff:a9fe:a9fe, \xff"), (b"hx-request", b"true"), (b"x-request-id", b"a\tb"),
]  # fmt: skip


@dataclass
class Home:
    things: Things
    callers: list[httpx.AsyncClient]


@pytest_asyncio.fixture
async def homes(own_world: World) -> AsyncGenerator[Callable[[int], "asyncio.Future[Home]"]]:
    opened: list[httpx.AsyncClient] = []

    async def home(number: int) -> Home:
        owner = await own_world.sign_up(f"owner{number}@example.com", f"Home {number}")
        bot = await owner.new_chatbot()
        things = await things_of(bot)
        keys = [bot.key, await owner.new_key("fuzz")]
        callers = [owner.client, own_world.client(), *(own_world.client(authorization=f"Bearer {key}") for key in keys)]
        opened.extend(callers)
        return Home(things, callers)

    yield lambda number: asyncio.ensure_future(home(number))
    for one in opened:
        await one.aclose()


def spoilt_body(chance: random.Random, operation: Operation, things: Things) -> bytes:
    whole = (operation.content(things) or "{}").encode()
    match chance.randrange(5):
        case 0:
            return chance.choice(list(BAD_BODIES.values()))
        case 1:
            return whole[: chance.randrange(len(whole) + 1)]
        case 2:
            place = chance.randrange(len(whole))
            return whole[:place] + bytes([chance.randrange(256)]) + whole[place + 1 :]
        case _:
            return _with_bad_value(chance, operation, whole)


def _with_bad_value(chance: random.Random, operation: Operation, whole: bytes) -> bytes:
    """In one of the fields that are known, or in one that is not."""
    found = json.loads(whole)
    fields = found if isinstance(found, dict) else {}
    name = chance.choice([*operation.fields, *fields, "moon"])
    rest = {key: value for key, value in fields.items() if key != name or chance.random() < 0.1}
    body = json.dumps({**rest, name: "\0here"})
    return body.replace('"\\u0000here"', chance.choice(list(BAD_VALUES.values()))).encode()


def spoilt_url(chance: random.Random, operation: Operation, things: Things) -> str:
    names = dict(things)
    if "{" in operation.path and chance.random() < 0.3:
        part = quote(chance.choice(PARTS), safe="")
        names[chance.choice(list(names))] = part
    url = operation.path.format_map(Things(names))
    asked = [*operation.query, "f", "range", "cursor", "limit", "q", "moon"]
    said = [
        f"{name}={quote(chance.choice(VALUES), safe='', errors='surrogatepass')}"
        for name in chance.sample(asked, chance.randrange(4))
    ]
    if "chatbotId" in operation.query and chance.random() < 0.7:
        said.append(f"chatbotId={things['chatbot_id']}")
    return url + ("?" + "&".join(said) if said else "")


async def test_no_door_fails_whatever_comes(
    homes: Callable[[int], "asyncio.Future[Home]"], request: pytest.FixtureRequest
) -> None:
    long = request.config.getoption("--long")
    seed = time.time_ns() if long else 7
    chance, ends = random.Random(seed), time.monotonic() + (SECONDS if long else 0)
    doors = [one for one in [*operations(), *pages()] if one.name not in LEFT_OUT]
    statuses: Counter[int] = Counter()
    number = 0
    while not number or time.monotonic() < ends:
        home, number = await homes(number), number + 1
        for _ in range(ROUND if long else SHORT):
            operation, caller = chance.choice(doors), chance.choice(home.callers)
            url, body = spoilt_url(chance, operation, home.things), spoilt_body(chance, operation, home.things)
            headers = chance.sample(HEADERS, chance.choice((0, 0, 1, 3)))
            sent = f"seed {seed}: {operation.method} {url} {headers} {body[:300]!r}"
            async with asyncio.timeout(60):
                answer = await caller.request(operation.method, url, headers=headers, content=body)
            statuses[answer.status_code] += 1
            waits = answer.status_code == 503 and "retry-after" in answer.headers
            assert answer.status_code < 500 or waits, f"{answer.status_code} after {sent}: {answer.text[:300]}"
    _log.warning("%s requests from seed %s: %s", statuses.total(), seed, dict(sorted(statuses.items())))
    assert {200, 400, 401, 404} <= set(statuses)
