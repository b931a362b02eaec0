"""A file of any kind that we know, read piece by piece: drafts of conversations, and faults with their places.

What kind it is shows in its first bytes (JSON document, JSON lines, CSV) and in its first record (whose shape it has).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from noctule.base.errors import Invalid
from noctule.transfer.columns import Columns, Gathering
from noctule.transfer.draft import Draft
from noctule.transfer.encoding import InUtf8
from noctule.transfer.forms import Form, recognised
from noctule.transfer.kind import Kind
from noctule.transfer.models import Format
from noctule.transfer.rows import Row, Rows
from noctule.transfer.scan import TOO_MUCH, Broken, Document, Lines, Record, holds_too_much

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
        self._in_utf8 = InUtf8()
        self._telling = Kind()
        self._head = list[bytes]()  # until it is known what kind it is
        self._source = self._begin(kind) if kind else None
        self._broken = False

    def feed(self, piece: bytes) -> Iterator[Found]:
        yield from self._until_it_breaks(self._read(piece))

    def finish(self) -> Iterator[Found]:
        yield from self._until_it_breaks(self._read_on_to_the_end())

    def _read(self, piece: bytes, *, last: bool = False) -> Iterator[Found]:
        piece = self._in_utf8.feed(piece, last=last)
        if self._source is None:
            self._head.append(piece)
            kind = self._telling.feed(piece) or (self._telling.finish() if last else None)
            if kind is None:
                return
            self._source, piece, self._head = self._begin(kind), b"".join(self._head), []
        yield from self._source.feed(piece)

    def _read_on_to_the_end(self) -> Iterator[Found]:
        yield from self._read(b"", last=True)
        if self._source is not None:
            yield from self._source.finish()

    def _begin(self, kind: Format) -> "_Json | _Csv":
        return _Csv(self.mapping) if kind == "csv" else _Json(kind, self.mapping)

    def _until_it_breaks(self, found: Iterator[Found]) -> Iterator[Found]:
        if self._broken:
            return
        try:
            yield from found
        except Broken as error:
            self._broken = True
            yield Fault(error.place, "", error.message)


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
        if holds_too_much(record.body):
            return Fault(record.place, "", TOO_MUCH)
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
