"""POST /api/v1/capture: the body, its limits, and how it becomes one `Capture`. Bytes in, value out; no database.

docs/api/capture.md is the table of requests and answers that tests play. Limits that JSON Schema can say stand in the
types; the others follow below, each error naming its field.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from noctule.api.openbat.access import admit
from noctule.api.openbat.errors import body_of
from noctule.base.bodies import (
    Content,
    Id,
    Json,
    OrganizationBody,
    Tool,
    Url,
    UserBody,
    checked,
    encoded,
    given,
    parse,
)
from noctule.base.clock import moment
from noctule.base.errors import Invalid
from noctule.base.text import TOO_DEEP, is_email, too_deep
from noctule.conversations import Capture, Recorded, Turn
from noctule.web.forwarded import enrichment_of, headers_in
from noctule.web.ingest import Door, Origin

_MOST_EVIDENCE = 32 * 1024  # bytes of {tools, reasoning}
_DEVICES = ("desktop", "mobile", "tablet")


class MessageBody(Struct):
    role: Literal["user", "assistant", "system"]
    content: Content
    id: Id | None = None
    sentAt: str | None = None
    tools: Annotated[list[Tool], Meta(max_length=20)] | None = None
    reasoning: str | None = None


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
    ended: bool | None = None
    headers: Json | None = None


class CaptureReply(Struct):
    ok: bool
    conversationId: str
    messagesStored: int
    analysisQueued: bool
    warnings: list[str]


_decoder = msgspec.json.Decoder(CaptureBody)


def read(body: bytes, origin: Origin) -> Capture:
    """Raises Invalid, naming the field."""
    sent = parse(_decoder, body)
    session = _session(sent.session)
    return Capture(
        chatbot_id=origin.chatbot_id,
        key_hash=origin.key_hash,
        external_id=sent.conversationId,
        turns=tuple(_turn(message, index) for index, message in enumerate(sent.messages)),
        received_at=origin.received_at,
        source="capture",
        person=_person(sent),
        organization=given(sent.organization),
        session=session,
        custom=_custom(sent),
        ended=sent.ended or False,
        repeat_key=origin.repeat_key,
        enrichment=enrichment_of(origin.headers, headers_in(sent.headers), given=session),
    )


def answer(_capture: Capture, recorded: Recorded) -> CaptureReply:
    return CaptureReply(
        ok=True,
        conversationId=str(recorded.conversation_id),
        messagesStored=recorded.messages_stored,
        analysisQueued=recorded.analysis_queued,
        warnings=list(recorded.warnings),
    )


DOOR = Door("Record messages of a conversation", CaptureBody, CaptureReply, admit, read, answer, body_of)


def _turn(message: MessageBody, index: int) -> Turn:
    field = f"messages[{index}]"
    sent_at = None if message.sentAt is None else moment(message.sentAt, f"{field}.sentAt")
    return Turn(message.role, message.content, message.id, sent_at, _evidence(message, field))


def _evidence(message: MessageBody, field: str) -> Json | None:
    """Only an assistant has reasons; from others they are ignored."""
    if message.role != "assistant" or not (message.tools or message.reasoning):
        return None
    for place, tool in enumerate(message.tools or []):
        if too_deep(tool.input) or too_deep(tool.output):
            raise Invalid.field(f"{field}.tools[{place}]", TOO_DEEP)
    evidence: Json = {"tools": msgspec.to_builtins(message.tools or []), "reasoning": message.reasoning}
    if len(encoded(evidence, field)) >= _MOST_EVIDENCE:
        raise Invalid.field(field, "tools and reasoning together must be smaller than 32 KB")
    return evidence


def _person(sent: CaptureBody) -> Json:
    person = given(sent.user)
    if sent.userId is not None:
        person.setdefault("id", sent.userId)  # the deprecated name gives way to user.id
    if "email" in person and not is_email(person["email"]):
        raise Invalid.field("user.email", "must be an e-mail address")
    if "createdAt" in person:
        moment(person["createdAt"], "user.createdAt")
    return person


def _session(sent: SessionBody | None) -> Json:
    session = given(sent)
    if "device" in session:
        session["device"] = session["device"].lower()
        if session["device"] not in _DEVICES:
            raise Invalid.field("session.device", "must be desktop, mobile or tablet")
    return session


def _custom(sent: CaptureBody) -> Json:
    """The deprecated `metadata` may hold anything, `custom` only plain values; where both name a key, `custom` wins."""
    for key, value in (sent.custom or {}).items():
        if not isinstance(value, str | int | float | bool):
            raise Invalid.field(f"custom.{key}", "must be a string, a number or a boolean")
    return {**checked(sent.metadata or {}, "metadata"), **checked(sent.custom or {}, "custom")}
