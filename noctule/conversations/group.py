"""Group commit: requests that wait at the same moment are stored by one transaction, and each is answered after it.

One commit costs the same for one message as for a thousand, so under load the batch grows and the cost per request
falls; so there is one lane, until more waits than it takes at once. Then others work beside it. A batch that PostgreSQL
refuses is cut in halves until the bad request stands alone: its neighbours are stored.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic, perf_counter

import asyncpg
from prometheus_client import Histogram

from noctule.base.db import Database
from noctule.base.errors import AppError, Invalid, Unavailable
from noctule.base.ids import new_id
from noctule.chatbots import ChatbotId
from noctule.conversations.models import Capture, Recorded
from noctule.conversations.record import record

MOST_ROWS = 1024  # messages in one transaction
MOST_WAITING = 50_000  # messages waiting in one lane; beyond, a request is told to come back
_GATHERING = 0.003  # seconds that a lane under load waits: who was just answered comes back, and joins the next commit
_ATTEMPTS = 4
_LATELY = 10.0  # seconds
_log = logging.getLogger(__name__)
_batch_size = Histogram(
    "noctule_record_batch_requests", "Requests stored by one commit.", buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
)
_batch_seconds = Histogram("noctule_record_batch_seconds", "Seconds from the start of a batch to its commit.")


@dataclass(slots=True)
class _Waiting:
    capture: Capture
    answer: "asyncio.Future[Recorded]"


class Recorder:
    """Gathers captures into commits. `start` and `close` belong to the process that owns it."""

    def __init__(
        self, database: Database, *, lanes: int = 2, stored: Callable[[ChatbotId], None] = lambda _chatbot_id: None
    ) -> None:
        """`stored` is called after the commit."""
        self._stored = stored
        self._lanes = [_Lane(database) for _ in range(lanes)]

    def start(self) -> None:
        for lane in self._lanes:
            lane.start()

    async def record(self, capture: Capture) -> Recorded:
        """Returns after the commit. Raises Unavailable (nothing is stored), Invalid or KeyRevoked."""
        recorded = await self._lane_for(capture).put(capture)
        self._stored(capture.chatbot_id)
        return recorded

    def _lane_for(self, capture: Capture) -> "_Lane":
        """Two half batches cost nearly twice what a whole one does: the others help where there is work for whole ones."""
        if self._lanes[0].takes(len(capture.turns)):
            return self._lanes[0]
        return self._lanes[hash(capture.name) % len(self._lanes)]

    @property
    def fails(self) -> bool:
        """Whether what came last could not be stored, a moment ago: whoever asks whether all is well is told so."""
        return any(lane.failed_at is not None and monotonic() - lane.failed_at < _LATELY for lane in self._lanes)

    async def close(self) -> None:
        """Store what waits, then stop."""
        await asyncio.gather(*(lane.close() for lane in self._lanes))


class _Lane:
    def __init__(self, database: Database) -> None:
        self._id = new_id()
        self._database = database
        self._waiting: list[_Waiting] = []
        self._waiting_rows = 0
        self._news = asyncio.Event()
        self._closing = False
        self.failed_at: float | None = None  # when what came last could not be stored
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    def takes(self, rows: int) -> bool:
        """Whether they fit into the next batch."""
        return self._waiting_rows + rows <= MOST_ROWS

    async def put(self, capture: Capture) -> Recorded:
        if self._closing:
            raise Unavailable("The server is stopping. Please send this again.", retry_after=2)
        if self._waiting_rows > MOST_WAITING:
            raise Unavailable("Too many requests are waiting to be stored. Please send this again.", retry_after=2)
        waiting = _Waiting(capture, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._waiting_rows += len(capture.turns)
        self._news.set()
        return await waiting.answer

    async def close(self) -> None:
        self._closing = True
        self._news.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        crowded = False
        while self._waiting or not self._closing:
            if not self._waiting:
                self._news.clear()
                await self._news.wait()
                continue
            if crowded:
                await asyncio.sleep(_GATHERING)
            batch = self._next_batch()
            crowded = len(batch) > 1
            try:
                await self._store(batch)
            except Exception as error:
                # Whatever it was, the callers get an answer and the lane goes on.
                _log.exception("a batch could not be stored")
                self.failed_at = monotonic()
                _fail(batch, Unavailable("This could not be stored. Please send it again.", retry_after=2), error)

    def _next_batch(self) -> list[_Waiting]:
        rows, count = 0, 0
        for waiting in self._waiting:
            rows += len(waiting.capture.turns)
            if count and rows > MOST_ROWS:
                break
            count += 1
        batch, self._waiting = self._waiting[:count], self._waiting[count:]
        self._waiting_rows -= sum(len(waiting.capture.turns) for waiting in batch)
        return batch

    async def _store(self, batch: Sequence[_Waiting]) -> None:
        try:
            outcomes = await self._commit([waiting.capture for waiting in batch])
        except (
            asyncpg.DataError,
            asyncpg.IntegrityConstraintViolationError,
            asyncpg.ProgramLimitExceededError,
        ) as error:
            if len(batch) > 1:
                middle = len(batch) // 2
                await self._store(batch[:middle])
                await self._store(batch[middle:])
            else:
                _log.warning("a request was refused by the database", exc_info=True)
                _fail(batch, Invalid("This request holds something that cannot be stored."), error)
        except Unavailable as error:
            self.failed_at = monotonic()
            _fail(batch, error, error.__cause__)
        else:
            self.failed_at = None
            for waiting, outcome in zip(batch, outcomes, strict=True):
                _answer(waiting, outcome)

    async def _commit(self, captures: Sequence[Capture]) -> list[Recorded | AppError]:
        started = perf_counter()
        for attempt in range(_ATTEMPTS):
            try:
                async with self._database.transaction() as db:
                    outcomes = await record(db, captures, lane=self._id)
            except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError, asyncpg.UniqueViolationError):
                if attempt == _ATTEMPTS - 1:
                    raise
            else:
                _batch_size.observe(len(captures))
                _batch_seconds.observe(perf_counter() - started)
                return outcomes
        raise AssertionError("unreachable")


def _answer(waiting: _Waiting, outcome: Recorded | AppError) -> None:
    if waiting.answer.done():  # the caller went away; the words are stored all the same
        return
    if isinstance(outcome, Recorded):
        waiting.answer.set_result(outcome)
    else:
        waiting.answer.set_exception(outcome)


def _fail(batch: Sequence[_Waiting], error: AppError, cause: BaseException | None) -> None:
    error.__cause__ = cause
    for waiting in batch:
        _answer(waiting, error)
