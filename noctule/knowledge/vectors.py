"""Vectors for passages: only for what is new, only for English, and later when the model is not there yet."""

from datetime import timedelta
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray

from noctule.base import jobs
from noctule.base.db import Database
from noctule.base.embed import Embedder
from noctule.base.jobs import Handler, Job
from noctule.chatbots import ChatbotId
from noctule.knowledge.store import index

EMBED = "embed_passages"
_BATCH = 64
_BATCHES = 8  # then another job has its turn
_SOON, _LATER = timedelta(seconds=2), timedelta(minutes=1)
_ROUNDS = 30  # in which the model may be built


def embedding(embedder: Embedder) -> Handler:
    async def embed(database: Database, job: Job) -> None:
        chatbot_id = ChatbotId(UUID(job.args["chatbot_id"]))
        for _ in range(_BATCHES):
            left = await embed_newest(database, chatbot_id, embedder)
            if left is None:
                await _wait_for_the_model(database, job)
            if not left:
                return
        async with database.transaction() as db:
            await jobs.hand_over(db, job, EMBED)
        raise jobs.JobHandedOver

    return embed


async def embed_newest(database: Database, chatbot_id: ChatbotId, embedder: Embedder) -> bool | None:
    """Some of what should have a vector and has none, the newest first. Whether more may be left; None: there is no model."""
    async with database.transaction() as db:
        found = await index.without_vector(db, chatbot_id, _BATCH)
    if not found:
        return False
    missing = dict(found)
    vectors = await embedder.embed(list(missing.values()))
    if vectors is None:
        return None
    async with database.transaction() as db:
        await index.insert_vectors(db, chatbot_id, list(missing), [written(vector) for vector in vectors])
    return len(found) == _BATCH


async def _wait_for_the_model(database: Database, job: Job) -> None:
    rounds, chatbot_id = int(job.args.get("rounds", 0)) + 1, job.args["chatbot_id"]
    async with database.transaction() as db:
        args = {"chatbot_id": chatbot_id, "rounds": rounds}
        await jobs.enqueue(db, EMBED, args, key=chatbot_id, after=_SOON if rounds < _ROUNDS else _LATER)


def written(vector: NDArray[np.float32]) -> str:
    """As PostgreSQL reads a vector."""
    return msgspec.json.encode(vector.astype(np.float64).round(5).tolist()).decode()
