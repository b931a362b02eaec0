"""The conversations that a list means, where they are few: all are at hand and put in order."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from noctule.analysis.columns import Mark, mark_of
from noctule.analysis.models import Narrowing
from noctule.analysis.store import places as store
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId

_FEW = 10_000


class Few:
    def __init__(self, places: Iterable[tuple[datetime, ConversationId]]) -> None:
        self._marks = sorted((mark_of(moment), one.bytes) for moment, one in places)

    async def count(self, _db: Db, *, most: int) -> int:
        """Exact below `most`."""
        return min(len(self._marks), most)

    async def older(self, _db: Db, place: Mark | None, *, limit: int) -> list[ConversationId]:
        """Than a place in the list, the latest first."""
        return _ids([one for one in self._marks[::-1] if place is None or one < place][:limit])

    async def newer(self, _db: Db, place: Mark, *, limit: int) -> list[ConversationId]:
        """Than a place in the list, the nearest first."""
        return _ids([one for one in self._marks if one > place][:limit])

    async def in_order(self, _db: Db, after: ConversationId | None, *, limit: int) -> list[ConversationId]:
        """Of their ids."""
        return sorted(one for one in _ids(self._marks) if after is None or one > after)[:limit]


async def few_for(db: Db, chatbot_id: ChatbotId, narrowing: Narrowing) -> Few | None:
    stated = await stated_for(db, chatbot_id, narrowing)
    return None if stated is None else Few(await store.places_among(db, chatbot_id, narrowing, stated))


async def stated_for(db: Db, chatbot_id: ChatbotId, narrowing: Narrowing) -> list[ConversationId] | None:
    """None where the index of facts cannot tell which are meant, or where its facts are those of many."""
    if narrowing.conditions is None or not narrowing.conditions.names_a_value:
        return None
    stated = await store.stated(db, chatbot_id, narrowing.conditions.path, most=_FEW)
    return None if len(stated) == _FEW else stated


def _ids(marks: Iterable[Mark]) -> list[ConversationId]:
    return [ConversationId(UUID(bytes=one)) for _, one in marks]
