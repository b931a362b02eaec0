"""News of conversations for higher floors, which compute from them what is read: jobs, enqueued with the change itself.

Of days (of UTC), on which conversations began that have changed: one job for each day of a chatbot however often it changes. Today
is open, and yesterday for two more hours: such days change all the time, so whoever wants their figures counts them, and they are
computed once they are over. Of facts: of conversations that changed without being judged again.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from noctule.base import jobs
from noctule.base.clock import in_utc
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations.models import ConversationId
from noctule.conversations.store import standing

DAY_CHANGED = "day_changed"
FACTS_CHANGED = "facts_changed"
_GATHERING, _YOUNG_GATHERING = timedelta(seconds=2), timedelta(seconds=10)  # conversations go on past midnight
_OPEN = timedelta(hours=26)
_LAST = date.max - _OPEN  # the calendar ends soon after; some libraries say "never" like that


def day_of(moment: datetime) -> date:
    return in_utc(moment).date()


def first_open_day(now: datetime) -> date:
    return day_of(now - _OPEN) + timedelta(days=1)


async def day_changed(db: Db, chatbot_id: ChatbotId, began: Iterable[datetime]) -> None:
    for day in sorted({day_of(moment) for moment in began}):
        left = datetime.combine(min(day, _LAST), time(), UTC) + _OPEN - db.now
        gathering = _GATHERING if left < -timedelta(days=1) else _YOUNG_GATHERING
        args = {"chatbot_id": str(chatbot_id), "day": day.isoformat()}
        await jobs.enqueue(db, DAY_CHANGED, args, key=f"{chatbot_id}:{day}", after=max(gathering, left))


async def days_to_count(
    db: Db, chatbot_ids: Sequence[ChatbotId], *, first: date, last: date
) -> list[tuple[ChatbotId, date]]:
    """Those of the days of UTC (`last` included) whose figures are not computed yet, or are older than what they tell of."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    of_key = {f"{chatbot_id}:{day}": (chatbot_id, day) for chatbot_id in chatbot_ids for day in days}
    is_open = first_open_day(db.now)
    waiting = await jobs.waiting(db, DAY_CHANGED, [key for key, (_, day) in of_key.items() if day < is_open])
    return [place for key, place in of_key.items() if place[1] >= is_open or key in waiting]


async def all_days_to_count(db: Db, chatbot_ids: Sequence[ChatbotId]) -> list[tuple[ChatbotId, date]]:
    """Of all days there are."""
    keys = await jobs.waiting_below(db, DAY_CHANGED, [str(one) for one in chatbot_ids])
    waiting = {(ChatbotId(UUID(key[:36])), date.fromisoformat(key[37:])) for key in keys}
    is_open = datetime.combine(first_open_day(db.now), time(), UTC)
    return sorted(waiting | set(await standing.days_begun_since(db, chatbot_ids, is_open)))


async def facts_changed(db: Db, chatbot_id: ChatbotId, conversation_ids: Sequence[ConversationId]) -> None:
    ids = [str(one) for one in conversation_ids]
    await jobs.enqueue(db, FACTS_CHANGED, {"chatbot_id": str(chatbot_id), "conversation_ids": ids})
