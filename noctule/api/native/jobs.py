"""Long work of the caller's organization: how far it is, and stopping it."""

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel

from noctule import accounts, knowledge
from noctule.accounts import Caller
from noctule.base import jobs
from noctule.base.clock import iso
from noctule.base.db import Db
from noctule.base.errors import NotFound
from noctule.base.ids import parse_id
from noctule.base.jobs import JobState
from noctule.web.callers import CredentialsFirst, InCaller
from noctule.web.services import InTransaction

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"], route_class=CredentialsFirst)


class JobShape(BaseModel):
    id: str
    kind: str
    status: Literal["queued", "running", "done", "failed", "cancelled"]
    done: int
    total: int | None
    error: str | None
    result: dict[str, Any] | None
    created_at: str
    finished_at: str | None


@router.get("/{job_id}")
async def read_job(job_id: str, caller: InCaller, db: InTransaction) -> JobShape:
    return shape(await _find(db, caller, job_id))


@router.post("/{job_id}/cancel")
async def cancel_job(job_id: str, caller: InCaller, db: InTransaction) -> JobShape:
    """What is done stays; a job that has ended stays as it is."""
    caller.must_be("admin")
    job = await _find(db, caller, job_id)
    if job.handler == knowledge.HANDLER:
        await knowledge.give_up(db, job)
    if await jobs.cancel(db, caller.org_id, job.id):
        await accounts.note(db, caller, action="job.cancelled", target=job.id, kind=job.handler)
    return shape(await _find(db, caller, job_id))


async def _find(db: Db, caller: Caller, job_id: str) -> JobState:
    parsed = parse_id(job_id)
    job = parsed and await jobs.state_of(db, caller.org_id, parsed)
    if not job:
        raise NotFound("There is no such job.")
    return job


def shape(job: JobState) -> JobShape:
    return JobShape(
        id=str(job.id),
        kind=job.handler,
        status=job.state,
        done=job.done,
        total=job.total,
        error=job.error,
        result=job.result,
        created_at=iso(job.created_at),
        finished_at=iso(job.finished_at) if job.finished_at else None,
    )
