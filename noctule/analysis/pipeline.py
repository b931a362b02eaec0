"""How a conversation is judged: a list of small steps over one value, each timed by its name. Pure; no database.

A step may stop the rest with `Skipped`, which carries the reason that people will read.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from time import perf_counter

from prometheus_client import Histogram

from noctule.analysis import sentiment
from noctule.analysis.models import Chunk, label
from noctule.base.language import Language, detect
from noctule.conversations import Message

_seconds = Histogram("noctule_analysis_step_seconds", "Seconds of one step for one conversation.", ["step"])


class Skipped(Exception):
    """There is nothing (more) to judge; the text says why."""


@dataclass
class Work:
    """A conversation on its way through the steps."""

    messages: Sequence[Message]
    user_analysis: bool = True
    spoken: list[Message] = field(default_factory=list[Message])  # the user's messages
    language: Language | None = None
    chunks: dict[Message, list[Chunk]] = field(default_factory=dict[Message, list[Chunk]])
    sentiment: float | None = None
    reason: str = ""


def pick_user_messages(work: Work) -> None:
    if not work.user_analysis:
        raise Skipped("The analysis of user messages is switched off for this chatbot.")
    work.spoken = [message for message in work.messages if message.role == "user"]
    if not work.spoken:
        raise Skipped("The user has not said anything.")


def detect_language(work: Work) -> None:
    work.language = detect("\n".join(message.content for message in work.spoken))
    if work.language is None:
        raise Skipped("The language could not be told from so few words, so sentiment is not judged.")
    if work.language.code not in sentiment.LANGUAGES:
        raise Skipped(f"Sentiment in this language ({work.language.code}) is not supported offline.")


def judge_sentiment(work: Work) -> None:
    for message in work.spoken:
        work.chunks[message] = sentiment.chunks_of(message.content)
    scores = [sentiment.score_of(chunks) for chunks in work.chunks.values()]
    work.sentiment = round(sum(scores) / len(scores), 4)
    felt = sum(1 for chunks in work.chunks.values() if chunks)
    work.reason = f"{label(work.sentiment)}: {felt} of {len(scores)} user messages hold words of feeling."


STEPS: Sequence[Callable[[Work], None]] = (pick_user_messages, detect_language, judge_sentiment)


def judge(work: Work) -> Work:
    """The same value, judged as far as it can be."""
    for step in STEPS:
        started = perf_counter()
        try:
            step(work)
        except Skipped as skipped:
            work.reason = str(skipped)
            break
        finally:
            _seconds.labels(step.__name__).observe(perf_counter() - started)
    return work


def chunk_rows(chunks: Sequence[Chunk]) -> list[dict[str, object]]:
    return [asdict(chunk) for chunk in chunks]
