"""Marking conversations as reviewed or not: who does it sees a list next, which knows it at once."""

from collections.abc import Sequence

from noctule import conversations
from noctule.accounts import Member
from noctule.analysis.facts import note_changed
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId


async def review(
    db: Db, member: Member, chatbot_id: ChatbotId, ids: Sequence[ConversationId], *, reviewed: bool
) -> None:
    """All of them or none. Raises NotFound or Denied."""
    change = conversations.mark_reviewed if reviewed else conversations.mark_unreviewed
    for one in ids:
        await change(db, member, chatbot_id, conversation_id=one)
    await note_changed(db, chatbot_id, ids)
