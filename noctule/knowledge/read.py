"""What a source says: text as it is, pages fetched, files taken apart. Whatever goes wrong is an answer, never an exception."""

from dataclasses import dataclass

from noctule.knowledge.models import Waiting


@dataclass(frozen=True)
class Content:
    text: str
    title: str | None = None


@dataclass(frozen=True)
class Unreadable:
    """In words for the person who added the source."""

    reason: str


class Reader:
    async def read(self, source: Waiting, file: tuple[str, bytes] | None) -> Content | Unreadable:
        if source.kind in ("text", "qna"):
            return Content(source.text)
        return Unreadable(f"{source.kind} cannot be read yet" if file is None else "no")
