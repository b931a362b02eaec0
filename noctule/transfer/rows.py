"""A CSV file taken apart while it arrives: one row at a time, with the line it begins on. Quoted cells may hold lines."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from noctule.transfer.scan import LARGEST_RECORD, Broken, Lines, Record

DELIMITERS = (",", ";", "\t")
csv.field_size_limit(LARGEST_RECORD)


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    cells: list[str]


class Rows:
    """The first row is the header; it tells the delimiter."""

    def __init__(self) -> None:
        self._lines = Lines(whole=True)
        self._delimiter = ""
        self._held: list[str] = []  # a row that goes on
        self._size = 0
        self._begins = 1
        self._quoted = False  # whether it goes on inside a quoted cell

    def feed(self, piece: bytes) -> Iterator[Row]:
        for record in self._lines.feed(piece):
            yield from self._line(record)

    def finish(self) -> Iterator[Row]:
        for record in self._lines.finish():
            yield from self._line(record)
        if self._held:
            raise Broken(f"line {self._begins}", "has a quoted cell that never ends")

    def _line(self, record: Record) -> Iterator[Row]:
        try:
            text = record.body.decode()
        except UnicodeDecodeError:
            raise Broken(record.place, "is not text in UTF-8") from None
        if not self._delimiter:
            self._delimiter = max(DELIMITERS, key=text.count)
        if not self._held:
            self._begins = record.number
        self._held.append(text)
        self._size += len(record.body)
        self._quoted = self._goes_on(text)
        if not self._quoted:
            yield from self._row()
        elif self._size > LARGEST_RECORD:
            raise Broken(f"line {self._begins}", "must not be larger than 64 MB")

    def _row(self) -> Iterator[Row]:
        text, self._held, self._size = "".join(self._held), [], 0
        try:
            rows = list(csv.reader([text], delimiter=self._delimiter, strict=True))
        except csv.Error as error:
            raise Broken(f"line {self._begins}", f"is not CSV: {error}") from None
        for cells in rows:
            if any(cells):
                yield Row(self._begins, cells)

    def _goes_on(self, line: str) -> bool:
        """Whether a quoted cell is still open at the end of the line."""
        at, quoted = 0, self._quoted
        while True:
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
