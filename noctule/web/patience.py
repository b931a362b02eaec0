"""Waiting for a job that somebody has just caused, so that what they do next finds it done. Never inside a transaction."""

import asyncio

from noctule.accounts import OrgId
from noctule.base import jobs
from noctule.base.db import Database
from noctule.base.jobs import JobState

_LOOK_AGAIN = 0.05  # seconds


async def wait_for(database: Database, org_id: OrgId, job: JobState, *, seconds: float) -> JobState:
    """The job as it is when it is over, or when the patience is."""
    try:
        async with asyncio.timeout(seconds):
            while job.state in ("queued", "running"):
                await asyncio.sleep(_LOOK_AGAIN)
                async with database.transaction() as db:
                    job = await jobs.state_of(db, org_id, job.id) or job
    except TimeoutError:
        pass
    return job
