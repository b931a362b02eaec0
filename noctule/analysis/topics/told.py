"""Telling the facts of conversations which topic they are in now, and that the figures of their days have changed."""

from collections.abc import Sequence

from noctule import conversations
from noctule.analysis.store import meanings
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId


async def tell_facts(db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId] | None = None) -> None:
    """Of all where none are named. Days come before facts, as whoever corrects a judgement takes them."""
    began = await meanings.told_wrong(db, chatbot_id, conversation_ids)
    await conversations.day_changed(db, chatbot_id, began)
    await meanings.tell_facts(db, chatbot_id, conversation_ids)
