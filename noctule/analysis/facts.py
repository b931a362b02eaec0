"""Facts and words of conversations that changed without being judged again, or that nobody judges: they are found as well."""

from collections.abc import Sequence
from uuid import UUID

from noctule import conversations
from noctule.analysis.search import index_words
from noctule.analysis.store import facts
from noctule.base.db import Database, Db
from noctule.base.jobs import Job
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId


async def renew_facts(database: Database, job: Job) -> None:
    """The job behind `conversations.FACTS_CHANGED`."""
    chatbot_id = ChatbotId(UUID(job.args["chatbot_id"]))
    ids = [ConversationId(UUID(one)) for one in job.args["conversation_ids"]]
    async with database.transaction() as db:
        await note_changed(db, chatbot_id, ids)
        await index_words(db, chatbot_id, ids, await conversations.messages_of(db, chatbot_id, ids))


async def note_changed(db: Db, chatbot_id: ChatbotId, ids: Sequence[ConversationId]) -> None:
    """So that they are found by what they are now, and counted."""
    await conversations.day_changed(db, chatbot_id, await facts.began(db, chatbot_id, ids))
    await facts.note_facts(db, chatbot_id, ids)
