"""How much one visitor may ask of one chatbot: as its team has set it, in the memory of this process."""

from noctule.base.errors import TooMany
from noctule.base.settings import Rate
from noctule.web.ratelimit import RateLimiter

_MOST_RATES = 1000


class VisitorLimits:
    def __init__(self) -> None:
        self._limiters: dict[tuple[int, int], RateLimiter] = {}

    def take(self, visitor: str, requests: int, seconds: int, *, message: str | None) -> None:
        """Raises TooMany, in the team's words when it has some."""
        rate = requests, seconds
        if rate not in self._limiters and len(self._limiters) >= _MOST_RATES:
            self._limiters.clear()
        limiter = self._limiters.setdefault(rate, RateLimiter(Rate(*rate)))
        try:
            limiter.take(visitor.encode())
        except TooMany as error:
            raise TooMany(message or error.message, retry_after=error.retry_after) from None
