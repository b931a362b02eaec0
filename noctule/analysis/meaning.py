"""Deep search in other words: conversations whose users meant the same, by the vectors that topics are made of.

English only, as the model is; a vector tells what a user came for, in the first messages. Of a chatbot with very many
conversations the latest are compared: exactly, without an index of neighbours.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from noctule.analysis.models import Found, Sought
from noctule.analysis.store import meanings as store
from noctule.analysis.topics.packed import Vectors, unpack
from noctule.base.db import Database
from noctule.base.embed import Embedder
from noctule.chatbots import ChatbotId

MOST_COMPARED = 50_000
_LIKE = 0.35  # cosine; below it two texts are about different things


async def search_meanings(
    database: Database, embedder: Embedder, chatbot_id: ChatbotId, text: str, *, sought: Sought, limit: int
) -> list[Found] | None:
    """The most alike first, each with what its user said. None while there is no model."""
    vectors = await embedder.embed([text])
    if vectors is None:
        return None
    async with database.transaction() as db:
        known = await store.vectors_between(db, chatbot_id, sought, most=MOST_COMPARED)
    likeness = await asyncio.to_thread(_likeness, [vector for _, vector in known], vectors[0])
    best: list[int] = np.argsort(-likeness)[:limit].tolist()
    how_alike = {known[place][0]: float(likeness[place]) for place in best if likeness[place] >= _LIKE}
    async with database.transaction() as db:
        found = await store.openings_of(db, chatbot_id, list(how_alike))
    found = [replace(one, likeness=round(how_alike[one.conversation_id], 4)) for one in found]
    return sorted(found, key=lambda one: (-(one.likeness or 0), one.message_id))


def _likeness(packed: Sequence[bytes], asked: Vectors) -> Vectors:
    return unpack(packed) @ asked if packed else np.zeros(0, np.float32)
