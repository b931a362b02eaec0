"""What an operator asks: is it well, which version, how busy."""

from typing import Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from pydantic import BaseModel

from noctule import __version__, conversations
from noctule.base.errors import Unavailable
from noctule.web.services import InServices, InTransaction

router = APIRouter(tags=["operate"])
_due = Gauge("noctule_analysis_due", "Conversations that wait to be judged.")
_lag = Gauge("noctule_analysis_lag_seconds", "How long the longest-waiting one has been due.")


class Health(BaseModel):
    status: Literal["ok"] = "ok"


class Version(BaseModel):
    version: str


@router.get("/health")
async def health(services: InServices, db: InTransaction) -> Health:
    """200 when a request can be answered and stored; 503 while the database cannot be reached, and for ten seconds after something
    could not be stored.
    """
    await db.value("select 1")
    if services.recorder.fails:
        raise Unavailable("Something could not be stored a moment ago.", retry_after=10)
    return Health()


@router.get("/version")
async def version() -> Version:
    return Version(version=__version__)


@router.get("/metrics", response_class=Response)
async def metrics(db: InTransaction) -> Response:
    """In the text format of Prometheus."""
    due, since = await conversations.waiting(db)
    _due.set(due)
    _lag.set((db.now - since).total_seconds() if since else 0)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
