"""Figures by day, so that a page need not count a million conversations. A day is always computed anew from the rows: late
messages, deletions and new judgements change yesterday, and nothing can drift. A day whose figures wait to be computed is
counted when somebody asks, so what is read is always what the rows say.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from noctule import chatbots, conversations
from noctule.analysis.models import Channel, Day, DayFigure, Hour
from noctule.analysis.store import days as store
from noctule.base.db import Database, Db
from noctule.base.jobs import Job
from noctule.chatbots import ChatbotId

# What is counted of a day: all, and the values of what is known of its conversations. Of users only those who ended unhappy.
NAMES = (
    "all", "source", "hour", "sentiment", "language", "country", "device", "plan", "intent", "topic", "outcome",
    "unanswered", "escalated", "behavior", "flags", "quality", "failing", "dissatisfied_user",
)  # fmt: skip


async def figures_of_days(
    db: Db,
    chatbot_ids: Sequence[ChatbotId],
    *,
    first: date,
    last: date,
    names: Sequence[str],
    conditions: str | None = None,
) -> list[DayFigure]:
    """`last` included; of the conversations that began on each day (UTC): all of them, and by each value of a name. Those of
    which `conditions` hold, a JSON path over their facts, are counted when somebody asks.
    """
    if conditions is not None:
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        asked = [(one, day) for one in chatbot_ids for day in days]
        of, on = [one for one, _ in asked], [day for _, day in asked]
        return await store.counted(db, of, on, names=names, conditions=conditions)
    uncounted = await conversations.days_to_count(db, chatbot_ids, first=first, last=last)
    kept = await store.kept(db, chatbot_ids, first=first, last=last, names=names)
    stale = set(uncounted)
    fresh = await store.counted(db, [one for one, _ in uncounted], [day for _, day in uncounted], names=names)
    return [one for one in kept if (one.chatbot_id, one.day) not in stale] + fresh


async def most_dissatisfied(
    db: Db, chatbot_id: ChatbotId, *, first: date, last: date, conditions: str | None, before: date, limit: int
) -> tuple[list[str], list[DayFigure]]:
    """The users whose conversations of these days ended unhappy most often, and their figures, from `before` on."""
    every = [before + timedelta(days=number) for number in range((last - before).days + 1)]
    uncounted = await conversations.days_to_count(db, [chatbot_id], first=before, last=last)
    stale = every if conditions is not None else [day for _, day in uncounted]
    names = ["dissatisfied_user"]
    fresh = await store.counted(db, [chatbot_id] * len(stale), stale, names=names, conditions=conditions)
    kept = sorted({day for day in every if day >= first} - set(stale))
    now = [one for one in fresh if one.day >= first]
    users = await store.most_dissatisfied(db, chatbot_id, days=kept, fresh=now, limit=limit)
    figures = await store.kept_of(db, chatbot_id, names[0], users, first=before, last=last)
    closed = [one for one in figures if one.day not in set(stale)]
    return users, closed + [one for one in fresh if one.value in set(users)]


async def days_between(db: Db, chatbot_ids: Sequence[ChatbotId], *, first: date, last: date) -> list[Day]:
    """Days on which something began, oldest first, chatbot by chatbot."""
    found = await figures_of_days(db, chatbot_ids, first=first, last=last, names=["all", "sentiment"])
    moods = {(one.chatbot_id, one.day, one.value): one.conversations for one in found if one.name == "sentiment"}

    def day_of(whole: DayFigure) -> Day:
        positive, neutral, negative = (
            moods.get((whole.chatbot_id, whole.day, mood), 0) for mood in ("positive", "neutral", "negative")
        )
        return Day(
            whole.chatbot_id, whole.day, whole.conversations, whole.messages, whole.users, positive, neutral, negative
        )

    return sorted((day_of(one) for one in found if one.name == "all"), key=lambda one: (one.chatbot_id, one.day))


async def hours_between(db: Db, chatbot_id: ChatbotId, *, first: date, last: date) -> list[Hour]:
    """Of the week, those in which something began."""
    counted: Counter[tuple[int, int]] = Counter()
    for one in await figures_of_days(db, [chatbot_id], first=first, last=last, names=["hour"]):
        counted[one.day.isoweekday(), int(one.value)] += one.conversations
    return [Hour(weekday, hour, count) for (weekday, hour), count in sorted(counted.items())]


async def channels_between(db: Db, chatbot_id: ChatbotId, *, first: date, last: date, limit: int) -> list[Channel]:
    """By which door conversations came in, the busiest first."""
    counted: Counter[str] = Counter()
    for one in await figures_of_days(db, [chatbot_id], first=first, last=last, names=["source"]):
        counted[one.value] += one.conversations
    busiest = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return [Channel(source, count) for source, count in busiest[:limit]]


async def languages_between(db: Db, chatbot_id: ChatbotId, *, first: date, last: date, limit: int) -> list[str]:
    """Those that people write in, the most frequent first."""
    counted: Counter[str] = Counter()
    for one in await figures_of_days(db, [chatbot_id], first=first, last=last, names=["language"]):
        counted[one.value] += one.conversations
    return [language for language, _ in counted.most_common(limit)]


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
            days = await store.days_begun(db, chatbot_id)
        for day in days:
            async with database.transaction() as db:
                await _compute(db, chatbot_id, day)
        count += len(days)
    return count


async def _compute(db: Db, chatbot_id: ChatbotId, day: date) -> None:
    if await chatbots.chatbot_anywhere(db, chatbot_id) is not None:
        await store.keep(db, chatbot_id, day, await store.counted(db, [chatbot_id], [day], names=NAMES))
        await store.keep_feelings(db, chatbot_id, day, await store.feelings_counted(db, [chatbot_id], [day]))
