"""Conversations that could not be judged: after three attempts one is parked, with its reason, until somebody tries again or
something more is said in it.
"""

from collections.abc import Sequence
from uuid import UUID

from noctule import conversations
from noctule.accounts import Caller, note
from noctule.analysis.store import parked as store
from noctule.analysis.store.parked import Parked
from noctule.base.db import Db
from noctule.chatbots import Chatbot, ChatbotArchived
from noctule.conversations import ConversationId

ATTEMPTS = 3
MOST_LISTED = 100


async def parked_of(db: Db, chatbot: Chatbot, *, limit: int = MOST_LISTED) -> tuple[list[Parked], int]:
    """The latest first, and how many there are."""
    found = await store.parked(db, chatbot.id, attempts=ATTEMPTS, limit=limit)
    return found, await store.count_parked(db, chatbot.id, attempts=ATTEMPTS)


async def try_again(db: Db, caller: Caller, chatbot: Chatbot, *, conversation_ids: Sequence[UUID] | None = None) -> int:
    """These, or all of them: due now, with all attempts before them. How many there were. Raises Denied."""
    caller.must_be("admin")
    if chatbot.archived_at is not None:
        raise ChatbotArchived
    chosen = None if conversation_ids is None else [ConversationId(one) for one in conversation_ids]
    known = await store.parked_among(db, chatbot.id, chosen, attempts=ATTEMPTS)
    await conversations.make_due(db, chatbot.id, known)  # first: whoever judges holds conversations before judgements
    released = await store.release(db, chatbot.id, known, attempts=ATTEMPTS)
    if released:
        await note(db, caller, action="analysis.tried_again", target=chatbot.id, conversations=released)
    return released
