"""Analysis: what the conversations mean. Judges them in worker processes and answers with figures.

Every judgement says who judged, why, and how much had been read; what is not known is not guessed.
"""

from noctule.analysis.figures import Overview, Trend, overview, sentiment_trend
from noctule.analysis.models import LABELS, ConversationJudgement, MessageJudgement, label
from noctule.analysis.standing import renew_due
from noctule.analysis.store import judgements_of, message_judgements_of
from noctule.analysis.work import judge_due, work

__all__ = [
    "LABELS",
    "ConversationJudgement",
    "MessageJudgement",
    "Overview",
    "Trend",
    "judge_due",
    "judgements_of",
    "label",
    "message_judgements_of",
    "overview",
    "renew_due",
    "sentiment_trend",
    "work",
]
