"""What the assistant did in a turn: one of nine, with how sure we are. Weak ones are hints, not verdicts.

`hallucinating` needs facts that we do not have: offline it is only said when the user denies the answer and the assistant
takes it back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from math import log1p
from typing import Literal, get_args

from noctule.analysis.dialogue import Heard, Reply, content_words, likeness
from noctule.analysis.manners import AGREES, CANNED, CONSENTS, DENIES, DODGES, FLATTERS, LOGS, SENDS_ON, TAKES_BACK
from noctule.analysis.outcome import is_missed
from noctule.analysis.tokens import sentences_of

Behavior = Literal[
    "helpful", "yes_man", "dodging", "over_apologizing", "hallucinating", "redirecting", "verbose", "robotic", "other",
]  # fmt: skip

BEHAVIORS: tuple[Behavior, ...] = get_args(Behavior)
_APOLOGY = re.compile(r"\b(?:sorry|apolog\w+|forgive|regret\w*|my (?:bad|mistake|fault)|pardon)\b", re.IGNORECASE)
_REQUEST = re.compile(
    r"^\W*(?:please|can you|could you|i (?:want|need|would like)|book|find|show|give|tell)\b", re.IGNORECASE
)
_QUESTION = re.compile(r"^\W*(?:what|when|where|who|how|which|why|is|are|do|does|did|can|could|may|have|has|will|would you)\b.*\?\W*$", re.IGNORECASE)  # fmt: skip
_ANSWERS = re.compile(r"\d|^\W*(?:yes|no)\b|^\W*[\w'-]+(?: [\w'-]+){2,}", re.IGNORECASE)
_STEP = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*•]|```)\s*\S", re.MULTILINE)
_EXPLAIN = re.compile(r"\b(?:how (?:do|does|can|to|would|should)|explain|describe|compare|difference|summar\w+|tell me (?:more )?about|overview|walk me through|write|draft)\b")  # fmt: skip
_READ = 4000  # characters
_LONG = 100  # words; what is needed is longer only when much was asked
_FEW = 25  # words of a form of words
_SHORT = 18  # words in which one can agree and say nothing else


@dataclass(frozen=True, slots=True)
class Judged:
    value: Behavior
    confidence: float
    reason: str


def behavior_of(reply: Reply, asked: Heard | None, after: Heard | None = None) -> Judged:
    """`asked` is the user's turn before it, `after` the one behind it. The first, most telling sign decides."""
    signs = chain(
        _manners(reply, asked), _missed(reply, after), _evasions(reply), _forms(reply, asked), _service(reply, asked)
    )
    return next(signs, Judged("other", 0.4, "No sign of any of the eight."))


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


def _manners(reply: Reply, asked: Heard | None) -> Iterator[Judged]:
    text = reply.small[:_READ]
    denied = asked is not None and DENIES.search(asked.small) is not None
    apologies = len(_APOLOGY.findall(text))
    if asked is not None and reply.length < 60 and TAKES_BACK.search(text):
        if denied:
            yield Judged("hallucinating", 0.55, "The user denied an answer and the assistant took it back.")
        elif not asked.first and apologies < 3:
            yield Judged("hallucinating", 0.5, "The assistant took an answer back.")
    if apologies >= 2 or (apologies and reply.length < 9 and not reply.unable):
        times = "once" if apologies == 1 else f"{apologies} times"
        yield Judged("over_apologizing", min(0.9, 0.45 + 0.2 * apologies), f"Says sorry {times}, and little else.")
    if (denied or reply.length < 30) and not reply.unable and AGREES.search(text):
        yield Judged("yes_man", 0.6 if denied else 0.5, "Agrees before anything else.")
    if asked is not None and _only_agrees(reply, asked):
        yield Judged("yes_man", 0.5, "Agrees and says nothing else.")


def _only_agrees(reply: Reply, asked: Heard) -> bool:
    """With what somebody holds; to do as one is asked is no flattery."""
    if reply.length > _SHORT or reply.asks or reply.done or reply.closes or re.search(r"\d", reply.text):
        return False
    if asked.length < 4 or _REQUEST.search(asked.text) or _QUESTION.search(asked.text):
        return False
    return FLATTERS.search(reply.small) is not None or CONSENTS.search(reply.text) is not None


def _missed(reply: Reply, after: Heard | None) -> Iterator[Judged]:
    if is_missed(reply, after):
        yield Judged("dodging", 0.6, "The user says that it was no answer.")


def _evasions(reply: Reply) -> Iterator[Judged]:
    if reply.length < _FEW and LOGS.search(reply.small[:_READ]):
        yield Judged("robotic", 0.5, "Writes it down, and does nothing.")
    if reply.done:
        return
    if reply.length < 40 and SENDS_ON.search(reply.small[:_READ]):
        yield Judged("redirecting", 0.7, "Sends the user elsewhere.")
    if reply.length < 45 and DODGES.search(reply.small[:_READ]):
        yield Judged("dodging", 0.6, "Answers around the question.")


def _forms(reply: Reply, asked: Heard | None) -> Iterator[Judged]:
    words = asked.length if asked else 0
    if reply.length > _LONG and reply.length > 6 * words and not (asked and _needs_length(reply, asked)):
        why = f"{reply.length} words, where {words} had been asked."
        yield Judged("verbose", min(0.9, 0.4 + reply.length / 600), why)
    if reply.says_again:
        yield Judged("robotic", 0.65, "Says again what it had said before.")
    if not reply.done and reply.length < _FEW and CANNED.search(reply.small[:_READ]):
        yield Judged("robotic", 0.5, "A form of words, not an answer.")


def _needs_length(reply: Reply, asked: Heard) -> bool:
    """Steps, a list or code; or the user wants something explained."""
    return len(_STEP.findall(reply.text)) > 1 or (reply.length < 2 * _LONG and _EXPLAIN.search(asked.small) is not None)


def _service(reply: Reply, asked: Heard | None) -> Iterator[Judged]:
    if reply.done:
        yield Judged("helpful", 0.7, "Does what was asked.")
    if reply.informs:
        yield Judged("helpful", 0.6, "Gives an answer.")
    if reply.asks:
        yield Judged("helpful", 0.45, "Asks for what it needs.")
    if asked is not None and asked.text.endswith("?") and not reply.closes and _ANSWERS.search(reply.text):
        yield Judged("helpful", 0.45, "Gives a short answer.")
