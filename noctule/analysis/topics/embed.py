"""A vector for each conversation: made when it has been judged, made again when it changed, and later when the model is not
there yet. It goes to the nearest topic at once.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from uuid import UUID

from noctule.analysis.store import meanings
from noctule.analysis.store import topics as store
from noctule.analysis.store.meanings import Unread
from noctule.analysis.topics.grouping import LEAST, NEAR, closest
from noctule.analysis.topics.models import Topic, TopicId
from noctule.analysis.topics.packed import Vectors, pack, unpack
from noctule.analysis.topics.said import words_of
from noctule.analysis.topics.told import tell_facts
from noctule.base import jobs
from noctule.base.db import Database, Db
from noctule.base.embed import Embedder
from noctule.base.jobs import Handler, Job
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId

EMBED = "embed_conversations"
GROUP = "group_topics"
_BATCH = 64
_BATCHES = 30  # of one job; then others have their turn
_GATHERING = timedelta(seconds=1)
_SETTLING = timedelta(seconds=3)
_GROWTH = 0.2  # of the conversations that were grouped; then all are grouped anew
_LEAST_GROWTH = 20
_LANGUAGES = (None, "en")  # what the model knows, and what is too short to tell
Tell = Callable[[int], Awaitable[None]]


def embedding(embedder: Embedder) -> Handler:
    async def embed(database: Database, job: Job) -> None:
        chatbot_id = ChatbotId(UUID(job.args["chatbot_id"]))
        made = 0
        for _ in range(_BATCHES):
            some = await embed_some(database, chatbot_id, embedder)
            made += some or 0
            if not some:
                break
        async with database.transaction() as db:
            if made and await meanings.count_due(db, chatbot_id):
                await jobs.enqueue(db, EMBED, job.args, key=str(chatbot_id))
            else:
                await _group_when_due(db, chatbot_id)

    return embed


async def embed_soon(db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId]) -> None:
    """These have been judged; what has changed gets another vector."""
    if await meanings.note_due(db, chatbot_id, conversation_ids):
        await _enqueue(db, chatbot_id, _GATHERING)


async def embed_waiting(db: Db) -> None:
    """Wherever vectors are missing: they could not be made before, because there was no model."""
    for chatbot_id in await meanings.chatbots_with_meanings_due(db):
        await _enqueue(db, chatbot_id, timedelta())


async def embed_some(database: Database, chatbot_id: ChatbotId, embedder: Embedder) -> int | None:
    """How many got theirs; None: there is no model now."""
    async with database.transaction() as db:
        await store.make_grouping(db, chatbot_id)
        unread = await meanings.due(db, chatbot_id, _BATCH)
    texts = [words_of(one.said) if one.language in _LANGUAGES else "" for one in unread]
    telling = [place for place, text in enumerate(texts) if text]
    vectors = await embedder.embed([texts[place] for place in telling])
    if vectors is None:
        return None
    async with database.transaction() as db:
        await _save(db, chatbot_id, unread, telling=telling, vectors=vectors)
    return len(unread)


async def _save(
    db: Db, chatbot_id: ChatbotId, unread: Sequence[Unread], *, telling: Sequence[int], vectors: Vectors
) -> None:
    await store.lock_grouping(db, chatbot_id)
    nearest = iter(_nearest(vectors, await store.topics_of(db, chatbot_id)))
    places = [next(nearest) if place in telling else (None, None) for place in range(len(unread))]
    packed: list[bytes | None] = [None] * len(unread)
    for place, vector in zip(telling, pack(vectors), strict=True):
        packed[place] = vector
    await meanings.save_meanings(db, chatbot_id, unread, vectors=packed, topics=places)
    await tell_facts(db, chatbot_id, [one.conversation_id for one in unread])


def _nearest(vectors: Vectors, topics: Sequence[Topic]) -> list[tuple[TopicId | None, float | None]]:
    """Of each vector its topic, and how like it is; none where it is like none of them."""
    return [
        (topics[number].id, likeness) if likeness >= NEAR else (None, None)
        for number, likeness in closest(vectors, [unpack([topic.centres]) for topic in topics])
    ]


async def _group_when_due(db: Db, chatbot_id: ChatbotId) -> None:
    """All, when there are a fifth more; else those that fit nowhere, when ten more do."""
    known, covered = await store.grouping(db, chatbot_id), await meanings.reading(db, chatbot_id)
    if known is None or covered.analysed < LEAST:
        return
    more = covered.analysed - known.vectors
    if known.grouped_at is None or more >= max(_LEAST_GROWTH, _GROWTH * known.vectors):
        await group_soon(db, chatbot_id, "all", _SETTLING)
    elif covered.strays - known.strays >= LEAST:
        await group_soon(db, chatbot_id, "strays", _SETTLING)


async def group_soon(db: Db, chatbot_id: ChatbotId, part: str, after: timedelta) -> None:
    args = {"chatbot_id": str(chatbot_id), "part": part}
    await jobs.enqueue(db, GROUP, args, key=f"{chatbot_id}:{part}", after=after)


async def _enqueue(db: Db, chatbot_id: ChatbotId, after: timedelta) -> None:
    await jobs.enqueue(db, EMBED, {"chatbot_id": str(chatbot_id)}, key=str(chatbot_id), after=after)
