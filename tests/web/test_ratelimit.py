"""Rates over several web processes: never more than one allowance, all of it for one process, and few questions."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from noctule.base.db import Database
from noctule.base.errors import TooMany, Unavailable
from noctule.base.settings import Rate
from noctule.web import ratelimit
from noctule.web.buckets import Bucket, lend
from noctule.web.ratelimit import RateLimiter
from tests.conftest import TurnableClock

KEY = b"k"


async def taken(limiter: RateLimiter, rate: Rate, count: int = 1, key: bytes = KEY) -> int:
    """How many of so many requests got in."""
    got = 0
    for _ in range(count):
        try:
            await limiter.take(key, rate)
            got += 1
        except TooMany as error:
            assert error.retry_after
            assert error.retry_after >= 1
    return got


async def buckets(database: Database) -> int:
    async with database.transaction() as db:
        return await db.value("select count(*) from rate_buckets")


async def test_a_bucket_refills_evenly(database: Database, clock: TurnableClock) -> None:
    limiter, rate = RateLimiter(database), Rate(2, 10)
    assert await taken(limiter, rate, 2) == 2
    assert await taken(limiter, rate, key=b"other") == 1
    with pytest.raises(TooMany) as caught:
        await limiter.take(KEY, rate)
    assert caught.value.retry_after == 5
    clock.passes(seconds=5)
    assert await taken(limiter, rate, 2) == 1


@pytest.mark.parametrize("requests", [1, 7, 100, 6000])
async def test_one_process_alone_gives_the_whole_rate(database: Database, clock: TurnableClock, requests: int) -> None:
    limiter, rate = RateLimiter(database), Rate(requests, 60)
    for _ in range(3):
        assert await taken(limiter, rate, requests + 50) == requests
        clock.passes(seconds=60)


@pytest.mark.parametrize("seed", range(4))
async def test_one_process_alone_is_exact(database: Database, clock: TurnableClock, seed: int) -> None:
    chance = Random(seed)
    rate = Rate(chance.choice([3, 50, 400]), 100)
    limiter, ideal = RateLimiter(database), Ideal(rate, clock)
    for _ in range(150):
        clock.passes(seconds=chance.choice([0, 0.1, 1, 5, 30, 120]))
        wanted = chance.choice([1, 2, rate.requests // 4, rate.requests])
        possible = min(wanted, int(ideal.left() + 1e-3))
        assert await taken(limiter, rate, wanted) == possible
        ideal.take(possible)


async def test_two_processes_share_one_rate(database: Database) -> None:
    first, second = RateLimiter(database), RateLimiter(database)
    rate = Rate(1000, 60)
    got = [await taken(limiter, rate, 100) for limiter in (first, second) * 10]
    assert sum(got) == 1000
    assert min(got[:8]) == 100


async def test_what_a_dead_process_kept_is_lost_for_a_while_and_not_for_ever(
    database: Database, clock: TurnableClock
) -> None:
    rate = Rate(1000, 60)
    assert await taken(RateLimiter(database), rate) == 1
    assert await taken(RateLimiter(database), rate, 1100) == 1000 - 50
    clock.passes(minutes=3)
    assert await taken(RateLimiter(database), rate, 1100) == 1000


async def test_a_process_asks_for_one_request_in_many(own_database: Database) -> None:
    asked = Asked(own_database)
    limiter, rate = RateLimiter(asked), Rate(6000, 60)
    assert await taken(limiter, rate, 6000) == 6000
    assert asked.times == 20
    assert await taken(limiter, rate, 500) == 0
    assert asked.times == 21, "what was refused is refused without asking again"


class Asked(Database):
    """Counts how often it was asked for a transaction."""

    def __init__(self, database: Database) -> None:
        super().__init__(database._pool, database.clock)
        self.times = 0

    def transaction(self) -> Any:
        self.times += 1
        return super().transaction()


@dataclass
class Ideal:
    """One bucket that everybody takes from, as it would be in one process."""

    rate: Rate
    clock: TurnableClock
    tokens: float = 0
    since: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        self.tokens, self.since = self.rate.requests, self.clock()

    def left(self) -> float:
        grown = (self.clock() - self.since).total_seconds() * self.rate.requests / self.rate.seconds
        return min(self.rate.requests, self.tokens + grown)

    def take(self, count: int) -> None:
        self.tokens, self.since = self.left() - count, self.clock()
        assert self.tokens > -1e-3, "more than the rate"


@pytest.mark.parametrize(
    "seed", [51, 110, 145, 216, 264, 360]
)  # each breaks a bucket that forgets leases, or what was spent
async def test_no_pattern_of_requests_gets_more_than_the_rate(
    database: Database, clock: TurnableClock, seed: int
) -> None:
    chance = Random(seed)
    rate = Rate(chance.choice([3, 40, 200, 1000]), chance.choice([1, 60, 3600]))
    limiters, ideal = [RateLimiter(database) for _ in range(chance.randint(1, 4))], Ideal(rate, clock)
    for _ in range(120):
        clock.passes(seconds=chance.choice([0, 0, 0.001, 0.02, 0.5, 1, 2.5]) * rate.seconds)
        if chance.random() < 0.05:
            limiters[chance.randrange(len(limiters))] = RateLimiter(database)  # one was started again
        ideal.take(await taken(chance.choice(limiters), rate, chance.randint(1, rate.requests // 3 + 2)))


async def test_requests_at_the_same_time_wait_for_one_answer(own_database: Database) -> None:
    asked = Asked(own_database)
    limiter, rate = RateLimiter(asked), Rate(2000, 60)
    await asyncio.gather(*(limiter.take(KEY, rate) for _ in range(100)))
    assert asked.times == 1


async def test_without_a_database_nobody_gets_in(own_database: Database) -> None:
    limiter = RateLimiter(own_database)
    await own_database.close()
    with pytest.raises(Unavailable):
        await limiter.take(KEY, Rate(10, 60))


def test_clocks_that_differ_refill_nothing_twice_and_a_wrong_one_is_not_believed() -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    ahead = Bucket(0, noon + timedelta(seconds=20), {})
    bucket, lease = lend(ahead, Rate(60, 60), process="a", spent=0, now=noon)
    assert (bucket.tokens, bucket.counted_at, lease.tokens) == (0, ahead.counted_at, 0)
    far_ahead = Bucket(0, noon + timedelta(days=1), {})
    bucket, _ = lend(far_ahead, Rate(60, 60), process="a", spent=0, now=noon)
    assert (bucket.tokens, bucket.counted_at) == (0, noon)


async def test_a_clock_that_is_set_back_keeps_nobody_out(database: Database, clock: TurnableClock) -> None:
    limiter, rate = RateLimiter(database), Rate(100, 60)
    assert await taken(limiter, rate, 120) == 100
    clock.passes(hours=-1)
    assert await taken(limiter, rate, 120) == 0
    clock.passes(seconds=60)
    assert await taken(limiter, rate, 120) == 100


async def test_memory_of_many_keys_is_bounded(
    database: Database, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ratelimit, "_MOST_PURSES", 3)
    limiter, rate = RateLimiter(database), Rate(100, 60)
    for number in range(10):
        await limiter.take(bytes([number]), rate)
        assert len(limiter._purses) <= 3


async def test_full_buckets_are_swept(database: Database, clock: TurnableClock) -> None:
    await RateLimiter(database).take(KEY, Rate(100, 86400))
    for days, left in ((1, 1), (2, 0)):
        clock.passes(days=days)
        async with database.transaction() as db:
            await ratelimit.sweep(db)
        assert await buckets(database) == left
