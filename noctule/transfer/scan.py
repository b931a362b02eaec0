"""Taking a file apart while it arrives: pieces of any size in, whole records out, no more than one of them in memory.

Each scanner is fed bytes and gives a record as soon as it is complete, with its place. What makes the rest of the file
unreadable is a `Broken`.
"""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Protocol

LARGEST_RECORD = 64 * 1024 * 1024  # bytes; the largest part that an export writes is smaller
MOST_BRACKETS, MOST_COMMAS = 1_000_000, 4_000_000  # in a record: many small values take long to read
TOO_MUCH = "holds too many values"
LISTS = ("conversations", "data", "chats")  # where a JSON document may hold its conversations

_LONGEST_NAME = 4096  # bytes of a name or a number outside of records
_SPACE = re.compile(rb"[ \t\r\n]*+")
_NAME = re.compile(rb'([^"\\]*+(?:\\.[^"\\]*+)*+)"', re.DOTALL)
_SCALAR = re.compile(rb"[^\"{}\[\],\s]++(?=[,}\s])")
_QUOTED = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_BETWEEN_BRACKETS = re.compile(rb'(?:[^"{}\[\]]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)


class Broken(Exception):
    """The file cannot be read on from here."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}")
        self.place = place
        self.message = message


def holds_too_much(body: bytes) -> bool:
    return body.count(b"{") + body.count(b"[") > MOST_BRACKETS or body.count(b",") > MOST_COMMAS


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
    """A record is a line, without its end; empty ones are passed over. With a given `end`, every line with that end."""

    def __init__(self, *, end: bytes | None = None) -> None:
        self._whole = end is not None
        self._end = end or b"\n"
        self._held: list[bytes] = []
        self._size = 0
        self._number = 1

    def feed(self, piece: bytes) -> Iterator[Record]:
        *ends, rest = piece.split(self._end)
        for end in ends:
            yield from self._record(end + self._end if self._whole else end)
        self._hold(rest)

    def finish(self) -> Iterator[Record]:
        yield from self._record(b"")

    def _record(self, end: bytes) -> Iterator[Record]:
        self._hold(end)
        body = b"".join(self._held)
        place, number = f"line {self._number}", self._number
        self._held, self._size, self._number = [], 0, self._number + 1
        if body if self._whole else body.strip():
            yield Record(place, number, body)

    def _hold(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > LARGEST_RECORD:
            raise Broken(f"line {self._number}", "must not be longer than 64 MB")
        self._held.append(part)


class Walk:
    """A walk along a text in JSON while it arrives. What was passed is let go, unless it is being kept.

    Each step waits with a None where the text ends for now, and goes on from there: nothing is read over again.
    """

    def __init__(self) -> None:
        self.place = "the file"
        self._text = b""
        self._at = 0
        self._complete = False
        self._kept: list[bytes] | None = None
        self._keep_from = 0
        self._size = 0  # of what is kept

    def feed(self, piece: bytes) -> None:
        self._put_aside()
        self._text = self._text[self._at :] + piece
        self._at = self._keep_from = 0

    def end(self) -> None:
        """No more will come."""
        self._complete = True

    def rest(self) -> bytes:
        """What is here and was not passed yet."""
        return self._text[self._at :]

    def keep(self) -> None:
        """From the byte that was just passed."""
        self._kept, self._keep_from, self._size = [], self._at - 1, 0

    def kept(self) -> bytes:
        """Up to here."""
        self._put_aside()
        kept, self._kept = self._kept or [], None
        return b"".join(kept)

    def _put_aside(self) -> None:
        if self._kept is None:
            return
        self._kept.append(self._text[self._keep_from : self._at])
        self._size += len(self._kept[-1])
        if self._size > LARGEST_RECORD:
            raise Broken(self.place, "must not be larger than 64 MB")

    def byte(self) -> Generator[None, None, bytes]:
        """The next one that is no space. Raises Broken at the end."""
        if byte := (yield from self.byte_if_any()):
            return byte
        raise self._unfinished()

    def byte_if_any(self) -> Generator[None, None, bytes]:
        self._past(_SPACE)
        while self._at == len(self._text) and not self._complete:
            yield None
            self._past(_SPACE)
        byte = self._text[self._at : self._at + 1]
        self._at += len(byte)
        return byte

    def name(self) -> Generator[None, None, str | None]:
        """The next one of an object, with its colon; None behind the last."""
        while (byte := (yield from self.byte())) == b",":
            pass
        if byte == b"}":
            return None
        if byte != b'"':
            raise self._unfinished()
        name = (yield from self._short(_NAME))[1]
        if (yield from self.byte()) != b":":
            raise self._unfinished()
        return name.decode(errors="replace")

    def value(self, first: bytes) -> Generator[None]:
        """Past the value whose first byte was just passed."""
        if first in (b"{", b"["):
            yield from self._to_the_closing_bracket()
        elif first == b'"':
            yield from self._to_the_closing_quote()
        else:
            self._at -= len(first)
            yield from self._short(_SCALAR)

    def _to_the_closing_bracket(self) -> Generator[None]:
        depth, brackets = 1, 1
        while depth:
            self._past(_BETWEEN_BRACKETS)
            if self._at == len(self._text):
                yield from self._more()
                continue
            byte = self._text[self._at : self._at + 1]
            self._at += 1
            if byte == b'"':  # of a string that goes on
                yield from self._to_the_closing_quote()
                continue
            depth += 1 if byte in (b"{", b"[") else -1
            brackets += 1
            if brackets > 2 * MOST_BRACKETS:
                raise Broken(self.place, TOO_MUCH)

    def _to_the_closing_quote(self) -> Generator[None]:
        self._past(_QUOTED)
        while not self._text.startswith(b'"', self._at):
            yield from self._more()
            self._past(_QUOTED)
        self._at += 1

    def _short(self, pattern: "re.Pattern[bytes]") -> Generator[None, None, "re.Match[bytes]"]:
        """What is read as a whole, and therefore has a longest."""
        while (match := pattern.match(self._text, self._at, self._at + _LONGEST_NAME)) is None:
            if len(self._text) - self._at >= _LONGEST_NAME:
                raise Broken(self.place, "has a name or a number longer than 4 KB, or is not valid JSON")
            yield from self._more()
        self._at = match.end()
        return match

    def _more(self) -> Generator[None]:
        if self._complete:
            raise self._unfinished()
        yield None

    def _unfinished(self) -> Broken:
        return Broken(self.place, "ends before it is complete, or is not valid JSON")

    def _past(self, pattern: "re.Pattern[bytes]") -> None:
        if match := pattern.match(self._text, self._at):
            self._at = match.end()


class Document:
    """A JSON document: a list of records, or an object that holds such a list under one of the names in LISTS."""

    def __init__(self) -> None:
        self._walk = Walk()
        self._steps = self._records()

    def feed(self, piece: bytes) -> Iterator[Record]:
        self._walk.feed(piece)
        yield from self._found()

    def finish(self) -> Iterator[Record]:
        self._walk.end()
        yield from self._found()

    def _found(self) -> Iterator[Record]:
        for step in self._steps:
            if step is None:
                return
            yield step

    def _records(self) -> Generator[Record | None]:
        walk = self._walk
        match (yield from walk.byte()):
            case b"[":
                yield from self._list("")
            case b"{":
                yield from self._object()
            case _:
                raise Broken(walk.place, "must be a list or an object in JSON")
        walk.place = "the file"
        if (yield from walk.byte_if_any()):
            raise Broken(walk.place, "goes on behind its end")

    def _object(self) -> Generator[Record | None]:
        walk, found = self._walk, False
        while (name := (yield from walk.name())) is not None:
            first = yield from walk.byte()
            if first == b"[" and name in LISTS:
                found = True
                yield from self._list(name)
                walk.place = "the file"
            else:
                yield from walk.value(first)
        if not found:
            raise Broken(walk.place, f"must hold a list named {', '.join(LISTS)}")

    def _list(self, name: str) -> Generator[Record | None]:
        walk, number = self._walk, 0
        byte = yield from walk.byte()
        while byte != b"]":
            walk.place = f"{name}[{number}]"
            if byte != b"{":
                raise Broken(walk.place, "must be an object")
            walk.keep()
            yield from walk.value(byte)
            yield Record(walk.place, number, walk.kept(), under=name)
            byte, number = (yield from walk.byte()), number + 1
            if byte == b"]":
                return
            if byte != b",":
                raise Broken(walk.place, "must be followed by a comma or by the end of the list")
            byte = yield from walk.byte()
        if number:
            raise Broken(walk.place, "must not be followed by a comma: it is the last one")
