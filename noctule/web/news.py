"""What pages listen to: each listener has an event that is set when something about a chatbot has changed."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager, suppress

from noctule.base import news
from noctule.base.db import Database
from noctule.base.errors import TooMany, Unavailable

MOST = 1000  # listeners of one process
_PAUSE_SECONDS = 1.0
_log = logging.getLogger(__name__)


class News:
    """Of one web process. What it stores itself it tells the others at most once a second, beside the requests and not in
    them; `heard` is called for what any process tells.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._untold: set[str] = set()
        self._closing = False

    @property
    def is_over(self) -> bool:
        """The server stops: whoever listens should go."""
        return self._closing

    def changed(self, about: str) -> None:
        self._untold.add(about)

    def heard(self, about: str) -> None:
        """Empty when news may have been missed: then everybody looks again."""
        for event in self._everybody() if not about else self._listeners.get(about, set()):
            event.set()

    @contextmanager
    def listening(self, about: str) -> Generator[asyncio.Event]:
        """Raises TooMany."""
        if sum(map(len, self._listeners.values())) >= MOST:
            raise TooMany("Too many pages are open at once; this one asks now and then instead.", retry_after=60)
        event = asyncio.Event()
        self._listeners[about].add(event)
        try:
            yield event
        finally:
            self._listeners[about].discard(event)
            if not self._listeners[about]:
                del self._listeners[about]

    async def tell(self, stop: asyncio.Event) -> None:
        """Until `stop`, what has changed."""
        while not stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _PAUSE_SECONDS)
            about, self._untold = self._untold, set()
            if about:
                try:
                    async with self._database.transaction() as db:
                        await news.tell(db, about)
                except Unavailable:
                    _log.warning("news were not told")

    def close(self) -> None:
        self._closing = True
        for event in self._everybody():
            event.set()

    def _everybody(self) -> list[asyncio.Event]:
        return [event for some in self._listeners.values() for event in some]
