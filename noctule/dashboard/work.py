"""Jobs of the organization: what is being done, what is done, what went wrong."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from noctule import chatbots
from noctule.base import jobs
from noctule.dashboard.frame import FRAMED, Work, work_of
from noctule.dashboard.rendering import render
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.services import InTransaction

router = APIRouter(include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED)
_MOST = 50


@dataclass(frozen=True)
class JobsPage:
    rows: list[Work]
    busy: bool


@router.get("/jobs")
async def list_jobs(request: Request, member: InMember, db: InTransaction) -> Response:
    known = await chatbots.chatbots_of(db, member.org_id)
    rows = [work_of(one, known) for one in await jobs.jobs_of(db, member.org_id, limit=_MOST)]
    return render(request, "jobs.html", JobsPage(rows, any(row.state in ("queued", "running") for row in rows)))
