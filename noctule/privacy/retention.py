"""Retention: conversations in which nothing was said for as long as their chatbot keeps them are deleted every night."""

from datetime import datetime, timedelta

from noctule import accounts, chatbots, conversations
from noctule.base.db import Database, Db
from noctule.base.jobs import Job
from noctule.chatbots import Chatbot, ChatbotId

_BATCH = 200  # conversations in one transaction


async def expired(db: Db, chatbot: Chatbot, days: int) -> int:
    """How many conversations a retention of so many days would delete now."""
    return await conversations.count_before(db, chatbot.id, _bound(days, db.now))


async def expire_conversations(database: Database, _job: Job) -> None:
    """The nightly job. What it has not come to is found by the next one."""
    async with database.transaction() as db:
        everyone = await chatbots.chatbots_with_retention(db)
    for chatbot_id in everyone:
        removed = 0
        while some := await _expire_some(database, chatbot_id):
            removed += some
        if removed:
            async with database.transaction() as db:
                await _note(db, chatbot_id, removed)


async def _expire_some(database: Database, chatbot_id: ChatbotId) -> int:
    """By what the settings say now: they may be changed while this goes on."""
    async with database.transaction() as db:
        chatbot = await chatbots.chatbot_anywhere(db, chatbot_id)
        days = chatbots.retention_in(chatbot.settings.get("privacy")) if chatbot else None
        if days is None:
            return 0
        return len(await conversations.remove_before(db, chatbot_id, _bound(days, db.now), limit=_BATCH))


async def _note(db: Db, chatbot_id: ChatbotId, removed: int) -> None:
    chatbot = await chatbots.chatbot_anywhere(db, chatbot_id)
    if chatbot is not None:
        server = ("server", None)
        await accounts.note_by(
            db, chatbot.org_id, server, action="conversations.expired", target=chatbot_id, conversations=removed
        )


def _bound(days: int, now: datetime) -> datetime:
    return now - timedelta(days=days)
