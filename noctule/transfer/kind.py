"""What kind of file it is: its first bytes show it, and of an object the first name that tells.

A document that holds a list of conversations and a conversation on a line of its own both begin with a brace.
"""

from collections.abc import Generator

from noctule.transfer.models import Format
from noctule.transfer.scan import LISTS, Broken, Walk

_OF_CONVERSATIONS = ("conversationId", "external_conversation_id", "messages")


class Kind:
    """Fed with the beginning of a file until it knows."""

    def __init__(self) -> None:
        self._walk = Walk()
        self._line_ends = 0  # so far
        self._steps = self._told()

    def feed(self, piece: bytes) -> Format | None:
        """None: more of it is needed."""
        self._walk.feed(piece)
        self._line_ends += piece.count(b"\n")
        return next(self._steps)

    def finish(self) -> Format:
        self._walk.end()
        return next(self._steps) or "csv"

    def _told(self) -> Generator[Format | None]:
        match (yield from self._walk.byte_if_any()):
            case b"[":
                yield "json"
            case b"{":
                yield (yield from self._of_an_object())
            case _:
                yield "csv"

    def _of_an_object(self) -> Generator[None, None, Format]:
        """One that goes on over several lines is a document, right or wrong."""
        walk, line = self._walk, self._line()
        try:
            while (name := (yield from walk.name())) is not None:
                first = yield from walk.byte()
                if first == b"[" and name in LISTS:
                    return "json"
                if name in _OF_CONVERSATIONS:
                    break
                yield from walk.value(first)
        except Broken:
            return "json"
        return "jsonl" if self._line() == line else "json"

    def _line(self) -> int:
        return self._line_ends - self._walk.rest().count(b"\n")
