"""How fast a caller may send, over all web processes on one database: a token bucket for whatever is counted.

Buckets are rows (`buckets.py`). A process keeps a lease of each that it uses, so it asks once in up to a twentieth of the
allowance; what it has not used after a period is forfeited. Without a database nobody gets in, as nothing could be
stored either.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from math import ceil
from weakref import WeakValueDictionary

from noctule.base.db import Database, Db
from noctule.base.errors import TooMany
from noctule.base.ids import new_id
from noctule.base.settings import Rate
from noctule.web import store
from noctule.web.buckets import lend

_MOST_PURSES = 100_000
_PAUSE = timedelta(seconds=0.1)  # at least, between two questions about a rate that is used up
_IDLE = timedelta(days=2)  # after which a bucket is full, whatever its rate, and no lease counts


@dataclass(slots=True)
class _Purse:
    """What this process holds of one bucket."""

    rate: Rate
    left: int
    until: datetime  # with nothing left: refused until then
    spent: float  # here, and has not grown back
    spent_at: datetime

    def spent_by(self, now: datetime) -> float:
        grown = (now - self.spent_at).total_seconds() * self.rate.requests / self.rate.seconds
        self.spent, self.spent_at = max(0, self.spent - max(0, grown)), now
        return self.spent

    def spend(self, now: datetime) -> None:
        self.spent = self.spent_by(now) + 1
        self.left -= 1
        if not self.left:
            self.until = now


class RateLimiter:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._process = str(new_id())
        self._purses: dict[bytes, _Purse] = {}
        self._turns: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    async def take(self, key: bytes, rate: Rate, *, message: str | None = None) -> None:
        """Raises TooMany with the seconds until the next request may come. It may open a transaction of its own."""
        if self._takes(key, message):
            return
        async with self._turns.setdefault(key, asyncio.Lock()):
            if not self._takes(key, message):  # nobody else has asked meanwhile
                await self._ask(key, rate)
                self._takes(key, message)

    def _takes(self, key: bytes, message: str | None) -> bool:
        """Whether there was a token at hand. Raises TooMany."""
        purse, now = self._purses.get(key), self._database.clock()
        seconds = (purse.until - now).total_seconds() if purse else 0
        if purse is None or not 0 < seconds <= purse.rate.seconds:  # longer when the clock was set back
            return False
        if not purse.left:
            raise TooMany(message or "Rate limit exceeded", retry_after=ceil(seconds))
        purse.spend(now)
        return True

    async def _ask(self, key: bytes, rate: Rate) -> None:
        name = blake2b(key, digest_size=16).digest()  # whose address it is made of is nobody's business
        async with self._database.transaction() as db:
            purse = self._purses.get(key) or _Purse(rate, 0, db.now, 0, db.now)
            held = await store.hold_bucket(db, name, tokens=rate.requests)
            bucket, lease = lend(held, rate, process=self._process, spent=purse.spent_by(db.now), now=db.now)
            await store.settle_bucket(db, name, bucket)
        now = self._database.clock()
        latest = now + timedelta(seconds=rate.seconds)
        purse.left, purse.until = (
            lease.tokens,
            min(latest, lease.until if lease.tokens else max(lease.until, now + _PAUSE)),
        )
        self._make_room()
        self._purses[key] = purse

    def _make_room(self) -> None:
        if len(self._purses) >= _MOST_PURSES:
            now = self._database.clock()
            self._purses = {key: one for key, one in self._purses.items() if one.until > now or one.spent_by(now)}
        if len(self._purses) >= _MOST_PURSES:
            self._purses.clear()
            self._process = str(new_id())  # what was leased is forfeited, as by a process that is gone


async def sweep(db: Db) -> None:
    """Buckets that say nothing any more."""
    await store.delete_buckets(db, db.now - _IDLE)
