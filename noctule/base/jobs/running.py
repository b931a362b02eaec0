"""Running what waits, one job after the other, and hearing at once that something waits."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

import asyncpg

from noctule.base.db import Database
from noctule.base.errors import Unavailable
from noctule.base.jobs import store
from noctule.base.jobs.models import Handler, Job, JobHandedOver, JobHopeless, JobStopped

_IDLE_SECONDS = 5.0
_log = logging.getLogger(__name__)


async def work(database: Database, handlers: Mapping[str, Handler], stop: asyncio.Event, wake: asyncio.Event) -> None:
    """Run due jobs one after the other until `stop`; the one in hand is finished first."""
    while not stop.is_set():
        wake.clear()
        try:
            busy = await run_next(database, handlers)
        except Unavailable:
            _log.warning("jobs wait for the database")
            busy = False
        if not busy:
            await _first_of(stop, wake, seconds=_IDLE_SECONDS)


async def run_next(database: Database, handlers: Mapping[str, Handler]) -> bool:
    """Whether there was a job to run."""
    async with database.transaction() as db:
        job = await store.lease(db, handlers)
    if job is None:
        return False
    heartbeat = asyncio.create_task(_keep_lease(database, job))
    try:
        await handlers[job.handler](database, job)
    except JobStopped:
        _log.info("job stopped", extra={"job": str(job.id), "handler": job.handler})
    except JobHandedOver:
        pass
    except JobHopeless as error:
        async with database.transaction() as db:
            await store.fail(db, job, str(error), hopeless=True)
    except Exception as error:
        _log.warning("job failed", extra={"job": str(job.id), "handler": job.handler}, exc_info=True)
        async with database.transaction() as db:
            await store.fail(db, job, f"{type(error).__name__}: {error}")
    else:
        async with database.transaction() as db:
            await store.finish(db, job)
    finally:
        heartbeat.cancel()
    return True


async def _keep_lease(database: Database, job: Job) -> None:
    while True:
        await asyncio.sleep(store.LEASE.total_seconds() / 4)
        try:
            await store.extend(database, job)
        except Unavailable:
            _log.warning("lease not extended", extra={"job": str(job.id)})


async def listen(url: str, channels: Mapping[str, Callable[[str], None]], stop: asyncio.Event) -> None:
    """Call back on each NOTIFY, with its payload. A lost connection is made again; news sent meanwhile are missed,
    so whoever listens also looks for himself now and then: each callback is called once, empty, on reconnecting.
    """
    while not stop.is_set():
        try:
            await _listen_once(url, channels, stop)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            _log.warning("listening again in a second", extra={"reason": str(error)})
            await _first_of(stop, seconds=1)


async def _listen_once(url: str, channels: Mapping[str, Callable[[str], None]], stop: asyncio.Event) -> None:
    connection: Any = await asyncpg.connect(url, server_settings={"application_name": "noctule listener"})
    lost = asyncio.Event()

    def gone(_connection: object) -> None:
        lost.set()

    def heard(_connection: object, _pid: object, channel: str, payload: str) -> None:
        channels[channel](payload)

    connection.add_termination_listener(gone)
    try:
        for channel, callback in channels.items():
            await connection.add_listener(channel, heard)
            callback("")
        await _first_of(stop, lost)
    finally:
        await connection.close(timeout=2)


async def _first_of(*events: asyncio.Event, seconds: float | None = None) -> None:
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
