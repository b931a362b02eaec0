"""Lists of conversations that a filter leaves, quick whether these are none, few, many or nearly all.

Where many are meant, enough are met soon by whoever walks back in time; so that is tried first, for some steps. Where these
do not fill the page, the index of facts is asked which are meant, up to a bound: few are brought and put in order. Only where
there are more than that, and hardly one of them recent, the walk goes on to its end.
"""

from datetime import datetime

from noctule.analysis.models import Narrowing
from noctule.analysis.store import listing as store
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import Conversation, ConversationId

STEPS = 2_000  # conversations that are looked at before the index is asked
FEW = 10_000
Place = tuple[datetime, ConversationId]


async def matching_before(
    db: Db,
    chatbot_id: ChatbotId,
    narrowing: Narrowing,
    *,
    moment: datetime | None,
    conversation_id: ConversationId | None,
    limit: int,
) -> list[Conversation]:
    """Older than a place in the list, the latest first."""
    place = (moment, conversation_id)
    floor = await store.some_steps_older(db, chatbot_id, moment, steps=STEPS)
    found = await store.walked_older(db, chatbot_id, narrowing, place=place, floor=floor, limit=limit)
    if floor is None or len(found) == limit:
        return found
    few = await _few(db, chatbot_id, narrowing)
    if few is None:
        return await store.walked_older(db, chatbot_id, narrowing, place=place, floor=None, limit=limit)
    older = (
        few if moment is None or conversation_id is None else [one for one in few if one < (moment, conversation_id)]
    )
    return await _at(db, chatbot_id, sorted(older, reverse=True)[:limit])


async def matching_after(
    db: Db,
    chatbot_id: ChatbotId,
    narrowing: Narrowing,
    *,
    moment: datetime,
    conversation_id: ConversationId,
    limit: int,
) -> list[Conversation]:
    """Newer than a place in the list, the nearest to it first."""
    place = (moment, conversation_id)
    ceiling = await store.some_steps_newer(db, chatbot_id, moment, steps=STEPS)
    found = await store.walked_newer(db, chatbot_id, narrowing, place=place, ceiling=ceiling, limit=limit)
    if ceiling is None or len(found) == limit:
        return found
    few = await _few(db, chatbot_id, narrowing)
    if few is None:
        return await store.walked_newer(db, chatbot_id, narrowing, place=place, ceiling=None, limit=limit)
    return await _at(db, chatbot_id, sorted(one for one in few if one > place)[:limit])


async def matching_page(
    db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, *, limit: int, offset: int
) -> list[Conversation]:
    """By page number, as the OpenBat clients ask for it; the latest first."""
    floor = await store.some_steps_older(db, chatbot_id, None, steps=STEPS)
    found = await store.walked_page(db, chatbot_id, narrowing, floor=floor, limit=limit, offset=offset)
    if floor is None or len(found) == limit:
        return found
    few = await _few(db, chatbot_id, narrowing)
    if few is None:
        return await store.walked_page(db, chatbot_id, narrowing, floor=None, limit=limit, offset=offset)
    return await _at(db, chatbot_id, sorted(few, reverse=True)[offset : offset + limit])


async def matching_in_order(
    db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, *, after: ConversationId | None, limit: int
) -> list[Conversation]:
    """In the order of their ids, which never change: for whoever wants to see each one once."""
    few = await _few(db, chatbot_id, narrowing)
    if few is None:
        return await store.walked_in_order(db, chatbot_id, narrowing, after=after, limit=limit)
    left = sorted(((moment, one) for moment, one in few if after is None or one > after), key=lambda place: place[1])
    return await _at(db, chatbot_id, left[:limit])


async def count_matching(db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, *, most: int) -> int:
    """Exact below `most`."""
    few = await _few(db, chatbot_id, narrowing)
    if few is None:
        return await store.count_walked(db, chatbot_id, narrowing, most=most)
    return min(len(few), most)


async def _few(db: Db, chatbot_id: ChatbotId, narrowing: Narrowing) -> list[Place] | None:
    """All that are meant, in no order; None where the index cannot tell, or where its facts are those of many."""
    if narrowing.conditions is None or not narrowing.conditions.names_a_value:
        return None
    stated = await store.stated(db, chatbot_id, narrowing.conditions.path, most=FEW)
    return None if len(stated) == FEW else await store.places_among(db, chatbot_id, narrowing, stated)


async def _at(db: Db, chatbot_id: ChatbotId, places: list[Place]) -> list[Conversation]:
    """In the order of these places."""
    ids = [one for _, one in places]
    found = {one.id: one for one in await store.conversations_at(db, chatbot_id, ids)}
    return [found[one] for one in ids if one in found]
