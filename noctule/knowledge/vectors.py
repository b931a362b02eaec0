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
_LATER = timedelta(seconds=15)


def embedding(embedder: Embedder) -> Handler:
    async def embed(database: Database, job: Job) -> None:
        chatbot_id = ChatbotId(UUID(job.args["chatbot_id"]))
        if not await embed_missing(database, chatbot_id, embedder):
            async with database.transaction() as db:
                await jobs.enqueue(db, EMBED, job.args, key=str(chatbot_id), after=_LATER)

    return embed


async def embed_missing(database: Database, chatbot_id: ChatbotId, embedder: Embedder) -> bool:
    """Whether all that should have a vector now has one."""
    while True:
        async with database.transaction() as db:
            missing = await index.without_vector(db, chatbot_id, _BATCH)
        if not missing:
            return True
        vectors = await embedder.embed([text for _, text in missing])
        if vectors is None:
            return False
        async with database.transaction() as db:
            await index.insert_vectors(
                db, chatbot_id, [digest for digest, _ in missing], [written(vector) for vector in vectors]
            )


def written(vector: NDArray[np.float32]) -> str:
    """As PostgreSQL reads a vector."""
    return msgspec.json.encode(vector.astype(np.float64).round(5).tolist()).decode()
