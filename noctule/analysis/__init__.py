"""Analysis: what the conversations mean. Judges them in worker processes and answers with figures.

Every judgement says who judged, why, and how much had been read; what is not known is not guessed.
"""

from noctule.analysis.again import HANDLER, reanalyse, run_reanalysis
from noctule.analysis.corrections import OUTCOMES, correct, said_of, take_back
from noctule.analysis.days import (
    channels_between,
    days_between,
    hours_between,
    languages_between,
    rebuild,
    renew_day,
)
from noctule.analysis.facts import renew_facts
from noctule.analysis.figures import Overview, Trend, overview, sentiment_trend
from noctule.analysis.filters import FIELDS, MOST_CONDITIONS, Condition, path_of, read_conditions
from noctule.analysis.flags import SYSTEM as FLAGS
from noctule.analysis.headline import INTENTS
from noctule.analysis.models import (
    LABELS,
    Channel,
    ConversationJudgement,
    Correction,
    Day,
    Found,
    Hour,
    MessageJudgement,
    Mood,
    Narrowing,
    Sought,
    label,
)
from noctule.analysis.search import (
    MOST_COUNTED,
    Hits,
    Snippet,
    looked_for,
    place_of,
    read_place,
    search_messages,
    snippet_of,
)
from noctule.analysis.standing import renew_due
from noctule.analysis.store.corrections import corrections_of
from noctule.analysis.store.figures import count_users
from noctule.analysis.store.judgements import judged_chatbots, judgements_of, message_judgements_of
from noctule.analysis.store.listing import (
    count_matching,
    lowest_between,
    matching_after,
    matching_before,
    matching_in_order,
    matching_page,
)
from noctule.analysis.words import Question
from noctule.analysis.work import judge_due, work

__all__ = [
    "FIELDS",
    "FLAGS",
    "HANDLER",
    "INTENTS",
    "LABELS",
    "MOST_CONDITIONS",
    "MOST_COUNTED",
    "OUTCOMES",
    "Channel",
    "Condition",
    "ConversationJudgement",
    "Correction",
    "Day",
    "Found",
    "Hits",
    "Hour",
    "MessageJudgement",
    "Mood",
    "Narrowing",
    "Overview",
    "Question",
    "Snippet",
    "Sought",
    "Trend",
    "channels_between",
    "correct",
    "corrections_of",
    "count_matching",
    "count_users",
    "days_between",
    "hours_between",
    "judge_due",
    "judged_chatbots",
    "judgements_of",
    "label",
    "languages_between",
    "looked_for",
    "lowest_between",
    "matching_after",
    "matching_before",
    "matching_in_order",
    "matching_page",
    "message_judgements_of",
    "overview",
    "path_of",
    "place_of",
    "read_conditions",
    "read_place",
    "reanalyse",
    "rebuild",
    "renew_day",
    "renew_due",
    "renew_facts",
    "run_reanalysis",
    "said_of",
    "search_messages",
    "sentiment_trend",
    "snippet_of",
    "take_back",
    "work",
]
