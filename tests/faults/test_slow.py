"""Clients who take their time, vanish, or leave in the middle: others are served meanwhile, and what was cut is not kept."""

import asyncio
import random

from tests.faults.clients import to_bytes
from tests.faults.conftest import Tell
from tests.faults.doors import one_message
from tests.faults.house import House
from tests.faults.raw import connected
from tests.faults.size import Size

_SLOW, _CUT = 18, 20


async def test_slow_clients(home: House, size: Size, tell: Tell) -> None:
    """How long an answer may wait to be taken, tests/main/test_connections.py tries: systems keep a lot of it for us."""
    async with home.clients.sending(size.clients):
        slow = [asyncio.create_task(_take_time(home, number)) for number in range(_SLOW)]
        readers = [asyncio.create_task(_take_the_answer(home)) for _ in range(_SLOW // 3)]
        await home.clients.acknowledge(3 * size.messages)
        if size.is_long:
            await asyncio.gather(*slow)
        for one in (*slow, *readers):
            one.cancel()
        await asyncio.gather(*slow, *readers, return_exceptions=True)
    done = f"{len(slow) + len(readers)} clients: silent, a byte a second of head or body, answers nobody takes"
    tell(await home.reckon("slow clients", f"{done}; all closed in time" if size.is_long else done))


async def _take_time(home: House, number: int) -> None:
    """In one of three ways, until the server has had enough."""
    request = to_bytes(one_message(home.clients.keys, f"{home.clients.name} slow {number} {'…' * 100}"))
    head = request.index(b"\r\n\r\n") + 4
    known = (0, 0, head)[number % 3]
    async with connected(home.server.port) as raw, asyncio.TaskGroup() as group:
        await raw.send(request[:known])
        sending = group.create_task(raw.send_slowly(request[known:] if number % 3 else b""))
        heard = await raw.until_closed()
        sending.cancel()
        assert heard.startswith(b"HTTP/1.1 400") if known else heard == b""


async def _take_the_answer(home: House) -> None:
    async with connected(home.server.port, takes=4096) as raw:
        await raw.send(b"GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n")
        await raw.take_slowly()


async def test_connections_cut_in_the_middle(home: House, size: Size, tell: Tell) -> None:
    async with home.clients.sending(size.clients):
        await home.clients.acknowledge(size.messages)
        for number in range(size.times * _CUT):
            await _cut(home, number)
        await home.clients.acknowledge(size.messages)
        for number in range(size.times * _CUT):
            await _leave_before_the_answer(home, number)
    tell(await home.reckon("connections cut", f"{size.times * _CUT} in the body, as many before the answer"))


async def _cut(home: House, number: int) -> None:
    """Anywhere in the body; politely or not."""
    request = to_bytes(one_message(home.clients.keys, f"{home.clients.name} cut {number}"))
    async with connected(home.server.port) as raw:
        await raw.send(request[: random.randrange(request.index(b"\r\n\r\n") + 4, len(request))])
        if number % 2:
            raw.reset_on_close()


async def _leave_before_the_answer(home: House, number: int) -> None:
    """Who does not know whether it was stored sends it again."""
    request = one_message(home.clients.keys, f"{home.clients.name} left {number}")
    async with connected(home.server.port) as raw:
        await raw.send(to_bytes(request))
        raw.reset_on_close()
    await home.clients.send(request)
