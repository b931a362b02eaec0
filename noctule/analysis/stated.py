"""What the caller of a conversation says about how it went counts before what we judge, until a person corrects it."""

from dataclasses import replace
from typing import Any

from noctule.analysis.models import ConversationJudgement

JUDGE = "caller"
# The middle of each band of `label`, so that a word comes back as the same word.
_SCORES = {"very positive": 0.8, "positive": 0.4, "neutral": 0.0, "mixed": 0.0, "negative": -0.4, "very negative": -0.8}


def with_stated(judgement: ConversationJudgement, stated: dict[str, Any]) -> ConversationJudgement:
    """The same judgement, where the caller's word takes the place of ours."""
    said = {
        "sentiment": score_of(stated.get("sentiment")),
        "language": _language(stated.get("language")),
        "intent": stated.get("category"),
        "escalated": stated.get("escalated"),
        "unanswered": stated.get("unanswered"),
    }
    known = {name: value for name, value in said.items() if value is not None}
    if not known:
        return judgement
    reason = f"As stated by the caller: {', '.join(sorted(known))}. {judgement.reason}".strip()
    judged_by = JUDGE if "sentiment" in known else judgement.judged_by
    return replace(judgement, **known, judged_by=judged_by, by_caller=sorted(known), reason=reason)


def _language(code: object) -> str | None:
    """`DE` and `de-AT` are German: as we write it ourselves, so that both are counted together."""
    return code.replace("_", "-").split("-")[0].lower() if isinstance(code, str) else None


def score_of(sentiment: object) -> float | None:
    """A word for a feeling, or a number from −1 to 1 written as text; None for a word that says nothing to us."""
    if not isinstance(sentiment, str):
        return None
    word = sentiment.strip().lower().replace("_", " ")
    if word in _SCORES:
        return _SCORES[word]
    try:
        score = float(word)
    except ValueError:
        return None
    return score if -1 <= score <= 1 else None
