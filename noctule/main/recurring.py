"""What each job calls, and the recurring work as one list."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from noctule import accounts, analysis, transfer
from noctule.base import jobs
from noctule.base.db import Database
from noctule.base.jobs import Handler, Job


async def sweep_accounts(database: Database, _job: Job) -> None:
    async with database.transaction() as db:
        await accounts.sweep(db)


async def purge_jobs(database: Database, _job: Job) -> None:
    async with database.transaction() as db:
        await jobs.purge(db, db.now - timedelta(days=7))


async def sweep_uploads(database: Database, _job: Job) -> None:
    async with database.transaction() as db:
        await transfer.sweep_uploads(db)


HANDLERS: Mapping[str, Handler] = {
    "sweep_accounts": sweep_accounts,
    "sweep_uploads": sweep_uploads,
    "purge_jobs": purge_jobs,
    transfer.HANDLER: transfer.store_brought,
    analysis.HANDLER: analysis.run_reanalysis,
}

RECURRING: Sequence[tuple[str, timedelta]] = [
    ("sweep_accounts", timedelta(hours=1)),
    ("sweep_uploads", timedelta(minutes=10)),
    ("purge_jobs", timedelta(hours=6)),
]
