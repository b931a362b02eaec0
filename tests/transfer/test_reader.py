"""What a file is taken for, and that its form and its size do not matter to who reads it."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from noctule.api.openbat import capture
from noctule.base.errors import Invalid
from noctule.chatbots import ChatbotId
from noctule.transfer.draft import Draft
from noctule.transfer.kind import Kind
from noctule.transfer.models import Format
from noctule.transfer.reader import Fault, Found, Reader
from noctule.web.ingest import Origin

HI = '{"conversationId": "c", "messages": [{"role": "user", "content": "Hi"}]}'
TABLE = "conversation_id,role,content\nc,user,Grüße\n"


def read(file: bytes, size: int = 1000) -> list[Found]:
    reader = Reader()
    found = [one for at in range(0, len(file), size) for one in reader.feed(file[at : at + size])]
    return [*found, *reader.finish()]


def words(found: list[Found]) -> list[str]:
    return [turn.content for draft in found if isinstance(draft, Draft) for turn in draft.turns]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (HI, "jsonl"),
        (f"\n {HI}\n{HI}", "jsonl"),
        (f"[{HI}]", "json"),
        (json.dumps({"organization_id": 1, "chats": []}), "json"),
        ('{"chatbot": {"id": "x", "settings": {"a": [1, "]}"]}}, "n": 1, "conversations": [', "json"),
        ('{\n "conversationId": "c"}', "json"),
        ('{"id": 7, "title": "Empty"}', "jsonl"),
        ('{"id": 7, "data": null, "messages": []}', "jsonl"),
        ("{broken", "json"),
        ("role,content", "csv"),
        ("", "csv"),
    ],
)
def test_the_first_name_that_tells(text: str, kind: Format) -> None:
    for size in (1, 7, 1000):
        telling = Kind()
        told = (telling.feed(text[at : at + size].encode()) for at in range(0, len(text), size))
        assert (next(filter(None, told), None) or telling.finish()) == kind


def test_a_first_line_of_any_length_is_a_line() -> None:
    long = json.dumps({"id": "x", "custom": {"a": "b" * 3_000_000}, "external_conversation_id": "c", "messages": []})
    found = read(f"{long}\n{long}".encode(), 64 * 1024)
    assert len(found) == 2
    assert all(isinstance(one, Draft) for one in found)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_in_any_encoding_that_spreadsheets_write(encoding: str) -> None:
    for size in (1, 7, 1000):
        assert words(read(TABLE.encode(encoding), size)) == ["Grüße"]
        assert words(read(HI.encode(encoding), size)) == ["Hi"]
        assert words(read(f"[{HI}]".encode(encoding), size)) == ["Hi"]


@pytest.mark.parametrize(
    "text", ["sep=;\r\n" + TABLE.replace(",", ";"), '"SEP=;"\n' + TABLE.replace(",", ";"), TABLE.replace("\n", "\r")]
)
def test_tables_as_spreadsheets_write_them(text: str) -> None:
    for size in (1, 7, 1000):
        assert words(read(text.encode(), size)) == ["Grüße"]


def test_a_record_of_very_many_values() -> None:
    for many in ("[]," * 1_000_001, "1," * 4_000_001):
        record = f'{HI[:-1]}, "custom": {{"a": [{many}1]}}}}'
        for file, place in ((record, "line 1"), (f"[{record}]", "[0]")):
            assert Fault(place, "", "holds too many values") in read(file.encode(), 1_000_000)


def nested(levels: int) -> Any:
    return [nested(levels - 1)] if levels else 1


@pytest.mark.parametrize(
    "change",
    [
        {"user": {"createdAt": "yesterday"}},
        {"user": {"email": "x"}},
        {"session": {"device": "fridge"}},
        {"session": {"country": "x" * 65}},
        {"custom": {"a": None}},
        {"metadata": {"a": nested(60)}},
        {"messages": [{"role": "assistant", "content": "Hi", "reasoning": "x" * 40_000}]},
        {"messages": [{"role": "assistant", "content": "Hi", "tools": [{"name": "t", "input": nested(60)}]}]},
    ],
)
def test_capture_and_a_file_of_its_bodies_refuse_the_same(change: dict[str, Any]) -> None:
    body = json.dumps(json.loads(HI) | change).encode()
    origin = Origin(ChatbotId(UUID(int=1)), datetime(2025, 3, 15, tzinfo=UTC))
    with pytest.raises(Invalid) as refused:
        capture.read(body, origin)
    (problem,) = refused.value.problems
    assert read(body) == [Fault("line 1", problem.field, problem.message)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"stated": {"language": 5}}, "stated.language"),
        ({"user": {"id": "x" * 257}}, "user.id"),
        ({"messages": [{"role": "user", "content": "Hi", "evidence": {"a": nested(60)}}]}, "messages[0].evidence"),
    ],
)
def test_an_export_that_was_changed(change: dict[str, Any], field: str) -> None:
    sent = {"external_conversation_id": "c", "last_received_at": None, "messages": []} | change
    (fault,) = read(json.dumps(sent).encode())
    assert isinstance(fault, Fault)
    assert fault.field == field


def test_a_tool_as_deep_as_capture_takes_it_comes_back() -> None:
    evidence = {"tools": [{"name": "t", "input": nested(32)}], "reasoning": None}
    messages = [{"role": "assistant", "content": "Hi", "evidence": evidence}]
    assert words(read(json.dumps({"external_conversation_id": "c", "messages": messages}).encode())) == ["Hi"]


def test_half_of_a_letter() -> None:
    assert read(TABLE.encode("utf-16") + b"\0") == [Fault("the file", "", "is not text in UTF-16, as which it begins")]
