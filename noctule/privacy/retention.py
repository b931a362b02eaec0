"""Retention: conversations in which nothing was said for as long as their chatbot keeps them are deleted every night, and then people
of whom nothing is left.
"""

from datetime import datetime, timedelta

from noctule import accounts, agents, chatbots, conversations, people
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
        forgotten = await _forget_unseen(database, chatbot_id)
        if removed or forgotten:
            async with database.transaction() as db:
                await _note(db, chatbot_id, conversations=removed, people=forgotten)


async def _expire_some(database: Database, chatbot_id: ChatbotId) -> int:
    async with database.transaction() as db:
        bound = await _bound_of(db, chatbot_id)
        if bound is None:
            return 0
        return len(await conversations.remove_before(db, chatbot_id, bound, limit=_BATCH))


async def _forget_unseen(database: Database, chatbot_id: ChatbotId) -> int:
    """People whose conversations are all gone; whoever left a lead, or is kept as a contact, stays. Those whose figures are not
    counted yet go in the next night.
    """
    forgotten, after = 0, None
    while True:
        async with database.transaction() as db:
            bound = await _bound_of(db, chatbot_id)
            found = await people.unseen_since(db, chatbot_id, bound, after=after, limit=_BATCH) if bound else []
            if not found:
                return forgotten
            leads = await agents.with_leads(db, chatbot_id, found)
            gone = [one for one in found if one not in leads]
            await people.forget_people(db, chatbot_id, gone)
        forgotten, after = forgotten + len(gone), found[-1]


async def _bound_of(db: Db, chatbot_id: ChatbotId) -> datetime | None:
    """By what the settings say now: they may be changed while this goes on."""
    chatbot = await chatbots.chatbot_anywhere(db, chatbot_id)
    days = chatbots.retention_in(chatbot.settings.get("privacy")) if chatbot else None
    return None if days is None else _bound(days, db.now)


async def _note(db: Db, chatbot_id: ChatbotId, **counts: int) -> None:
    chatbot = await chatbots.chatbot_anywhere(db, chatbot_id)
    if chatbot is not None:
        server = ("server", None)
        await accounts.note_by(db, chatbot.org_id, server, action="conversations.expired", target=chatbot_id, **counts)


def _bound(days: int, now: datetime) -> datetime:
    return now - timedelta(days=days)
