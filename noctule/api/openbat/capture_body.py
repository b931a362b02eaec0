"""The body of a capture: its shape, its limits, and how it becomes one `Capture`. Bytes in, value out; no database.

Limits that JSON Schema can say stand in the types; the others follow below, each error naming its field.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from noctule.base.errors import Invalid
from noctule.base.text import is_email, unstorable_in
from noctule.chatbots import ChatbotId
from noctule.conversations import Capture, Turn

_MOST_EVIDENCE = 32 * 1024  # bytes of {tools, reasoning}
_MOST_CUSTOM = 256  # keys
_DEVICES = ("desktop", "mobile", "tablet")

Id = Annotated[str, Meta(min_length=1, max_length=256)]
Name = Annotated[str, Meta(max_length=256)]
Plan = Annotated[str, Meta(max_length=64)]
Url = Annotated[str, Meta(max_length=2048)]
Json = dict[str, Any]


class Tool(Struct, omit_defaults=True):
    name: Annotated[str, Meta(min_length=1, max_length=256)]
    input: Any = None
    output: Any = None


class MessageBody(Struct):
    role: Literal["user", "assistant", "system"]
    content: Annotated[str, Meta(min_length=1, max_length=32_000)]
    id: Id | None = None
    sentAt: str | None = None
    tools: Annotated[list[Tool], Meta(max_length=20)] | None = None
    reasoning: str | None = None


class UserBody(Struct, omit_defaults=True):
    id: Id | None = None
    name: Name | None = None
    email: Name | None = None
    plan: Plan | None = None
    createdAt: str | None = None
    industry: Name | None = None
    mrr: float | int | None = None


class OrganizationBody(Struct, omit_defaults=True):
    id: Id | None = None
    name: Name | None = None
    plan: Plan | None = None
    mrr: float | int | None = None
    industry: Name | None = None


class SessionBody(Struct, omit_defaults=True):
    id: Id | None = None
    pageUrl: Url | None = None
    referrer: Url | None = None
    device: str | None = None
    country: Annotated[str, Meta(max_length=64)] | None = None


class CaptureBody(Struct):
    conversationId: Id
    messages: Annotated[list[MessageBody], Meta(min_length=1, max_length=100)]
    user: UserBody | None = None
    organization: OrganizationBody | None = None
    session: SessionBody | None = None
    custom: Json | None = None
    userId: Id | None = None
    metadata: Json | None = None


class CaptureReply(Struct):
    ok: bool
    conversationId: str
    messagesStored: int
    analysisQueued: bool
    warnings: list[str]


_decoder = msgspec.json.Decoder(CaptureBody)


def decode(body: bytes, chatbot_id: ChatbotId, key_hash: bytes, *, received_at: datetime) -> Capture:
    """Raises Invalid, naming the field."""
    read = _parse(body)
    if b"\\u" in body:  # only an escape can bring in what cannot be stored; most bodies have none
        bad = unstorable_in(msgspec.to_builtins(read), "")
        if bad is not None:
            raise Invalid.field(*bad)
    return Capture(
        chatbot_id=chatbot_id,
        key_hash=key_hash,
        external_id=read.conversationId,
        turns=tuple(_turn(message, index) for index, message in enumerate(read.messages)),
        received_at=received_at,
        source="capture",
        person=_person(read),
        organization=_given(read.organization),
        session=_session(read.session),
        custom=_custom(read),
    )


def _parse(body: bytes) -> CaptureBody:
    try:
        return _decoder.decode(body)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        field = path.rstrip("`").lstrip(".") or "body"
        raise Invalid.field(field, message[:1].lower() + message[1:].replace("`", "")) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Invalid.field("body", "is not valid JSON in UTF-8") from None
    except RecursionError:
        raise Invalid.field("body", "is nested too deeply") from None


def _turn(message: MessageBody, index: int) -> Turn:
    field = f"messages[{index}]"
    sent_at = None if message.sentAt is None else moment(message.sentAt, f"{field}.sentAt")
    return Turn(message.role, message.content, message.id, sent_at, _evidence(message, field))


def _evidence(message: MessageBody, field: str) -> Json | None:
    """Only an assistant has reasons; from others they are ignored."""
    if message.role != "assistant" or not (message.tools or message.reasoning):
        return None
    evidence: Json = {"tools": msgspec.to_builtins(message.tools or []), "reasoning": message.reasoning}
    if len(_encoded(evidence, field)) >= _MOST_EVIDENCE:
        raise Invalid.field(field, "tools and reasoning together must be smaller than 32 KB")
    return evidence


def moment(text: str, field: str) -> datetime:
    """ISO 8601, in UTC; without an offset it is taken as UTC. Raises Invalid."""
    try:
        read = datetime.fromisoformat(text.upper())
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid.field(field, "must be a date and time like 2025-03-15T14:30:00Z") from None


def _person(read: CaptureBody) -> Json:
    person = _given(read.user)
    if read.userId is not None:
        person.setdefault("id", read.userId)  # the deprecated name gives way to user.id
    if "email" in person and not is_email(person["email"]):
        raise Invalid.field("user.email", "must be an e-mail address")
    if "createdAt" in person:
        moment(person["createdAt"], "user.createdAt")
    return person


def _session(session: SessionBody | None) -> Json:
    given = _given(session)
    if "device" in given:
        given["device"] = given["device"].lower()
        if given["device"] not in _DEVICES:
            raise Invalid.field("session.device", "must be desktop, mobile or tablet")
    return given


def _custom(read: CaptureBody) -> Json:
    """The deprecated `metadata` may hold anything, `custom` only plain values; where both name a key, `custom` wins."""
    custom = {**(read.metadata or {}), **(read.custom or {})}
    if len(custom) > _MOST_CUSTOM:
        raise Invalid.field("custom", f"must have at most {_MOST_CUSTOM} keys")
    for key, value in (read.custom or {}).items():
        if not isinstance(value, str | int | float | bool):
            raise Invalid.field(f"custom.{key}", "must be a string, a number or a boolean")
    for key in custom:
        if not 1 <= len(key) <= 256:
            raise Invalid.field("custom", "a key must have 1 to 256 characters")
    if custom:
        _encoded(custom, "custom")
    return custom


def _given(part: Struct | None) -> Json:
    return {} if part is None else msgspec.to_builtins(part)


def _encoded(value: Json, field: str) -> bytes:
    try:
        return msgspec.json.encode(value)
    except (RecursionError, UnicodeEncodeError, OverflowError):
        raise Invalid.field(field, "holds something that cannot be stored") from None
