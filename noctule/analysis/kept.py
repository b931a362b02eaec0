"""The conversations that a list means, found in the columns of days; of days that are open or wait to be counted, one by one.

How many they are is known without reading one of them. Which come first takes the moments and ids of the days that can hold
them: a day tells the latest moment of its conversations, and none of these is older than the day itself.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import numpy as np

from noctule.analysis.columns import LAST, Mark, mark_of, marks_in
from noctule.analysis.meant import Meant, meant_for
from noctule.analysis.models import Narrowing
from noctule.analysis.store import columns as store
from noctule.analysis.store import places
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId

_AT_ONCE = 32  # days whose moments and ids are read at once, at most


class Kept:
    """Of a chatbot, what a narrowing means."""

    def __init__(self, chatbot_id: ChatbotId, narrowing: Narrowing, meant: Meant) -> None:
        self._chatbot_id, self._narrowing = chatbot_id, narrowing
        self._table, self._left, self._spans = meant.table, meant.left, meant.spans

    async def count(self, db: Db, *, most: int) -> int:
        """Exact below `most`."""
        count = int(self._left.sum())
        if count >= most:
            return most
        return min(count + len(await self._read(db)), most)

    async def older(self, db: Db, place: Mark | None, *, limit: int) -> list[ConversationId]:
        """Than a place in the list, the latest first."""
        found = [one for one in await self._read(db) if place is None or one < place]
        latest = await self._latest(db)
        for days in _more_and_more(sorted(latest, key=lambda day: latest[day], reverse=True)):
            found = sorted(found, reverse=True)[:limit]
            if len(found) == limit and latest[days[0]] < found[-1][0]:
                break
            found += [one for one in await self._kept(db, days) if place is None or one < place]
        return [ConversationId(UUID(bytes=one)) for _, one in sorted(found, reverse=True)[:limit]]

    async def newer(self, db: Db, place: Mark, *, limit: int) -> list[ConversationId]:
        """Than a place in the list, the nearest first."""
        found = [one for one in await self._read(db) if one > place]
        latest = await self._latest(db)
        for days in _more_and_more(sorted(day for day, moment in latest.items() if moment >= place[0])):
            found = sorted(found)[:limit]
            # A day of the calendar begins at most so much before the day of UTC.
            if len(found) == limit and mark_of(_begin(days[0]) - timedelta(days=1)) > found[-1][0]:
                break
            found += [one for one in await self._kept(db, days) if one > place]
        return [ConversationId(UUID(bytes=one)) for _, one in sorted(found)[:limit]]

    async def in_order(self, db: Db, after: ConversationId | None, *, limit: int) -> list[ConversationId]:
        """Of their ids."""
        found = [*await self._read(db), *await self._kept(db, list(await self._latest(db)))]
        ids = sorted(one for _, one in found if after is None or one > after.bytes)
        return [ConversationId(UUID(bytes=one)) for one in ids[:limit]]

    async def _read(self, db: Db) -> list[Mark]:
        begun = await places.places_begun(db, self._chatbot_id, self._narrowing, self._spans)
        return [(mark_of(moment), one.bytes) for moment, one in begun]

    async def _latest(self, db: Db) -> dict[date, int]:
        """Of the days on which something is left."""
        numbers = np.flatnonzero(np.bincount(self._table.at[self._left]))
        days = [self._table.days[int(number)] for number in numbers]
        return {day: int(known) for day, known in await store.known_of(db, self._chatbot_id, LAST, days)}

    async def _kept(self, db: Db, days: Sequence[date]) -> list[Mark]:
        marks = marks_in(await store.marks_of(db, self._chatbot_id, days))
        return [one for day in days for one in marks(day, self._left[self._table.span_of(day)])]


async def kept_for(db: Db, chatbot_id: ChatbotId, narrowing: Narrowing) -> Kept | None:
    """None where too much of it would be read one by one."""
    meant = await meant_for(db, chatbot_id, narrowing)
    return Kept(chatbot_id, narrowing, meant) if meant else None


def _begin(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _more_and_more(days: Sequence[date]) -> Iterator[Sequence[date]]:
    """First the next one, then twice as many each time."""
    start, size = 0, 1
    while start < len(days):
        yield days[start : start + size]
        start, size = start + size, min(2 * size, _AT_ONCE)
