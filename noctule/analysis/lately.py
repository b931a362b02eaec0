"""What came in of late, and how much of it could be read: for who wonders why a page is empty."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from noctule.analysis.days import figures_of_days
from noctule.analysis.sentiment import LANGUAGES
from noctule.base.db import Db
from noctule.chatbots import Chatbot


@dataclass(frozen=True)
class Lately:
    """Conversations that began on these days."""

    conversations: int
    judged: int
    unread: dict[str, int]  # by language, the most frequent first: their feelings nobody judged or stated


async def lately(db: Db, chatbot: Chatbot, *, days: int) -> Lately:
    """Today included, by the calendar of the chatbot, as pages show it; from kept figures."""
    last = chatbot.calendar.day_of(db.now)
    first = last - timedelta(days=days - 1)
    conversations = judged = 0
    unread: Counter[str] = Counter()
    for one in await figures_of_days(db, [chatbot.id], first=first, last=last, names=["all", "language"]):
        if one.name == "all":
            conversations += one.conversations
            judged += one.analysed
        elif one.value not in LANGUAGES:
            unread[one.value] += one.conversations - one.scored
    return Lately(conversations, judged, {name: count for name, count in unread.most_common() if count})
