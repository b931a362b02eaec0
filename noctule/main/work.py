"""`noctule worker`: a process that judges conversations and runs jobs, beside a server or on another machine."""

import argparse
import asyncio
import logging
import os
import signal
import sys

import asyncpg
import uvloop

from noctule import analysis
from noctule.base import jobs
from noctule.base.db import Database, connect
from noctule.base.embed import Embedder, building
from noctule.base.errors import Unavailable
from noctule.base.migrate import MigrationChanged, migrate
from noctule.base.postgres import AlreadyRunning, CannotStart, Postgres
from noctule.base.reach import DatabaseOutOfReach
from noctule.base.settings import Settings
from noctule.main import check
from noctule.main.garbage import spare_what_stays
from noctule.main.recurring import RECURRING, handlers, lanes, learning

_TICK_SECONDS = 1.0
_NICENESS = 5  # of the model in a worker: questions of visitors come first
_log = logging.getLogger(__name__)


def worker(settings: Settings, given: argparse.Namespace) -> int:
    if not settings.database_url:
        print("noctule: a worker needs --database-url or NOCTULE_DATABASE_URL", file=sys.stderr)
        return 2
    if given.parent is None:  # else the server has said it
        check.log_each(check.warnings_of_worker(settings))
    try:
        uvloop.run(_work(settings, parent=given.parent))
    except (DatabaseOutOfReach, MigrationChanged, OSError, asyncpg.PostgresError) as error:
        print(f"noctule: {error}", file=sys.stderr)
        return 1
    return 0


def migrate_only(settings: Settings, _given: argparse.Namespace) -> int:
    try:
        if settings.database_url:
            applied = asyncio.run(migrate(settings.database_url))
        else:
            with Postgres(settings.data_dir / "postgres") as postgres:
                applied = asyncio.run(migrate(postgres.url))
    except (
        AlreadyRunning, CannotStart, DatabaseOutOfReach, MigrationChanged, OSError, asyncpg.PostgresError,
    ) as error:  # fmt: skip
        print(f"noctule: {error}", file=sys.stderr)
        return 1
    print("\n".join(applied) or "nothing to do: the database is of this version")
    return 0


async def _work(settings: Settings, *, parent: int | None) -> None:
    url, stop = settings.database_url, asyncio.Event()
    await migrate(url)  # it may be here before any server
    embedder = Embedder(settings.data_dir, niceness=_NICENESS)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    apart = [(lane, asyncio.Event()) for lane in lanes({**handlers(settings.smtp_url), **learning(embedder, settings)})]

    def wake(_payload: str) -> None:
        for _, event in apart:
            event.set()

    async with connect(url, most=3 + len(apart)) as database, building(embedder):
        spare_what_stays()
        await asyncio.gather(
            analysis.work(database, stop),
            *(jobs.work(database, lane, stop, event) for lane, event in apart),
            jobs.listen(url, {"jobs": wake}, stop),
            _plan_recurring(database, stop),
            _stop_with(parent, stop),
        )


async def _plan_recurring(database: Database, stop: asyncio.Event) -> None:
    """Put the recurring work into the queue; the key lets only one of each wait, however many workers there are."""
    waited = 0.0
    while not stop.is_set():
        if waited <= 0:
            try:
                async with database.transaction() as db:
                    for handler, every in RECURRING:
                        await jobs.enqueue(db, handler, key=handler, after=every)
            except Unavailable:
                _log.warning("recurring work is planned later: no database")
            waited = 60.0
        await asyncio.sleep(_TICK_SECONDS)
        waited -= _TICK_SECONDS


async def _stop_with(parent: int | None, stop: asyncio.Event) -> None:
    """A server that was killed cannot stop its analysers; they see that it is gone."""
    while parent is not None and not stop.is_set():
        if os.getppid() != parent:
            _log.warning("the server is gone; stopping")
            stop.set()
        await asyncio.sleep(_TICK_SECONDS)
