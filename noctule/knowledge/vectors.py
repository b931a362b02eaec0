"""Vectors for passages: only for what is new, only for English, and later when the model is not there yet."""

from collections.abc import Sequence
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
_LATER = timedelta(seconds=15)
_BATCHES = 8  # then another job has its turn


def embedding(embedder: Embedder) -> Handler:
    async def embed(database: Database, job: Job) -> None:
        chatbot_id = ChatbotId(UUID(job.args["chatbot_id"]))
        for _ in range(_BATCHES):
            async with database.transaction() as db:
                missing = await index.without_vector(db, chatbot_id, _BATCH)
            if not missing:
                return
            if not await _embed(database, chatbot_id, embedder, missing):
                async with database.transaction() as db:
                    await jobs.enqueue(db, EMBED, job.args, key=str(chatbot_id), after=_LATER)
                return
        async with database.transaction() as db:
            await jobs.hand_over(db, job, EMBED)
        raise jobs.JobHandedOver

    return embed


async def _embed(
    database: Database, chatbot_id: ChatbotId, embedder: Embedder, missing: Sequence[tuple[bytes, str]]
) -> bool:
    """Whether there is a model."""
    vectors = await embedder.embed([text for _, text in missing])
    if vectors is None:
        return False
    async with database.transaction() as db:
        await index.insert_vectors(
            db, chatbot_id, [digest for digest, _ in missing], [written(vector) for vector in vectors]
        )
    return True


def written(vector: NDArray[np.float32]) -> str:
    """As PostgreSQL reads a vector."""
    return msgspec.json.encode(vector.astype(np.float64).round(5).tolist()).decode()
