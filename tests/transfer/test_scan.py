"""Files of any shape, cut into pieces at any place, come out as the same records."""

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noctule.transfer import scan
from noctule.transfer.rows import Rows
from noctule.transfer.scan import Broken, Document, Lines, Scanner, Walk

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
objects = st.lists(st.dictionaries(st.text(), values, max_size=4), max_size=4)


def records(scanner: Scanner, text: bytes, size: int) -> list[tuple[str, bytes]]:
    found = [
        (record.place, record.body)
        for start in range(0, len(text), size)
        for record in scanner.feed(text[start : start + size])
    ]
    return found + [(record.place, record.body) for record in scanner.finish()]


@given(objects, objects, st.integers(1, 40), st.sampled_from([None, 1]), st.booleans())
def test_a_document_in_pieces(items: list[Any], other: list[Any], size: int, indent: int | None, escaped: bool) -> None:
    for document, name in (
        (items, ""),
        ({"other": other, "chats": items, "n": 1.5, "last": None}, "chats"),
        ({"conversations": items}, "conversations"),
    ):
        text = json.dumps(document, indent=indent, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
        found = records(Document(), b" \n" + text, size)
        assert [place for place, _ in found] == [f"{name}[{n}]" for n in range(len(items))]
        assert [json.loads(body.decode("utf-8", "surrogatepass")) for _, body in found] == items


@given(objects, st.integers(1, 40))
def test_lines_in_pieces(items: list[Any], size: int) -> None:
    text = b"\r\n".join(json.dumps(item).encode() for item in items)
    assert [json.loads(body) for _, body in records(Lines(), text, size)] == items


cells = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=20)


@given(
    st.lists(st.lists(cells, min_size=2, max_size=4).filter(any), max_size=5),
    st.integers(1, 40),
    st.sampled_from(",;\t"),
)
def test_a_csv_in_pieces(rows: list[list[str]], size: int, delimiter: str) -> None:
    text = io.StringIO()
    table = [["a", "b", "c", "d", "e"], *rows]
    csv.writer(text, delimiter=delimiter).writerows(table)
    whole, reader = text.getvalue().encode(), Rows()
    found = [row for at in range(0, len(whole), size) for row in reader.feed(whole[at : at + size])]
    assert [row.cells for row in [*found, *reader.finish()]] == table


def test_a_quote_inside_a_bare_cell_is_a_quote() -> None:
    reader = Rows()
    found = [*reader.feed(b'a,b\r\n5" pipe,"x ""y""\n\nz"\r\n\r\nlast,""'), *reader.finish()]
    assert [(row.line, row.cells) for row in found] == [
        (1, ["a", "b"]),
        (2, ['5" pipe', 'x "y"\n\nz']),
        (6, ["last", ""]),
    ]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (b"", "the file", "ends before"),
        (b"5", "the file", "must be a list or an object"),
        (b"[5]", "[0]", "must be an object"),
        (b"[{}", "[0]", "ends before"),
        (b"[{} {}]", "[0]", "must be followed by a comma"),
        (b"[{},]", "[0]", "must not be followed by a comma"),
        (b'[{"a":"b]', "[0]", "ends before"),
        (b"[{}]]", "the file", "goes on behind its end"),
        (b"{}", "the file", "must hold a list named conversations, data, chats"),
        (b'{"data": 5}', "the file", "must hold a list"),
        (b'{"data": []', "the file", "ends before"),
        (b"{data: []}", "the file", "ends before"),
        (b'{"a" "b"}', "the file", "ends before"),
        (b"\xff\xfe[\0", "the file", "must be a list or an object"),
        (b"\xef\xbb", "the file", "must be a list or an object"),
        (b'{"a":1' + b"1" * 5000 + b"}", "the file", "longer than 4 KB"),
        (b'{"a' + b"a" * 5000 + b'":1}', "the file", "longer than 4 KB"),
    ],
)
def test_a_broken_document_says_where(text: bytes, place: str, message: str) -> None:
    with pytest.raises(Broken, match=message) as broken:
        records(Document(), text, 3)
    assert broken.value.place == place


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (b'a,b\n1,"2\n3', "line 2", "never ends"),
        (b'a,b\n1,"2"3\n', "line 2", "must be written twice"),
        (b"a,b\n1,2\rx,y\n", "line 2", "carriage return"),
        (b"a" * 300_000, "line 1", "is too long"),
        (b"a," * 1000 + b"a\n", "line 1", "more than 1,000 cells"),
        (b"a,b\n" + b'1,"2",' * 500 + b"x\n", "line 2", "more than 1,000 cells"),
        (b"a,b\n1,\xff\n", "line 2", "not text in UTF-8"),
    ],
)
def test_a_broken_table_says_where(text: bytes, place: str, message: str) -> None:
    reader = Rows()
    with pytest.raises(Broken, match=message) as broken:
        list(reader.feed(text))
        list(reader.finish())
    assert broken.value.place == place


def test_a_record_without_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "LARGEST_RECORD", 1000)
    monkeypatch.setattr("noctule.transfer.rows.LARGEST_ROW", 1000)
    for scanner, text in (
        (Lines(), b"x" * 600),
        (Document(), b'[{"a": "' + b"x" * 600),
        (Rows(), b'"' + b"x" * 600 + b"\n"),
    ):
        more = b"x" * 600 + b"\n" if isinstance(scanner, Rows) else b"x" * 600
        with pytest.raises(Broken, match="must not be l.*MB"):
            for piece in (text, more, more):
                list(scanner.feed(piece))


@pytest.mark.parametrize(
    "text", [b'[{"a": "' + b"x" * 5000, b'[{"a": [' + b"[], " * 2000, b'{"a": "' + b"x" * 5000, b" " * 5000]
)
def test_nothing_is_read_twice(text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was looked at is not looked at again when the next piece comes, else a long value costs its square."""
    walks: list[Walk] = []
    feed = Walk.feed

    def noted(walk: Walk, piece: bytes) -> None:
        walks.append(walk)
        feed(walk, piece)

    monkeypatch.setattr(Walk, "feed", noted)
    document = Document()
    for at in range(0, len(text), 100):
        assert not list(document.feed(text[at : at + 100]))
        assert len(walks[-1].rest()) <= 1
