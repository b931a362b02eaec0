"""Figures over all conversations, each with how much of the whole has been analysed. They are read from what is kept of days;
only of days that are open, or wait to be computed, the rows are counted.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from noctule import conversations
from noctule.analysis.days import stale_days
from noctule.analysis.models import LABELS, DayOfSentiment, Felt, Totals
from noctule.analysis.store import days as counting
from noctule.analysis.store import figures as store
from noctule.base.db import Db
from noctule.chatbots import ChatbotId


@dataclass(frozen=True)
class Overview:
    totals: Totals
    messages_today: int
    average: float | None
    distribution: dict[str, int]  # judged messages by label; always all five


@dataclass(frozen=True)
class Trend:
    days: list[DayOfSentiment]
    distribution: dict[str, int]  # only labels that occur
    totals: Totals


async def overview(db: Db, chatbot_ids: Sequence[ChatbotId]) -> Overview:
    uncounted = await conversations.all_days_to_count(db, chatbot_ids)
    felt = await _felt(db, chatbot_ids, uncounted, since=None)
    judged = sum(one.messages for one in felt)
    return Overview(
        await totals(db, chatbot_ids),
        await store.count_said(db, chatbot_ids, since=_midnight(db.now)),
        average=round(sum(one.sentiment for one in felt) / judged, 4) if judged else None,
        distribution=_by_label(felt),
    )


async def sentiment_trend(db: Db, chatbot_id: ChatbotId, days: int) -> Trend:
    """The last `days` days, today included (UTC). A message counts for the day on which it was said."""
    uncounted = await conversations.all_days_to_count(db, [chatbot_id])
    felt = await _felt(db, [chatbot_id], uncounted, since=_midnight(db.now).date() - timedelta(days=days - 1))
    by_day: defaultdict[date, list[Felt]] = defaultdict(list)
    for one in felt:
        if one.said_on is not None:
            by_day[one.said_on].append(one)
    return Trend(
        [_day(day, some) for day, some in sorted(by_day.items())],
        {name: count for name, count in _by_label(felt).items() if count},
        await totals(db, [chatbot_id]),
    )


async def totals(db: Db, chatbot_ids: Sequence[ChatbotId]) -> Totals:
    """Of all days there are."""
    aligned, stale = await stale_days(db, chatbot_ids)
    kept = await store.totals_kept(
        db, aligned, but_of=[one.chatbot_id for one in stale], but=[one.day for one in stale]
    )
    fresh = await counting.counted(db, stale, names=["all"])
    return Totals(
        kept.conversations + sum(one.conversations for one in fresh),
        kept.messages + sum(one.messages for one in fresh),
        kept.analysed + sum(one.analysed for one in fresh),
    )


async def _felt(
    db: Db, chatbot_ids: Sequence[ChatbotId], uncounted: Sequence[tuple[ChatbotId, date]], *, since: date | None
) -> list[Felt]:
    of, days = [one for one, _ in uncounted], [day for _, day in uncounted]
    kept = await store.feelings_kept(db, chatbot_ids, since=since, but_of=of, but=days)
    fresh = await counting.feelings_counted(db, of, days, since=since)
    return kept + [Felt(one.said_on, one.label, one.messages, one.sentiment) for one in fresh]


def _by_label(felt: Iterable[Felt]) -> dict[str, int]:
    counted: dict[str, int] = dict.fromkeys(LABELS, 0)
    for one in felt:
        counted[one.label] += one.messages
    return counted


def _day(day: date, felt: Sequence[Felt]) -> DayOfSentiment:
    messages = sum(one.messages for one in felt)
    return DayOfSentiment(day, sum(one.sentiment for one in felt) / messages, messages)


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
