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
    SessionBody,
    Tools,
    UserBody,
    custom_in,
    evidence_in,
    given,
    parse,
    person_in,
    session_in,
)
from noctule.base.clock import moment
from noctule.conversations import Capture, Recorded, Turn
from noctule.web.forwarded import enrichment_of, headers_in
from noctule.web.ingest import Door, Origin


class MessageBody(Struct):
    role: Literal["user", "assistant", "system"]
    content: Content
    id: Id | None = None
    sentAt: str | None = None
    tools: Tools | None = None
    reasoning: str | None = None


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
    session = session_in(sent.session)
    return Capture(
        chatbot_id=origin.chatbot_id,
        key_hash=origin.key_hash,
        external_id=sent.conversationId,
        turns=tuple(_turn(message, index) for index, message in enumerate(sent.messages)),
        received_at=origin.received_at,
        source="capture",
        person=person_in(sent.user, sent.userId),
        organization=given(sent.organization),
        session=session,
        custom=custom_in(sent.custom, sent.metadata),
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
    evidence = evidence_in(message.role, message.tools, message.reasoning, field=field)
    return Turn(message.role, message.content, message.id, sent_at, evidence)
