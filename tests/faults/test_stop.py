"""SIGTERM under load: what is in flight is answered, nothing that was acknowledged is lost, nothing is left running."""

import asyncio
import signal
import time
from contextlib import AsyncExitStack

from tests.faults.clients import to_bytes
from tests.faults.conftest import Tell
from tests.faults.doors import Request, one_message
from tests.faults.house import House, until_gone
from tests.faults.raw import Raw, connected
from tests.faults.size import Size

_IN_FLIGHT = 10
_STATED_SECONDS = 90  # docs/operate.md


async def test_a_graceful_stop(home: House, size: Size, tell: Tell) -> None:
    server, clients = home.server, home.clients
    assert server.process
    async with clients.sending(size.clients), AsyncExitStack() as stack:
        await clients.acknowledge(size.messages)
        raws = [await stack.enter_async_context(connected(server.port)) for _ in range(_IN_FLIGHT)]
        rests = [await _begin(home, raw, number) for number, raw in enumerate(raws)]
        pids, began = list(server.processes()), time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        await _until_it_refuses(server.port)
        for number, (raw, rest) in enumerate(zip(raws, rests, strict=True)):
            await raw.send(rest)
            assert (await raw.until_closed()).startswith(b"HTTP/1.1 200")
            clients.acknowledged.update(_in_flight(home, number).says)
        assert await asyncio.to_thread(server.process.wait, _STATED_SECONDS) == 0
        seconds = time.monotonic() - began
        await until_gone(pids)
        await asyncio.to_thread(server.start)
        await clients.acknowledge(size.messages)
    done = f"SIGTERM; {_IN_FLIGHT} requests in flight were answered, ended after {seconds:.1f} s"
    tell(await home.reckon("graceful stop", done))


async def _begin(home: House, raw: Raw, number: int) -> bytes:
    """Half of a request that the server has begun to read; the other half."""
    head, _, body = to_bytes(_in_flight(home, number)).partition(b"\r\n\r\n")
    await raw.send(head + b"\r\nexpect: 100-continue\r\n\r\n")
    assert (await raw.receive()).startswith(b"HTTP/1.1 100")
    await raw.send(body[:20])
    return body[20:]


def _in_flight(home: House, number: int) -> Request:
    return one_message(home.clients.keys, f"{home.clients.name} flight {number}")


async def _until_it_refuses(port: int) -> None:
    while True:
        try:
            async with connected(port):
                pass
        except (ConnectionRefusedError, ConnectionResetError):  # reset: it was accepted as the door was closed
            return
        await asyncio.sleep(0.02)
