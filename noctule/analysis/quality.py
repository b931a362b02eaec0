"""Six marks for an answer, 0 to 1, and their weighted mean. They are estimates from form and echo, not from knowledge:
accuracy stays in the middle unless the user or the assistant says that something was wrong.
"""

import re

from noctule.analysis import phrases
from noctule.analysis.dialogue import Heard, Reply, likeness

WEIGHTS = {
    "relevance": 0.25,
    "completeness": 0.25,
    "clarity": 0.2,
    "accuracy": 0.15,
    "conciseness": 0.1,
    "tone_match": 0.05,
}
FAILING = 0.35
_SENTENCE = re.compile(r"[.!?\n]+")


def quality_of(reply: Reply, asked: Heard | None, after: Heard | None) -> dict[str, float]:
    """The six, and `overall`."""
    rejected = after is not None and bool(after.signs & {"no", "corrects", "again", "why"})
    taken = after is not None and bool(after.signs & {"thanks", "glad"}) and not rejected
    echo = likeness(reply.words, asked.words) if asked else 0.0
    marks = {
        "relevance": 0.55 + 1.2 * min(echo, 0.25) + 0.15 * taken - 0.3 * rejected - 0.2 * (reply.likeness > 0.85),
        "completeness": 0.55 + 0.3 * reply.done + 0.1 * reply.informs + 0.15 * taken - 0.35 * reply.unable - 0.2 * rejected - 0.1 * reply.hands_over,
        "clarity": 0.9 - 0.02 * max(0.0, _words_a_sentence(reply) - 18) - 0.2 * (after is not None and "what do you mean" in after.text.lower()),
        "accuracy": 0.7 + 0.1 * taken - 0.35 * (after is not None and phrases.CORRECTS.search(after.small) is not None and "no" in after.signs),
        "conciseness": 1.0 - max(0, reply.length - 60) / 200 - 0.3 * (reply.likeness > 0.85),
        "tone_match": 0.8 - 0.4 * (asked is not None and asked.feeling < -0.4 and not reply.sorry and "!" in reply.text) + 0.1 * reply.sorry,
    }  # fmt: skip
    marks = {name: round(max(0.0, min(1.0, mark)), 3) for name, mark in marks.items()}
    return marks | {"overall": round(sum(marks[name] * weight for name, weight in WEIGHTS.items()), 3)}


def _words_a_sentence(reply: Reply) -> float:
    return reply.length / max(1, sum(1 for part in _SENTENCE.split(reply.text) if part.strip()))
