"""How it went: the outcome of each answer, and how likely the conversation left its matter unresolved.

Resolution is not feeling. What counts is what the assistant last achieved or failed at, goodbyes left aside, and whether
the user took it, asked again, or walked away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Literal

from noctule.analysis import phrases
from noctule.analysis.dialogue import Dialogue, Heard, Reply

Outcome = Literal["fully_resolved", "partially_resolved", "deflected", "capability_failure", "incorrect", "other"]
_LATEST = (1.0, 0.7, 0.45)  # what the last three answers weigh
_LOOK_BACK = 6
_SHIFT = -1.0
_GREETING = 3  # words


@dataclass(frozen=True, slots=True)
class Ending:
    outcome: Outcome | None  # None when the assistant has said nothing
    unresolved: float | None  # probability
    logit: float
    escalated: bool
    unanswered: bool
    reason: str


def outcomes(dialogue: Dialogue) -> list[Outcome]:
    """Of each answer, judged by itself and by what the user says to it."""
    found: list[Outcome] = []
    turns = dialogue.turns
    for place, turn in enumerate(turns):
        if isinstance(turn, Reply):
            after = turns[place + 1] if place + 1 < len(turns) else None
            found.append(_outcome(turn, after if isinstance(after, Heard) else None))
    return found


def ending(dialogue: Dialogue, judged: list[Outcome], *, wants_person: bool) -> Ending | None:
    """None when nobody has said anything. Where the assistant has not, nothing came of it, and that is all that is known."""
    if not dialogue.heard:
        return None
    if not dialogue.replies:
        return Ending(None, None, 0.0, wants_person, _asks_something(dialogue.heard), "The assistant has said nothing.")
    substance = [reply for reply in dialogue.replies if not reply.closes]
    logit = _unresolved(dialogue, substance)
    chance = 1 / (1 + exp(-(logit + _SHIFT)))
    told: list[Outcome] = [one for one in judged if one != "other"]
    last: Outcome = told[-1] if told else "other"
    withdrawn = _withdrawn(dialogue)
    if _settled(dialogue):
        last = "fully_resolved"
    elif last == "fully_resolved" and (withdrawn or chance > 0.6):
        last = "partially_resolved"
    return Ending(
        outcome=last,
        unresolved=round(chance, 4),
        logit=logit,
        escalated=wants_person or any(reply.hands_over for reply in dialogue.replies),
        unanswered=_unanswered(dialogue, substance),
        reason=_reason(substance, withdrawn=withdrawn),
    )


def _outcome(reply: Reply, after: Heard | None) -> Outcome:
    if reply.hands_over or is_missed(reply, after):
        return "deflected"
    if reply.unable:
        return "capability_failure"
    if after is not None and not after.settled and _fails(reply, after):
        return "capability_failure"
    if not (reply.done or reply.informs):
        return "other"
    if after is None or after.settled or not after.signs & {"no", "corrects", "again"} or "thanks" in after.signs:
        return "fully_resolved"
    wrong = "corrects" in after.signs and after.feeling < -0.2
    return "incorrect" if wrong and not reply.done else "partially_resolved"


def is_missed(reply: Reply, after: Heard | None) -> bool:
    """The user says that it was no answer."""
    return after is not None and reply.informs and phrases.NO_ANSWER.search(after.small) is not None


def _fails(reply: Reply, after: Heard) -> bool:
    """The same words again, or an answer that makes somebody angry."""
    return not (reply.done or reply.asks) and (reply.says_again or ("angry" in after.signs and reply.informs))


def _unresolved(dialogue: Dialogue, substance: list[Reply]) -> float:
    latest = substance[::-1][:_LOOK_BACK]
    value = 0.0
    for place, reply in enumerate(latest):
        if reply.unable or reply.done:
            value += (1.6 if reply.unable else -2.2) / (1 + 0.15 * place)
            break
    for reply, weight in zip(latest, _LATEST, strict=False):
        value += weight * (
            0.5 * reply.unable - 0.5 * reply.done + 0.2 * reply.sorry + 0.1 * reply.informs + 0.5 * reply.hands_over
        )
    value -= 0.8 * any(reply.done for reply in substance)
    value += 0.6 * sum(reply.unable for reply in substance) / max(1, len(substance))
    value += 0.4 * bool(latest and latest[0].asks) + 0.3 * (len(dialogue.replies) < 3)
    value += 1.5 * _withdrawn(dialogue)
    value -= 0.2 * any("thanks" in one.signs for one in dialogue.heard[-2:]) + 2.0 * _settled(dialogue)
    last = dialogue.turns[-1]
    return value + 0.4 * (isinstance(last, Heard) and "?" in last.text)


def _withdrawn(dialogue: Dialogue) -> bool:
    """Only what follows an answer takes something back: who opens with "cancel that" asks for something."""
    answered = next(
        (place for place, turn in enumerate(dialogue.turns) if isinstance(turn, Reply)), len(dialogue.turns)
    )
    later = [turn for turn in dialogue.turns[answered:] if isinstance(turn, Heard)]
    return any(phrases.WITHDRAWS.search(one.small) for one in later[-5:])


def _unanswered(dialogue: Dialogue, substance: list[Reply]) -> bool:
    """The user asked something, and what came was no answer: not able, or handed on, without a word of thanks for it."""
    last = dialogue.turns[-1]
    if isinstance(last, Heard) and "?" in last.text:
        return True
    final = substance[-1] if substance else None
    content = isinstance(last, Heard) and (last.settled or "thanks" in last.signs)
    return bool(final and (final.unable or final.hands_over) and not final.done and not content)


def _asks_something(heard: Sequence[Heard]) -> bool:
    """More than a greeting."""
    return any("?" in one.text or one.length > _GREETING for one in heard)


def _settled(dialogue: Dialogue) -> bool:
    """The last thing the user says of the matter is that it works."""
    return any(one.settled for one in dialogue.heard[-2:]) and not dialogue.heard[-1].signs & {"angry", "no"}


def _reason(substance: list[Reply], *, withdrawn: bool) -> str:
    if withdrawn:
        return "The user took the matter back or went elsewhere."
    for reply in substance[::-1][:_LOOK_BACK]:
        if reply.hands_over:
            return "The assistant handed the user on."
        if reply.unable:
            return "The last decisive answer says that it could not be done."
        if reply.done:
            return "The last decisive answer says that it is done."
    return "No answer says plainly that it is done, or that it cannot be."
