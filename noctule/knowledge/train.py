"""Training: what waits is read, cut and put into the next version of the index, which then takes the place of the last.

A batch of sources is one transaction, so a training that was killed goes on behind its last batch. Searches see nothing of
it before the switch. Vectors come after it: words alone find a changed text at once, a small change has its vectors at once
too, and with a large one the job goes on elsewhere.
"""

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from uuid import UUID

from noctule.base import jobs, language
from noctule.base.db import Database, Db
from noctule.base.embed import Embedder
from noctule.base.jobs import Handler, Job
from noctule.base.words import terms_of
from noctule.chatbots import ChatbotId
from noctule.knowledge import chunk, rank
from noctule.knowledge.models import Passage, State, Waiting
from noctule.knowledge.read import Content, Reader, Unreadable
from noctule.knowledge.store import index
from noctule.knowledge.store import sources as store
from noctule.knowledge.vectors import EMBED, embed_newest

_BATCH = 32  # sources
_LEASE = timedelta(minutes=3)
_LONG = 60  # seconds; one source more takes at most half as long
_SEGMENTS = 8  # more are joined into one
_WORTH = 4  # times as much as is newer may be written again
_PIECE = 2000  # passages that are read at once to build the postings anew
_log = logging.getLogger(__name__)


def training(embedder: Embedder, reader: Reader) -> Handler:
    async def train(database: Database, job: Job) -> None:
        chatbot_id = ChatbotId(UUID(job.args["chatbot_id"]))
        version = await _begin(database, chatbot_id, job)
        if version is None:
            return  # the chatbot is gone
        try:
            done = job.done
            while batch := await _next(database, chatbot_id):
                contents = await _read_some(database, chatbot_id, reader, batch)
                batch = batch[: len(contents)]
                done += len(batch)
                async with database.transaction() as db:
                    await _keep_building(db, chatbot_id, job)
                    await _store(db, chatbot_id, version, batch=batch, contents=contents)
                    await jobs.progress(db, job, done=done)
            await _finish(database, chatbot_id, job, version)
        finally:
            async with database.transaction() as db:
                await index.release(db, chatbot_id, job.id)
        if await embed_newest(database, chatbot_id, embedder) is not False:
            async with database.transaction() as db:
                await jobs.hand_over(db, job, EMBED)
            raise jobs.JobHandedOver

    return train


async def _begin(database: Database, chatbot_id: ChatbotId, job: Job) -> int | None:
    """The version to build, when no other training builds."""
    while True:
        async with database.transaction() as db:
            state = await index.lock_state(db, chatbot_id)
            if state is None:
                return None
            if await index.claim(db, chatbot_id, job.id, db.now + _LEASE):
                version = max(state.newest, state.version + 1)
                await index.begin_version(db, chatbot_id, version)
                return version
            await jobs.progress(db, job, done=job.done)
        await asyncio.sleep(0.2)


async def _keep_building(db: Db, chatbot_id: ChatbotId, job: Job) -> None:
    """Raises JobStopped when somebody else builds now."""
    if not await index.claim(db, chatbot_id, job.id, db.now + _LEASE):
        raise jobs.JobStopped(str(job.id))


async def _next(database: Database, chatbot_id: ChatbotId) -> list[Waiting]:
    async with database.transaction() as db:
        return await store.waiting(db, chatbot_id, _BATCH)


async def _read_some(
    database: Database, chatbot_id: ChatbotId, reader: Reader, batch: Sequence[Waiting]
) -> list[Content | Unreadable]:
    """What each says, or why it cannot be read; no transaction is open meanwhile. Of what takes long only the first: the lease
    would run out, and somebody else would begin with the same.
    """
    found: list[Content | Unreadable] = []
    began = monotonic()
    for source in batch:
        if found and monotonic() - began > _LONG:
            break
        file = None
        if source.kind == "file":
            async with database.transaction() as db:
                file = await store.file_of(db, chatbot_id, source.id)
        found.append(await reader.read(source, file))
    return found


@dataclass(frozen=True)
class _Cut:
    source: Waiting
    content: Content
    language: str | None
    cuts: list[chunk.Cut]


async def _store(
    db: Db,
    chatbot_id: ChatbotId,
    version: int,
    *,
    batch: Sequence[Waiting],
    contents: Sequence[Content | Unreadable],
) -> None:
    """What changed while it was read is left for the next batch. A page that cannot be read now says what it said before; of
    something else in its place that cannot be read nothing is left.
    """
    state = await index.lock_state(db, chatbot_id)
    same = set(await store.lock_unchanged(db, chatbot_id, [one.id for one in batch], [one.revision for one in batch]))
    if state is None:
        return
    cuts: list[_Cut] = []
    for source, content in zip(batch, contents, strict=True):
        if source.id in same and isinstance(content, Unreadable):
            await store.mark_failed(db, chatbot_id, source.id, revision=source.revision, problem=content.reason)
        elif source.id in same and isinstance(content, Content):
            cuts.append(_cut(source, content))
    replaced = [one.source.id for one in cuts] + [one.id for one in batch if one.id in same and not one.text]
    await index.end_passages(db, chatbot_id, replaced, version)
    await _insert(db, chatbot_id, state, version=version, cuts=cuts)
    for one in cuts:
        read = (one.content.title, one.content.text, one.language)
        await store.mark_trained(db, chatbot_id, one.source.id, read=read, passages=len(one.cuts))


async def _insert(db: Db, chatbot_id: ChatbotId, state: State, *, version: int, cuts: Sequence[_Cut]) -> None:
    passages: list[Passage] = []
    terms: list[tuple[int, list[str]]] = []
    for one in cuts:
        title = one.source.title or one.content.title
        for place in one.cuts:
            text = one.content.text[place.begins : place.ends]
            digest = hashlib.sha256("\n".join([title or "", place.heading, text]).encode()).digest()[:16]
            number = state.next_passage + len(passages)
            passages.append(
                Passage(number, one.source.id, place.heading, place.begins, place.ends, text, one.language, digest)
            )
            terms.append((number, terms_of(" ".join([title or "", place.heading, text]), one.language)))
    if passages:
        await index.insert_passages(db, chatbot_id, version, passages)
        await index.insert_terms(db, chatbot_id, state.next_segment, rank.postings(terms))
        await index.take_numbers(db, chatbot_id, passages=len(passages), segments=1)


def _cut(source: Waiting, content: Content) -> _Cut:
    detected = language.detect(content.text)
    code = detected.code if detected else "en" if content.text.isascii() else None
    return _Cut(source, content, code, chunk.cut(content.text))


async def _finish(database: Database, chatbot_id: ChatbotId, job: Job, version: int) -> None:
    async with database.transaction() as db:
        await _keep_building(db, chatbot_id, job)
        state = await index.lock_state(db, chatbot_id)
        if state is None:
            return
        if await index.switch(db, chatbot_id, version):
            gone = await index.forget_before(db, chatbot_id, state.version)
            await index.forget_vectors(db, chatbot_id, gone)
            await index.count_dead(db, chatbot_id, len(gone))
    async with database.transaction() as db:
        await _tidy(db, chatbot_id)


async def _tidy(db: Db, chatbot_id: ChatbotId) -> None:
    state = await index.lock_state(db, chatbot_id)
    if state is None:
        return
    if state.dead > state.passages + 1000:
        await _rebuild(db, chatbot_id, state)
        return
    sizes = await index.segments(db, chatbot_id)
    if len(sizes) > _SEGMENTS:
        await index.join_segments(db, chatbot_id, state.next_segment, since=_since(sizes))
        await index.take_numbers(db, chatbot_id, passages=0, segments=1)


def _since(sizes: Sequence[tuple[int, int]]) -> int:
    """The first segment to be joined: a large one waits until as much has come behind it as is worth the writing."""
    since, together = sizes[0]
    for segment, size in sizes[1:]:
        if size > _WORTH * together:
            break
        since, together = segment, together + size
    return since


async def _rebuild(db: Db, chatbot_id: ChatbotId, state: State) -> None:
    """All postings anew, without the numbers that mean nothing any more."""
    last, segment = 0, state.next_segment
    while rows := await index.passages_after(db, chatbot_id, last, _PIECE):
        terms = [(number, terms_of(text, code)) for number, text, code in rows]
        await index.insert_terms(db, chatbot_id, segment, rank.postings(terms))
        last, segment = rows[-1][0], segment + 1
    await index.delete_segments(db, chatbot_id, state.next_segment)
    await index.take_numbers(db, chatbot_id, passages=0, segments=segment - state.next_segment)
    await index.count_dead(db, chatbot_id, -state.dead)
