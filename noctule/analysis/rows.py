"""From a judged value to the rows that are stored."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from noctule.analysis.flags import Flag
from noctule.analysis.models import ConversationJudgement, MessageJudgement
from noctule.analysis.pipeline import JUDGE, Work
from noctule.conversations import Due, Message


def conversation_row(work: Work, due: Due, *, final: bool, now: datetime) -> ConversationJudgement:
    ending = work.ending
    return ConversationJudgement(
        conversation_id=due.id,
        status="done",
        final=final,
        judged_by=JUDGE,
        judged_at=now,
        messages_judged=len(work.messages),
        revision=due.revision,
        language=work.language.code if work.language else None,
        language_confidence=work.language.confidence if work.language else None,
        sentiment=work.sentiment,
        reason=work.reason,
        intent=work.intent,
        intent_confidence=work.intent_confidence,
        dissatisfaction=work.dissatisfaction,
        outcome=ending.outcome if ending else None,
        outcome_reason=ending.reason if ending else None,
        unresolved_probability=ending.unresolved if ending else None,
        escalated=ending.escalated if ending else None,
        unanswered=ending.unanswered if ending else None,
        flags=_flags(work.flags),
        title=work.title,
        summary=work.summary,
        switched_off=work.switched_off,
    )


def message_rows(work: Work) -> Iterator[MessageJudgement]:
    """Only of messages of which something is said."""
    for message in work.messages:
        row = MessageJudgement(message.conversation_id, message.id, message.said_at, JUDGE, None, [])
        said = _of_user(work, message, row) if message.role == "user" else _of_assistant(work, message, row)
        if said != row:
            yield said


def _of_user(work: Work, message: Message, row: MessageJudgement) -> MessageJudgement:
    return replace(
        row,
        sentiment=work.feelings.get(message.id),
        chunks=[asdict(chunk) for chunk in work.chunks.get(message.id, [])],
        dissatisfaction=work.dissatisfied.get(message.id),
        flags=_flags(work.flagged.get(message.id, [])),
    )


def _of_assistant(work: Work, message: Message, row: MessageJudgement) -> MessageJudgement:
    answer = work.answers.get(message.id)
    if answer is None:
        return row
    judged = answer.behavior
    return replace(
        row,
        behavior=judged.value if judged else None,
        behavior_confidence=judged.confidence if judged else None,
        behavior_reason=judged.reason if judged else None,
        outcome=answer.outcome,
        quality=answer.quality,
    )


def _flags(flags: Sequence[Flag]) -> list[dict[str, Any]]:
    return [{"name": flag.name, "confidence": flag.confidence, "reason": flag.reason} for flag in flags]
