"""POST /v1/track: the older client, which sends the whole conversation again and again, without ids.

docs/api/track.md is the table of requests and answers that tests play.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from noctule.api.openbat.access import admit
from noctule.api.openbat.errors import body_of_track
from noctule.base.bodies import Content, Id, Json, Name, checked, given, parse
from noctule.conversations import Capture, Recorded, Turn
from noctule.web.forwarded import enrichment_of
from noctule.web.ingest import Door, Origin


class TrackMessage(Struct):
    role: Literal["user", "assistant"]
    content: Content


class TrackUser(Struct, omit_defaults=True):
    id: Id | None = None
    email: Name | None = None
    name: Name | None = None


class TrackOrganization(Struct, omit_defaults=True):
    id: Id | None = None
    name: Name | None = None


class TrackBody(Struct):
    conversationId: Id
    messages: Annotated[list[TrackMessage], Meta(min_length=1)]  # no most: the array grows with the conversation
    user: TrackUser | None = None
    organization: TrackOrganization | None = None
    metadata: Json | None = None
    ended: bool | None = None


class TrackReply(Struct):
    success: bool
    conversationId: str


_decoder = msgspec.json.Decoder(TrackBody)


def read(body: bytes, origin: Origin) -> Capture:
    """Raises Invalid, naming the field."""
    sent = parse(_decoder, body)
    return Capture(
        chatbot_id=origin.chatbot_id,
        key_hash=origin.key_hash,
        external_id=sent.conversationId,
        turns=tuple(Turn(message.role, message.content) for message in sent.messages),
        received_at=origin.received_at,
        source="track",
        recognises="position",
        person=given(sent.user),
        organization=given(sent.organization),
        custom=checked(sent.metadata or {}, "metadata"),
        ended=sent.ended or False,
        enrichment=enrichment_of(origin.headers, {}),
    )


def answer(capture: Capture, _recorded: Recorded) -> TrackReply:
    """The caller's own id comes back."""
    return TrackReply(success=True, conversationId=capture.external_id)


DOOR = Door("Send a conversation as it is so far", TrackBody, TrackReply, admit, read, answer, body_of_track)
