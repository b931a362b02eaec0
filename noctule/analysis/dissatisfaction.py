"""How likely a turn shows an unhappy user, and how likely the user ended unhappy: from the course of the dialogue.

The weights are round numbers set by judgement and looked at on the development sets, not fitted to them: the sets with
ratings of single turns may not be used for anything that ships. docs/models/sentiment.md has the figures.
"""

from math import exp

from noctule.analysis.dialogue import Dialogue, Heard

_TURN_BASE = -2.9
_TURN = {
    "no": 1.6, "corrects": 0.7, "again": 0.5, "why": 0.7, "other": 0.6, "dislikes": 1.0, "thanks": -0.7, "glad": -0.5,
    "not_now": 0.2, "angry": 1.2,
}  # fmt: skip
_WORDS = {
    "no": "opens with a no", "corrects": "corrects the assistant", "again": "says it again", "why": "asks why", "other": "asks for something else",
    "dislikes": "does not want it", "angry": "uses words of anger",
}  # fmt: skip
_ENDED_BASE = -0.2
_ENDED_SPREAD = 2.0
_EXCUSES, _FEW = 2.8, 3  # one excuse alone makes nobody unhappy: among few answers it weighs less


def turn_logit(heard: Heard) -> float:
    before = heard.before
    value = _TURN_BASE + sum(_TURN[name] for name in heard.signs)
    value += 1.6 * max(0.0, -heard.feeling) - 2.2 * max(0.0, heard.feeling)
    value += 0.8 * heard.repeats + 0.7 * heard.shouts + 0.5 * heard.presses - 0.2 * ("?" in heard.text)
    value += 0.4 * min(heard.place, 30) / 30 - 1.2 * heard.first
    if before:
        value += 0.4 * before.sorry + 0.5 * before.unable - 0.4 * before.done
        value += 0.7 * before.likeness + 0.5 * min(before.length, 60) / 60
    return value


def turn_probability(heard: Heard) -> float:
    return round(_logistic(turn_logit(heard)), 4)


def ended_unhappy(dialogue: Dialogue, unresolved: float) -> float | None:
    """`unresolved` is the logit of the outcome. None when the user said nothing."""
    heard, replies = dialogue.heard, dialogue.replies
    if not heard:
        return None
    many = len(heard)
    excuses = sum(1 for reply in replies if reply.sorry or reply.unable) / (len(replies) + _FEW)
    value = 0.5 * sum(turn_logit(one) for one in heard) / many + _EXCUSES * excuses + 0.1 * unresolved
    value += 0.8 * min(3, sum("angry" in one.signs for one in heard)) + 0.5 * min(
        3, sum("why" in one.signs for one in heard)
    )
    value += 0.5 * min(3, sum(one.shouts + one.presses for one in heard))
    value -= 2.0 * sum("thanks" in one.signs for one in heard) / many
    value -= 1.5 * sum(max(0.0, one.feeling) for one in heard) / many
    value -= 0.8 * sum("please" in one.text.lower() for one in heard) / many
    value += 1.0 * sum(one.repeats for one in heard) / many
    value += 0.5 * sum(one.before.likeness for one in heard if one.before) / many
    return round(_logistic((value - _ENDED_BASE) * _ENDED_SPREAD), 4)


def reason_of(heard: Heard) -> str:
    """What made a turn look unhappy, in a few words."""
    said = [_WORDS[name] for name in _WORDS if name in heard.signs]
    if heard.feeling < -0.2:
        said.append("sounds negative")
    if heard.repeats > 0.5:
        said.append("repeats himself or herself")
    if heard.before and heard.before.unable:
        said.append("follows an answer that could not help")
    return "The user " + ", ".join(said[:3]) + "." if said else "From the course of the conversation."


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, value))))
