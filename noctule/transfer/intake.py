"""Drafts on their way into the store: in batches, through the one door, each batch with its progress in one commit.

So a batch and the word of it are there together or not at all, and whoever goes on afterwards begins in the right place.
What was stored twice, because an attempt was broken off inside a long conversation, is recognised and stored once.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass

import asyncpg
from msgspec.structs import replace

from noctule import conversations
from noctule.base.db import Database, Db
from noctule.base.errors import AppError
from noctule.base.ids import parse_id
from noctule.chatbots import ChatbotId
from noctule.conversations import Capture
from noctule.transfer import store
from noctule.transfer.draft import Draft, captures

LARGEST_BATCH = 500  # messages
_ATTEMPTS = 4


@dataclass(frozen=True)
class Tally:
    conversations: int = 0  # that are stored as a whole
    messages_stored: int = 0
    messages_repeated: int = 0

    def told(self) -> dict[str, int]:
        return asdict(self)


Tell = Callable[[Db, Tally], Awaitable[None]]  # inside the transaction of the batch


class Intake:
    def __init__(
        self, database: Database, chatbot_id: ChatbotId, *, judged: bool, tell: Tell, tally: Tally | None = None
    ) -> None:
        self._database = database
        self._chatbot_id = chatbot_id
        self._judged = judged
        self._tell = tell
        self.tally = tally or Tally()  # what is stored, also by earlier attempts
        self._waiting: list[Capture] = []
        self._messages = 0
        self._complete = 0  # conversations whose last capture waits

    async def take(self, draft: Draft) -> None:
        for capture in captures(draft, self._chatbot_id, self._database.clock(), judged=self._judged):
            if self._messages + len(capture.turns) > LARGEST_BATCH or len(self._waiting) >= LARGEST_BATCH:
                await self.store()
            self._waiting.append(capture)
            self._messages += len(capture.turns)
        self._complete += not draft.more

    async def store(self) -> None:
        """What waits; returns after the commit."""
        if not self._waiting:
            return
        self.tally = await self._commit()
        self._waiting, self._messages, self._complete = [], 0, 0

    async def _commit(self) -> Tally:
        for attempt in range(_ATTEMPTS):
            try:
                async with self._database.transaction() as db:
                    return await self._store(db)
            except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError, asyncpg.UniqueViolationError):
                if attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")

    async def _store(self, db: Db) -> Tally:
        stored = 0
        for outcome in await conversations.record(db, await _without_our_own(db, self._chatbot_id, self._waiting)):
            if isinstance(outcome, AppError):
                raise outcome
            stored += outcome.messages_stored
        tally = Tally(
            self.tally.conversations + self._complete,
            self.tally.messages_stored + stored,
            self.tally.messages_repeated + self._messages - stored,
        )
        await self._tell(db, tally)
        return tally


async def _without_our_own(db: Db, chatbot_id: ChatbotId, waiting: Sequence[Capture]) -> list[Capture]:
    """An export names a message that had no id by ours; where that very message is, it is not stored again."""
    named = [
        (capture.external_id, message_id)
        for capture in waiting
        for turn in capture.turns
        if turn.external_id is not None and len(turn.external_id) == 36 and (message_id := parse_id(turn.external_id))
    ]
    if not named:
        return list(waiting)
    ours = await store.messages_here(db, chatbot_id, [name for name, _ in named], [one for _, one in named])
    if not ours:
        return list(waiting)
    here = {(name, str(message_id)) for name, message_id in ours}
    return [
        replace(
            capture,
            turns=tuple(turn for turn in capture.turns if (capture.external_id, turn.external_id) not in here),
        )
        for capture in waiting
    ]
