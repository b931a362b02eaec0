"""The one door through which words enter the system: captures in, rows out, in one transaction.

It takes a batch; one request is a batch of one. Repeats are recognised inside the batch first, because one
statement cannot touch a row twice, and then against what is stored. Nothing is ever overwritten: the first wins.
"""

from collections.abc import Sequence
from typing import Any

from noctule import chatbots
from noctule.base.db import Db
from noctule.base.errors import AppError
from noctule.chatbots import ChatbotId, KeyRevoked
from noctule.conversations.addition import Addition
from noctule.conversations.models import Capture, ConversationId, Recorded
from noctule.conversations.store import writing
from noctule.conversations.store.writing import MessageRow

Name = tuple[ChatbotId, str]


async def record(db: Db, captures: Sequence[Capture]) -> list[Recorded | AppError]:
    """One outcome per capture, in order. A capture whose key no longer opens its chatbot is refused alone."""
    ingests = {one.id: one for one in await chatbots.ingests_of(db, sorted({one.chatbot_id for one in captures}))}
    additions: dict[Name, Addition] = {}
    places: list[Addition | None] = []  # for each capture
    for request, capture in enumerate(captures):
        addition = None
        if (ingest := ingests.get(capture.chatbot_id)) and capture.key_hash in (None, ingest.key_hash):
            addition = additions.get(capture.name) or additions.setdefault(capture.name, Addition(ingest))
            addition.add(request, capture)
        places.append(addition)
    if additions:
        # Every batch takes its locks in the same order, so that no two wait for each other in a circle.
        await _store(db, dict(sorted(additions.items())))
        await chatbots.discover(db, _custom_of(captures, places), ingests)
    return [
        KeyRevoked("Invalid API key") if addition is None else _outcome(request, captures[request], addition)
        for request, addition in enumerate(places)
    ]


async def _store(db: Db, additions: dict[Name, Addition]) -> None:
    await _meet_known(db, additions)
    rows = {name: addition.message_rows() for name, addition in additions.items()}
    rows |= await _make_missing(db, additions, rows)
    messages = [row for some in rows.values() for row in some]
    messages.sort(key=lambda row: (row.chatbot_id, row.conversation_id, row.fingerprint or b""))
    inserted = await writing.insert_messages(db, messages)
    for name, some in rows.items():
        for row in some:
            if row.id in inserted:
                additions[name].stored[row.request].append(row.turn)
    changes = [addition.change() for addition in additions.values() if addition.known is not None]
    if changed := [row for row in changes if row is not None]:
        await writing.update_conversations(db, changed)


async def _meet_known(db: Db, additions: dict[Name, Addition]) -> None:
    """Lock the conversations that exist, and read what was said in those where position decides what is new."""
    chatbot_ids, external_ids = [chatbot for chatbot, _ in additions], [external for _, external in additions]
    by_position: dict[ConversationId, Addition] = {}
    for known in await writing.lock_conversations(db, chatbot_ids, external_ids):
        addition = additions[known.chatbot_id, known.external_id]
        addition.belongs_to(known)
        if addition.by_position():
            by_position[known.id] = addition
    if by_position:
        owners = [addition.ingest.id for addition in by_position.values()]
        for conversation_id, role, content in await writing.said_so_far(db, owners, list(by_position)):
            by_position[conversation_id].transcript.append((role, content))


async def _make_missing(
    db: Db, additions: dict[Name, Addition], rows: dict[Name, list[MessageRow]]
) -> dict[Name, list[MessageRow]]:
    """Make the conversations that do not exist; the message rows of those that somebody else made meanwhile."""
    missing = [name for name, addition in additions.items() if addition.known is None]
    if not missing:
        return {}
    made = await writing.insert_conversations(db, [additions[name].new_conversation(rows[name]) for name in missing])
    for name in missing:
        additions[name].number = made.get(additions[name].conversation_id, 0)
    lost = [name for name in missing if additions[name].conversation_id not in made]
    if not lost:
        return {}
    await _meet_known(db, {name: additions[name] for name in lost})
    return {name: additions[name].message_rows() for name in lost}


def _custom_of(captures: Sequence[Capture], places: Sequence[Addition | None]) -> dict[ChatbotId, dict[str, Any]]:
    custom: dict[ChatbotId, dict[str, Any]] = {}
    for capture, addition in zip(captures, places, strict=True):
        if capture.custom and addition is not None:
            custom.setdefault(capture.chatbot_id, {}).update(capture.custom)
    return custom


def _outcome(request: int, capture: Capture, addition: Addition) -> Recorded:
    stored, ingest = addition.stored[request], addition.ingest
    warnings = chatbots.warnings_for(capture.custom, ingest) if capture.custom else ()
    queued = capture.judged and addition.is_queued(stored)
    return Recorded(addition.conversation_id, addition.number, len(stored), queued, tuple(warnings))
