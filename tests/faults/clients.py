"""Clients of a server to which something happens: they send through every door, and send again until it is acknowledged."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bench.load import connection, read_whole
from tests.faults.doors import DOORS, Door, Keys, Request

_AGAIN_SECONDS = 0.1  # a client that is told to come back in two seconds may come earlier
_PACE_SECONDS = 0.02  # between two conversations of a client
_PATIENCE_SECONDS = 300  # of a test, for what has to happen


@dataclass
class Clients:
    """All that they say begins with `name`."""

    name: str
    port: int
    keys: Keys
    acknowledged: set[str] = field(default_factory=set[str])  # words that were answered 2xx, and the ids of answers
    refused: int = 0  # answered 503 with Retry-After
    cut: int = 0  # got no answer
    wrong: list[str] = field(default_factory=list[str])  # answers that nobody should get
    _over: bool = False

    @asynccontextmanager
    async def sending(self, each: int) -> AsyncGenerator[None]:
        """`each` clients at every door until the body is over; then each finishes its conversation."""
        async with asyncio.timeout(_PATIENCE_SECONDS), asyncio.TaskGroup() as group:
            for door_name, door in DOORS.items():
                for number in range(each):
                    group.create_task(self._converse(door, f"{self.name} {door_name}{number}"))
            try:
                yield
            finally:
                self._over = True

    async def acknowledge(self, more: int) -> None:
        """Wait until so many more messages were."""
        wanted = len(self.acknowledged) + more
        while len(self.acknowledged) < wanted:
            self._raise_wrong()
            await asyncio.sleep(0.01)

    async def are_refused(self, more: int) -> None:
        """Wait until so many more requests were."""
        wanted = self.refused + more
        while self.refused < wanted:
            self._raise_wrong()
            await asyncio.sleep(0.01)

    async def send(self, request: Request) -> dict[str, Any]:
        """Its answer, once it is acknowledged."""
        while True:
            try:
                status, retry_after, answer = await self._ask(request)
            except (OSError, asyncio.IncompleteReadError):
                self.cut += 1
            else:
                if status in (200, 201):
                    self.acknowledged.update(request.says)
                    if "messageId" in answer:
                        self.acknowledged.add(answer["messageId"])
                    return answer
                if status == 503 and retry_after:
                    self.refused += 1
                else:
                    self.wrong.append(f"{request.path} was answered {status}: {answer}")
            self._raise_wrong()
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _converse(self, door: Door, name: str) -> None:
        for number in count():
            if self._over:
                return
            await door(self.send, self.keys, f"{name}-{number}")
            await asyncio.sleep(_PACE_SECONDS)

    async def _ask(self, request: Request) -> tuple[int, bool, dict[str, Any]]:
        async with connection(self.port) as (reader, writer):
            writer.write(to_bytes(request))
            head, body = await read_whole(reader)
        return int(head[9:12]), b"\r\nretry-after: " in head, json.loads(body)

    def _raise_wrong(self) -> None:
        assert self.wrong == []


def to_bytes(request: Request) -> bytes:
    body = json.dumps(request.body).encode()
    headers = {"host": "x", "authorization": f"Bearer {request.key}", "content-length": str(len(body))}
    if request.repeat_key:
        headers["idempotency-key"] = request.repeat_key
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {request.path} HTTP/1.1\r\n{lines}\r\n".encode() + body
