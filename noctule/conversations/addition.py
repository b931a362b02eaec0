"""What one batch brings to one conversation: its new turns without repeats, in their places. Pure; no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

import msgspec

from noctule.base.clock import in_utc
from noctule.base.ids import new_id
from noctule.chatbots import Ingest, silence_in
from noctule.conversations.merge import Said, already_stored
from noctule.conversations.models import SETTLING_PAUSE, Capture, ConversationId, Known, MessageId, Turn
from noctule.conversations.store.writing import ConversationRow, MessageRow
from noctule.people import Identified


@dataclass(slots=True)
class Addition:
    """The requests of a batch that name the same conversation, by their place in the batch."""

    ingest: Ingest
    conversation_id: ConversationId = field(default_factory=lambda: ConversationId(new_id()))
    number: int = 0  # given by the database
    known: Known | None = None  # the conversation as it was before; None: this batch makes it
    identified: list[Identified] = field(default_factory=list[Identified])  # whom each request says it is with
    requests: list[tuple[int, Capture]] = field(default_factory=list[tuple[int, Capture]])
    stored: dict[int, list[Turn]] = field(default_factory=dict[int, list[Turn]])  # by request, what was new
    last_message: dict[int, int] = field(default_factory=dict[int, int])  # by request, the number of its last new one
    transcript: list[Said] = field(default_factory=list[Said])  # what was said before, where position decides

    def add(self, request: int, capture: Capture) -> None:
        self.requests.append((request, capture))
        self.stored[request] = []

    def is_with(self) -> Identified:
        """What a later request says counts; what it does not say stays."""
        person_id, company_id = None, None
        for one in self.identified:
            person_id, company_id = one.person_id or person_id, one.company_id or company_id
        return Identified(person_id, company_id)

    def has_turns(self) -> bool:
        """Whether anything was said that was not stored already."""
        return any(self.stored.values())

    def was_with(self) -> Identified:
        return Identified(self.known.person_id, self.known.company_id) if self.known else Identified()

    def has_moved(self) -> bool:
        """From one person or company to another one."""
        if self.known is None:
            return False
        before, after = self.was_with(), self.is_with()
        pairs = ((before.person_id, after.person_id), (before.company_id, after.company_id))
        return any(old is not None and new is not None and old != new for old, new in pairs)

    def begun(self) -> set[datetime]:
        """When it began, as far as was known before and as far as is known now."""
        said = [turn.sent_at or capture.received_at for _, capture in self.requests for turn in capture.turns]
        known = [in_utc(self.known.first_message_at)] if self.known else []
        return {*known, min([*said, *known, *(capture.received_at for _, capture in self.requests if not said)])}

    def belongs_to(self, known: Known) -> None:
        self.known, self.conversation_id, self.number = known, known.id, known.number

    def by_position(self) -> bool:
        return any(capture.recognises == "position" for _, capture in self.requests)

    def message_rows(self) -> list[MessageRow]:
        """Without repeats; the first request that carries a turn keeps it.

        Each message is placed by time, never before its predecessor in the array; at equal times that the callers
        gave, the user comes before the assistant, but within one request the array decides.
        """
        rows: list[MessageRow] = []
        seen: set[bytes] = set()
        transcript = list(self.transcript)
        for request, capture in self.requests:
            placed_at, rank = capture.turns[0].sent_at if capture.turns else None, 0
            placed_at = placed_at or capture.received_at
            for place, turn in enumerate(_new_turns(capture, transcript)):
                fingerprint = turn.fingerprint() or _repeat_fingerprint(capture, place, turn)
                if fingerprint is not None:
                    if fingerprint in seen:
                        continue
                    seen.add(fingerprint)
                at = turn.sent_at or capture.received_at
                own_rank = 1 if turn.role == "assistant" and turn.sent_at is not None else 0
                placed_at, rank = (at, own_rank) if at > placed_at else (placed_at, max(rank, own_rank))
                rows.append(
                    MessageRow(
                        capture.chatbot_id, self.conversation_id, MessageId(new_id()), turn, capture.received_at,
                        placed_at, rank, fingerprint, request,
                    )
                )  # fmt: skip
        return rows

    def new_conversation(self, rows: Iterable[MessageRow]) -> ConversationRow:
        """With the counts of its messages in it already: nobody else can add to it yet."""
        return self._row([(row.request, row.turn, row.received_at) for row in rows])

    def change(self) -> ConversationRow | None:
        """What to add to a conversation that existed; None when the requests brought nothing at all."""
        turns = [
            (request, turn, capture.received_at) for request, capture in self.requests for turn in self.stored[request]
        ]
        row = self._row(turns)
        if not turns and self.known is not None:
            row.first_message_at, row.last_message_at = self.known.first_message_at, self.known.last_message_at
            row.last_received_at = self.known.last_received_at
            if not self._tells() and row.ended_at is None:
                return None
        return row

    def is_queued(self, turns: Iterable[Turn]) -> bool:
        """Whether any of these turns is to be judged: each side has its switch."""
        user, assistant = self.ingest.user_analysis, self.ingest.assistant_analysis
        return any((user and turn.role == "user") or (assistant and turn.role == "assistant") for turn in turns)

    def _row(self, turns: list[tuple[int, Turn, datetime]]) -> ConversationRow:
        """`turns` are the new ones, with their requests and when these were received."""
        captures, whom = [capture for _, capture in self.requests], self.is_with()
        received_at = max(capture.received_at for capture in captures)
        times = [turn.sent_at or received for _, turn, received in turns] or [received_at]
        facts = self._facts(captures)
        ended_at, reopened = self._course({request for request, _, _ in turns})
        # Also what no switch lets us judge is looked at once: it is then done, with the reason.
        judge = bool(turns) or ended_at is not None or "stated" in facts or self.known is None
        due_from = max(capture.brought_at or capture.received_at for capture in captures)
        return ConversationRow(
            chatbot_id=captures[0].chatbot_id,
            id=self.conversation_id,
            external_id=captures[0].external_id,
            external_user_id=facts.get("person", {}).get("id"),
            source=captures[0].source,
            message_count=len(turns),
            first_message_at=min(times),
            last_message_at=max(times),
            last_received_at=received_at,
            facts=facts,
            ended_at=ended_at,
            reopened=reopened,
            analysis_due_at=due_from + SETTLING_PAUSE if judge and any(one.judged for one in captures) else None,
            person_id=whom.person_id,
            company_id=whom.company_id,
        )

    def _course(self, speaking: set[int]) -> tuple[datetime | None, int]:
        """Since when it is over, if it is after the last of the requests, and how often they opened it again.

        `speaking` are the requests that bring something new.
        """
        ended_at, reopened = None, 0
        is_open, heard_at = self.known is None or self.known.ended_at is None, None
        if self.known is not None:
            heard_at = self.known.last_received_at
        for request, capture in self.requests:
            if request in speaking:
                reopened += not is_open or self._is_over(heard_at, capture.received_at)
                ended_at, is_open = None, True
            if request in speaking or heard_at is None:
                heard_at = max(heard_at or capture.received_at, capture.received_at)
            if capture.ended and is_open:
                ended_at, is_open = capture.received_at, False
        return ended_at, reopened

    def _is_over(self, heard_at: datetime | None, at: datetime) -> bool:
        """By silence."""
        return heard_at is not None and at >= heard_at + silence_in(self.ingest.lifecycle).closes_after

    def _tells(self) -> bool:
        """Whether the requests say anything about the conversation."""
        return any(
            one.person
            or one.organization
            or one.session
            or one.custom
            or one.enrichment
            or one.stated
            or one.title
            or one.tags
            for _, one in self.requests
        )

    def _facts(self, captures: Sequence[Capture]) -> dict[str, Any]:
        """What the requests say about the conversation, the last value of each name; only what is not empty."""
        people = [(one.person_id, capture.person) for one, capture in zip(self.identified, captures, strict=True)]
        companies = [
            (one.company_id, capture.organization) for one, capture in zip(self.identified, captures, strict=True)
        ]
        if self.known is not None:
            people.insert(0, (self.known.person_id, self.known.person))
            companies.insert(0, (self.known.company_id, self.known.organization))
        facts: dict[str, Any] = {
            "person": _of_the_last(people),
            "organization": _of_the_last(companies),
            "session": _merged([capture.session for capture in captures]),
            "custom": _plain(_merged([capture.custom for capture in captures]), self.ingest),
            "enrichment": _merged([capture.enrichment for capture in captures]),
            "stated": _merged([capture.stated for capture in captures]),
            "title": next((capture.title for capture in reversed(captures) if capture.title), None),
            "tags": next((capture.tags for capture in reversed(captures) if capture.tags), None),
        }
        return {name: value for name, value in facts.items() if value}


def _of_the_last(said: Sequence[tuple[UUID | None, dict[str, Any]]]) -> dict[str, Any]:
    """What is said of the last one of them: what is true of one is not true of the next."""
    last, merged = None, dict[str, Any]()
    for one, part in said:
        merged = part if one and last and one != last else {**merged, **part}
        last = one or last
    return merged


def _repeat_fingerprint(capture: Capture, place: int, turn: Turn) -> bytes | None:
    """For turns that nothing names, in a request that has a key of its own. Other words are no repeat, whatever the key."""
    if capture.repeat_key is None:
        return None
    return blake2b(f"k\0{capture.repeat_key}\0{place}\0{turn.role}\0{turn.content}".encode(), digest_size=16).digest()


def _new_turns(capture: Capture, transcript: list[Said]) -> Sequence[Turn]:
    """Where position decides, the turns that the transcript does not end with yet; it grows by them."""
    if capture.recognises == "ids":
        return capture.turns
    said = [(turn.role, turn.content) for turn in capture.turns]
    kept = already_stored(transcript, said)
    transcript += said[kept:]
    return capture.turns[kept:]


def _merged(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """The last value of each name."""
    if len(parts) == 1:
        return parts[0]
    return {name: value for part in parts for name, value in part.items()}


def _plain(custom: dict[str, Any], ingest: Ingest) -> dict[str, Any]:
    """Without denied fields. Values that are no plain values are kept as their JSON text."""
    return {
        key: value if isinstance(value, str | int | float) else msgspec.json.encode(value).decode()
        for key, value in custom.items()
        if ingest.keeps(key)
    }
