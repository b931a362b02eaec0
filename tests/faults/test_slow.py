"""Clients who take their time, vanish, or leave in the middle: others are served meanwhile, and what was cut is not kept."""

import asyncio
import random
from contextlib import AsyncExitStack, suppress

from tests.faults.clients import to_bytes
from tests.faults.conftest import Tell
from tests.faults.doors import one_message
from tests.faults.house import House
from tests.faults.raw import Raw, connected
from tests.faults.size import Size

_EACH = 20  # of every kind


async def test_slow_clients(home: House, size: Size, tell: Tell) -> None:
    async with AsyncExitStack() as stack:
        slow = [await stack.enter_async_context(connected(home.server.port)) for _ in range(4 * _EACH)]
        trickling = [asyncio.create_task(_trickle(home, kind, one)) for kind, one in enumerate(slow)]
        async with home.clients.sending(size.clients):
            await home.clients.acknowledge(3 * size.messages)
            ended = await asyncio.gather(*trickling) if size.is_long else []
        for task in trickling:
            task.cancel()
    done = f"{len(slow)} clients: silent, a head or a body a byte a second, an answer nobody takes"
    tell(await home.reckon("slow clients", f"{done}; all closed in time" if ended else done))


async def _trickle(home: House, kind: int, raw: Raw) -> None:
    """Until the server has had enough."""
    request = to_bytes(one_message(home.clients.keys, f"{home.clients.name} slow {kind}"))
    head = request.index(b"\r\n\r\n") + 4
    with suppress(OSError):
        match kind % 4:
            case 0:
                await raw.until_closed()
            case 1:
                await raw.send_slowly(request)
            case 2:
                await raw.send(request[:head])
                await raw.send_slowly(request[head:])
            case _:
                while True:  # pipelined, and never read
                    await raw.send(b"GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n" * 20)


async def test_connections_cut_in_the_middle(home: House, size: Size, tell: Tell) -> None:
    async with home.clients.sending(size.clients):
        await home.clients.acknowledge(size.messages)
        for number in range(size.times * _EACH):
            await _cut(home, number)
        await home.clients.acknowledge(size.messages)
        for number in range(size.times * _EACH):
            await _leave_before_the_answer(home, number)
    tell(await home.reckon("connections cut", f"{size.times * _EACH} in the body, as many before the answer"))


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
