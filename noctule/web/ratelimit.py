"""How fast a program may send: a token bucket per chatbot, or per key of an organization, in the memory of this process.

A bucket holds the allowance of one period and refills evenly, so a burst of a whole minute is fine once.
"""

from collections.abc import Callable
from math import ceil
from time import monotonic

from noctule.base.errors import TooMany
from noctule.base.settings import Rate

_MOST_BUCKETS = 100_000


class RateLimiter:
    def __init__(self, rate: Rate, *, clock: Callable[[], float] = monotonic) -> None:
        self._rate = rate
        self._per_second = rate.requests / rate.seconds
        self._clock = clock
        self._buckets: dict[bytes, tuple[float, float]] = {}  # key → tokens left, when

    def take(self, key: bytes) -> None:
        """Raises TooMany with the seconds until the next request may come."""
        now = self._clock()
        left, since = self._buckets.get(key, (float(self._rate.requests), now))
        left = min(float(self._rate.requests), left + (now - since) * self._per_second)
        if left < 1:
            wait = max(1, ceil((1 - left) / self._per_second))
            raise TooMany("Rate limit exceeded", retry_after=wait)
        if key not in self._buckets and len(self._buckets) >= _MOST_BUCKETS:
            self._forget_full(now)
        self._buckets[key] = (left - 1, now)

    def _forget_full(self, now: float) -> None:
        """A bucket that has had time to fill up says nothing."""
        self._buckets = {
            key: (left, since) for key, (left, since) in self._buckets.items() if now - since < self._rate.seconds
        }
