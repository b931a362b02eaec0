"""Custom fields: what a chatbot's conversations may carry, checked without ever refusing a request.

A key that nobody declared is kept, warned about and noted as discovered, so that the team can accept it later.
"""

from collections.abc import Mapping

from noctule.base.db import Db
from noctule.chatbots import store
from noctule.chatbots.models import ChatbotId, FieldType, Ingest

MOST_DISCOVERED = 200  # per chatbot: a caller that puts ids into keys must not fill the table


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
        if declared is None:
            warnings.append(f"Custom field '{key}' not in schema")
        elif declared != given:
            warnings.append(f"Custom field '{key}' expected {declared}, got {given}")
    return warnings


async def discover(db: Db, seen: Mapping[ChatbotId, Mapping[str, object]], ingests: Mapping[ChatbotId, Ingest]) -> None:
    """Note the undeclared keys that were seen, with the type they came in."""
    found: dict[tuple[ChatbotId, str], FieldType] = {}
    for chatbot_id, custom in seen.items():
        ingest = ingests[chatbot_id]
        room = MOST_DISCOVERED - len(ingest.discovered)
        fresh = [key for key in custom if key not in ingest.fields and key not in ingest.discovered]
        for key in fresh[: max(room, 0)]:
            given = type_of(custom[key])
            found[chatbot_id, key] = given if given in ("number", "boolean") else "string"
    if found:
        order = sorted(found)  # every batch takes its locks in the same order
        await store.insert_discovered(
            db, [chatbot_id for chatbot_id, _ in order], [key for _, key in order], [found[pair] for pair in order]
        )
