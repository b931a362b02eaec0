"""Lists of conversations that a filter leaves, quick whether these are none, few, many or nearly all.

Where many are meant, enough are met soon by whoever walks back in time; so that is tried first, for some steps. Where these
do not fill the page, the columns of days tell which are meant. Whom a conversation is with they tell of too many people: that
is asked of the index of facts, and so is everything while columns are made. Only where neither can tell the walk goes on.
"""

from datetime import datetime

from noctule.analysis.columns import mark_of
from noctule.analysis.few import Few, few_for
from noctule.analysis.kept import Kept, kept_for
from noctule.analysis.models import Narrowing
from noctule.analysis.store import listing as store
from noctule.analysis.store import places
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import Conversation, ConversationId

STEPS = 1_000  # conversations that are looked at before anything else is asked
STEPS_IN_ORDER = 10_000  # of a file; to ask costs as much as some thousand steps
_DEEPEST = 10_000  # in a list by page numbers; further down it is walked


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
    meant = await _meant(db, chatbot_id, narrowing)
    if meant is None:
        return await store.walked_older(db, chatbot_id, narrowing, place=place, floor=None, limit=limit)
    mark = (mark_of(moment), conversation_id.bytes) if moment and conversation_id else None
    return await _at(db, chatbot_id, await meant.older(db, mark, limit=limit))


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
    meant = await _meant(db, chatbot_id, narrowing)
    if meant is None:
        return await store.walked_newer(db, chatbot_id, narrowing, place=place, ceiling=None, limit=limit)
    mark = (mark_of(moment), conversation_id.bytes)
    return await _at(db, chatbot_id, await meant.newer(db, mark, limit=limit))


async def matching_page(
    db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, *, limit: int, offset: int
) -> list[Conversation]:
    """By page number, as the OpenBat clients ask for it; the latest first."""
    floor = await store.some_steps_older(db, chatbot_id, None, steps=STEPS)
    found = await store.walked_page(db, chatbot_id, narrowing, floor=floor, limit=limit, offset=offset)
    if floor is None or len(found) == limit:
        return found
    meant = await _meant(db, chatbot_id, narrowing) if offset + limit <= _DEEPEST else None
    if meant is None:
        return await store.walked_page(db, chatbot_id, narrowing, floor=None, limit=limit, offset=offset)
    return await _at(db, chatbot_id, (await meant.older(db, None, limit=offset + limit))[offset:])


async def matching_in_order(
    db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, *, after: ConversationId | None, limit: int
) -> list[Conversation]:
    """In the order of their ids, which never change: for whoever wants to see each one once."""
    last = await store.some_steps_on(db, chatbot_id, after, steps=STEPS_IN_ORDER)
    found = await store.walked_in_order(db, chatbot_id, narrowing, span=(after, last), limit=limit)
    if last is None or len(found) == limit:
        return found
    meant = await _meant(db, chatbot_id, narrowing)
    if meant is None or await meant.count(db, most=_DEEPEST) == _DEEPEST:
        return await store.walked_in_order(db, chatbot_id, narrowing, span=(after, None), limit=limit)
    return await _at(db, chatbot_id, await meant.in_order(db, after, limit=limit))


async def count_matching(db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, *, most: int) -> int:
    """Exact below `most`."""
    meant = await _meant(db, chatbot_id, narrowing)
    return (
        await store.count_walked(db, chatbot_id, narrowing, most=most)
        if meant is None
        else await meant.count(db, most=most)
    )


async def _meant(db: Db, chatbot_id: ChatbotId, narrowing: Narrowing) -> Few | Kept | None:
    ways = [few_for, kept_for] if narrowing.names_people else [kept_for, few_for]
    return await ways[0](db, chatbot_id, narrowing) or await ways[1](db, chatbot_id, narrowing)


async def _at(db: Db, chatbot_id: ChatbotId, ids: list[ConversationId]) -> list[Conversation]:
    """In this order."""
    found = {one.id: one for one in await places.conversations_at(db, chatbot_id, ids)}
    return [found[one] for one in ids if one in found]
