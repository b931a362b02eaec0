"""Analysis: what the conversations mean. Judges them in worker processes and answers with figures.

Every judgement says who judged, why, and how much had been read; what is not known is not guessed.
"""

from noctule.analysis.again import HANDLER, ask_again, last_asked, reanalyse, run_reanalysis
from noctule.analysis.breakdown import (
    SEVERITY,
    UNHAPPY,
    Breakdown,
    Days,
    Part,
    Scope,
    Sum,
    all_time,
    breakdowns,
    breakdowns_of,
    change,
)
from noctule.analysis.corrections import OUTCOMES, correct, said_of, take_back
from noctule.analysis.days import (
    OF_DAYS,
    align_days,
    channels_between,
    channels_of,
    count_anew,
    days_between,
    days_of,
    figures_of_days,
    hours_between,
    languages_between,
    rebuild,
    renew_day,
)
from noctule.analysis.definitions import FLAGS as FLAG_DEFINITIONS
from noctule.analysis.definitions import SIGNALS, Signal
from noctule.analysis.facts import renew_facts
from noctule.analysis.figures import Overview, Trend, overview, sentiment_trend
from noctule.analysis.filters import FIELDS, MOST_CONDITIONS, Condition, Filter, filter_of, read_conditions
from noctule.analysis.flags import SYSTEM as FLAGS
from noctule.analysis.headline import INTENTS
from noctule.analysis.lately import Lately, lately
from noctule.analysis.ledger import Entry, ledger
from noctule.analysis.listing import (
    count_matching,
    matching_after,
    matching_before,
    matching_in_order,
    matching_page,
)
from noctule.analysis.meaning import search_meanings
from noctule.analysis.models import (
    LABELS,
    Channel,
    ConversationJudgement,
    Correction,
    Day,
    Found,
    Frustration,
    Hour,
    MessageJudgement,
    Mood,
    Narrowing,
    Sought,
    label,
)
from noctule.analysis.ordered import Order, Ordered, ordered_after, ordered_before
from noctule.analysis.parked import MOST_LISTED, parked_of, try_again
from noctule.analysis.pipeline import JUDGE
from noctule.analysis.quality import FAILING, WEIGHTS
from noctule.analysis.review import review
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
from noctule.analysis.store.listing import lowest_between
from noctule.analysis.store.ordered import Place
from noctule.analysis.store.parked import Parked
from noctule.analysis.store.topics import topic, topics_of, topics_with
from noctule.analysis.topics.edit import SPLIT, change_topic, merge_topics, rebuild_topics, run_split, split_topic
from noctule.analysis.topics.embed import EMBED, GROUP, embed_waiting, embedding
from noctule.analysis.topics.models import Coverage, Topic, TopicFigures, TopicId
from noctule.analysis.topics.read import (
    Example,
    Span,
    Told,
    Topics,
    examples_of,
    topic_told,
    topics_known,
    topics_of_conversations,
    topics_told,
)
from noctule.analysis.topics.regroup import group_nightly, regrouping
from noctule.analysis.trial import MOST_TRIED, Tried, try_settings
from noctule.analysis.unhappy import UnhappyUser, frustrations, reason_of, unhappy_users
from noctule.analysis.wishes import FlagWish, Wishes, wishes_of
from noctule.analysis.words import Question
from noctule.analysis.work import judge_due, work

__all__ = [
    "EMBED",
    "FAILING",
    "FIELDS",
    "FLAGS",
    "FLAG_DEFINITIONS",
    "GROUP",
    "HANDLER",
    "INTENTS",
    "JUDGE",
    "LABELS",
    "MOST_CONDITIONS",
    "MOST_COUNTED",
    "MOST_LISTED",
    "MOST_TRIED",
    "OF_DAYS",
    "OUTCOMES",
    "SEVERITY",
    "SIGNALS",
    "SPLIT",
    "UNHAPPY",
    "WEIGHTS",
    "Breakdown",
    "Channel",
    "Condition",
    "ConversationJudgement",
    "Correction",
    "Coverage",
    "Day",
    "Days",
    "Entry",
    "Example",
    "Filter",
    "FlagWish",
    "Found",
    "Frustration",
    "Hits",
    "Hour",
    "Lately",
    "MessageJudgement",
    "Mood",
    "Narrowing",
    "Order",
    "Ordered",
    "Overview",
    "Parked",
    "Part",
    "Place",
    "Question",
    "Scope",
    "Signal",
    "Snippet",
    "Sought",
    "Span",
    "Sum",
    "Told",
    "Topic",
    "TopicFigures",
    "TopicId",
    "Topics",
    "Trend",
    "Tried",
    "UnhappyUser",
    "Wishes",
    "align_days",
    "all_time",
    "ask_again",
    "breakdowns",
    "breakdowns_of",
    "change",
    "change_topic",
    "channels_between",
    "channels_of",
    "correct",
    "corrections_of",
    "count_anew",
    "count_matching",
    "count_users",
    "days_between",
    "days_of",
    "embed_waiting",
    "embedding",
    "examples_of",
    "figures_of_days",
    "filter_of",
    "frustrations",
    "group_nightly",
    "hours_between",
    "judge_due",
    "judged_chatbots",
    "judgements_of",
    "label",
    "languages_between",
    "last_asked",
    "lately",
    "ledger",
    "looked_for",
    "lowest_between",
    "matching_after",
    "matching_before",
    "matching_in_order",
    "matching_page",
    "merge_topics",
    "message_judgements_of",
    "ordered_after",
    "ordered_before",
    "overview",
    "parked_of",
    "place_of",
    "read_conditions",
    "read_place",
    "reanalyse",
    "reason_of",
    "rebuild",
    "rebuild_topics",
    "regrouping",
    "renew_day",
    "renew_due",
    "renew_facts",
    "review",
    "run_reanalysis",
    "run_split",
    "said_of",
    "search_meanings",
    "search_messages",
    "sentiment_trend",
    "snippet_of",
    "split_topic",
    "take_back",
    "topic",
    "topic_told",
    "topics_known",
    "topics_of",
    "topics_of_conversations",
    "topics_told",
    "topics_with",
    "try_again",
    "try_settings",
    "unhappy_users",
    "wishes_of",
    "work",
]
