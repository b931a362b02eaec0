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
    deleted: int = 0
    judged: int = 0
    waiting: int = 0  # for their first judgement, or a new one
    failed: int = 0  # could not be judged
    unwanted: int = 0  # imported to be left, or left out by their language or a switch

    @property
    def repeated(self) -> int:
        """Were there already."""
        return self.accepted - self.stored

    @property
    def missing(self) -> int:
        """Were stored, are not there and were not deleted; below 0, more is there than was stored."""
        return self.stored - self.deleted - self.judged - self.waiting - self.failed - self.unwanted

    @property
    def difference(self) -> dict[str, int]:
        """Why what was accepted is not all judged."""
        parts = {
            "repeated": self.repeated, "waiting": self.waiting, "failed": self.failed, "not to be judged": self.unwanted,
            "deleted since": self.deleted, "missing": max(0, self.missing), "too many": max(0, -self.missing),
        }  # fmt: skip
        return {words: count for words, count in parts.items() if count}

    @property
    def is_explained(self) -> bool:
        return not self.missing and self.stored <= self.accepted


async def ledger(db: Db, chatbot_ids: Sequence[ChatbotId]) -> dict[ChatbotId, list[Entry]]:
    """Of the last day: the latest hour first, and only hours in which something came."""
    since = db.now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=_HOURS - 1)
    found: dict[ChatbotId, list[Entry]] = {}
    for one in await store.hours_of(db, chatbot_ids, since=since, first=first_id(since), attempts=ATTEMPTS):
        found.setdefault(one.chatbot_id, []).append(_entry(one))
    return found


def _entry(one: store.Hour) -> Entry:
    """Where nobody counted what was deleted, whatever is not there was."""
    there = one.judged + one.waiting + one.failed + one.unwanted
    deleted = max(0, one.stored - there) if one.deleted is None else one.deleted
    return Entry(one.hour, one.accepted, one.stored, deleted, one.judged, one.waiting, one.failed, one.unwanted)
