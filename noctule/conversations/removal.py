"""Taking conversations away for good, one or many at a time: what was said, what was judged and what finds it go together, and
the figures of their days and people are counted anew.
"""

from collections.abc import Sequence
from datetime import datetime

from noctule import chatbots, people
from noctule.accounts import Caller, note
from noctule.base.db import Db
from noctule.base.errors import NotFound
from noctule.base.ids import new_id
from noctule.chatbots import ChatbotId
from noctule.conversations.models import ConversationId, Gone
from noctule.conversations.news import day_changed
from noctule.conversations.store import reading
from noctule.conversations.store import removal as store
from noctule.conversations.store.remarks import hold_conversation
from noctule.people import Identified, PersonId

_LANE = new_id()  # of the ledger, for what this process takes away: so nobody who records waits for it


async def delete(db: Db, caller: Caller, chatbot_id: ChatbotId, conversation_id: ConversationId) -> None:
    """For good. Raises NotFound."""
    old = await reading.conversation(db, [chatbot_id], conversation_id)
    if old is not None:
        await people.renew_soon(db, chatbot_id, [Identified(old.person_id, old.company_id)])
    if old is None or not await hold_conversation(db, chatbot_id, conversation_id):
        raise NotFound("There is no such conversation.")
    await store.delete_some(db, chatbot_id, [conversation_id], lane=_LANE)
    await day_changed(db, chatbot_id, [old.first_message_at])
    await note(db, caller, action="conversation.deleted", target=conversation_id)


async def remove_before(db: Db, chatbot_id: ChatbotId, moment: datetime, *, limit: int) -> list[Gone]:
    """Some of those in which nothing was said since; none when all are gone."""
    found = await store.last_said_before(db, chatbot_id, moment, limit=limit)
    return await _remove(db, chatbot_id, found)


async def remove_of(db: Db, chatbot_id: ChatbotId, person_id: PersonId, *, limit: int) -> list[Gone]:
    """Some of those with this person; none when all are gone."""
    return await _remove(db, chatbot_id, await store.some_with(db, chatbot_id, person_id, limit=limit))


async def _remove(db: Db, chatbot_id: ChatbotId, found: Sequence[Gone]) -> list[Gone]:
    # Whoever records meets people before conversations; so do we, and nobody waits in a circle.
    await people.renew_soon(db, chatbot_id, [Identified(one.person_id, one.company_id) for one in found])
    held = await store.hold_some(db, chatbot_id, [one.id for one in found], [one.last_message_at for one in found])
    await store.delete_some(db, chatbot_id, held, lane=_LANE)
    left = [one for one in found if one.id in set(held)]
    await day_changed(db, chatbot_id, [one.first_message_at for one in left])
    await chatbots.forget_samples(db, chatbot_id, [(key, value) for one in left for key, value in one.custom.items()])
    return left
