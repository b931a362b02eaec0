"""Figures over many conversations, each with how much of the whole has been analysed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from noctule.analysis.models import LABELS, DayOfSentiment, Totals, label
from noctule.analysis.store import figures as store
from noctule.base.db import Db
from noctule.chatbots import ChatbotId


@dataclass(frozen=True)
class Overview:
    totals: Totals
    average: float | None
    distribution: dict[str, int]  # judged messages by label; always all five


@dataclass(frozen=True)
class Trend:
    days: list[DayOfSentiment]
    distribution: dict[str, int]  # only labels that occur
    totals: Totals


async def overview(db: Db, chatbot_ids: Sequence[ChatbotId]) -> Overview:
    scores = await store.sentiment_scores(db, chatbot_ids, since=None)
    judged = sum(messages for _, messages in scores)
    average = round(sum(score * messages for score, messages in scores) / judged, 4) if judged else None
    counted = _by_label(scores)
    totals = await store.totals(db, chatbot_ids, today=_midnight(db.now))
    return Overview(totals, average, {name: counted[name] for name in LABELS})


async def sentiment_trend(db: Db, chatbot_id: ChatbotId, days: int) -> Trend:
    """The last `days` days, today included (UTC)."""
    since = _midnight(db.now) - timedelta(days=days - 1)
    counted = _by_label(await store.sentiment_scores(db, [chatbot_id], since=since))
    by_day = await store.sentiment_by_day(db, [chatbot_id], since=since)
    totals = await store.totals(db, [chatbot_id], today=_midnight(db.now))
    return Trend(by_day, {name: counted[name] for name in LABELS if counted[name]}, totals)


def _by_label(scores: Sequence[tuple[Any, ...]]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for score, messages in scores:
        counted[label(score)] += messages
    return counted


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
