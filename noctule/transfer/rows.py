"""A CSV file taken apart while it arrives: one row at a time, with the line it begins on. Quoted cells may hold lines."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from noctule.transfer.scan import Broken, Lines, Record

DELIMITERS = (",", ";", "\t")
MOST_COLUMNS = 1000
LARGEST_ROW = 16 * 1024 * 1024  # bytes
_LONGEST_HEADER = 256 * 1024  # bytes
_LINE_END = re.compile(rb"\n|\r(?=[^\n])")
_SEPARATOR = re.compile(r'"?sep=([,;\t])"?\s*', re.IGNORECASE)  # how Excel writes down which delimiter it used
csv.field_size_limit(LARGEST_ROW)


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    cells: list[str]


class Rows:
    """The first line tells how lines end, the first row is the header and tells the delimiter."""

    def __init__(self) -> None:
        self._head = b""
        self._lines: Lines | None = None  # as soon as it is known how they end
        self._delimiter = ""
        self._held: list[str] = []  # a row that goes on
        self._size = 0
        self._cells = 1
        self._begins = 1
        self._quoted = False  # whether it goes on inside a quoted cell

    def feed(self, piece: bytes) -> Iterator[Row]:
        if self._lines is None:
            self._head += piece
            self._lines = _lines_of(self._head)
            piece = self._head
        if self._lines is not None:
            for record in self._lines.feed(piece):
                yield from self._line(record)

    def finish(self) -> Iterator[Row]:
        if self._lines is None:  # all of the file is one line
            self._lines = Lines(end=b"\n")
            list(self._lines.feed(self._head))
        for record in self._lines.finish():
            yield from self._line(record)
        if self._held:
            raise Broken(f"line {self._begins}", "has a quoted cell that never ends")

    def _line(self, record: Record) -> Iterator[Row]:
        try:
            text = record.body.decode()
        except UnicodeDecodeError:
            raise Broken(record.place, "is not text in UTF-8") from None
        if not self._delimiter and (told := _SEPARATOR.fullmatch(text)):
            self._delimiter = told[1]
            return
        if not self._delimiter:
            self._delimiter = max(DELIMITERS, key=text.count)
        if not self._held:
            self._begins = record.number
        self._held.append(text)
        self._size += len(record.body)
        self._quoted = self._goes_on(text)
        if self._cells > MOST_COLUMNS:
            raise Broken(f"line {self._begins}", f"has more than {MOST_COLUMNS:,} cells")
        if self._size > LARGEST_ROW:
            raise Broken(f"line {self._begins}", "must not be larger than 16 MB")
        if not self._quoted:
            yield from self._row()

    def _row(self) -> Iterator[Row]:
        text, self._held, self._size, self._cells = "".join(self._held), [], 0, 1
        try:
            rows = list(csv.reader([text], delimiter=self._delimiter, strict=True))
        except csv.Error:
            raise Broken(f"line {self._begins}", _trouble(text)) from None
        for cells in rows:
            if any(cells):
                yield Row(self._begins, cells)

    def _goes_on(self, line: str) -> bool:
        """Whether a quoted cell is still open at the end of the line. Counts cells, but no more than need be."""
        at, quoted = 0, self._quoted
        if not quoted and '"' not in line:
            self._cells += line.count(self._delimiter)
            return False
        while self._cells <= MOST_COLUMNS:
            if quoted:
                at = line.find('"', at)
                if at < 0:
                    return True
                if line.startswith('"', at + 1):  # two quotes are one
                    at += 2
                    continue
                at, quoted = at + 1, False
            elif line.startswith('"', at) and (at == 0 or line[at - 1] == self._delimiter):
                at, quoted = at + 1, True
            else:
                at = line.find(self._delimiter, at) + 1
                if at == 0:
                    return False
                self._cells += 1
        return False


def _lines_of(head: bytes) -> Lines | None:
    """Spreadsheets of long ago end a line with a carriage return alone. None: the first line goes on."""
    end = _LINE_END.search(head)
    if (end.start() if end else len(head)) > _LONGEST_HEADER:
        raise Broken("line 1", "is too long: it must hold the names of the columns")
    return Lines(end=end[0]) if end else None


def _trouble(row: str) -> str:
    if "\r" in row.rstrip("\r\n"):
        return "has a carriage return in the middle: a cell of several lines must stand in double quotes"
    return "has more behind the closing quote of a cell: a quote within a quoted cell must be written twice"
