"""Why the pages of a chatbot are empty, in plain words, and what to do about it."""

from dataclasses import dataclass
from typing import Literal

from noctule import analysis
from noctule.base.db import Db
from noctule.chatbots import Chatbot
from noctule.dashboard.named import language_name
from noctule.dashboard.period import PRESETS, USUAL

Verdict = Literal["ok", "note", "look"]  # a note is of what somebody chose, or of what nobody can mend
_NEARLY_ALL = 0.9
_MOST_LANGUAGES = 3
_SIDES = ("userAnalysisEnabled", "assistantAnalysisEnabled")


@dataclass(frozen=True)
class Finding:
    verdict: Verdict
    words: str


async def reasons(db: Db, chatbot: Chatbot) -> list[Finding]:
    """Of a chatbot in which something is stored."""
    days = PRESETS[USUAL]
    lately = await analysis.lately(db, chatbot, days=days)
    found: list[Finding] = []
    if chatbot.archived_at is not None:
        found.append(archived(chatbot))
    elif not lately.conversations:
        words = (
            f"all of it began more than {days} days ago, and the overview shows {days} days: choose more of them there"
        )
        found.append(Finding("look", f"{words}; its page Connect says how to send, and archives what talks no more"))
    if all(chatbot.settings.get(side) is False for side in _SIDES):
        words = "the analysis of both sides is switched off, so pages about feelings, outcomes and flags stay empty"
        remedy = f"its settings switch it on, and `noctule reanalyse --chatbot {chatbot.id}` takes it to the past"
        found.append(Finding("note", f"{words}: {remedy}"))
    unread = sum(lately.unread.values())
    if unread and unread >= lately.judged * _NEARLY_ALL:
        names = [language_name(code) for code in lately.unread]
        shown = ", ".join(names[:_MOST_LANGUAGES]) + (" and others" if len(names) > _MOST_LANGUAGES else "")
        words = (
            f"{unread:,} of {lately.judged:,} conversations judged in {days} days are in a language that is not judged"
        )
        remedy = "only titles, summaries and flags with words of your own (its settings, Analysis) come from it"
        found.append(Finding("note", f"{words} ({shown}): {remedy}"))
    return found


def archived(chatbot: Chatbot) -> Finding:
    words = f"archived since {chatbot.archived_at:%Y-%m-%d}, so nothing is taken in"
    return Finding("note", f"{words}: its page Connect restores it")
