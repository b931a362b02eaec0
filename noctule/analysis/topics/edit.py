"""What people do with topics: name them, join them, divide them, pin and hide them. Whatever they touch is pinned, so that the
next grouping leaves it alone; unpinned, it is the machine's again.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from noctule.accounts import Caller, Member, note
from noctule.analysis.store import meanings
from noctule.analysis.store import topics as store
from noctule.analysis.topics import child
from noctule.analysis.topics.embed import GROUP
from noctule.analysis.topics.grouping import Found
from noctule.analysis.topics.models import Topic, TopicId
from noctule.analysis.topics.regroup import gather
from noctule.analysis.topics.told import tell_facts
from noctule.base import jobs
from noctule.base.db import Database, Db
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import new_id
from noctule.base.jobs import Job, JobHopeless, JobState
from noctule.base.text import storable
from noctule.chatbots import Chatbot, ChatbotArchived, ChatbotId

SPLIT = "split_topic"
_LONGEST_NAME = 80


async def rebuild_topics(db: Db, caller: Caller, chatbot: Chatbot) -> JobState:
    """Group all conversations anew; one that still waits does this too."""
    await _begin(db, caller, chatbot)
    known = await store.grouping(db, chatbot.id)
    if known is not None and known.job_id is not None:
        waiting = await jobs.state_of(db, chatbot.org_id, known.job_id)
        if waiting is not None and waiting.state == "queued":
            return waiting
    job_id = new_id()
    await store.note_job(db, chatbot.id, job_id)
    await note(db, caller, action="topics.rebuilt", target=chatbot.id)
    total = await meanings.count_due(db, chatbot.id)
    args = {"chatbot_id": str(chatbot.id), "asked": True}
    return await jobs.start(db, chatbot.org_id, GROUP, job_id=job_id, args=args, total=total)


async def change_topic(
    db: Db,
    caller: Caller,
    chatbot: Chatbot,
    *,
    topic_id: TopicId,
    name: str | None = None,
    pinned: bool | None = None,
    hidden: bool | None = None,
) -> Topic:
    """None leaves it as it is; an empty name gives the topic its own words back."""
    await _begin(db, caller, chatbot)
    old = await _living(db, chatbot.id, topic_id)
    new = replace(
        old,
        given_name=old.given_name if name is None else _named(name, old),
        hidden=old.hidden if hidden is None else hidden,
        pinned=True if pinned is None else pinned,
    )
    await store.save_topic(db, chatbot.id, new)
    await store.note_edition(db, chatbot.id)
    await note(db, caller, action="topic.changed", target=topic_id, name=new.name, pinned=new.pinned, hidden=new.hidden)
    return new


async def merge_topics(db: Db, caller: Caller, chatbot: Chatbot, *, topic_id: TopicId, into: TopicId) -> Topic:
    """All conversations of the first go to the second, and what is like either will come to it."""
    await _begin(db, caller, chatbot)
    if topic_id == into:
        raise Invalid.field("into", "is the topic itself")
    one, other = await _living(db, chatbot.id, topic_id), await _living(db, chatbot.id, into, field="into")
    merged = replace(other, centres=other.centres + one.centres, pinned=True, came_from=[*other.came_from, one.id])
    await store.save_topic(db, chatbot.id, merged)
    await store.save_topic(db, chatbot.id, replace(one, ended_at=db.now, successor_id=into))
    await meanings.move_all(db, chatbot.id, topic_id, into)
    await tell_facts(db, chatbot.id)
    await store.note_edition(db, chatbot.id)
    await note(db, caller, action="topic.merged", target=topic_id, into=str(into))
    return merged


async def split_topic(db: Db, caller: Caller, chatbot: Chatbot, topic_id: TopicId) -> JobState:
    await _begin(db, caller, chatbot)
    one = await _living(db, chatbot.id, topic_id)
    await note(db, caller, action="topic.split", target=topic_id, name=one.name)
    args = {"chatbot_id": str(chatbot.id), "topic_id": str(topic_id)}
    return await jobs.start(db, chatbot.org_id, SPLIT, job_id=new_id(), args=args)


async def run_split(database: Database, job: Job) -> None:
    """The job: the biggest part stays the topic, the others become new ones."""
    chatbot_id, topic_id = ChatbotId(UUID(job.args["chatbot_id"])), TopicId(UUID(job.args["topic_id"]))
    async with database.transaction() as db:
        rows = [row for row in await meanings.meanings(db, chatbot_id) if row.topic_id == topic_id]
    found = await child.group(await gather(database, chatbot_id, rows, [], split=True))
    if len(found.groups) < 2:
        raise JobHopeless("Its conversations are all of a kind: there is nothing to divide.")
    async with database.transaction() as db:
        await store.lock_grouping(db, chatbot_id)
        one = await store.topic(db, chatbot_id, topic_id)
        if one is None or one.ended_at is not None:
            raise JobHopeless("The topic has ended meanwhile.")
        parts = _parts(one, found, db.now)
        places = {place: part.id for part, group in zip(parts, found.groups, strict=True) for place in group.members}
        for part in parts:
            await store.save_topic(db, chatbot_id, part)
        moved = [(row.conversation_id, places.get(place, topic_id)) for place, row in enumerate(rows)]
        await meanings.put_into_topics(db, chatbot_id, [one for one, _ in moved], [(new, None) for _, new in moved])
        await tell_facts(db, chatbot_id)
        await store.note_edition(db, chatbot_id)
        await jobs.progress(db, job, done=len(rows), result={"topics": [str(part.id) for part in parts]})


def _parts(one: Topic, found: Found, now: datetime) -> list[Topic]:
    first, *others = found.groups
    beside = 0.1  # of the map, until the next grouping lays all out anew
    made = [
        Topic(
            TopicId(new_id()), group.phrases, group.centre, now, pinned=True, came_from=[one.id],
            x=one.x + beside * place, y=one.y - beside,
        )
        for place, group in enumerate(others, 1)
    ]  # fmt: skip
    return [replace(one, phrases=first.phrases, centres=first.centre, pinned=True), *made]


def _named(text: str, topic: Topic) -> str | None:
    """What it is to be called; None: by its own words. Raises Invalid."""
    name = " ".join(text.split())
    if len(name) > _LONGEST_NAME:
        raise Invalid.field("name", f"must have at most {_LONGEST_NAME} characters")
    if (problem := storable(name)) is not None:
        raise Invalid.field("name", problem)
    return None if name in ("", replace(topic, given_name=None).name) else name


async def _begin(db: Db, caller: Caller, chatbot: Chatbot) -> None:
    """Owners, admins, and programs, unless the chatbot is archived; one after the other. Raises Denied."""
    if isinstance(caller, Member):
        caller.must_be("admin")
    if chatbot.archived_at is not None:
        raise ChatbotArchived
    await store.make_grouping(db, chatbot.id)
    await store.lock_grouping(db, chatbot.id)


async def _living(db: Db, chatbot_id: ChatbotId, topic_id: TopicId, *, field: str | None = None) -> Topic:
    found = await store.topic(db, chatbot_id, topic_id)
    if found is None or found.ended_at is not None:
        if field is not None:
            raise Invalid.field(field, "is not a topic of this chatbot")
        raise NotFound("There is no such topic.")
    return found
