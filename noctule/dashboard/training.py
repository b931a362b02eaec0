"""How far a training is, in words; starting and stopping one, and going back to the version before."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from noctule import chatbots, knowledge
from noctule.base.jobs import JobState
from noctule.dashboard.frame import FRAMED
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(
    prefix="/b/{chatbot_id}/train", include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED
)


@dataclass(frozen=True)
class Training:
    words: str
    done: int = 0
    total: int = 0  # 0: nobody knows how much is left
    busy: bool = True
    failed: bool = False
    ended_at: datetime | None = None


@router.post("")
async def train(chatbot_id: str, member: InMember, db: InTransaction) -> Response:
    """Pages are read again, and what failed is tried again."""
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    await knowledge.retrain(db, member, chatbot)
    return RedirectResponse(f"/b/{chatbot.id}/sources?trained=1", 303)


@router.post("/cancel")
async def cancel(chatbot_id: str, member: InMember, db: InTransaction) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    await knowledge.cancel_training(db, member, chatbot)
    return RedirectResponse(f"/b/{chatbot.id}/sources", 303)


@router.post("/rollback")
async def roll_back(chatbot_id: str, member: InMember, db: InTransaction) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    await knowledge.roll_back(db, member, chatbot)
    return RedirectResponse(f"/b/{chatbot.id}/sources?back=1", 303)


def training_in(job: JobState, waiting: int) -> Training:
    if job.state in ("queued", "running"):
        return _under_way(job, waiting)
    total = max(job.total or 0, job.done)
    read = f"{job.done:,} of {_sources(total)} read"
    words = f"The last training is done, with {_sources(job.done)} read" if job.done else "The last training is done"
    if job.state == "failed":
        words = f"The last training failed: {job.error or read}"
    elif job.state == "cancelled":
        rest = "" if job.done >= total else "; Train again reads the rest"
        words = f"The last training was cancelled, with {read}{rest}"
    return Training(words, job.done, total, busy=False, failed=job.state == "failed", ended_at=job.finished_at)


def _under_way(job: JobState, waiting: int) -> Training:
    """What joined a training that had not begun is counted too."""
    if job.handler != knowledge.HANDLER:
        return Training("Everything is read and answers by its words. Now its meaning is worked out.")
    total = max(job.total or 0, job.done + waiting)
    if job.done >= total:
        return Training("A new version of the index is put together.")
    began = "Training" if job.state == "running" else "Training waits for its turn"
    return Training(f"{began}: {job.done:,} of {_sources(total)} read.", job.done, total)


def _sources(many: int) -> str:
    return f"{many:,} source{'' if many == 1 else 's'}"
