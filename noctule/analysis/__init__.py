"""Analysis: what the conversations mean. Judges them in worker processes and answers with figures.

Every judgement says who judged, why, and how much had been read; what is not known is not guessed.
"""

from noctule.analysis.figures import Overview, Trend, overview, sentiment_trend
from noctule.analysis.models import (
    LABELS,
    Channel,
    ConversationJudgement,
    Day,
    Hour,
    MessageJudgement,
    Mood,
    Narrowing,
    label,
)
from noctule.analysis.standing import renew_due
from noctule.analysis.store.figures import channels_between, count_users, days_between, hours_between
from noctule.analysis.store.judgements import judgements_of, message_judgements_of
from noctule.analysis.store.listing import count_matching, lowest_between, matching_after, matching_before
from noctule.analysis.work import judge_due, work

__all__ = [
    "LABELS",
    "Channel",
    "ConversationJudgement",
    "Day",
    "Hour",
    "MessageJudgement",
    "Mood",
    "Narrowing",
    "Overview",
    "Trend",
    "channels_between",
    "count_matching",
    "count_users",
    "days_between",
    "hours_between",
    "judge_due",
    "judgements_of",
    "label",
    "lowest_between",
    "matching_after",
    "matching_before",
    "message_judgements_of",
    "overview",
    "renew_due",
    "sentiment_trend",
    "work",
]
