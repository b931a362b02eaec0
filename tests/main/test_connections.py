"""Connections that take their time: closed in the end, while others are served."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest
import pytest_asyncio
import uvicorn

from bench.load import connection, read_answer
from noctule.main import listen
from noctule.main.connections import BoundedConnection

LARGE = 64 * 1024 * 1024  # bytes, more than systems keep for somebody who does not take them
PIECES = 32  # each more than systems keep on the way


class Hurried(BoundedConnection):
    head_seconds = 0.3
    taking_seconds = 0.3


async def app(scope: Any, _receive: Any, send: Any) -> None:
    pieces = {"/large": [LARGE], "/pieces": [LARGE // PIECES] * PIECES}.get(scope["path"], [2])
    headers = [(b"content-length", str(sum(pieces)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for size in pieces:
        await send({"type": "http.response.body", "body": b"x" * size, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


@pytest_asyncio.fixture
async def port() -> AsyncGenerator[int]:
    (listening,) = listen.take("127.0.0.1", 0)
    listening.listen()
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", http=Hurried, timeout_keep_alive=1))
    serving = asyncio.create_task(server.serve([listening]))
    yield listening.getsockname()[1]
    server.should_exit = True
    await serving


@pytest.mark.parametrize("said", [b"", b"G", b"GET / HTTP/1.1\r\nhost: x\r\n", b"\r\n"])
async def test_a_head_that_does_not_come_is_not_waited_for(port: int, said: bytes) -> None:
    async with asyncio.timeout(20), connection(port) as (reader, writer):
        writer.write(said)
        assert await reader.read() == b""


@pytest.mark.parametrize("said", [b"G", b"\r\n"])
async def test_neither_is_the_next_one(port: int, said: bytes) -> None:
    async with asyncio.timeout(20), connection(port) as (reader, writer):
        for _ in range(3):
            writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            assert await read_answer(reader) == (200, b"xx")
        writer.write(said)
        assert await reader.read() == b""


async def test_an_answer_that_nobody_takes_is_thrown_away(port: int) -> None:
    async with asyncio.timeout(20), connection(port) as (reader, writer):
        writer.write(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n")
        async with connection(port) as (other_reader, other_writer):
            other_writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            assert await read_answer(other_reader) == (200, b"xx")
            await other_reader.read()  # until this one has been closed for its silence
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await reader.readexactly(LARGE)


async def test_one_that_is_taken_slowly_is_whole(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Longer in all than anything may wait, because each piece is taken in time."""
    monkeypatch.setattr(Hurried, "taking_seconds", 2)
    async with asyncio.timeout(120), connection(port) as (reader, writer):
        writer.write(b"GET /pieces HTTP/1.1\r\nhost: x\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        for _ in range(PIECES):
            assert len(await reader.readexactly(LARGE // PIECES)) == LARGE // PIECES
            await asyncio.sleep(0.1)
