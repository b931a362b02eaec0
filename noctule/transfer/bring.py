"""Bringing a file in: looked through while it arrives, kept in the database, and stored by a job that any worker runs.

The file lies in `import_chunks`, so a server that is killed loses nothing and a worker needs no folder in common with it.
It goes when the job has ended; what is left over from broken uploads is swept away after a day.
"""

from asyncio import get_running_loop
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from noctule.accounts import Caller, note
from noctule.base import jobs
from noctule.base.db import Database, Db
from noctule.base.errors import Invalid
from noctule.base.ids import new_id
from noctule.base.jobs import Job, JobHopeless, JobState
from noctule.chatbots import Chatbot, ChatbotArchived, ChatbotId, KeyRevoked
from noctule.transfer import store
from noctule.transfer.check import Check, Report
from noctule.transfer.intake import Intake, Tally
from noctule.transfer.models import Format
from noctule.transfer.reader import Fault, Reader

HANDLER = "import_conversations"
LARGEST_FILE = 1024 * 1024 * 1024  # bytes
CHUNK = 1024 * 1024
_SLICE = 32 * 1024  # bytes that are looked through in one go
_LEFT_AFTER = timedelta(days=1)
_looking = ThreadPoolExecutor(1, "looking-through")  # Python computes in one thread at a time, so more would not help


def may_bring(caller: Caller, chatbot: Chatbot) -> None:
    """Owners, admins, and programs, unless the chatbot is archived. Raises Denied."""
    caller.must_be("admin")
    if chatbot.archived_at is not None:
        raise ChatbotArchived


async def look_through(pieces: AsyncIterator[bytes], kind: Format | None) -> Report:
    """What would happen; nothing is kept."""
    check, size = Check(kind), 0
    async for piece in pieces:
        size += len(piece)
        _bounded(size)
        await _feed(check, piece)
    return await _finish(check)


async def bring(
    database: Database,
    caller: Caller,
    chatbot: Chatbot,
    *,
    pieces: AsyncIterator[bytes],
    kind: Format | None,
    judged: bool,
) -> tuple[JobState, Report]:
    """The job that stores the file. Raises Invalid, naming what is wrong with it; then nothing is kept."""
    job_id = new_id()
    upload = _Upload(database, chatbot.id, job_id)
    check = Check(kind)
    try:
        async for piece in pieces:
            await _feed(check, piece)
            await upload.keep(piece)
        report = await _finish(check)
        report.refuse()
        await upload.keep_rest()
        async with database.transaction() as db:
            args = {"chatbot_id": str(chatbot.id), "format": kind, "judged": judged}
            result = {"mapping": asdict(report.mapping), **Tally().told()}
            job = await jobs.start(
                db, chatbot.org_id, HANDLER, job_id=job_id, args=args, total=report.conversations, result=result
            )
            await note(
                db, caller, action="conversations.imported", target=chatbot.id, job=str(job_id),
                format=report.mapping.format, conversations=report.conversations, messages=report.messages,
            )  # fmt: skip
    except BaseException:
        await upload.forget()
        raise
    return job, report


async def store_brought(database: Database, job: Job) -> None:
    """The job: goes on where an earlier attempt came to."""
    chatbot_id = ChatbotId(UUID(job.args["chatbot_id"]))
    told = dict(job.result or {})

    async def tell(db: Db, tally: Tally) -> None:
        await jobs.progress(db, job, done=tally.conversations, result={**told, **tally.told()})

    tally = Tally(job.done, told.get("messages_stored", 0), told.get("messages_repeated", 0))
    intake = Intake(database, chatbot_id, judged=job.args["judged"], tell=tell, tally=tally)
    try:
        await store_pieces(intake, _chunks(database, chatbot_id, job.id), kind=job.args["format"])
    except KeyRevoked:
        raise JobHopeless("The chatbot is gone.") from None
    except ChatbotArchived:
        raise JobHopeless("The chatbot was archived meanwhile.") from None
    await _forget(database, chatbot_id, job.id)


async def store_pieces(intake: Intake, pieces: AsyncIterator[bytes], *, kind: Format | None) -> None:
    """A file that was looked through, from behind what the intake has stored already. No pieces: nothing is left of it."""
    reader, stored_before = Reader(kind), intake.tally.conversations
    async for piece in _and_an_end(pieces):
        for found in reader.finish() if piece is None else reader.feed(piece):
            if isinstance(found, Fault):
                raise JobHopeless(f"{found.place}: {found.field} {found.message}")
            if stored_before:
                stored_before -= not found.more
            else:
                await intake.take(found)
    await intake.store()


async def _and_an_end(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes | None]:
    """None at the end, when there was anything."""
    piece = None
    async for piece in pieces:
        yield piece
    if piece is not None:
        yield None


async def _feed(check: Check, piece: bytes) -> None:
    """In the one thread for this, a slice at a time: who captures meanwhile must not wait for a large file."""
    loop = get_running_loop()
    for at in range(0, len(piece), _SLICE):
        await loop.run_in_executor(_looking, check.feed, piece[at : at + _SLICE])


async def _finish(check: Check) -> Report:
    return await get_running_loop().run_in_executor(_looking, check.finish)


async def _chunks(database: Database, chatbot_id: ChatbotId, job_id: UUID) -> AsyncIterator[bytes]:
    number = 0
    while True:
        async with database.transaction() as db:
            content = await store.chunk(db, chatbot_id, job_id, number)
        if content is None:
            return
        yield content
        number += 1


async def _forget(database: Database, chatbot_id: ChatbotId, job_id: UUID) -> None:
    async with database.transaction() as db:
        await store.delete_chunks(db, chatbot_id, job_id)


async def sweep_uploads(db: Db) -> None:
    await store.delete_left_chunks(db, db.now - _LEFT_AFTER)


def _bounded(size: int) -> None:
    if size > LARGEST_FILE:
        raise Invalid.field("body", "must not be larger than 1 GB; split the file")


class _Upload:
    """The pieces of a file, kept in rows of about a megabyte."""

    def __init__(self, database: Database, chatbot_id: ChatbotId, job_id: UUID) -> None:
        self._database = database
        self._of = chatbot_id, job_id
        self._held = bytearray()
        self._size = 0
        self._number = 0

    async def keep(self, piece: bytes) -> None:
        self._size += len(piece)
        _bounded(self._size)
        self._held += piece
        while len(self._held) >= CHUNK:
            await self._write(bytes(self._held[:CHUNK]))
            del self._held[:CHUNK]

    async def keep_rest(self) -> None:
        if self._held:
            await self._write(bytes(self._held))

    async def _write(self, content: bytes) -> None:
        async with self._database.transaction() as db:
            await store.insert_chunk(db, *self._of, number=self._number, content=content)
        self._number += 1

    async def forget(self) -> None:
        await _forget(self._database, *self._of)
