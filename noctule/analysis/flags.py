"""What a team wants to hear of at once: six flags of user messages, and a chatbot's own.

How likely each is tells a small net (learnt.py); the clause that carries it is the reason. A team may add words, phrases and
examples to any flag, or flags of its own, in `settings.analysis.definitions.flags`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from noctule.analysis import learnt
from noctule.analysis.dialogue import Heard, content_words, likeness
from noctule.analysis.phrases import ANGRY
from noctule.chatbots import HIGHEST, FlagDefinition

SYSTEM = ("churn_risk", "frustrated_user", "buying_signal", "competitor_mention", "urgent_request", "confused_user")
_SUREST = 0.99
_ALIKE = 0.5  # how much of its words a message must share with an example


@dataclass(frozen=True, slots=True)
class Flag:
    name: str
    confidence: float
    reason: str
    own: bool = False  # by what the team wrote


@dataclass(frozen=True)
class Wanted:
    """A flag as a chatbot has it: what the team added, or made."""

    name: str
    ways: re.Pattern[str] | None
    examples: tuple[frozenset[str], ...]
    unless: re.Pattern[str] | None = None  # rules it out
    threshold: float | None = None  # how sure it must be

    def admits(self, flag: Flag, text: str) -> bool:
        return flag.confidence >= (self.threshold or 0.0) and not (self.unless and self.unless.search(text))


def flags_of(
    heard: Heard,
    chances: Mapping[str, float],
    dissatisfied: float,
    *,
    wanted: Sequence[Wanted] = (),
    off: frozenset[str] = frozenset(),
) -> list[Flag]:
    """`chances` are those that the net gives to this message."""
    text = heard.text[: learnt.READ]
    thresholds = learnt.model().thresholds | {one.name: one.threshold for one in wanted if one.threshold}
    found = {
        name: Flag(name, round(min(chances[name], _SUREST), 2), f"Says “{_short(learnt.model().carrier(text, name))}”.")
        for name in SYSTEM
        if chances[name] >= thresholds[name] and name not in off
    }
    if "frustrated_user" not in found and (frustrated := _frustrated(heard, dissatisfied)):
        found["frustrated_user"] = frustrated
    for one in wanted:
        own = _said(one, text) or (_alike(one, heard) if one.name not in found else None)
        if own:
            found[one.name] = own
        if one.name in found and not one.admits(found[one.name], text):
            del found[one.name]
    return [flag for name, flag in found.items() if name not in off]


def own_flags_of(content: str, wanted: Sequence[Wanted]) -> list[Flag]:
    """Words and phrases of a team's own are found in any language."""
    text = content[: learnt.READ].replace("’", "'")
    return [flag for one in wanted if (flag := _said(one, text)) and one.admits(flag, text)]


def _frustrated(heard: Heard, dissatisfied: float) -> Flag | None:
    small = heard.small[: learnt.READ]
    angry = ANGRY.search(small)
    if angry and heard.feeling < -0.2:
        return Flag("frustrated_user", 0.85, f"Says “{_short(angry[0])}” and sounds negative.")
    if heard.feeling < -0.45 and heard.signs & {"again", "why", "corrects"} and "sorry" not in small:
        return Flag("frustrated_user", 0.75, "Sounds very negative and presses the point.")
    if (heard.shouts or heard.presses) and dissatisfied > 0.35 and heard.feeling < 0:
        return Flag("frustrated_user", 0.65, "Raises the voice and is not content.")
    return None


def _said(one: Wanted, text: str) -> Flag | None:
    match = one.ways.search(text) if one.ways else None
    return Flag(one.name, HIGHEST, f"Says “{_short(match[0])}”, as the team wrote it.", own=True) if match else None


def _alike(one: Wanted, heard: Heard) -> Flag | None:
    near = max((likeness(heard.words, words) for words in one.examples), default=0.0)
    enough = min(_ALIKE, one.threshold or _ALIKE)
    return Flag(one.name, round(near, 2), "Is like one of its examples.", own=True) if near >= enough else None


def wanted_in(definitions: Mapping[str, FlagDefinition]) -> tuple[tuple[Wanted, ...], frozenset[str]]:
    """What a chatbot asks for beside the six, and which flags it switches off."""
    off = frozenset(name for name, one in definitions.items() if one.enabled is False)
    return tuple(_wanted(name, one) for name, one in definitions.items() if name not in off), off


def _wanted(name: str, one: FlagDefinition) -> Wanted:
    examples = tuple(content_words(text) for text in one.examples or ())
    return Wanted(
        name, _ways((one.words or ()) + (one.phrases or ())), examples, _ways(one.unless or ()), one.threshold
    )


@lru_cache(maxsize=1000)
def _ways(said: tuple[str, ...]) -> re.Pattern[str] | None:
    escaped = [re.escape(text.strip().replace("’", "'")) for text in said if text.strip()]
    return re.compile(r"(?<!\w)(?:" + "|".join(escaped) + r")(?!\w)", re.IGNORECASE) if escaped else None


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
