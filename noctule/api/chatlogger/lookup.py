"""Which chat a number names, among those of the caller's organization."""

from noctule import chatbots, conversations
from noctule.accounts import Caller
from noctule.base.db import Db
from noctule.base.errors import NotFound
from noctule.conversations import Conversation


async def find(db: Db, caller: Caller, chat_id: str) -> Conversation:
    """Raises NotFound, also for what is no number and for a chat of somebody else."""
    chat = None
    if chat_id.isascii() and chat_id.isdigit() and len(chat_id) <= 16:
        home = await chatbots.home_of(db, caller)
        chat = await conversations.conversation_numbered(db, home.chatbot_id, int(chat_id))
    if chat is None:
        raise NotFound("Chat not found")
    return chat
