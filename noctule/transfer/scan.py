"""Taking a file apart while it arrives: pieces of any size in, whole records out, no more than one of them in memory.

Each scanner is fed bytes and gives a record as soon as it is complete, with its place. What makes the rest of the file
unreadable is a `Broken`.
"""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Protocol

LARGEST_RECORD = 64 * 1024 * 1024  # bytes; the largest part that an export writes is smaller
LISTS = ("conversations", "data", "chats")  # where a JSON document may hold its conversations
_BOM = b"\xef\xbb\xbf"

_NEXT_BRACKET = re.compile(rb'(?:[^"{}\[\]]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+([{}\[\]])', re.DOTALL)
_START = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*+([^ \t\r\n\xef\xbb\xbf])")
_BYTE = re.compile(rb"[ \t\r\n]*+([^ \t\r\n])")
_KEY = re.compile(rb'[ \t\r\n]*+"([^"\\]*+(?:\\.[^"\\]*+)*+)"[ \t\r\n]*+:', re.DOTALL)
_SCALAR = re.compile(rb'(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"|[^"{}\[\],\s]++)(?=[,}\s])', re.DOTALL)


class Broken(Exception):
    """The file cannot be read on from here."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}")
        self.place = place
        self.message = message


@dataclass(frozen=True, slots=True)
class Record:
    place: str  # as people find it again: line 7, conversations[7]
    number: int  # the same for programs
    body: bytes
    under: str = ""  # the name of the list it stands in


class Scanner(Protocol):
    def feed(self, piece: bytes) -> Iterator[Record]: ...
    def finish(self) -> Iterator[Record]: ...


class Lines:
    """A record is a line, without its end; empty ones are passed over. With `whole`, every line with its end."""

    def __init__(self, *, whole: bool = False) -> None:
        self._whole = whole
        self._held: list[bytes] = []
        self._size = 0
        self._number = 1

    def feed(self, piece: bytes) -> Iterator[Record]:
        *ends, rest = piece.split(b"\n")
        for end in ends:
            yield from self._record(end + b"\n" if self._whole else end)
        self._hold(rest)

    def finish(self) -> Iterator[Record]:
        yield from self._record(b"")

    def _record(self, end: bytes) -> Iterator[Record]:
        self._hold(end)
        body = b"".join(self._held)
        place, number = f"line {self._number}", self._number
        if number == 1:
            body = body.removeprefix(_BOM)
        self._held, self._size, self._number = [], 0, self._number + 1
        if body if self._whole else body.strip():
            yield Record(place, number, body)

    def _hold(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > LARGEST_RECORD:
            raise Broken(f"line {self._number}", "must not be longer than 64 MB")
        self._held.append(part)


class Document:
    """A JSON document: a list of records, or an object that holds such a list under one of the names in LISTS.

    It walks along the text and stops where the text ends for now: each step is a record, or None for want of more.
    """

    def __init__(self) -> None:
        self._text = b""
        self._at = 0  # how far the text has been walked
        self._record_from: int | None = None  # what has to stay, because a record began there
        self._complete = False
        self._place = "the file"
        self._steps = self._walk()

    def feed(self, piece: bytes) -> Iterator[Record]:
        kept_from = self._at if self._record_from is None else self._record_from
        self._text = self._text[kept_from:] + piece
        self._at -= kept_from
        if self._record_from is not None:
            self._record_from = 0
        yield from self._records()
        if len(self._text) - (self._record_from or self._at) > LARGEST_RECORD:
            raise Broken(self._place, "must not be larger than 64 MB")

    def finish(self) -> Iterator[Record]:
        self._complete = True
        yield from self._records()

    def _records(self) -> Iterator[Record]:
        for step in self._steps:
            if step is None:
                return
            yield step

    def _walk(self) -> Generator[Record | None]:
        match (yield from self._needed(_START))[1]:
            case b"[":
                yield from self._list("")
            case b"{":
                yield from self._object()
            case _:
                raise Broken(self._place, "must be a list or an object in JSON")
        self._place = "the file"
        if (yield from self._match(_BYTE)) is not None:
            raise Broken(self._place, "goes on behind its end")

    def _object(self) -> Generator[Record | None]:
        found = False
        while (byte := (yield from self._byte())) != b"}":
            if byte == b",":
                continue
            self._at -= 1
            name = (yield from self._needed(_KEY))[1].decode(errors="replace")
            value = yield from self._byte()
            if value == b"[" and name in LISTS:
                found = True
                yield from self._list(name)
            elif value in (b"[", b"{"):
                yield from self._to_the_end_of_it()
            else:
                self._at -= 1
                yield from self._needed(_SCALAR)
            self._place = "the file"
        if not found:
            raise Broken(self._place, f"must hold a list named {', '.join(LISTS)}")

    def _list(self, name: str) -> Generator[Record | None]:
        byte, number = (yield from self._byte()), 0
        while byte != b"]":
            self._place = f"{name}[{number}]"
            if byte != b"{":
                raise Broken(self._place, "must be an object")
            self._record_from = self._at - 1
            yield from self._to_the_end_of_it()
            body = self._text[self._record_from : self._at]
            self._record_from = None
            yield Record(self._place, number, body, under=name)
            byte, number = (yield from self._byte()), number + 1
            if byte == b",":
                byte = yield from self._byte()
            elif byte != b"]":
                raise Broken(self._place, "must be followed by a comma or by the end of the list")
            elif byte == b"]":
                return
        if number:
            raise Broken(self._place, "must not be followed by a comma: it is the last one")

    def _to_the_end_of_it(self) -> Generator[None]:
        """Behind the bracket that closes the one that was just passed."""
        depth = 1
        while depth:
            bracket = (yield from self._needed(_NEXT_BRACKET))[1]
            depth += 1 if bracket in (b"{", b"[") else -1

    def _byte(self) -> Generator[None, None, bytes]:
        """The next one that is no space."""
        return (yield from self._needed(_BYTE))[1]

    def _needed(self, pattern: "re.Pattern[bytes]") -> Generator[None, None, "re.Match[bytes]"]:
        match = yield from self._match(pattern)
        if match is None:
            raise Broken(self._place, "ends before it is complete, or is not valid JSON")
        return match

    def _match(self, pattern: "re.Pattern[bytes]") -> Generator[None, None, "re.Match[bytes] | None"]:
        """Waits for more text as long as there may be more."""
        while (match := pattern.match(self._text, self._at)) is None:
            if self._complete:
                return None
            yield None
        self._at = match.end()
        return match
