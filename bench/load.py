"""A small load generator: many keep-alive connections, ready-made requests, answers checked. Runs in its own process."""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import uvloop


@dataclass
class Load:
    """What came of sending: seconds in total, milliseconds per answer, answers by status."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list[float])
    statuses: dict[int, int] = field(default_factory=dict[int, int])

    def add(self, other: "Load") -> None:
        self.seconds += other.seconds
        self.latencies += other.latencies
        for status, count in other.statuses.items():
            self.statuses[status] = self.statuses.get(status, 0) + count

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def request_bytes(path: str, key: str, body: bytes) -> bytes:
    return post_bytes(path, {"authorization": f"Bearer {key}", "content-type": "application/json"}, body)


def post_bytes(path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, f"content-length: {len(body)}", "", ""]).encode() + body


def send_all(port: int, requests: Iterable[bytes], connections: int) -> Load:
    return uvloop.run(_send_all(port, iter(requests), connections))


async def _send_all(port: int, requests: Iterator[bytes], connections: int) -> Load:
    load = Load()
    started = time.perf_counter()
    await asyncio.gather(*(_send(port, requests, load) for _ in range(connections)))
    load.seconds = time.perf_counter() - started
    return load


async def _send(port: int, requests: Iterator[bytes], load: Load) -> None:
    async with connection(port) as (reader, writer):
        for request in requests:
            began = time.perf_counter()
            writer.write(request)
            status, _ = await read_answer(reader)
            load.latencies.append((time.perf_counter() - began) * 1000)
            load.statuses[status] = load.statuses.get(status, 0) + 1


@asynccontextmanager
async def connection(port: int) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Closed at the end, also when the server has gone."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Status and body."""
    head, body = await read_whole(reader)
    return int(head[9:12]), body


async def read_whole(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The head, in lower case, and the body."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
    return head, await reader.readexactly(length)
