"""One turn of a conversation with an agent: what was said before is put together, the question answered, both recorded.

Callers keep a conversation in their own way: some send each question alone, some all that was said so far. Either way one
transcript comes of it. Turns of the assistant that only the caller knows are kept as the caller's, never as our answers.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

from noctule import conversations
from noctule.accounts import OrgId
from noctule.agents.answer import answer, words_of
from noctule.agents.models import Evidence, Looked, Quote, Reply, Said
from noctule.base.db import Database, Db
from noctule.base.embed import Embedder
from noctule.base.ids import new_id
from noctule.chatbots import Chatbot, ChatbotArchived
from noctule.conversations import Capture, Message, Recorder, Turn
from noctule.people import PersonId

_REMEMBERED = 200  # messages of a stored conversation that are looked at, or as many as the caller sends
_SHOWN = 5  # passages that are kept with an answer
NEW_SEGMENT = "segment"
_last_words: set[asyncio.Task[object]] = set()


@dataclass(frozen=True)
class Asked:
    """What a caller sends: the turns so far, the last of the user's is the question."""

    chatbot: Chatbot
    turns: Sequence[Said]
    conversation: str  # as its caller names it
    source: str
    received_at: datetime
    organization_key: tuple[OrgId, UUID] | None = None
    person_id: PersonId | None = None
    enrichment: dict[str, Any] = field(default_factory=dict[str, Any])
    manner: dict[str, Any] = field(
        default_factory=dict[str, Any]
    )  # model and temperature, as they hold for this answer
    repeat_key: str | None = None  # with which the same question may be sent again
    kept: bool = True  # else it is answered and forgotten

    @property
    def question(self) -> str:
        return next(turn.content for turn in reversed(self.turns) if turn.role == "user")


@dataclass(frozen=True)
class Exchange:
    """A question with its answer, not yet recorded."""

    asked: Asked
    reply: Reply
    new: Sequence[Said]  # of the turns sent, those that are not stored yet
    starts_anew: bool
    message: str  # the name under which the answer will be found

    async def record(self, recorder: Recorder, said: str, *, stopped: bool = False) -> None:
        """`said` is what the caller was given."""
        if not self.asked.kept:
            return
        await recorder.record(self._capture(said, stopped=stopped))

    async def stream(self, recorder: Recorder) -> AsyncGenerator[str]:
        """Word by word, each made when the one before is gone. It ends when all is stored; who leaves ends it earlier."""
        said: list[str] = []
        try:
            for word in words_of(self.reply.text):
                said.append(word)
                yield word
        except (GeneratorExit, asyncio.CancelledError):
            task = asyncio.create_task(self.record(recorder, "".join(said), stopped=True))
            _last_words.add(task)
            task.add_done_callback(_last_words.discard)
            raise
        await self.record(recorder, "".join(said))

    def _capture(self, said: str, *, stopped: bool) -> Capture:
        asked = self.asked
        turns = [_turn(one) for one in self.new]
        if self.starts_anew and turns:
            turns[0] = Turn(turns[0].role, turns[0].content, evidence={**(turns[0].evidence or {}), NEW_SEGMENT: "new"})
        evidence = evidence_of(self.reply, asked.manner) | ({"stopped": True} if stopped else {})
        if said:
            turns.append(Turn("assistant", said, self.message, evidence={"agent": evidence}))
        return Capture(
            chatbot_id=asked.chatbot.id,
            key_hash=None,
            external_id=asked.conversation,
            turns=tuple(turns),
            received_at=asked.received_at,
            source=asked.source,
            person_id=asked.person_id,
            enrichment=asked.enrichment,
            stated={} if self.reply.answered else {"unanswered": True},
            organization_key=asked.organization_key,
            repeat_key=asked.repeat_key,
        )


async def ask(database: Database, embedder: Embedder, asked: Asked) -> Exchange:
    """Raises ChatbotArchived."""
    if asked.chatbot.archived_at is not None:
        raise ChatbotArchived
    message = _name_of_answer(asked)
    async with database.transaction() as db:
        stored = _without_attempt(await _stored(db, asked), message)
    said = [(one.role, one.content) for one in asked.turns]
    kept = conversations.continued([(one.role, one.content) for one in stored], said)
    earlier = (
        [*(Said(one.role, one.content) for one in stored), *asked.turns[kept:]] if kept is not None else asked.turns
    )
    reply = await answer(database, embedder, asked.chatbot, asked.question, earlier=_before(asked.question, earlier))
    return Exchange(asked, reply, asked.turns[kept or 0 :], kept is None, message)


def last_words() -> frozenset[asyncio.Task[object]]:
    """What is still being recorded of those who left."""
    return frozenset(_last_words)


def segment_of(messages: Sequence[Message]) -> Sequence[Message]:
    """The part of a transcript that is going on: from where a caller last began anew."""
    begins = [place for place, one in enumerate(messages) if (one.evidence or {}).get(NEW_SEGMENT)]
    return messages[begins[-1] :] if begins else messages


def evidence_of(reply: Reply, manner: dict[str, Any]) -> Evidence:
    """What an answer leaned on, as it is kept beside its words."""
    return {
        "answered": reply.answered,
        "confidence": reply.confidence,
        "trust": reply.trust,
        "threshold": reply.threshold,
        "question": reply.asked,
        "searched": reply.searched,
        "version": reply.version,
        "milliseconds": reply.milliseconds,
        "citations": [citation(one) for one in reply.quotes],
        "passages": [_seen(one) for one in reply.looked[:_SHOWN]],
        **manner,
    }


def citation(quote: Quote) -> dict[str, Any]:
    return {
        "source_id": str(quote.passage.source_id),
        "external_id": quote.passage.external_id,
        "title": quote.passage.title,
        "url": quote.passage.url,
        "quote": quote.text,
        "start": quote.begins,
        "end": quote.ends,
    }


def _seen(one: Looked) -> dict[str, Any]:
    return {
        "source_id": str(one.passage.source_id),
        "title": one.passage.title,
        "heading": one.passage.heading,
        "start": one.passage.begins,
        "end": one.passage.ends,
        "score": round(one.score, 3),
        "cosine": None if one.cosine is None else round(one.cosine, 3),
        "sentence": None if one.sentence is None else round(one.sentence, 3),
        "share": round(one.share, 3),
    }


async def _stored(db: Db, asked: Asked) -> Sequence[Message]:
    """The segment that is going on, in its order."""
    known = await conversations.conversation_named(db, asked.chatbot.id, asked.conversation)
    if known is None:
        return []
    latest = await conversations.messages_before(
        db, asked.chatbot.id, known.id, place=conversations.END, limit=max(_REMEMBERED, len(asked.turns))
    )
    return segment_of(latest[::-1])


def _name_of_answer(asked: Asked) -> str:
    """The same again for a question that is sent again with its key, so that its answer is recognised."""
    if asked.repeat_key is None:
        return str(new_id())
    name = f"{asked.chatbot.id}\0{asked.conversation}\0{asked.repeat_key}"
    return str(UUID(bytes=blake2b(name.encode(), digest_size=16).digest()))


def _without_attempt(stored: Sequence[Message], message: str) -> Sequence[Message]:
    """As it was before this very request was first stored, if it was: then it is put together alike, and stores nothing."""
    first = next((one for one in stored if one.external_id == message), None)
    return stored if first is None else [one for one in stored if one.received_at != first.received_at]


def _before(question: str, turns: Sequence[Said]) -> Sequence[Said]:
    """What was said before the question."""
    last = max(place for place, one in enumerate(turns) if (one.role, one.content) == ("user", question))
    return turns[:last]


def _turn(said: Said) -> Turn:
    if said.role == "assistant":
        return Turn("assistant", said.content, evidence={"origin": "caller"})
    return Turn("user", said.content)
