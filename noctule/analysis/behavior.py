"""What the assistant did in a turn: one of nine, with how sure we are. Weak ones are hints, not verdicts.

`hallucinating` needs facts that we do not have: it is told by how it sounds, and most surely where an answer is taken back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import log1p
from typing import Literal, get_args

from noctule.analysis import learnt
from noctule.analysis.dialogue import Heard, Reply, content_words, likeness
from noctule.analysis.outcome import is_missed
from noctule.analysis.tokens import sentences_of

Behavior = Literal[
    "helpful", "yes_man", "dodging", "over_apologizing", "hallucinating", "redirecting", "verbose", "robotic", "other",
]  # fmt: skip

BEHAVIORS: tuple[Behavior, ...] = get_args(Behavior)
_APOLOGY = re.compile(r"\b(?:sorry|apolog\w+|forgive|regret\w*|my (?:bad|mistake|fault)|pardon)\b", re.IGNORECASE)
_STEP = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*•]|```)\s*\S", re.MULTILINE)
_EXPLAIN = re.compile(r"\b(?:how (?:do|does|can|to|would|should)|explain|describe|compare|difference|summar\w+|tell me (?:more )?about|overview|walk me through|write|draft)\b")  # fmt: skip
_SUREST = 0.99
_SURE = 0.4  # whose likeliest manner is less likely is accused of none of them
_BLAMELESS: tuple[Behavior, ...] = ("helpful", "other")
_LONG = 100  # words; what is needed is longer only when much was asked
_SIMPLY: dict[Behavior, str] = {
    "helpful": "Answers, does it, or asks for what it needs.",
    "yes_man": "Agrees instead of answering.",
    "dodging": "Answers around the question.",
    "over_apologizing": "Says sorry, and little else.",
    "hallucinating": "Claims what it cannot know, or takes back what it had said.",
    "redirecting": "Sends the user elsewhere.",
    "verbose": "Says far more than was asked.",
    "robotic": "A form of words, not an answer.",
    "other": "Greets, closes or takes note: nothing to judge.",
}


@dataclass(frozen=True, slots=True)
class Judged:
    value: Behavior
    confidence: float
    reason: str


def behavior_of(reply: Reply, asked: Heard | None, after: Heard | None = None) -> Judged:
    """`asked` is the user's turn before it, `after` the one behind it. What can be counted decides, or else the net."""
    return next(_counted(reply, asked, after), None) or _heard(reply, asked)


def _heard(reply: Reply, asked: Heard | None) -> Judged:
    before, said = (asked.text if asked else "")[: learnt.READ], reply.text[: learnt.READ]
    chances = zip(learnt.model().behaviors(before, said, form_of(before, said)), BEHAVIORS, strict=True)
    likely = sorted((one for one in chances if one[1] != "verbose"), reverse=True)  # how long it is, is counted
    chance, value = next(one for one in likely if one[0] >= _SURE or one[1] in _BLAMELESS)
    return Judged(value, round(min(chance, _SUREST), 2), _SIMPLY[value])


def form_of(asked: str, said: str) -> list[float]:
    """What can be counted of a message and its answer."""
    about, words = content_words(asked), content_words(said)
    return [
        log1p(len(said.split())) / 5,
        log1p(len(asked.split())) / 5,
        min(3, len(_APOLOGY.findall(said))) / 3,
        float(any(letter.isdigit() for letter in said)),
        float(said.rstrip().endswith("?")),
        float("?" in asked),
        likeness(about, words),
        len(about & words) / max(1, len(about)),
        min(20, len(list(sentences_of(said)))) / 10,
    ]


def _counted(reply: Reply, asked: Heard | None, after: Heard | None) -> Iterator[Judged]:
    apologies = len(_APOLOGY.findall(reply.small[: learnt.READ]))
    if apologies >= 2 or (apologies and reply.length < 9 and not reply.unable):
        times = "once" if apologies == 1 else f"{apologies} times"
        yield Judged("over_apologizing", min(0.9, 0.45 + 0.2 * apologies), f"Says sorry {times}, and little else.")
    if is_missed(reply, after):
        yield Judged("dodging", 0.6, "The user says that it was no answer.")
    words = asked.length if asked else 0
    if reply.length > _LONG and reply.length > 6 * words and not (asked and _needs_length(reply, asked)):
        why = f"{reply.length} words, where {words} had been asked."
        yield Judged("verbose", min(0.9, 0.4 + reply.length / 600), why)
    if reply.says_again:
        yield Judged("robotic", 0.65, "Says again what it had said before.")


def _needs_length(reply: Reply, asked: Heard) -> bool:
    """Steps, a list or code; or the user wants something explained."""
    return len(_STEP.findall(reply.text)) > 1 or (reply.length < 2 * _LONG and _EXPLAIN.search(asked.small) is not None)
