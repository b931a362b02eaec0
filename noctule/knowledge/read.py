"""What a source says: text as it is, pages fetched, files taken apart. Whatever goes wrong is an answer, never an exception."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from noctule.base import documents
from noctule.base.documents import NoDocument
from noctule.base.egress import Egress, NotFetched
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
    def __init__(self, egress: Egress) -> None:
        self._egress = egress

    async def read(self, source: Waiting, file: tuple[str, bytes] | None) -> Content | Unreadable:
        if source.kind == "url":
            return await self._page(source.url or "")
        if source.kind == "file":
            return await _document(*file) if file else Unreadable("The file is gone.")
        return Content(source.text)

    async def _page(self, url: str) -> Content | Unreadable:
        fetched = await self._egress.get(url)
        if isinstance(fetched, NotFetched):
            return Unreadable(f"The address {fetched.reason}.")
        is_html = "html" in fetched.content_type
        return await _document("page.html" if is_html else urlsplit(fetched.url).path or "page", fetched.body)


async def _document(name: str, content: bytes) -> Content | Unreadable:
    read = await documents.read(content, name=name)
    if isinstance(read, NoDocument):
        return Unreadable(f"The document {read.reason}.")
    return Content(read.text, read.title)
