"""The kinds of JSON that we can read, each with what becomes of its fields. A record in, a draft out, or Invalid."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from noctule.base import clock
from noctule.base.bodies import Json, checked, custom_in, encoded, evidence_in, given, parse, person_in, session_in
from noctule.base.errors import Invalid
from noctule.base.text import DEEPEST, TOO_DEEP, too_deep, unstorable_in
from noctule.conversations import Turn, evidence_of, parts_of, stated_in
from noctule.transfer.draft import Draft, all_named
from noctule.transfer.scan import Record
from noctule.transfer.shapes import (
    ChatbaseConversation,
    ChatLoggerChat,
    ReadConversation,
    ReadMessage,
    SentCapture,
    SentMessage,
    Tags,
    Time,
)

_CHATBASE_ONLY = {"chatbot_id", "chatbotId", "customer", "source"}
_CHATLOGGERS = {"title", "tags", "user_id", "metadata"}
_MILLISECONDS_FROM = 100_000_000_000  # a number of seconds beyond is the year 5138

_read_conversation = msgspec.json.Decoder(ReadConversation)
_sent_capture = msgspec.json.Decoder(SentCapture)
_chatbase = msgspec.json.Decoder(ChatbaseConversation)
_chatlogger = msgspec.json.Decoder(ChatLoggerChat)


@dataclass(frozen=True)
class Form:
    name: str
    columns: Mapping[str, str]  # a field of the file → what it becomes
    read: Callable[[Record], Draft]


def recognised(record: Record) -> Form | None:
    """By the list it stands in and the names of its fields; the first record speaks for all."""
    try:
        names = set(msgspec.json.decode(record.body, type=dict[str, msgspec.Raw]))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if "external_conversation_id" in names:
        return NOCTULE if "last_received_at" in names else OPENBAT
    if "conversationId" in names:
        return CAPTURE
    chatbase = "messages" in names and (record.under == "data" or names & _CHATBASE_ONLY)
    if record.under == "chats" or ("id" in names and names & _CHATLOGGERS and not chatbase):
        return CHATLOGGER
    return CHATBASE if {"id", "messages"} <= names else None


def moment(value: Time | None, field: str) -> datetime | None:
    """As text like in a body, or as seconds or milliseconds since 1970. Raises Invalid."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return clock.moment(value, field)
    try:
        read = datetime.fromtimestamp(value / 1000 if value >= _MILLISECONDS_FROM else value, UTC)
    except (ValueError, OverflowError, OSError):
        raise Invalid.field(field, "must be a date and time like 2025-03-15T14:30:00Z") from None
    return clock.moment(clock.iso(read), field)


def _from_reading(record: Record) -> Draft:
    sent = parse(_read_conversation, record.body)
    person = given(sent.user)
    if sent.external_user_id is not None:
        person.setdefault("id", sent.external_user_id)
    return Draft(
        external_id=sent.external_conversation_id,
        turns=all_named(_read_turn(message, index) for index, message in enumerate(sent.messages)),
        source=sent.source or "import",
        received_at=tuple(
            moment(message.received_at, f"messages[{index}].received_at") for index, message in enumerate(sent.messages)
        ),
        began_at=moment(sent.last_received_at, "last_received_at"),
        more=sent.more,
        ended_at=None if sent.more else moment(sent.ended_at, "ended_at"),
        title=sent.title,
        tags=tuple(sent.tags or ()),
        person=person,
        organization=given(sent.organization),
        session=given(sent.session),
        custom=_facts(sent.custom, "custom"),
        enrichment=_facts(sent.enrichment, "enrichment"),
        stated=stated_in(_facts(sent.stated, "stated")),
    )


def _read_turn(message: ReadMessage, index: int) -> Turn:
    """A message that its caller gave no id keeps the one it had; in OpenBat's answers `created_at` is when it was sent."""
    field = f"messages[{index}]"
    name = message.external_message_id or (str(message.id) if message.id is not None else None)
    sent_at = moment(message.sent_at, f"{field}.sent_at")
    if sent_at is None and message.received_at is None:
        sent_at = moment(message.created_at, f"{field}.created_at")
    if too_deep(message.evidence, DEEPEST + 3):  # of a tool: {"tools": [{"input": …}]}
        raise Invalid.field(f"{field}.evidence", TOO_DEEP)
    encoded(message.evidence or {}, f"{field}.evidence")
    return Turn(message.role, message.content, name, sent_at, message.evidence or None)


def _from_capture(record: Record) -> Draft:
    sent = parse(_sent_capture, record.body)
    turns = all_named((_sent_turn(message, index) for index, message in enumerate(sent.messages)), record.place)
    return Draft(
        external_id=sent.conversationId,
        turns=turns,
        ended=sent.ended or False,
        person=person_in(sent.user, sent.userId),
        organization=given(sent.organization),
        session=session_in(sent.session),
        custom=custom_in(sent.custom, sent.metadata),
    )


def _sent_turn(message: SentMessage, index: int) -> Turn:
    field = f"messages[{index}]"
    evidence = evidence_in(message.role, message.tools, message.reasoning, field=field)
    return Turn(message.role, message.content, message.id, moment(message.sentAt, f"{field}.sentAt"), evidence)


def _from_chatbase(record: Record) -> Draft:
    sent = parse(_chatbase, record.body)
    turns: list[Turn] = []
    for index, message in enumerate(sent.messages):
        sent_at = moment(message.createdAt or message.created_at, f"messages[{index}].createdAt")
        evidence = {"score": message.score} if message.score is not None else None
        if message.content:
            turns.append(Turn(message.role, message.content, message.id, sent_at, evidence))
    return Draft(
        external_id=sent.id,
        turns=all_named(turns),
        source=sent.source or "import",
        began_at=moment(sent.created_at or sent.createdAt, "created_at"),
        title=sent.title or None,
        person=_customer(sent),
        session={"country": sent.country} if sent.country else {},
    )


def _customer(sent: ChatbaseConversation) -> Json:
    known = {"id": sent.user_id and str(sent.user_id), "name": sent.customer and sent.customer[:256]}
    return {name: value for name, value in known.items() if value}


def _from_chatlogger(record: Record) -> Draft:
    sent = parse(_chatlogger, record.body)
    turns: list[Turn] = []
    for index, message in enumerate(sent.messages or ()):
        sent_at = moment(message.created_at, f"messages[{index}].created_at")
        name = None if message.id is None else str(message.id)
        evidence = evidence_of(_object(message.metadata, f"messages[{index}].metadata"))
        if message.content:
            turns.append(Turn(message.role, message.content, name, sent_at, evidence))
    parts = parts_of(_object(sent.metadata, "metadata"))
    return Draft(
        external_id=str(sent.id),
        turns=all_named(turns),
        began_at=moment(sent.created_at, "created_at"),
        title=sent.title or None,
        tags=_tags(sent.tags),
        person={} if sent.user_id is None else {"id": str(sent.user_id)},
        session=parts.session,
        custom=parts.custom,
        enrichment=parts.enrichment,
        stated=parts.stated,
    )


def _object(value: Json | str | None, field: str) -> Json:
    return _facts(_inside(value, dict[str, Any], field) if isinstance(value, str) else value, field)


def _tags(value: list[str] | str | None) -> tuple[str, ...]:
    return tuple((_inside(value, Tags, "tags") if isinstance(value, str) else value) or ())


def _inside(text: str, kind: Any, field: str) -> Any:
    """What stands in a text as JSON; nothing in an empty one."""
    try:
        found = msgspec.json.decode(text, type=kind) if text else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid.field(field, "is not what belongs here, in JSON") from None
    if bad := unstorable_in(found, field):
        raise Invalid.field(*bad)
    return found


def _facts(value: Json | None, field: str) -> Json:
    return checked(dict(value or {}), field)


_SAME = {name: name for name in ("title", "tags", "user", "organization", "session", "custom", "enrichment", "stated")}
_READ = {
    "external_conversation_id": "conversationId",
    "messages[].role": "role",
    "messages[].content": "content",
    "messages[].external_message_id": "id",
    "messages[].id": "id, where there is no external one",
    "messages[].sent_at": "sentAt",
}
NOCTULE = Form(
    "noctule",
    {**_READ, "messages[].received_at": "received", "source": "source", "ended_at": "ended", **_SAME},
    _from_reading,
)
OPENBAT = Form(
    "openbat", {**_READ, "messages[].created_at": "sentAt", "external_user_id": "user.id", **_SAME}, _from_reading
)
CAPTURE = Form(
    "capture",
    {
        "conversationId": "conversationId",
        "messages[].role": "role",
        "messages[].content": "content",
        "messages[].id": "id",
        "messages[].sentAt": "sentAt",
        "messages[].tools, reasoning": "evidence",
        "user, userId": "user",
        "organization": "organization",
        "session": "session",
        "custom, metadata": "custom",
        "ended": "ended",
    },
    _from_capture,
)
CHATBASE = Form(
    "chatbase",
    {
        "id": "conversationId",
        "messages[].role": "role",
        "messages[].content": "content",
        "messages[].id": "id",
        "messages[].createdAt": "sentAt",
        "messages[].score": "evidence.score",
        "source": "source",
        "title": "title",
        "user_id": "user.id",
        "customer": "user.name",
        "country": "session.country",
        "created_at": "received, where a message has no time",
    },
    _from_chatbase,
)
CHATLOGGER = Form(
    "chatlogger",
    {
        "id": "conversationId",
        "messages[].role": "role",
        "messages[].content": "content",
        "messages[].id": "id",
        "messages[].created_at": "sentAt",
        "messages[].metadata": "evidence",
        "title": "title",
        "tags": "tags",
        "user_id": "user.id",
        "metadata": "stated, session; custom, where it has no place of its own",
        "created_at": "received, where a message has no time",
    },
    _from_chatlogger,
)
