"""How good a judgement is, in numbers: the definitions that `bench.quality` uses, and everybody else should."""

from collections.abc import Sequence
from math import sqrt
from typing import Any


def area(positive: Sequence[bool], scores: Sequence[float]) -> float:
    """Under the ROC curve: the chance that a positive has the higher score; ties count half."""
    ranked = sorted(zip(scores, positive, strict=True))
    total, at = 0.0, 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and ranked[end][0] == ranked[at][0]:
            end += 1
        total += (at + end + 1) / 2 * sum(1 for one in ranked[at:end] if one[1])
        at = end
    many = sum(positive)
    return (total - many * (many + 1) / 2) / (many * (len(ranked) - many))


def pearson(xs: Sequence[float], ys: Sequence[float]) -> float:
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    shared = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return shared / sqrt(sum((x - mean_x) ** 2 for x in xs) * sum((y - mean_y) ** 2 for y in ys))


def sentiment(rows: Sequence[dict[str, Any]], scores: Sequence[float]) -> float:
    """Classes: the mean of two areas, negative against the rest and positive against the rest. Scores: Pearson's r."""
    if "score" in rows[0]:
        return pearson([row["score"] for row in rows], scores)
    negative = area([row["label"] == "negative" for row in rows], [-score for score in scores])
    return (negative + area([row["label"] == "positive" for row in rows], scores)) / 2


def failed(dialogue: dict[str, Any]) -> bool | None:
    """What the user's form says of the task; None when it does not ask."""
    answers = [
        said for asked, said in dialogue["user_q"].items() if "calm and helpful" not in asked and "enjoy" not in asked
    ]
    return None if not answers else not all(answers)


def annoyed(dialogue: dict[str, Any]) -> bool | None:
    """What the other side's form says of the user."""
    return next((said for asked, said in dialogue["wizard_q"].items() if "annoyed" in asked), None)


def dissatisfied(message: dict[str, Any]) -> bool | None:
    """The mean of the human ratings is at most 2.5 of 5; None without a rating."""
    ratings = message.get("sat") if message["role"] == "user" else None
    return sum(ratings) / len(ratings) <= 2.5 if ratings else None
