"""What is left of a rate while several processes take from it: arithmetic only, without a database and without a clock.

A bucket holds the allowance of one period and refills evenly, so a burst of a whole minute is fine once. A process takes
a lease, some tokens for its next requests, so that it has to ask for one request in many only. Bucket and leases together
never hold more than one allowance, however many processes there are; of one process alone it is neither less.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from noctule.base.settings import Rate

_PART = 20  # a lease is at most this part of an allowance: so much may lie with a process that needs it no more
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Bucket:
    tokens: float
    counted_at: datetime
    leases: dict[str, tuple[int, float]]  # process → tokens it keeps ready, seconds since 1970 until which they count


@dataclass(frozen=True)
class Lease:
    """Tokens that a process may use until then; with none, nobody needs to ask before then."""

    tokens: int
    until: datetime


def lend(bucket: Bucket, rate: Rate, *, process: str, spent: float, now: datetime) -> tuple[Bucket, Lease]:
    """The bucket afterwards, and what the process gets, which has nothing left. `spent` is what it has used before and
    has not grown back: others, of whom that is not known, may have used all of their leases just now.
    """
    moment = _moment(bucket, rate, now)
    leases = {
        name: (kept, until)
        for name, (kept, until) in bucket.leases.items()
        if name != process and until > moment.timestamp()
    }
    room = rate.requests - spent - sum(kept for kept, _ in leases.values())
    grown = max(0, (moment - bucket.counted_at).total_seconds() * rate.requests / rate.seconds)
    tokens = min(bucket.tokens + grown, room)
    if tokens < 1 - _ROUNDING:
        wait = timedelta(seconds=(1 - tokens) * rate.seconds / rate.requests)
        return Bucket(tokens, moment, leases), Lease(0, moment + wait)
    granted = max(1, min(rate.requests // _PART, int(tokens + _ROUNDING) // (1 + len(leases))))
    if granted > 1:
        # The first is for the request that waits. The others may be used for one period, and count for one more: what
        # was used of them at last has come back by then.
        leases[process] = granted - 1, moment.timestamp() + 2 * rate.seconds
    return Bucket(tokens - granted, moment, leases), Lease(granted, now + timedelta(seconds=rate.seconds))


def _moment(bucket: Bucket, rate: Rate, now: datetime) -> datetime:
    """Clocks of machines differ a little, and no bucket refills twice for that; one that was far ahead is not believed."""
    is_behind = bucket.counted_at - timedelta(seconds=rate.seconds) < now < bucket.counted_at
    return bucket.counted_at if is_behind else now
