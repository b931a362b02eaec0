"""The bytes of a file as UTF-8, also where a spreadsheet wrote UTF-16; what tells the two apart is left out."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, IncrementalDecoder, getincrementaldecoder

from noctule.transfer.scan import Broken

_UTF_16 = {BOM_UTF16_LE: "utf-16-le", BOM_UTF16_BE: "utf-16-be"}


class InUtf8:
    def __init__(self) -> None:
        self._head: bytes | None = b""  # until it is long enough to tell
        self._decoder: IncrementalDecoder | None = None

    def feed(self, piece: bytes, *, last: bool = False) -> bytes:
        """Raises Broken."""
        if self._head is not None:
            piece = self._head + piece
            if len(piece) < len(BOM_UTF8) and not last:
                self._head = piece
                return b""
            self._head, piece = None, self._begin(piece)
        if self._decoder is None:
            return piece
        try:
            return self._decoder.decode(piece, final=last).encode()
        except UnicodeError:
            raise Broken("the file", "is not text in UTF-16, as which it begins") from None

    def _begin(self, piece: bytes) -> bytes:
        name = _UTF_16.get(piece[:2])
        if name is None:
            return piece.removeprefix(BOM_UTF8)
        self._decoder = getincrementaldecoder(name)()
        return piece[2:]
