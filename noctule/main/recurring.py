"""The recurring work, as one list, and what each job calls."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from noctule import accounts
from noctule.base import jobs
from noctule.base.db import Database
from noctule.base.jobs import Handler, Job


async def sweep_accounts(database: Database, _job: Job) -> None:
    async with database.transaction() as db:
        await accounts.sweep(db)


async def purge_jobs(database: Database, _job: Job) -> None:
    async with database.transaction() as db:
        await jobs.purge(db, db.now - timedelta(days=7))


HANDLERS: Mapping[str, Handler] = {"sweep_accounts": sweep_accounts, "purge_jobs": purge_jobs}

RECURRING: Sequence[tuple[str, timedelta]] = [
    ("sweep_accounts", timedelta(hours=1)),
    ("purge_jobs", timedelta(hours=6)),
]
