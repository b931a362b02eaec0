"""Figures by day, so that a page need not count a million conversations. A day is always computed anew from the rows: late
messages, deletions and new judgements change yesterday, and nothing can drift. A day whose figures wait to be computed is
counted when somebody asks, so what is read is always what the rows say.

A day is one of the chatbot's time zone. Which days have changed is noted by days of UTC, so that nobody who stores needs to
know the zone; when the zone is changed, every day is counted by whoever asks until all are counted anew.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from noctule import chatbots, conversations
from noctule.analysis.columns import CHANNEL, Table, Writing
from noctule.analysis.filters import Filter
from noctule.analysis.models import Channel, Day, DayFigure, Hour
from noctule.analysis.store import columns as keeping
from noctule.analysis.store import days as store
from noctule.analysis.store.days import Part
from noctule.analysis.tally import TALLIED, columns_for, tallied
from noctule.base import jobs
from noctule.base.calendar import IN_UTC, Calendar
from noctule.base.db import Database, Db
from noctule.base.jobs import Job
from noctule.chatbots import Chatbot, ChatbotId

_Tell = Callable[[int, int], Awaitable[None]]
_TOLD = 20  # days between two words about how far it is
_AT_ONCE = 1_000  # conversations that are held while their columns are written
_BESIDE = timedelta(days=1)  # so far is no zone from UTC

# What is counted of a day: all, and the values of what is known of its conversations. Of users only those who ended unhappy.
NAMES = (
    "all", "source", "hour", "sentiment", "language", "country", "device", "plan", "intent", "topic", "outcome",
    "unanswered", "escalated", "behavior", "flags", "quality", "failing", "dissatisfied_user",
)  # fmt: skip
OF_DAYS = ("all", "sentiment")


async def figures_of_days(
    db: Db,
    chatbot_ids: Sequence[ChatbotId],
    *,
    first: date,
    last: date,
    names: Sequence[str],
    conditions: Filter | None = None,
) -> list[DayFigure]:
    """`last` included; of the conversations that began on each day: all of them, and by each value of a name. Those of which
    `conditions` hold are counted when somebody asks.
    """
    if conditions is not None:
        some = [
            await _figures_left(db, one, first=first, last=last, names=names, asked=conditions) for one in chatbot_ids
        ]
        return [one for figures in some for one in figures]
    stale = await _stale(db, chatbot_ids, first=first, last=last)
    kept = await store.kept(db, chatbot_ids, first=first, last=last, names=names)
    parts = [part for (one, day), calendar in stale.items() for part in _parts(one, day, calendar, names=names)]
    return [one for one in kept if (one.chatbot_id, one.day) not in stale] + await _counted(db, parts, names=names)


async def stale_days(db: Db, chatbot_ids: Sequence[ChatbotId]) -> tuple[list[ChatbotId], list[Part]]:
    """Of all days there are, those of which no figures are kept that hold; and the chatbots of whose other days they do."""
    calendars, kept = await chatbots.calendars_of(db, chatbot_ids), await store.zones_kept(db, chatbot_ids)
    aligned = [one for one, calendar in calendars.items() if calendar.name == _zone(kept, one)]
    changed = await conversations.all_days_to_count(db, aligned)
    changed += [(one, day) for one in calendars if one not in aligned for day in await store.days_begun(db, one)]
    stale = {(one, day) for one, utc in changed for day in calendars[one].days_on(utc)}
    return aligned, [part for one, day in sorted(stale) for part in _parts(one, day, calendars[one], names=())]


async def most_dissatisfied(
    db: Db, chatbot_id: ChatbotId, *, first: date, last: date, conditions: Filter | None, before: date, limit: int
) -> tuple[list[str], list[DayFigure]]:
    """The users whose conversations of these days ended unhappy most often, and their figures, from `before` on."""
    every = [before + timedelta(days=number) for number in range((last - before).days + 1)]
    calendar = (await chatbots.calendars_of(db, [chatbot_id]))[chatbot_id]
    uncounted = await _stale(db, [chatbot_id], first=before, last=last)
    stale = every if conditions is not None else sorted(day for _, day in uncounted)
    names = ["dissatisfied_user"]
    if conditions is not None:
        fresh = await _figures_left(db, chatbot_id, first=before, last=last, names=names, asked=conditions)
    else:
        fresh = await store.counted(
            db, [part for day in stale for part in _parts(chatbot_id, day, calendar, names=names)], names=names
        )
    kept = sorted({day for day in every if day >= first} - set(stale))
    now = [one for one in fresh if one.day >= first]
    users = await store.most_dissatisfied(db, chatbot_id, days=kept, fresh=now, limit=limit)
    figures = await store.kept_of(db, chatbot_id, names[0], users, first=before, last=last)
    closed = [one for one in figures if one.day not in set(stale)]
    return users, closed + [one for one in fresh if one.value in set(users)]


async def days_between(db: Db, chatbot_ids: Sequence[ChatbotId], *, first: date, last: date) -> list[Day]:
    """Days on which something began, oldest first, chatbot by chatbot."""
    return days_of(await figures_of_days(db, chatbot_ids, first=first, last=last, names=OF_DAYS))


def days_of(figures: Iterable[DayFigure]) -> list[Day]:
    """The same of figures that were read with the names of OF_DAYS."""
    moods: dict[tuple[ChatbotId, date, str], int] = {}
    whole: list[DayFigure] = []
    for one in figures:
        if one.name == "sentiment":
            moods[one.chatbot_id, one.day, one.value] = one.conversations
        elif one.name == "all":
            whole.append(one)

    def day_of(one: DayFigure) -> Day:
        positive, neutral, negative = (
            moods.get((one.chatbot_id, one.day, mood), 0) for mood in ("positive", "neutral", "negative")
        )
        return Day(one.chatbot_id, one.day, one.conversations, one.messages, one.users, positive, neutral, negative)

    return sorted((day_of(one) for one in whole), key=lambda one: (one.chatbot_id, one.day))


async def hours_between(db: Db, chatbot_id: ChatbotId, *, first: date, last: date) -> list[Hour]:
    """Of the week, those in which something began."""
    stale = await _stale(db, [chatbot_id], first=first, last=last)
    parts = [part for (one, day), calendar in stale.items() for part in _parts(one, day, calendar, names=["hour"])]
    kept = await store.hours_kept(db, chatbot_id, first=first, last=last, but=[day for _, day in stale])
    counted: Counter[tuple[int, int]] = Counter()
    for one in [*kept, *await store.hours_counted(db, parts)]:
        counted[one.weekday, one.hour] += one.conversations
    return [Hour(weekday, hour, count) for (weekday, hour), count in sorted(counted.items())]


async def channels_between(db: Db, chatbot_id: ChatbotId, *, first: date, last: date, limit: int) -> list[Channel]:
    """By which door conversations came in, the busiest first."""
    return channels_of(
        await figures_of_days(db, [chatbot_id], first=first, last=last, names=["source"]), since=first, limit=limit
    )


def channels_of(figures: Iterable[DayFigure], *, since: date, limit: int) -> list[Channel]:
    """The same of figures that were read by `source`."""
    counted: Counter[str] = Counter()
    for one in figures:
        if one.name == "source" and one.day >= since:
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
    """The job behind `conversations.DAY_CHANGED`, which names a day of UTC."""
    async with database.transaction() as db:
        chatbot = await chatbots.hold_settings(db, ChatbotId(UUID(job.args["chatbot_id"])))
        if chatbot is not None:
            utc = date.fromisoformat(job.args["day"])
            for day in chatbot.calendar.days_on(utc):
                await _compute(db, chatbot, day)
            await _compute_feelings(db, chatbot.id, utc)


async def count_anew(database: Database, job: Job) -> None:
    """The job behind `chatbots.CALENDAR_CHANGED`. An attempt after this one begins anew: nothing is kept until all is."""

    async def tell(done: int, total: int) -> None:
        async with database.transaction() as db:
            await jobs.progress(db, job, done=done, total=total)

    await _rebuild(database, ChatbotId(UUID(job.args["chatbot_id"])), tell)


async def align_days(db: Db) -> None:
    """Where the figures are not of the days that the chatbot has or lack their columns, as those of an older version do, and
    nobody sees to it: they are counted anew.
    """
    everyone = await chatbots.every_chatbot(db)
    calendars, kept = await chatbots.calendars_of(db, everyone), await store.zones_kept(db, everyone)
    waiting = await jobs.waiting(db, chatbots.CALENDAR_CHANGED, [str(one) for one in everyone])
    for chatbot_id, calendar in calendars.items():
        if str(chatbot_id) in waiting:
            continue
        if calendar.name != _zone(kept, chatbot_id) or await keeping.days_without(
            db, chatbot_id, CHANNEL, first=date.min, last=date.max
        ):
            chatbot = await chatbots.hold_settings(db, chatbot_id)
            if chatbot is not None:
                await chatbots.calendar_changed(db, chatbot)


async def rebuild(database: Database) -> int:
    """All days of all chatbots, from nothing; how many days."""
    async with database.transaction() as db:
        everyone = await chatbots.every_chatbot(db)
    return sum([await _rebuild(database, one, None) for one in everyone])


async def _rebuild(database: Database, chatbot_id: ChatbotId, tell: _Tell | None) -> int:
    """How many days. When the time zone is changed meanwhile, another job follows."""
    async with database.transaction() as db:
        chatbot = await chatbots.chatbot_anywhere(db, chatbot_id)
        begun, kept = await store.days_begun(db, chatbot_id), await store.days_kept(db, chatbot_id)
    if chatbot is None:
        return 0
    days = sorted({*kept, *(day for one in begun for day in chatbot.calendar.days_on(one))})
    for number, day in enumerate(days):
        if tell and number % _TOLD == 0:
            await tell(number, len(days))
        async with database.transaction() as db:
            held = await chatbots.hold_settings(db, chatbot_id)
            if held is None or held.calendar != chatbot.calendar:
                return number
            await _compute(db, held, day)
    for day in begun:
        async with database.transaction() as db:
            await _compute_feelings(db, chatbot_id, day)
    async with database.transaction() as db:
        held = await chatbots.hold_settings(db, chatbot_id)
        if held and held.calendar == chatbot.calendar:
            await store.keep_zone(db, chatbot_id, held.calendar.name)
    if tell:
        await tell(len(days), len(days))
    return len(days)


async def _figures_left(
    db: Db, chatbot_id: ChatbotId, *, first: date, last: date, names: Sequence[str], asked: Filter
) -> list[DayFigure]:
    """Of those of which a filter holds: from columns where they are kept, else from conversations one by one."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    calendar = (await chatbots.calendars_of(db, [chatbot_id]))[chatbot_id]
    counted: list[DayFigure] = []
    uncounted = set(days)
    if set(names) <= TALLIED:
        wanted = sorted(columns_for(names, asked))
        stale = {day for _, day in await _stale(db, [chatbot_id], first=first, last=last)}
        stale |= set(await keeping.days_without(db, chatbot_id, CHANNEL, first=first, last=last))
        table = Table(
            one
            for one in await keeping.columns_of(db, chatbot_id, wanted, first=first, last=last)
            if one.day not in stale
        )
        counted, uncounted = tallied(table, chatbot_id, asked, names=names), stale
    for run in _runs(sorted(uncounted)):
        parts = [part for day in run for part in _parts(chatbot_id, day, calendar, names=names)]
        counted += await store.counted(db, parts, names=names, only=asked.path)
    return counted


def _runs(days: Sequence[date]) -> list[list[date]]:
    """Days that follow each other."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


async def _compute(db: Db, chatbot: Chatbot, day: date) -> None:
    figures = await _counted(db, _parts(chatbot.id, day, chatbot.calendar, names=NAMES), names=NAMES)
    await store.keep(db, chatbot.id, day, figures)
    await _keep_columns(db, chatbot, day)
    await store.note_mixture(db, chatbot.id, chatbot.calendar.name)


async def _keep_columns(db: Db, chatbot: Chatbot, day: date) -> None:
    since, until = chatbot.calendar.begin(day), chatbot.calendar.begin(day + timedelta(days=1))
    writing, after = Writing(), None
    while rows := await keeping.rows_begun(
        db, chatbot.id, since=after.first_message_at if after else since, until=until, after=after, limit=_AT_ONCE
    ):
        after = rows[-1]
        for row in rows:
            writing.add(row)
    await keeping.keep_columns(db, chatbot.id, day, writing.columns(day))


async def _counted(db: Db, parts: Sequence[Part], *, names: Sequence[str]) -> list[DayFigure]:
    """With the users of all of a day."""
    figures = await store.counted(db, parts, names=names)
    users = await store.users_counted(db, parts) if "all" in names else {}
    return [
        replace(one, users=users.get((one.chatbot_id, one.day), 0)) if one.name == "all" else one for one in figures
    ]


async def _compute_feelings(db: Db, chatbot_id: ChatbotId, day: date) -> None:
    """Of a day of UTC, in any time zone: the routes that read them tell of such days."""
    await store.keep_feelings(db, chatbot_id, day, await store.feelings_counted(db, [chatbot_id], [day]))


async def _stale(
    db: Db, chatbot_ids: Sequence[ChatbotId], *, first: date, last: date
) -> dict[tuple[ChatbotId, date], Calendar]:
    """The days (`last` included) of which no figures are kept that hold, with their calendar."""
    calendars, kept = await chatbots.calendars_of(db, chatbot_ids), await store.zones_kept(db, chatbot_ids)
    around = {"first": first - _BESIDE, "last": last + _BESIDE}
    changed = set(await conversations.days_to_count(db, chatbot_ids, **around))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return {
        (one, day): calendar
        for one, calendar in calendars.items()
        for day in days
        if calendar.name != _zone(kept, one) or any((one, utc) in changed for utc in calendar.days_of_utc(day))
    }


def _parts(chatbot_id: ChatbotId, day: date, calendar: Calendar, *, names: Sequence[str]) -> list[Part]:
    """The whole day at once where nobody asks for its hours."""
    if "hour" in names:
        return [Part(chatbot_id, day, f"{one.hour:02}", one.since, one.until) for one in calendar.hours_of(day)]
    return [Part(chatbot_id, day, "", calendar.begin(day), calendar.begin(day + timedelta(days=1)))]


def _zone(kept: Mapping[ChatbotId, str], chatbot_id: ChatbotId) -> str:
    return kept.get(chatbot_id, IN_UTC.name)
