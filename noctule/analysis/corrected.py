"""What a person says of a conversation counts before what its caller says and what we judge, until it is taken back."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from noctule.analysis.models import ConversationJudgement, Correction
from noctule.analysis.stated import score_of

FLAG = "flags."


def with_corrected(judgement: ConversationJudgement, corrections: Iterable[Correction]) -> ConversationJudgement:
    """The same judgement, where a person's word takes the place of others'; `by_human` keeps what these said."""
    judged = without_corrected(judgement)
    changes: dict[str, Any] = {}
    flags = list(judged.flags)
    said: dict[str, Any] = {}
    for one in corrections:
        if one.signal.startswith(FLAG):
            name = one.signal.removeprefix(FLAG)
            said[one.signal] = next((flag for flag in judged.flags if flag["name"] == name), None)
            flags = [flag for flag in flags if flag["name"] != name]
            flags += [{"name": name, "confidence": 1.0, "reason": "A person says so."}] if one.value else []
        else:
            said[one.signal] = getattr(judged, one.signal)
            changes[one.signal] = score_of(one.value) if one.signal == "sentiment" else one.value
    return replace(judged, **changes, flags=flags, by_human=said)


def without_corrected(judgement: ConversationJudgement) -> ConversationJudgement:
    """As the analysers and the caller have it."""
    plain = {signal: value for signal, value in judgement.by_human.items() if not signal.startswith(FLAG)}
    flags = [flag for flag in judgement.flags if f"{FLAG}{flag['name']}" not in judgement.by_human]
    flags += [flag for signal, flag in judgement.by_human.items() if signal.startswith(FLAG) and flag]
    return replace(judgement, **plain, flags=flags, by_human={})
