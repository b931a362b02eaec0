"""The one door through which words enter the system: captures in, rows out, in one transaction.

It takes a batch; one request is a batch of one. Repeats are recognised inside the batch first, because one
statement cannot touch a row twice, and then against what is stored. Nothing is ever overwritten: the first wins.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from noctule import accounts, chatbots, people
from noctule.accounts import OrgId
from noctule.base.db import Db
from noctule.base.errors import AppError
from noctule.base.ids import moment_of, new_id
from noctule.chatbots import ChatbotArchived, ChatbotId, Ingest, KeyRevoked
from noctule.conversations.addition import Addition
from noctule.conversations.models import Capture, ConversationId, MessageId, Recorded
from noctule.conversations.news import day_changed, day_of, facts_changed, first_open_day
from noctule.conversations.store import writing
from noctule.conversations.store.writing import Arrival, MessageRow
from noctule.people import Identified, Seen

if TYPE_CHECKING:
    from datetime import datetime

Name = tuple[ChatbotId, str]
_LANE = new_id()  # of this process, for those who record now and then


async def record(db: Db, captures: Sequence[Capture], *, lane: UUID = _LANE) -> list[Recorded | AppError]:
    """One outcome per capture, in order. One whose key no longer opens its chatbot, or an archived one, is refused alone.

    Whoever records all the time has a `lane` of its own.
    """
    ingests = {one.id: one for one in await chatbots.ingests_of(db, sorted({one.chatbot_id for one in captures}))}
    revoked = await _revoked(db, captures)
    additions: dict[Name, Addition] = {}
    places: list[Addition | AppError] = []  # for each capture
    for request, capture in enumerate(captures):
        ingest = _open(ingests, capture, revoked)
        if isinstance(ingest, AppError):
            places.append(ingest)
        else:
            addition = additions.get(capture.name) or additions.setdefault(capture.name, Addition(ingest))
            addition.add(request, capture)
            places.append(addition)
    if additions:
        await _identify(db, captures, places)
        # Every batch takes its locks in the same order, so that no two wait for each other in a circle.
        await _store(db, {name: additions[name] for name in sorted(additions, key=_place)}, lane)
        used = [
            (place.ingest, one.custom)
            for one, place in zip(captures, places, strict=True)
            if isinstance(place, Addition)
        ]
        await chatbots.note_use(db, used)
        await _renew_figures(db, additions.values())
    return [
        _outcome(request, captures[request], place) if isinstance(place, Addition) else place
        for request, place in enumerate(places)
    ]


async def _identify(db: Db, captures: Sequence[Capture], places: Sequence[Addition | AppError]) -> None:
    """Before anything else is locked: people are met in one order by all batches, then conversations are."""
    taken = [(one, place) for one, place in zip(captures, places, strict=True) if isinstance(place, Addition)]
    seen = [Seen(one.chatbot_id, one.person, one.organization, one.received_at) for one, _ in taken]
    for (capture, place), identified in zip(taken, await people.identify(db, seen), strict=True):
        place.identified.append(Identified(identified.person_id or capture.person_id, identified.company_id))


async def _renew_figures(db: Db, additions: Iterable[Addition]) -> None:
    """Of those whom no judgement will renew: where nobody judges, and whoever the conversation was with before. Of a day
    that is over at once: until the judgement its figures would be wrong.
    """
    days: dict[ChatbotId, set[datetime]] = {}
    facts: dict[ChatbotId, list[ConversationId]] = {}
    is_open = first_open_day(db.now)
    for addition in additions:
        judged = any(capture.judged for _, capture in addition.requests)
        if addition.has_moved() or not judged:
            await people.renew_soon(db, addition.ingest.id, [addition.was_with(), addition.is_with()])
        if not judged or not addition.has_turns():
            facts.setdefault(addition.ingest.id, []).append(addition.conversation_id)
        if not judged or day_of(min(addition.begun())) < is_open:
            days.setdefault(addition.ingest.id, set()).update(addition.begun())
    for chatbot_id in sorted(days):
        await day_changed(db, chatbot_id, days[chatbot_id])
    for chatbot_id, ids in facts.items():
        await facts_changed(db, chatbot_id, ids)


async def _revoked(db: Db, captures: Sequence[Capture]) -> set[tuple[OrgId, UUID]]:
    """Keys of organizations among the captures that do not open anything any more."""
    keys = {capture.organization_key for capture in captures if capture.organization_key is not None}
    if not keys:
        return set()
    gone = await accounts.revoked_keys(db, [org_id for org_id, _ in keys], [key_id for _, key_id in keys])
    return {key for key in keys if key[1] in gone}


def _open(ingests: dict[ChatbotId, Ingest], capture: Capture, revoked: set[tuple[OrgId, UUID]]) -> Ingest | AppError:
    ingest = ingests.get(capture.chatbot_id)
    if ingest is None or capture.key_hash not in (None, ingest.key_hash) or capture.organization_key in revoked:
        return KeyRevoked("Invalid API key")
    return ChatbotArchived() if ingest.archived else ingest


async def _store(db: Db, additions: dict[Name, Addition], lane: UUID) -> None:
    await _meet_known(db, additions)
    rows = {name: addition.message_rows() for name, addition in additions.items()}
    rows |= await _make_missing(db, additions, rows)
    messages = [row for some in rows.values() for row in some]
    _gather_in_one_hour(messages)
    messages.sort(key=lambda row: (row.chatbot_id.int, row.conversation_id.int, row.fingerprint or b""))
    inserted = await writing.insert_messages(db, messages, _arrival(lane, messages, additions.values()))
    for name, some in rows.items():
        for row in some:
            if row.id in inserted:
                additions[name].stored[row.request].append(row.turn)
                additions[name].last_message[row.request] = inserted[row.id]
    changes = [addition.change() for addition in additions.values() if addition.known is not None]
    if changed := [row for row in changes if row is not None]:
        await writing.update_conversations(db, changed)


def _place(name: Name) -> tuple[int, str]:
    """The order of PostgreSQL, and of ids; a UUID compares itself in Python."""
    return name[0].int, name[1]


def _gather_in_one_hour(made: Sequence[MessageRow]) -> None:
    """A batch is noted in one hour, that of its ids. Those of one that was made as the clock struck are made again."""
    ids = [row.id for row in made]
    if ids and _hour_of(min(ids)) != _hour_of(max(ids)):
        for row in made:
            row.id = MessageId(new_id())


def _hour_of(made: UUID) -> "datetime":
    return moment_of(made).replace(minute=0, second=0, microsecond=0)


def _arrival(lane: UUID, messages: Sequence[MessageRow], additions: Iterable[Addition]) -> Arrival:
    """In the hour of the ids, by which the messages are found again."""
    hour = _hour_of(messages[0].id if messages else new_id())
    accepted: dict[ChatbotId, int] = {}
    for addition in additions:
        turns = sum(len(capture.turns) for _, capture in addition.requests)
        accepted[addition.ingest.id] = accepted.get(addition.ingest.id, 0) + turns
    return Arrival(lane, hour, accepted)


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


def _outcome(request: int, capture: Capture, addition: Addition) -> Recorded:
    stored, ingest = addition.stored[request], addition.ingest
    warnings = chatbots.warnings_for(capture.custom, ingest) if capture.custom else ()
    return Recorded(
        addition.conversation_id,
        addition.number,
        len(stored),
        addition.last_message.get(request),
        capture.judged and addition.is_queued(stored),
        tuple(warnings),
    )
