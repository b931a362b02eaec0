"""Thousands of connections on which nothing is said: a capture is answered all the same."""

import asyncio
import resource
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.conftest import Tell
from tests.faults.house import House
from tests.faults.size import Size

_SPARE = 200  # files beside the connections


async def test_idle_connections(home: House, size: Size, tell: Tell) -> None:
    assert home.server.process
    pid = home.server.process.pid
    allow_files(size.idle + _SPARE)
    async with home.clients.sending(1):
        await home.clients.acknowledge(size.messages)
        before, open_before = memory_of(pid), files_of(pid)
        with ExitStack() as stack:
            for _ in range(size.idle):
                stack.enter_context(socket.create_connection(("127.0.0.1", home.server.port)))
            while files_of(pid) < size.idle:
                await asyncio.sleep(0.05)
            each = (memory_of(pid) - before) / size.idle
            await home.clients.acknowledge(size.messages)
            assert files_of(pid) >= size.idle, "they were there all the time"
            while size.is_long and files_of(pid) > open_before + 50:  # until the server has closed them
                await asyncio.sleep(0.5)
    done = f"{size.idle:,} connections of {each / 1024:.1f} KB each in the web process"
    tell(await home.reckon("idle connections", f"{done}; closed in time" if size.is_long else done))


def allow_files(count: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < count:
        pytest.skip(f"this machine allows a process {hard:,} files: ulimit -Hn {count:,} is needed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), hard))


def files_of(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def memory_of(pid: int) -> int:
    """Resident, in bytes."""
    (line,) = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) * 1024
