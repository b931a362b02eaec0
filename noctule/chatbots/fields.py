"""Custom fields: what a chatbot's conversations may carry, checked without ever refusing a request.

A key that nobody declared is kept, warned about and noted as discovered, so that the team can accept it later. A denied
one is neither kept nor warned about.
"""

import secrets
from collections.abc import Iterable, Mapping

import msgspec

from noctule.base.db import Db
from noctule.chatbots.models import ChatbotId, FieldType, Ingest, Scalar, Sighting
from noctule.chatbots.store import chatbots, fields

MOST_DISCOVERED = 200  # per chatbot: a caller that puts ids into keys must not fill the table
LONGEST_SAMPLE = 200  # characters
EXACT = 1000  # occurrences that are counted one by one


def type_of(value: object) -> str:
    match value:
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case None:
            return "null"
        case list():
            return "array"
        case _:
            return "object"


def warnings_for(custom: Mapping[str, object], ingest: Ingest) -> list[str]:
    """In the words that clients know, in the order of the keys."""
    warnings: list[str] = []
    for key, value in custom.items():
        declared, given = ingest.fields.get(key), type_of(value)
        if key not in ingest.fields:
            warnings.append(f"Custom field '{key}' not in schema")
        elif declared not in (None, given):
            warnings.append(f"Custom field '{key}' expected {declared}, got {given}")
    return warnings


async def note_use(db: Db, requests: Iterable[tuple[Ingest, Mapping[str, object]]]) -> None:
    """What a batch of stored requests says about their chatbots: that they are in use, and with which fields.

    It comes last in the transaction and is one statement at most, often none: `_worth_writing` says why. Only the very
    first conversation of a chatbot costs a second one.
    """
    pending: set[ChatbotId] = set()
    seen: dict[tuple[ChatbotId, str], tuple[Ingest, Sighting]] = {}
    for ingest, custom in requests:
        if not ingest.activated:
            pending.add(ingest.id)
        for key, value in custom.items():
            if ingest.keeps(key):
                known = seen.get((ingest.id, key))
                if known is None:
                    known = seen[ingest.id, key] = ingest, Sighting(ingest.id, key, field_type(value), sample_of(value))
                known[1].occurrences += 1
    for chatbot_id in sorted(pending):
        await chatbots.activate(db, chatbot_id)
    # Every batch takes its locks in the same order.
    if rows := _worth_writing(seen[pair] for pair in sorted(seen)):
        await fields.add_sightings(db, rows)


def _worth_writing(seen: Iterable[tuple[Ingest, Sighting]]) -> list[Sighting]:
    """New keys while there is room, counts that a draw has chosen, and once a minute that a field is still in use.

    A batch that wrote each of its keys would update the same rows for ever, and the lanes would queue for their locks
    until each other's commit. So a count is exact while it is small. Beyond, only one occurrence in so many is drawn and
    stands for all of them: no memory to lose, nothing to flush, right on average and off by two in a hundred.
    """
    rows: list[Sighting] = []
    discovered: dict[ChatbotId, int] = {}
    for ingest, sighting in seen:
        so_far = ingest.occurrences.get(sighting.key)
        if so_far is None:
            known = sum(key not in ingest.fields for key in ingest.occurrences)
            number = discovered.setdefault(ingest.id, known) + 1
            if number <= MOST_DISCOVERED:
                discovered[ingest.id] = number
                rows.append(sighting)
        else:
            sighting.occurrences = drawn(sighting.occurrences, so_far)
            if sighting.occurrences or sighting.key in ingest.unseen:
                rows.append(sighting)
    return rows


def drawn(occurrences: int, so_far: int) -> int:
    """How many to add to a count for so many occurrences: all while it is small, later a multiple of what a draw stands for."""
    each = max(1, so_far // EXACT)
    whole, rest = divmod(occurrences, each)
    return each * (whole + (secrets.randbelow(each) < rest))


def field_type(value: object) -> FieldType:
    """What is no plain value is kept as its JSON text."""
    given = type_of(value)
    return given if given in ("number", "boolean") else "string"


def sample_of(value: object) -> Scalar:
    """A plain value that a page can show, cut short."""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    short = len(text) <= LONGEST_SAMPLE
    return value if short and isinstance(value, int | float) else text[:LONGEST_SAMPLE]
