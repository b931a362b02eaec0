"""Grouping a chatbot's conversations into topics: all of them, or those that fit nowhere. Topics that people have shaped stay
as they are; the others are found anew, and go on with their ids where they are the same.

Grouping takes its time in a process of its own, with no transaction open. When topics were changed meanwhile it is done again.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from noctule.analysis.store import meanings
from noctule.analysis.store import topics as store
from noctule.analysis.store.meanings import Meaning
from noctule.analysis.topics import child
from noctule.analysis.topics.embed import embed_some, group_soon
from noctule.analysis.topics.grouping import Found, Gathered
from noctule.analysis.topics.identity import Lineage, lineage
from noctule.analysis.topics.layout import placed
from noctule.analysis.topics.models import Topic, TopicId
from noctule.analysis.topics.packed import unit, unpack
from noctule.analysis.topics.said import words_of
from noctule.analysis.topics.told import tell_facts
from noctule.base import jobs
from noctule.base.db import Database, Db
from noctule.base.embed import Embedder
from noctule.base.ids import new_id
from noctule.base.jobs import Handler, Job, JobHopeless
from noctule.chatbots import ChatbotId

_READ = 1000  # conversations whose words are read at once
_TRIES = 5
_PATIENCE = 120  # seconds for a model that is being built
_NIGHT = timedelta(hours=20)


def regrouping(embedder: Embedder) -> Handler:
    async def run(database: Database, job: Job) -> None:
        chatbot_id = ChatbotId(UUID(job.args["chatbot_id"]))
        if job.args.get("asked"):
            await _embed_all(database, chatbot_id, embedder, job)
        await regroup(database, chatbot_id, strays_only=job.args.get("part") == "strays")

    return run


async def group_nightly(db: Db) -> None:
    for chatbot_id in await store.grouped_before(db, db.now - _NIGHT):
        await group_soon(db, chatbot_id, "all", timedelta())


async def _embed_all(database: Database, chatbot_id: ChatbotId, embedder: Embedder, job: Job) -> None:
    """Somebody waits for it: what has no vector yet gets one first."""
    done = job.done
    for _ in range(_PATIENCE):
        while some := await embed_some(database, chatbot_id, embedder):
            done += some
            async with database.transaction() as db:
                await jobs.progress(db, job, done=done)
        if some == 0:
            return
        await asyncio.sleep(1)
    raise JobHopeless("The model for meanings is not there; the command noctule model --build tells why.")


async def regroup(database: Database, chatbot_id: ChatbotId, *, strays_only: bool = False) -> None:
    for _ in range(_TRIES):
        async with database.transaction() as db:
            await store.make_grouping(db, chatbot_id)
            known = await store.grouping(db, chatbot_id)
            topics = await store.topics_of(db, chatbot_id)
            rows = await meanings.meanings(db, chatbot_id)
        kept = [topic for topic in topics if topic.pinned or strays_only]
        gathered = await gather(database, chatbot_id, rows, kept)
        found = await child.group(gathered)
        async with database.transaction() as db:
            now = await store.lock_grouping(db, chatbot_id)
            if now is not None and known is not None and now.edition == known.edition:
                await _apply(db, chatbot_id, rows, topics=topics, kept=kept, found=found)
                strays = (await meanings.reading(db, chatbot_id)).strays
                await store.note_grouped(db, chatbot_id, vectors=None if strays_only else len(rows), strays=strays)
                break
    else:
        raise RuntimeError("the topics are being changed all the time")
    async with database.transaction() as db:  # not in the one above, which holds the vectors: others hold facts first
        await tell_facts(db, chatbot_id)


async def gather(
    database: Database, chatbot_id: ChatbotId, rows: Sequence[Meaning], kept: Sequence[Topic], *, split: bool = False
) -> Gathered:
    texts: list[str] = []
    for start in range(0, len(rows), _READ):
        ids = [row.conversation_id for row in rows[start : start + _READ]]
        async with database.transaction() as db:
            said = await meanings.said_in(db, chatbot_id, ids)
        texts += [words_of(said.get(conversation_id, [])) for conversation_id in ids]
    number = {topic.id: place for place, topic in enumerate(kept)}
    return Gathered(
        vectors=b"".join(row.vector for row in rows),
        texts=texts,
        kept=[-1 if row.topic_id is None else number.get(row.topic_id, -1) for row in rows],
        centres=[topic.centres for topic in kept],
        names=[topic.name for topic in kept],
        split=split,
    )


async def _apply(
    db: Db,
    chatbot_id: ChatbotId,
    rows: Sequence[Meaning],
    *,
    topics: Sequence[Topic],
    kept: Sequence[Topic],
    found: Found,
) -> None:
    staying = {topic.id for topic in kept}
    before = [None if row.topic_id in staying else row.topic_id for row in rows]
    line = lineage([group.members for group in found.groups], before)
    made = _made(found, line, {topic.id: topic for topic in topics}, now=db.now)
    topic_of: dict[int, TopicId] = {place: kept[number].id for place, number in found.joined.items()}
    for topic, group in zip(made, found.groups, strict=True):
        topic_of |= dict.fromkeys(group.members, topic.id)
    living = _laid_out([*kept, *made], rows, topic_of)
    for topic in living:
        await store.save_topic(db, chatbot_id, topic)
    gone = {topic.id for topic in topics} - {topic.id for topic in living}
    for topic in topics:
        if topic.id in gone:
            heir = line.successors.get(topic.id)
            successor = None if heir is None else made[heir].id
            await store.save_topic(db, chatbot_id, replace(topic, ended_at=db.now, successor_id=successor))
    await _move(db, chatbot_id, rows, topic_of=topic_of, living=living, staying=staying)


def _made(found: Found, line: Lineage, known: dict[TopicId, Topic], *, now: datetime) -> list[Topic]:
    """The topics of the groups. A topic that goes on keeps its name as long as its conversations use the words."""
    made: list[Topic] = []
    for place, group in enumerate(found.groups):
        old = known.get(line.same[place]) if place in line.same else None
        phrases = group.phrases
        if old is not None and old.phrases and _still_said(old.phrases[0], phrases):
            phrases = [old.phrases[0], *(one for one in phrases if one != old.phrases[0])]
        if old is None:
            old = Topic(TopicId(new_id()), phrases, group.centre, now)
        came_from = line.came_from[place] or old.came_from
        made.append(replace(old, phrases=phrases, centres=group.centre, came_from=came_from))
    return made


def _still_said(name: str, phrases: Sequence[str]) -> bool:
    return _words_in([name]) <= _words_in([*phrases, "and"])


def _words_in(phrases: Sequence[str]) -> set[str]:
    return {word.strip(",") for phrase in phrases for word in phrase.split()}


def _laid_out(topics: Sequence[Topic], rows: Sequence[Meaning], topic_of: dict[int, TopicId]) -> list[Topic]:
    if not topics:
        return []
    centres = unit(np.stack([unpack([topic.centres]).mean(axis=0) for topic in topics]))
    sizes = dict.fromkeys((topic.id for topic in topics), 0)
    for place, row in enumerate(rows):
        one = topic_of.get(place, row.topic_id)
        if one is not None and one in sizes:
            sizes[one] += 1
    known = {place: (topic.x, topic.y) for place, topic in enumerate(topics) if (topic.x, topic.y) != (0.0, 0.0)}
    places = placed(centres, [sizes[topic.id] for topic in topics], known).tolist()
    return [replace(topic, x=x, y=y) for topic, (x, y) in zip(topics, places, strict=True)]


async def _move(
    db: Db,
    chatbot_id: ChatbotId,
    rows: Sequence[Meaning],
    *,
    topic_of: dict[int, TopicId],
    living: Sequence[Topic],
    staying: set[TopicId],
) -> None:
    free = [place for place, row in enumerate(rows) if row.topic_id not in staying]
    centres = {topic.id: unpack([topic.centres]) for topic in living}
    vectors = unpack([rows[place].vector for place in free])
    places: list[tuple[TopicId | None, float | None]] = []
    for place, vector in zip(free, vectors, strict=True):
        topic_id = topic_of.get(place)
        places.append((None, None) if topic_id is None else (topic_id, float((centres[topic_id] @ vector).max())))
    await meanings.put_into_topics(db, chatbot_id, [rows[place].conversation_id for place in free], places)
    await meanings.leave_ended(db, chatbot_id)
