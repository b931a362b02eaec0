"""The news that something has changed about conversations that began on certain days: figures of these days are computed anew.

Who computes them stands on a higher floor; the news is a job, one for each day of a chatbot however often it changes.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from noctule.base import jobs
from noctule.base.db import Db
from noctule.chatbots import ChatbotId

DAY_CHANGED = "day_changed"
_GATHERING = timedelta(seconds=2)


async def day_changed(db: Db, chatbot_id: ChatbotId, began: Iterable[datetime]) -> None:
    days: set[date] = {moment.astimezone(UTC).date() for moment in began}
    for day in sorted(days):
        args = {"chatbot_id": str(chatbot_id), "day": day.isoformat()}
        await jobs.enqueue(db, DAY_CHANGED, args, key=f"{chatbot_id}:{day}", after=_GATHERING)
