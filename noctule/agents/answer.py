"""A question in, an answer out: the words of a source that answer it, exactly and with where they stand, or a refusal.

No model writes here, so nothing that stands in a source can make an agent say something else than what stands in a source.
"""

from collections.abc import Iterator, Sequence
from re import finditer
from time import perf_counter

from noctule.agents.look import View, look
from noctule.agents.models import Quote, Reply, Said
from noctule.agents.quoting import LOOKED_INTO, quotes, share
from noctule.agents.store.agents import calibration
from noctule.agents.trust import UNCALIBRATED, confidence
from noctule.agents.wording import greets, leans_back, thanks
from noctule.base.db import Database
from noctule.base.embed import Embedder
from noctule.chatbots import REFUSAL, Chatbot, agent_in

LONGEST_QUESTION = 2000  # characters that are searched for
_WELCOME = "Hello! What would you like to know?"
_YOU_ARE_WELCOME = "You are welcome!"


async def answer(
    database: Database, embedder: Embedder, chatbot: Chatbot, question: str, *, earlier: Sequence[Said] = ()
) -> Reply:
    began = perf_counter()
    async with database.transaction() as db:
        known = await calibration(db, chatbot.id)
    threshold = known.threshold if known and known.threshold is not None else UNCALIBRATED
    asked = question.strip()[:LONGEST_QUESTION]
    if civil := _civil(chatbot, asked):
        return Reply(
            civil, answered=True, confidence=1.0, trust=1.0, threshold=round(threshold, 4), quotes=[], looked=[], asked=asked,
            searched="", version=0, milliseconds=0,
        )  # fmt: skip
    searched, view = await _look(database, embedder, chatbot, asked=asked, earlier=earlier)
    answered = bool(view.looked) and view.trust >= threshold
    found = quotes(view.looked) if answered else []
    return Reply(
        text=_said(found) if answered else agent_in(chatbot.settings).refusal or REFUSAL,
        answered=answered,
        confidence=round(confidence(view.trust, threshold), 4) if view.looked else 0.0,
        trust=round(view.trust, 4),
        threshold=round(threshold, 4),
        quotes=found,
        looked=view.looked,
        asked=asked,
        searched=searched,
        version=view.version,
        milliseconds=round((perf_counter() - began) * 1000),
    )


def _civil(chatbot: Chatbot, asked: str) -> str | None:
    """What is said to somebody who only greets or thanks."""
    if greets(asked):
        first = agent_in(chatbot.settings).initial_messages
        return first[0] if first and first[0].strip() else _WELCOME
    return _YOU_ARE_WELCOME if thanks(asked) else None


def words_of(text: str) -> Iterator[str]:
    """A text word by word, each with the space behind it: joined they are the text again."""
    for match in finditer(r"\s*\S+\s*", text):
        yield match[0]


async def _look(
    database: Database, embedder: Embedder, chatbot: Chatbot, *, asked: str, earlier: Sequence[Said]
) -> tuple[str, View]:
    """A question that leans on the one before is looked up together with it, unless it is about something else."""
    view = await look(database, embedder, chatbot.id, asked)
    before = _standing(earlier)
    if before is None or not leans_back(asked, list(view.subject)):
        return asked, view
    searched = f"{before} {asked}"[:LONGEST_QUESTION]
    wide = await look(database, embedder, chatbot.id, searched)
    there = " ".join(one.passage.text for one in wide.looked[:LOOKED_INTO])
    strange = (
        bool(view.subject) and bool(wide.looked) and not share(view.subject, there, wide.looked[0].passage.language)
    )
    return (asked, view) if strange else (searched, wide)


def _standing(earlier: Sequence[Said]) -> str | None:
    """The last question that can be understood alone, else the last one."""
    questions = [one.content for one in reversed(earlier) if one.role == "user"]
    alone = (one for one in questions if not leans_back(one, one.lower().split()))
    return next(alone, questions[0] if questions else None)


def _said(quotes: Sequence[Quote]) -> str:
    return "\n\n".join(one.text for one in quotes)
