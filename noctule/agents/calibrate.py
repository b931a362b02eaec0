"""How sure an agent must be before it answers, found out without anybody's help after each training.

Questions are made of sentences of the sources, every second word of them that says something. Each is asked twice: as things are, and with its own section
hidden, when there should be no answer. From both follows what any bound would do: how many questions that the sources
answer would be answered (coverage), and how many of the answers would be to questions without one (risk).
"""

from collections.abc import Sequence
from re import findall
from statistics import median
from uuid import UUID

from noctule import chatbots, knowledge
from noctule.agents.look import look_twice
from noctule.agents.store import agents as store
from noctule.agents.wording import about
from noctule.base.db import Database
from noctule.base.embed import Embedder
from noctule.base.jobs import Handler, Job
from noctule.chatbots import COVERAGE, ChatbotId, agent_in
from noctule.knowledge import Found

HANDLER = "calibrate_agent"
_QUESTIONS = 24
_ENOUGH = 6  # fewer questions say nothing
_MOST_HIDDEN = 0.8  # of the questions without an answer
_WAY = 0.4  # people word their questions more freely than sources do
_LOWEST, _HIGHEST = 0.65, 1.3  # what has nothing to do with each other comes to 0.5 or 0.6 by itself
_STEPS = 20


def calibration_job(embedder: Embedder) -> Handler:
    async def calibrate(database: Database, job: Job) -> None:
        chatbot_id = ChatbotId(UUID(job.args["chatbot_id"]))
        async with database.transaction() as db:
            chatbot = await chatbots.chatbot_anywhere(db, chatbot_id)
            passages = await knowledge.passages_among(db, chatbot_id, most=_QUESTIONS)
        if chatbot is None:
            return
        there, hidden, version, bound = list[float](), list[float](), 0, bound_by_words
        for passage in passages:
            if question := question_of(passage):
                section = passage.source_id, passage.heading
                view, without = await look_twice(database, embedder, chatbot_id, question=question, hidden=section)
                there.append(view.trust)
                hidden.append(without.trust)
                version = view.version
                if any(one.cosine is not None for one in view.looked):
                    bound = bound_by_meaning
        wanted = agent_in(chatbot.settings).coverage or COVERAGE
        curve = curve_of(there, hidden)
        async with database.transaction() as db:
            if await chatbots.chatbot_anywhere(db, chatbot_id) is not None:
                await store.keep_calibration(
                    db,
                    chatbot_id,
                    threshold=bound(there, hidden, wanted),
                    curve=curve,
                    questions=len(there),
                    version=version,
                )

    return calibrate


def question_of(passage: Found) -> str | None:
    """As a visitor might ask for it: the title of an answer, or half of what the longest sentence is about."""
    if passage.kind == "qna" and passage.title:
        return passage.title
    sentences = [passage.text[begins:ends] for begins, ends in knowledge.sentences(passage.text)]
    words = _subject(max(sentences, key=len, default=""))[::2]
    return " ".join(words) if len(words) > 1 else None


def curve_of(there: Sequence[float], hidden: Sequence[float]) -> list[dict[str, float]]:
    """Coverage and risk at even steps between the lowest and the highest trust."""
    if not there:
        return []
    low, high = min([*there, *hidden]), max([*there, *hidden])
    curve: list[dict[str, float]] = []
    for step in range(_STEPS + 1):
        threshold = low + (high - low) * step / _STEPS
        right = sum(one >= threshold for one in there)
        wrong = sum(one >= threshold for one in hidden)
        risk = wrong / (right + wrong) if right + wrong else 0.0
        curve.append(
            {"threshold": round(threshold, 4), "coverage": round(right / len(there), 4), "risk": round(risk, 4)}
        )
    return curve


def bound_by_meaning(there: Sequence[float], hidden: Sequence[float], wanted: float) -> float | None:
    """Half way from the middle of the questions without an answer to what as many as wanted of those with one reach."""
    return _within(_between(there, hidden, wanted, way=0.5)) if len(there) >= _ENOUGH else None


def bound_by_words(there: Sequence[float], hidden: Sequence[float], wanted: float) -> float | None:
    """Where there are no vectors, our own questions, made of the very words, are found far too well: so less of that way, and
    the mean of it with what most questions without an answer stay below.
    """
    if len(there) < _ENOUGH:
        return None
    rising = sorted(hidden)
    below = rising[min(len(rising) - 1, round(_MOST_HIDDEN * len(rising)))]
    return _within((below + _between(there, hidden, wanted, way=_WAY)) / 2)


def _between(there: Sequence[float], hidden: Sequence[float], wanted: float, *, way: float) -> float:
    reached = sorted(there, reverse=True)[min(len(there) - 1, round(wanted * len(there)) - 1)]
    return median(hidden) + way * max(0.0, reached - median(hidden))


def _within(value: float) -> float:
    return round(min(_HIGHEST, max(_LOWEST, value)), 4)


def _subject(text: str) -> list[str]:
    return list(about(dict.fromkeys(findall(r"\w{3,}", text.lower()), 1.0)))
