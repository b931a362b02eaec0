"""The ledger of a chatbot: what was accepted in an hour is stored, and judged or explained. What `noctule doctor` prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request, Response

from noctule import analysis, chatbots
from noctule.analysis import Entry
from noctule.chatbots import Chatbot
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.rendering import render
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(prefix="/b/{chatbot_id}", include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED)
_COUNTED = ("accepted", "stored", "deleted", "judged", "waiting", "failed", "unwanted")


@dataclass(frozen=True)
class HourRow:
    begin: datetime  # in the zone of the chatbot
    entry: Entry


@dataclass(frozen=True)
class LedgerPage:
    chatbot: Chatbot
    path: str
    rows: list[HourRow]  # the latest first
    whole: Entry | None


@router.get("/ledger")
async def read_ledger(request: Request, chatbot_id: str, member: InMember, db: InTransaction) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    entries = (await analysis.ledger(db, [chatbot.id])).get(chatbot.id, [])
    rows = [HourRow(one.hour.astimezone(chatbot.calendar.zone), one) for one in entries]
    page = LedgerPage(chatbot, f"/b/{chatbot.id}/ledger", rows, _whole(entries) if entries else None)
    return render(request, "chatbots/ledger.html", page)


def _whole(entries: Sequence[Entry]) -> Entry:
    return Entry(entries[-1].hour, **{name: sum(getattr(one, name) for one in entries) for name in _COUNTED})
