"""The ledger: of the messages that were acknowledged in an hour, how many were stored, and how many of these are judged by now;
with the difference explained. What was accepted and stored was noted by the very commits that stored it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from noctule.analysis.parked import ATTEMPTS
from noctule.analysis.store import ledger as store
from noctule.base.db import Db
from noctule.base.ids import first_id
from noctule.chatbots import ChatbotId

_HOURS = 24


@dataclass(frozen=True)
class Entry:
    """Messages of one hour (UTC)."""

    hour: datetime
    accepted: int
    stored: int
    judged: int = 0
    waiting: int = 0  # for their first judgement, or a new one
    failed: int = 0  # could not be judged
    unwanted: int = 0  # brought in to be left unjudged

    @property
    def repeated(self) -> int:
        """Were there already."""
        return self.accepted - self.stored

    @property
    def deleted(self) -> int:
        return max(0, self.stored - self.judged - self.waiting - self.failed - self.unwanted)

    @property
    def difference(self) -> dict[str, int]:
        """Why what was accepted is not all judged."""
        parts = {
            "repeated": self.repeated, "waiting": self.waiting, "failed": self.failed, "not to be judged": self.unwanted,
            "deleted since": self.deleted,
        }  # fmt: skip
        return {words: count for words, count in parts.items() if count}

    @property
    def is_explained(self) -> bool:
        """More than was stored cannot be there."""
        return self.judged + self.waiting + self.failed + self.unwanted <= self.stored <= self.accepted


async def ledger(db: Db, chatbot_ids: Sequence[ChatbotId]) -> dict[ChatbotId, list[Entry]]:
    """Of the last day: the latest hour first, and only hours in which something came."""
    since = db.now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=_HOURS - 1)
    known = await store.there(db, chatbot_ids, first=first_id(since), attempts=ATTEMPTS)
    there = {(one.chatbot_id, one.hour): one for one in known}
    found: dict[ChatbotId, list[Entry]] = {}
    for one in await store.came(db, chatbot_ids, since=since):
        now = there.get((one.chatbot_id, int(one.hour.timestamp()) // 3600))
        entry = Entry(one.hour, one.accepted, one.stored)
        if now is not None:
            entry = Entry(one.hour, one.accepted, one.stored, now.judged, now.waiting, now.failed, now.unwanted)
        found.setdefault(one.chatbot_id, []).insert(0, entry)
    return found
