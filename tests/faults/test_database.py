"""PostgreSQL is there, but not for us: it stands still, it is away for a while, its disk is full."""

import asyncio
import os
import signal
from pathlib import Path

from noctule.base.postgres import Postgres
from tests.faults.conftest import Tell, started
from tests.faults.house import House, house
from tests.faults.size import Size


async def test_it_stands_still(home: House, size: Size, tell: Tell) -> None:
    server = home.server
    async with home.clients.sending(size.clients):
        await home.clients.acknowledge(size.messages)
        pids = [pid for pid, kind in server.processes().items() if kind == "postgres"]
        send_all(pids, signal.SIGSTOP)
        try:
            assert (await asyncio.to_thread(server.ask, "GET", "/version"))[0] == 200
            await asyncio.sleep(size.away)
        finally:
            send_all(pids, signal.SIGCONT)
        await home.clients.acknowledge(size.messages)
    tell(await home.reckon("PostgreSQL stands still", f"SIGSTOP of all its processes for {size.away:.0f} s"))


async def test_it_is_away(tmp_path: Path, model_folder: Path, size: Size, tell: Tell) -> None:
    """One that is not the server's own, as in a cluster."""
    with Postgres(tmp_path / "postgres") as postgres:
        with started(tmp_path, model_folder, NOCTULE_DATABASE_URL=postgres.url) as server:
            async with house(server, size, postgres.url) as home, home.clients.sending(size.clients):
                await home.clients.acknowledge(size.messages)
                await asyncio.to_thread(postgres.stop)
                await home.clients.are_refused(size.clients)
                assert (await asyncio.to_thread(server.ask, "GET", "/health"))[0] == 503
                await asyncio.sleep(size.away)
                await asyncio.to_thread(postgres.start)
                await home.clients.acknowledge(size.messages)
            tell(await home.reckon("PostgreSQL is away", f"stopped, and started after {size.away:.0f} s"))


async def test_its_disk_is_full(small_disk: Path, model_folder: Path, size: Size, tell: Tell) -> None:
    with started(small_disk, model_folder) as server:
        async with house(server, size) as home, home.clients.sending(size.clients):
            for _ in range(size.times):
                await home.clients.acknowledge(size.messages)
                fill(small_disk / "ballast")
                await home.clients.are_refused(3 * size.clients)
                (small_disk / "ballast").unlink()
            await home.clients.acknowledge(size.messages)
        tell(await home.reckon("the disk is full", f"{size.times}×, and then there is room again"))


def send_all(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        os.kill(pid, number)


def fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 65536)
        except OSError:
            return
