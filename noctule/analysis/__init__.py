"""Analysis: what the conversations mean. Judges them in worker processes and answers with figures.

Every judgement says who judged, why, and how much had been read; what is not known is not guessed.
"""

from noctule.analysis.again import HANDLER, reanalyse, run_reanalysis
from noctule.analysis.figures import Overview, Trend, overview, sentiment_trend
from noctule.analysis.models import LABELS, ConversationJudgement, MessageJudgement, label
from noctule.analysis.store import judged_chatbots, judgements_of, message_judgements_of
from noctule.analysis.work import judge_due, work

__all__ = [
    "HANDLER",
    "LABELS",
    "ConversationJudgement",
    "MessageJudgement",
    "Overview",
    "Trend",
    "judge_due",
    "judged_chatbots",
    "judgements_of",
    "label",
    "message_judgements_of",
    "overview",
    "reanalyse",
    "run_reanalysis",
    "sentiment_trend",
    "work",
]
