"""PostgreSQL is there, but not for us: it stands still, it is away for a while, its disk is full."""

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path

from noctule.base.db import connect
from noctule.base.postgres.folders import socket_folder
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


async def test_it_is_out_of_reach(home: House, size: Size, tell: Tell) -> None:
    """As when the network is cut: every connection ends, and no new one can be made."""
    (address,) = socket_folder(home.server.data_dir / "postgres").glob(".s.PGSQL.*[0-9]")
    async with home.clients.sending(size.clients):
        await home.clients.acknowledge(size.messages)
        async with connect(home.database_url, most=1) as database, database.transaction() as db:
            hidden = address.rename(address.with_name("hidden"))
            await db.run(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name <> '' and pid <> pg_backend_pid()"
            )
        try:
            await home.clients.are_refused(size.clients)
            assert (await asyncio.to_thread(home.server.ask, "GET", "/health"))[0] == 503
            await asyncio.sleep(size.away)
        finally:
            hidden.rename(address)
        await home.clients.acknowledge(size.messages)
    done = f"its address is gone for {size.away:.0f} s, connections are ended"
    tell(await home.reckon("PostgreSQL is out of reach", done))


async def test_its_disk_is_full(small_disk: Path, model_folder: Path, size: Size, tell: Tell) -> None:
    with started(small_disk, model_folder) as server:
        async with house(server, size) as home, home.clients.sending(size.clients):
            for _ in range(size.times):
                await home.clients.acknowledge(size.messages)
                fill(small_disk / "ballast")
                await home.clients.are_refused(3 * size.clients)
                assert not await asyncio.to_thread(server.healthy)
                (small_disk / "ballast").unlink()
            await home.clients.acknowledge(size.messages)
            assert await asyncio.to_thread(server.healthy)
        tell(await home.reckon("the disk is full", f"{size.times}×, and then there is room again"))


def send_all(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):  # some come and go
            os.kill(pid, number)


def fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 65536)
        except OSError:
            return
