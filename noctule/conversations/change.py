"""Changing what is said about a conversation."""

from noctule import chatbots
from noctule.accounts import Caller, note
from noctule.base.db import Db
from noctule.base.errors import NotFound
from noctule.chatbots import ChatbotArchived, ChatbotId
from noctule.conversations.models import Amendment, Conversation, ConversationId
from noctule.conversations.news import day_changed, facts_changed
from noctule.conversations.store import reading, writing


async def amend(
    db: Db, caller: Caller, chatbot_id: ChatbotId, *, conversation_id: ConversationId, amendment: Amendment
) -> Conversation:
    """It is judged again when what its caller states has changed. Raises NotFound, or ChatbotArchived."""
    if any(one.archived for one in await chatbots.ingests_of(db, [chatbot_id])):
        raise ChatbotArchived
    old = await reading.conversation(db, [chatbot_id], conversation_id)
    if old is None or not await writing.amend_conversation(db, chatbot_id, conversation_id, amendment):
        raise NotFound("There is no such conversation.")
    changed = [name for name, value in vars(amendment).items() if value is not None]
    await day_changed(db, chatbot_id, [old.first_message_at])
    await facts_changed(db, chatbot_id, [conversation_id])
    await note(db, caller, action="conversation.changed", target=conversation_id, changed=changed)
    return await reading.conversation(db, [chatbot_id], conversation_id) or old
