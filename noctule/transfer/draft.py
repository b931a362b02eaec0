"""A conversation, or a stretch of one, as a file tells it: before it is known for which chatbot, and when it is stored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any

from msgspec.structs import replace

from noctule.chatbots import ChatbotId
from noctule.conversations import INVENTED, Capture, Turn

LONGEST_CAPTURE = 250  # messages


@dataclass(frozen=True, slots=True)
class Draft:
    external_id: str
    turns: tuple[Turn, ...]
    source: str = "import"
    received_at: tuple[datetime | None, ...] = ()  # of each turn, where the file knows it
    began_at: datetime | None = None  # for turns of which nothing better is known
    more: bool = False  # the file goes on with this conversation, in the next draft
    ended: bool = False
    ended_at: datetime | None = None
    title: str | None = None
    tags: tuple[str, ...] = ()
    person: dict[str, Any] = field(default_factory=dict[str, Any])
    organization: dict[str, Any] = field(default_factory=dict[str, Any])
    session: dict[str, Any] = field(default_factory=dict[str, Any])
    custom: dict[str, Any] = field(default_factory=dict[str, Any])
    enrichment: dict[str, Any] = field(default_factory=dict[str, Any])
    stated: dict[str, Any] = field(default_factory=dict[str, Any])


def named(turn: Turn, basis: str, times: int = 1) -> Turn:
    """The turn, by something to recognise it by when the file comes again: its id, its time, or a name that we give it.

    The name is made of the words, of how often they were said so far, and of `basis`: the place in the file, or nothing
    where a file tells whole conversations, so that a later file with more of the same conversation fits.
    """
    if turn.external_id is not None or turn.sent_at is not None:
        return turn
    words = "\0".join((basis, turn.role, str(times), turn.content))
    return replace(turn, external_id=INVENTED + blake2b(words.encode(), digest_size=16).hexdigest())


def all_named(turns: Iterable[Turn], basis: str = "") -> tuple[Turn, ...]:
    said: dict[tuple[str, str], int] = {}
    found: list[Turn] = []
    for turn in turns:
        times = said[turn.role, turn.content] = said.get((turn.role, turn.content), 0) + 1
        found.append(named(turn, basis, times))
    return tuple(found)


def captures(draft: Draft, chatbot_id: ChatbotId, now: datetime, *, judged: bool) -> Iterator[Capture]:
    """In pieces that a transaction can take; turns that were received together stay together. The first has the facts."""

    def capture(turns: tuple[Turn, ...], received_at: datetime, **facts: Any) -> Capture:
        return Capture(
            chatbot_id,
            None,
            draft.external_id,
            turns,
            received_at,
            draft.source,
            brought_at=now,
            judged=judged,
            **facts,
        )

    facts: dict[str, Any] = _facts(draft)
    received_at = now
    for turns, received_at in _stretches(draft, now):
        yield capture(turns, received_at, **facts)
        facts = {}
    if draft.ended or draft.ended_at is not None:
        yield capture((), max(received_at, min(draft.ended_at or received_at, now)), ended=True)


def _stretches(draft: Draft, now: datetime) -> Iterator[tuple[tuple[Turn, ...], datetime]]:
    known = draft.received_at or (None,) * len(draft.turns)
    fallback = max((turn.sent_at for turn in draft.turns if turn.sent_at is not None), default=draft.began_at)
    held: list[Turn] = []
    held_at = known[0] if known else fallback
    for turn, received_at in zip(draft.turns, known, strict=True):
        if received_at != held_at or len(held) == LONGEST_CAPTURE:
            yield tuple(held), min(held_at or fallback or now, now)
            held = []
        held.append(turn)
        held_at = received_at
    if held or not draft.turns:
        yield tuple(held), min(held_at or fallback or now, now)


def _facts(draft: Draft) -> dict[str, Any]:
    return {
        "person": draft.person,
        "organization": draft.organization,
        "session": draft.session,
        "custom": draft.custom,
        "enrichment": draft.enrichment,
        "stated": draft.stated,
        "title": draft.title,
        "tags": draft.tags,
    }
