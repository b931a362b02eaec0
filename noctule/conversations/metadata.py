"""The metadata of a chat, as ChatLogger's clients and files have them: where each field lives, there and back again.

What is not listed here is a custom field of the chat, or stays under its name in the evidence of a message.
"""

from dataclasses import dataclass, field
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from noctule.base.bodies import Json, Name, checked
from noctule.base.errors import Invalid
from noctule.base.wording import problem_with
from noctule.conversations.models import Conversation

_Number = Annotated[int, Meta(ge=-(2**53), le=2**53)]  # what every client can hold
_Text = Annotated[str, Meta(max_length=2048)]


class Metadata(Struct):
    """Null and missing are the same; false and 0 are values."""

    avg_response_time: Annotated[float, Meta(ge=-1e15, le=1e15)] | None = None  # seconds
    country_code: Annotated[str, Meta(max_length=64)] | None = None
    ip_address: Name | None = None
    is_escalated: bool | None = None
    is_forwarded_to_hr: bool | None = None
    language_code: Annotated[str, Meta(max_length=64)] | None = None
    question_category: Name | None = None
    sentiment: Name | None = None
    session_id: Name | None = None
    token_count: _Number | None = None
    transcript_link: _Text | None = None
    user_rating: _Number | None = None


# field of the metadata → part of the conversation, name in that part
_PLACES = {
    "avg_response_time": ("stated", "response_seconds"),
    "country_code": ("session", "country"),
    "ip_address": ("stated", "ip"),
    "is_escalated": ("stated", "escalated"),
    "is_forwarded_to_hr": ("stated", "forwarded_to_hr"),
    "language_code": ("stated", "language"),
    "question_category": ("stated", "category"),
    "sentiment": ("stated", "sentiment"),
    "session_id": ("session", "id"),
    "token_count": ("stated", "tokens"),
    "transcript_link": ("stated", "transcript"),
    "user_rating": ("stated", "rating"),
}
_EVIDENCE = {
    "token_count": "tokens",
    "response_time": "response_ms",
}  # field of a message's metadata → name in evidence
_METADATA = {name: field for field, name in _EVIDENCE.items()}


@dataclass(frozen=True)
class Parts:
    """The parts of a conversation that the metadata fill."""

    stated: Json = field(default_factory=dict[str, Any])
    session: Json = field(default_factory=dict[str, Any])
    enrichment: Json = field(default_factory=dict[str, Any])
    custom: Json = field(default_factory=dict[str, Any])


def parts_of(metadata: Json | None) -> Parts:
    """Raises Invalid, naming the field."""
    sent = metadata or {}
    try:
        known = msgspec.convert(sent, Metadata)
    except msgspec.ValidationError as error:
        field, message = problem_with(error, Metadata)
        raise Invalid.field(f"metadata.{field}", message) from None
    parts = Parts(custom=checked({name: value for name, value in sent.items() if name not in _PLACES}, "metadata"))
    for place, (part, name) in _PLACES.items():
        value = getattr(known, place)
        if value is not None:
            getattr(parts, part)[name] = value
    if known.ip_address:
        parts.enrichment["ip"] = known.ip_address
    return parts


def stated_in(stated: Json) -> Json:
    """The same, as a file has it. Raises Invalid, naming the field: who judges relies on what stands there."""
    places = {name: place for place, (part, name) in _PLACES.items() if part == "stated"}
    try:
        msgspec.convert({places[name]: value for name, value in stated.items() if name in places}, Metadata)
    except msgspec.ValidationError as error:
        place, message = problem_with(error, Metadata)
        raise Invalid.field(f"stated.{_PLACES[place][1]}", message) from None
    return stated


def metadata_of(conversation: Conversation) -> dict[str, Any]:
    """As it was sent, whatever else the conversation has learnt meanwhile left out."""
    known: Json = {}
    for place, (part, name) in _PLACES.items():
        if name in getattr(conversation, part):
            known[place] = getattr(conversation, part)[name]
    return {**conversation.custom, **known}


def evidence_of(metadata: Json) -> Json | None:
    """Of a message, where there is any."""
    return {_EVIDENCE.get(name, name): value for name, value in metadata.items() if value is not None} or None


def metadata_in(evidence: Json | None) -> Json:
    """What a message came with, of what a client of ChatLogger knows."""
    known = {_METADATA[name]: value for name, value in (evidence or {}).items() if name in _METADATA}
    return {name: known[name] for name in _EVIDENCE if known.get(name) is not None}
