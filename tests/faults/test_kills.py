"""SIGKILL under load: of each part, and of all at once."""

import asyncio
import os
import signal

import pytest

from noctule.base.db import connect
from tests.faults.conftest import Tell
from tests.faults.house import House, postmaster_of, until_gone
from tests.faults.size import Size


async def test_the_web_process(home: House, size: Size, tell: Tell) -> None:
    server = home.server
    async with home.clients.sending(size.clients):
        for _ in range(size.times):
            await home.clients.acknowledge(size.messages)
            before = list(server.processes())
            assert server.process
            server.process.kill()
            await asyncio.to_thread(server.process.wait)
            await asyncio.to_thread(server.start)
            await until_gone(before)
        await home.clients.acknowledge(size.messages)
    tell(await home.reckon("SIGKILL of the web process", f"{size.times}×, started again"))


async def test_the_analysers(home: House, size: Size, tell: Tell) -> None:
    async with home.clients.sending(size.clients):
        for _ in range(size.times):
            await home.clients.acknowledge(size.messages)
            worker = await analyser_of(home)
            os.kill(worker, signal.SIGKILL)
            await until_gone([worker])
        await home.clients.acknowledge(size.messages)
    tell(await home.reckon("SIGKILL of the analyser", f"{size.times}×, the server starts another"))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=lambda number: number.name)
async def test_postgresql(home: House, size: Size, tell: Tell, *, number: signal.Signals) -> None:
    """Killed, or stopped by somebody who does not know whose it is."""
    async with home.clients.sending(size.clients):
        for _ in range(size.times):
            await home.clients.acknowledge(size.messages)
            os.kill(postmaster_of(home.server), number)
            await home.clients.are_refused(1)
        await home.clients.acknowledge(size.messages)
    tell(
        await home.reckon(f"{number.name} of PostgreSQL", f"the postmaster, {size.times}×; the server starts it again")
    )


async def test_a_backend_of_postgresql(home: House, size: Size, tell: Tell) -> None:
    """Its postmaster then ends all the others, and recovers."""
    async with home.clients.sending(size.clients):
        for _ in range(size.times):
            await home.clients.acknowledge(size.messages)
            os.kill(await backend_of(home), signal.SIGKILL)
        await home.clients.acknowledge(size.messages)
    tell(await home.reckon("SIGKILL of a backend", f"of one connection, {size.times}×; the others end with it"))


async def test_everything_at_once(home: House, size: Size, tell: Tell) -> None:
    async with home.clients.sending(size.clients):
        for _ in range(size.times):
            await home.clients.acknowledge(size.messages)
            await asyncio.to_thread(home.server.kill_everything)
            await asyncio.to_thread(home.server.start)
        await home.clients.acknowledge(size.messages)
    tell(await home.reckon("SIGKILL of all at once", f"{size.times}×, started again"))


async def analyser_of(home: House) -> int:
    """When there is one: the server looks for dead ones every second."""
    while not (found := [pid for pid, kind in home.server.processes().items() if kind == "worker"]):
        await asyncio.sleep(0.05)
    return found[0]


async def backend_of(home: House) -> int:
    async with connect(home.database_url, most=1) as database, database.transaction() as db:
        return await db.value(
            "select pid from pg_stat_activity where application_name = 'noctule' and pid <> pg_backend_pid() order by pid limit 1"
        )
