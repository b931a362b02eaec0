"""A conversation is open, falls idle, and closes: by silence or by a word of its caller. A late message opens it again.

The state follows from the hour, so nothing has to be written for time to pass; the analysers judge a conversation once
more when it closes.
"""

from datetime import datetime

from noctule.accounts import Caller, note
from noctule.base.db import Db
from noctule.base.errors import NotFound
from noctule.chatbots import ChatbotId, Silence
from noctule.conversations.models import Conversation, ConversationId, State
from noctule.conversations.store import writing


def state_of(conversation: Conversation, silence: Silence, now: datetime) -> State:
    if conversation.ended_at is not None or now >= conversation.last_received_at + silence.closes_after:
        return "closed"
    return "idle" if now >= conversation.last_received_at + silence.idle_after else "open"


async def end(db: Db, caller: Caller, chatbot_id: ChatbotId, conversation_id: ConversationId) -> None:
    """Close it now; its last judgement follows. Ending it twice changes nothing. Raises NotFound."""
    ended = await writing.end_conversation(db, chatbot_id, conversation_id)
    if ended is None:
        raise NotFound("There is no such conversation.")
    if ended:
        await note(db, caller, action="conversation.ended", target=conversation_id)
