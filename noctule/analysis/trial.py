"""What other settings would change: the latest conversations judged twice, as things are and as they would be. Keeps nothing."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from noctule import chatbots, conversations
from noctule.analysis.models import label
from noctule.analysis.pipeline import Asked, Work, asked_in, judge
from noctule.base.db import Database, Db
from noctule.chatbots import Chatbot
from noctule.conversations import ConversationId, Message

MOST_TRIED = 20
_LOOKED_AT = 100  # the latest conversations, to find as many that are not huge
_LONGEST = 200  # messages


@dataclass(frozen=True)
class Tried:
    """One conversation; values by signal, null where it is not judged."""

    id: ConversationId
    external_id: str
    title: str | None
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def changed(self) -> list[str]:
        return [name for name, value in self.after.items() if value != self.before[name]]


async def try_settings(database: Database, chatbot: Chatbot, settings: dict[str, Any], *, limit: int) -> list[Tried]:
    """With `settings` laid over those of the chatbot. In a thread, so that requests go on. Raises Invalid."""
    chatbots.check_settings(settings)
    changed = chatbots.merge(chatbot.settings, settings)
    if "analysis" in settings:
        chatbots.check_analysis(changed["analysis"])
    now, then = _asked(chatbot.settings), _asked(changed)
    async with database.transaction() as db:
        chosen = await _latest(db, chatbot, limit)
    return [
        Tried(one, external_id, *await asyncio.to_thread(_both, said, now, then)) for one, external_id, said in chosen
    ]


def _asked(settings: dict[str, Any]) -> Asked:
    return asked_in(
        chatbots.analysis_in(settings.get("analysis")),
        user=settings.get("userAnalysisEnabled") is not False,
        assistant=settings.get("assistantAnalysisEnabled") is not False,
    )


async def _latest(db: Db, chatbot: Chatbot, limit: int) -> list[tuple[ConversationId, str, list[Message]]]:
    newest = await conversations.conversations_newest(db, chatbot.id, limit=_LOOKED_AT, offset=0)
    chosen = [one for one in newest if 0 < one.message_count <= _LONGEST][:limit]
    said: dict[ConversationId, list[Message]] = {one.id: [] for one in chosen}
    for message in await conversations.messages_of(db, chatbot.id, list(said)):
        said[message.conversation_id].append(message)
    return [(one.id, one.external_id, said[one.id]) for one in chosen]


def _both(said: Sequence[Message], now: Asked, then: Asked) -> tuple[str | None, dict[str, Any], dict[str, Any]]:
    before, after = judge(Work(said, now)), judge(Work(said, then))
    return before.title, _told(before), _told(after)


def _told(work: Work) -> dict[str, Any]:
    ending, answers = work.ending, work.answers.values()
    behaviors = [one.behavior.value for one in answers if one.behavior]
    marks = [mark for one in answers for mark in (one.quality or {}).values()]
    off = work.switched_off
    return {
        "sentiment": work.sentiment,
        "sentiment_label": None if work.sentiment is None else label(work.sentiment),
        "dissatisfaction": work.dissatisfaction,
        "flags": None if "flags" in off else sorted(flag.name for flag in work.flags),
        "intent": work.intent,
        "outcome": ending.outcome if ending else None,
        "unresolved_probability": ending.unresolved if ending else None,
        "escalated": ending.escalated if ending else None,
        "unanswered": ending.unanswered if ending else None,
        "behavior": None if "behavior" in off else behaviors,
        "quality": round(sum(marks) / len(marks), 4) if marks else None,
    }
