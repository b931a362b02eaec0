"""Figures by day, so that a page need not count a million conversations. A day is always computed anew from the rows: late
messages, deletions and new judgements change yesterday, and nothing can drift.
"""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from noctule import chatbots
from noctule.analysis.store import facts
from noctule.base.db import Database, Db
from noctule.base.jobs import Job
from noctule.chatbots import ChatbotId


async def renew_day(database: Database, job: Job) -> None:
    """The job behind `conversations.DAY_CHANGED`."""
    async with database.transaction() as db:
        await _compute(db, ChatbotId(UUID(job.args["chatbot_id"])), date.fromisoformat(job.args["day"]))


async def rebuild(database: Database) -> int:
    """All days of all chatbots, from nothing; how many days."""
    count = 0
    async with database.transaction() as db:
        everyone = await chatbots.every_chatbot(db)
    for chatbot_id in everyone:
        async with database.transaction() as db:
            days = await facts.days_begun(db, chatbot_id)
        for day in days:
            async with database.transaction() as db:
                await _compute(db, chatbot_id, day)
        count += len(days)
    return count


async def _compute(db: Db, chatbot_id: ChatbotId, day: date) -> None:
    if await chatbots.chatbot_anywhere(db, chatbot_id) is None:
        return
    since = datetime.combine(day, time(), UTC)
    await facts.forget_day(db, chatbot_id, day)
    await facts.compute_day(db, chatbot_id, day, since=since, until=since + timedelta(days=1))
