"""Where the conversations stand that a narrowing means: in the columns of days that are over, and the rest one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from noctule import chatbots
from noctule.analysis.columns import CHANNEL, Table, names_of
from noctule.analysis.days import stale_days
from noctule.analysis.models import Narrowing
from noctule.analysis.store import columns as store
from noctule.analysis.store.places import Span
from noctule.base.calendar import Calendar
from noctule.base.db import Db
from noctule.chatbots import ChatbotId

_MOST_READ = 10  # days whose conversations are read one by one


@dataclass(frozen=True)
class Meant:
    table: Table
    left: NDArray[np.bool_]  # which of the table are meant
    spans: Sequence[Span]  # of days that are not in the table
    calendar: Calendar


async def meant_for(db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, *beside: str) -> Meant | None:
    """With the columns `beside` what the narrowing asks for. None where too much would be read one by one."""
    calendar = (await chatbots.calendars_of(db, [chatbot_id]))[chatbot_id]
    first, last, cut = _days(narrowing, calendar)
    aligned, stale = await stale_days(db, [chatbot_id])
    one_by_one = cut | {one.day for one in stale if first <= one.day <= last}
    if aligned and len(one_by_one) <= _MOST_READ:
        one_by_one |= set(await store.days_without(db, chatbot_id, CHANNEL, first=first, last=last))
    if not aligned or len(one_by_one) > _MOST_READ:
        return None
    names = sorted(names_of(narrowing.conditions) | {"sentiment", *beside})
    columns = await store.columns_of(db, chatbot_id, names, first=first, last=last)
    table = Table(one for one in columns if one.day not in one_by_one)
    spans = [_span(day, narrowing, calendar) for day in sorted(one_by_one)]
    return Meant(table, _left(table, narrowing), spans, calendar)


def _days(narrowing: Narrowing, calendar: Calendar) -> tuple[date, date, set[date]]:
    """The first and the last day that are meant, and those of them that are not meant as a whole."""
    first, last, cut = date.min, date.max, set[date]()
    if narrowing.since:
        first = calendar.day_of(narrowing.since)
        if calendar.begin(first) != narrowing.since:
            cut.add(first)
    if narrowing.until:
        last = calendar.day_of(narrowing.until)
        if calendar.begin(last) == narrowing.until:
            last -= timedelta(days=1)
        else:
            cut.add(last)
    return first, last, cut


def _span(day: date, narrowing: Narrowing, calendar: Calendar) -> Span:
    since, until = calendar.begin(day), calendar.begin(day + timedelta(days=1))
    return max(since, narrowing.since or since), min(until, narrowing.until or until)


def _left(table: Table, narrowing: Narrowing) -> NDArray[np.bool_]:
    left = table.meant(narrowing.conditions) if narrowing.conditions else table.has(CHANNEL)
    if narrowing.sentiment:
        left &= table.says("sentiment", None if narrowing.sentiment == "none" else narrowing.sentiment)
    if narrowing.channel:
        left &= table.says(CHANNEL, narrowing.channel)
    return left
