"""A file of any kind that we know, read piece by piece: drafts of conversations, and faults with their places.

What kind it is shows in its first bytes (JSON document, JSON lines, CSV) and in its first record (whose shape it has).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from noctule.base.errors import Invalid
from noctule.transfer.columns import Columns, Gathering
from noctule.transfer.draft import Draft
from noctule.transfer.forms import Form, recognised
from noctule.transfer.models import Format
from noctule.transfer.rows import Row, Rows
from noctule.transfer.scan import LISTS, Broken, Document, Lines, Record

_MOST_TO_TELL = 1024 * 1024  # bytes that may be needed to tell JSON lines from a JSON document
_KINDS = (
    "Known are an export of Noctule or OpenBat, bodies of capture, an export of Chatbase and one of ChatLogger: "
    "see docs/api/transfer.md"
)


@dataclass(frozen=True, slots=True)
class Fault:
    place: str  # line 7, conversations[7], the file
    field: str
    message: str


@dataclass
class Mapping:
    """What the file was taken for: filled in as soon as that is known."""

    format: str = ""
    columns: dict[str, str] = field(default_factory=dict[str, str])


Found = Draft | Fault


class Reader:
    """Whose file it is, `mapping` tells. After a break nothing more comes."""

    def __init__(self, kind: Format | None = None) -> None:
        self.mapping = Mapping()
        self._kind: Format | None = kind
        self._head = b""
        self._source: _Json | _Csv | None = None
        self._broken = False

    def feed(self, piece: bytes) -> Iterator[Found]:
        if self._source is None:
            self._head += piece
            kind: Format | None = self._kind or kind_of(self._head, complete=False)
            if kind is None:
                return
            piece = self._begin(kind)
        if self._source is not None:
            yield from self._until_it_breaks(self._source.feed(piece))

    def finish(self) -> Iterator[Found]:
        if self._source is None:
            kind: Format = self._kind or kind_of(self._head, complete=True) or "csv"
            yield from self.feed(self._begin(kind))
        if self._source is not None:
            yield from self._until_it_breaks(self._source.finish())

    def _begin(self, kind: Format) -> bytes:
        self._source = _Csv(self.mapping) if kind == "csv" else _Json(kind, self.mapping)
        head, self._head = self._head, b""
        return head

    def _until_it_breaks(self, found: Iterator[Found]) -> Iterator[Found]:
        if self._broken:
            return
        try:
            yield from found
        except Broken as error:
            self._broken = True
            yield Fault(error.place, "", error.message)


def kind_of(head: bytes, *, complete: bool) -> Format | None:
    """None: more of it is needed."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        return None
    if text[:1] == b"[":
        return "json"
    if text[:1] != b"{":
        return "csv"
    line, end, _ = text.partition(b"\n")
    if not (end or complete or len(text) > _MOST_TO_TELL):
        return None
    try:
        names = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "json"  # a document over several lines; a bad first line of JSON lines is found out as well
    return "json" if names.keys() & set(LISTS) else "jsonl"


class _Json:
    def __init__(self, kind: Format, mapping: Mapping) -> None:
        self._scanner = Lines() if kind == "jsonl" else Document()
        self._mapping = mapping
        self._form: Form | None = None

    def feed(self, piece: bytes) -> Iterator[Found]:
        for record in self._scanner.feed(piece):
            yield self._read(record)

    def finish(self) -> Iterator[Found]:
        for record in self._scanner.finish():
            yield self._read(record)

    def _read(self, record: Record) -> Found:
        if self._form is None:
            self._form = recognised(record)
            if self._form is None:
                raise Broken(record.place, f"is no conversation in a shape that we know. {_KINDS}")
            self._mapping.format, self._mapping.columns = self._form.name, dict(self._form.columns)
        try:
            return self._form.read(record)
        except Invalid as error:
            problem = error.problems[0]
            return Fault(record.place, problem.field, problem.message)


class _Csv:
    def __init__(self, mapping: Mapping) -> None:
        self._rows = Rows()
        self._mapping = mapping
        self._columns: Columns | None = None
        self._gathering = Gathering()

    def feed(self, piece: bytes) -> Iterator[Found]:
        for row in self._rows.feed(piece):
            yield from self._read(row)

    def finish(self) -> Iterator[Found]:
        for row in self._rows.finish():
            yield from self._read(row)
        yield from self._gathering.rest()

    def _read(self, row: Row) -> Iterator[Found]:
        if self._columns is None:
            try:
                self._columns = Columns(row)
            except Invalid as error:
                yield from (Fault(f"line {row.line}", one.field, one.message) for one in error.problems)
                raise Broken(f"line {row.line}", "is no header that we can read") from None
            self._mapping.format = "chatlogger csv" if self._columns.chatlogger else "csv"
            self._mapping.columns = self._columns.mapping
            return
        try:
            draft = self._columns.read(row)
        except Invalid as error:
            problem = error.problems[0]
            yield Fault(f"line {row.line}", problem.field, problem.message)
        else:
            yield from self._gathering.add(draft)
