"""The one door through which words enter the system: captures in, rows out, in one transaction.

It takes a batch; one request is a batch of one. Repeats are recognised inside the batch first, because one
statement cannot touch a row twice, and then against what is stored. Nothing is ever overwritten: the first wins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from noctule import chatbots
from noctule.base.db import Db
from noctule.base.errors import AppError
from noctule.base.ids import new_id
from noctule.chatbots import ChatbotId, Ingest, KeyRevoked
from noctule.conversations.models import SETTLING_PAUSE, Capture, ConversationId, Known, MessageId, Recorded, Turn
from noctule.conversations.store import writing
from noctule.conversations.store.writing import ConversationRow, MessageRow

Name = tuple[ChatbotId, str]


async def record(db: Db, captures: Sequence[Capture]) -> list[Recorded | AppError]:
    """One outcome per capture, in order. A capture whose key no longer opens its chatbot is refused alone."""
    ingests = {one.id: one for one in await chatbots.ingests_of(db, sorted({c.chatbot_id for c in captures}))}
    outcomes: dict[int, Recorded | AppError] = {}
    accepted: dict[int, Capture] = {}
    for index, capture in enumerate(captures):
        if _opens(ingests.get(capture.chatbot_id), capture):
            accepted[index] = capture
        else:
            outcomes[index] = KeyRevoked("Invalid API key")
    batch = _Batch(accepted, ingests)
    if accepted:
        await batch.store(db)
        await chatbots.discover(db, batch.custom_by_chatbot(), ingests)
    for index in accepted:
        outcomes[index] = batch.outcome(index)
    return [outcomes[index] for index in range(len(captures))]


def _opens(ingest: Ingest | None, capture: Capture) -> bool:
    return ingest is not None and capture.key_hash in (None, ingest.key_hash)


@dataclass
class _Batch:
    """The accepted captures on their way to rows."""

    captures: Mapping[int, Capture]
    ingests: Mapping[ChatbotId, Ingest]
    ids: dict[Name, ConversationId] = field(default_factory=dict[Name, ConversationId])
    stored: dict[int, list[Turn]] = field(default_factory=dict[int, list[Turn]])

    async def store(self, db: Db) -> None:
        by_name: dict[Name, list[int]] = {}
        for index, capture in self.captures.items():
            by_name.setdefault(capture.name, []).append(index)
            self.stored[index] = []
        names = sorted(by_name)  # every batch takes its locks in the same order
        known = await self._known(db, names)
        made = await self._make_missing(db, [name for name in names if name not in known], by_name)
        if lost := [name for name in names if name not in known and name not in made]:
            known |= await self._known(db, lost)  # made by another process in between
        for name in names:
            self.ids[name] = made[name].id if name in made else known[name].id
        await self._add_messages(db, by_name)
        changed = [self._change(known[name], by_name[name]) for name in names if name in known]
        if rows := [row for row in changed if row is not None]:
            await writing.update_conversations(db, rows)

    async def _known(self, db: Db, names: Sequence[Name]) -> dict[Name, Known]:
        rows = await writing.lock_conversations(
            db, [chatbot for chatbot, _ in names], [external for _, external in names]
        )
        return {(row.chatbot_id, row.external_id): row for row in rows}

    async def _make_missing(
        self, db: Db, names: Sequence[Name], by_name: Mapping[Name, list[int]]
    ) -> dict[Name, ConversationRow]:
        """New conversations, with the counts of their messages in them already: nobody else can add to them yet."""
        rows: dict[Name, ConversationRow] = {}
        for name in names:
            turns = [(index, turn) for index, _, turn in self._distinct(by_name[name])]
            rows[name] = self._row(ConversationId(new_id()), by_name[name], turns)
        if not rows:
            return {}
        inserted = await writing.insert_conversations(db, list(rows.values()))
        return {name: row for name, row in rows.items() if row.id in inserted}

    def _distinct(self, indexes: Sequence[int]) -> list[tuple[int, bytes | None, Turn]]:
        """The turns of these requests without repeats; the first request that carries one keeps it."""
        seen: set[bytes] = set()
        distinct: list[tuple[int, bytes | None, Turn]] = []
        for index in indexes:
            for turn in self.captures[index].turns:
                fingerprint = turn.fingerprint()
                if fingerprint is not None:
                    if fingerprint in seen:
                        continue
                    seen.add(fingerprint)
                distinct.append((index, fingerprint, turn))
        return distinct

    async def _add_messages(self, db: Db, by_name: Mapping[Name, list[int]]) -> None:
        rows: list[MessageRow] = []
        for name in by_name:
            rows += self._message_rows(self.ids[name], by_name[name])
        rows.sort(key=lambda row: (row.chatbot_id, row.conversation_id, row.fingerprint or b""))
        inserted = await writing.insert_messages(db, rows)
        for row in rows:
            if row.id in inserted:
                self.stored[row.request].append(row.turn)

    def _message_rows(self, conversation_id: ConversationId, indexes: Sequence[int]) -> list[MessageRow]:
        """Place each message: by time, never before its predecessor in the array, the user before the assistant."""
        rows: list[MessageRow] = []
        request, placed_at, rank = -1, None, 0
        for index, fingerprint, turn in self._distinct(indexes):
            capture = self.captures[index]
            if index != request:
                request, placed_at, rank = index, None, 0
            at = turn.sent_at or capture.received_at
            own_rank = int(turn.role == "assistant" and turn.sent_at is not None)
            if placed_at is None or at > placed_at:
                placed_at, rank = at, own_rank
            else:
                rank = max(rank, own_rank)
            rows.append(
                MessageRow(
                    capture.chatbot_id, conversation_id, MessageId(new_id()), turn, capture.received_at, placed_at, rank,
                    fingerprint, index,
                )
            )  # fmt: skip
        return rows

    def _change(self, known: Known, indexes: Sequence[int]) -> ConversationRow | None:
        """What to add to a conversation that existed; None when the requests brought nothing new at all."""
        turns = [(index, turn) for index in indexes for turn in self.stored[index]]
        row = self._row(known.id, indexes, turns)
        if not turns:
            row.first_message_at, row.last_message_at = known.first_message_at, known.last_message_at
            if not (row.person or row.organization or row.session or row.custom or row.external_user_id):
                return None
        return row

    def _row(
        self, conversation_id: ConversationId, indexes: Sequence[int], turns: Sequence[tuple[int, Turn]]
    ) -> ConversationRow:
        captures = [self.captures[index] for index in indexes]
        times = [turn.sent_at or self.captures[index].received_at for index, turn in turns]
        received_at = max(capture.received_at for capture in captures)
        person = _merged(capture.person for capture in captures)
        user_id = person.get("id")
        ingest = self.ingests[captures[0].chatbot_id]
        queued = any(_analysed(turn, ingest) for _, turn in turns)
        return ConversationRow(
            chatbot_id=captures[0].chatbot_id,
            id=conversation_id,
            external_id=captures[0].external_id,
            external_user_id=None if user_id is None else str(user_id),
            source=captures[0].source,
            message_count=len(turns),
            first_message_at=min(times, default=received_at),
            last_message_at=max(times, default=received_at),
            last_received_at=received_at,
            person=person,
            organization=_merged(capture.organization for capture in captures),
            session=_merged(capture.session for capture in captures),
            custom=_plain(_merged(capture.custom for capture in captures)),
            analysis_due_at=received_at + SETTLING_PAUSE if queued else None,
        )

    def custom_by_chatbot(self) -> dict[ChatbotId, dict[str, Any]]:
        custom: dict[ChatbotId, dict[str, Any]] = {}
        for capture in self.captures.values():
            if capture.custom:
                custom.setdefault(capture.chatbot_id, {}).update(capture.custom)
        return custom

    def outcome(self, index: int) -> Recorded:
        capture, stored = self.captures[index], self.stored[index]
        ingest = self.ingests[capture.chatbot_id]
        return Recorded(
            self.ids[capture.name],
            len(stored),
            any(_analysed(turn, ingest) for turn in stored),
            tuple(chatbots.warnings_for(capture.custom, ingest)),
        )


def _analysed(turn: Turn, ingest: Ingest) -> bool:
    return (turn.role == "user" and ingest.user_analysis) or (turn.role == "assistant" and ingest.assistant_analysis)


def _plain(custom: dict[str, Any]) -> dict[str, Any]:
    """Values that are no plain values are kept as their JSON text."""
    return {
        key: value if isinstance(value, str | int | float) else msgspec.json.encode(value).decode()
        for key, value in custom.items()
    }


def _merged(parts: Any) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for part in parts:
        merged.update(part)
    return merged
