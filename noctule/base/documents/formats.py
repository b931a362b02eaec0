"""PDF, DOCX, HTML, Markdown and plain text as text. Runs in the child only; the one file that touches these libraries."""

import io
import re
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import PurePosixPath
from typing import Any

from noctule.base.documents.plain import plain

_MOST_PAGES = 2000
_LONGEST = 4_000_000  # characters
_MOST_FILES = 5000  # in a zip
_LARGEST_INSIDE = 200 * 1024 * 1024  # bytes, unpacked
_ENOUGH = 0.2  # of all words: less, and what was taken for the main text is not


class Unreadable(Exception):
    """The text is for the person who gave the document."""


def document(content: bytes, name: str) -> tuple[str, str | None]:
    """Text and title. Raises Unreadable."""
    text, title = _reader(content, name)(content)
    if len(text) > _LONGEST:
        raise Unreadable(f"holds more than {_LONGEST:,} characters")
    return text, title


def _reader(content: bytes, name: str) -> Callable[[bytes], tuple[str, str | None]]:
    head = content[:1024].lstrip()
    if head.startswith(b"%PDF-"):
        return _pdf
    if head.startswith(b"PK"):
        return _docx
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("is none of PDF, DOCX, HTML, Markdown and text")
    if re.match(rb"<(!doctype|html|head|body|\?xml|!--)", head, re.IGNORECASE) or name.lower().endswith(
        (".html", ".htm")
    ):
        return _html
    return _text


def _text(content: bytes) -> tuple[str, str | None]:
    return decoded(content), None


def _pdf(content: bytes) -> tuple[str, str | None]:
    pdfium: Any = import_module("pypdfium2")
    try:
        pages = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise Unreadable("is a damaged or locked PDF") from error
    if len(pages) > _MOST_PAGES:
        raise Unreadable(f"has more than {_MOST_PAGES:,} pages")
    texts: list[str] = []
    for number in range(len(pages)):
        page = pages[number].get_textpage()
        texts.append(page.get_text_bounded().replace("\r\n", "\n").replace("\ufffe", ""))
        page.close()
        if sum(map(len, texts)) > _LONGEST:
            break
    return "\n\n".join(texts), None


def _docx(content: bytes) -> tuple[str, str | None]:
    try:
        inside = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise Unreadable("is a damaged file") from error
    names = [one.filename for one in inside]
    if any("\\" in name or name.startswith("/") or ".." in PurePosixPath(name).parts for name in names):
        raise Unreadable("holds names that lead out of it")
    if len(inside) > _MOST_FILES or sum(one.file_size for one in inside) > _LARGEST_INSIDE:
        raise Unreadable("is too large inside")
    if "word/document.xml" not in names:
        raise Unreadable("is none of PDF, DOCX, HTML, Markdown and text")
    mammoth: Any = import_module("mammoth")
    without = mammoth.images.img_element(_no_image)
    try:
        return plain(mammoth.convert_to_html(io.BytesIO(content), convert_image=without).value)[0], None
    except Exception as error:
        raise Unreadable("is a damaged DOCX") from error


def _no_image(_image: object) -> dict[str, str]:
    return {"src": ""}


def _html(content: bytes) -> tuple[str, str | None]:
    """The main text, or all of it where too little is taken for the main one."""
    html = decoded(content)
    whole, title = plain(html)
    extractor: Any = import_module("trafilatura")
    main = extractor.extract(html, favor_recall=True, include_comments=False, output_format="markdown") or ""
    return (main if len(main.split()) >= _ENOUGH * len(whole.split()) else whole), title


def decoded(content: bytes) -> str:
    for coding in ("utf-8-sig", "utf-16") if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig",):
        try:
            return content.decode(coding)
        except UnicodeDecodeError:
            continue
    declared = re.search(rb"charset=[\"']?([\w-]{3,20})", content[:4096])
    try:
        return content.decode(declared[1].decode() if declared else "cp1252", errors="replace")
    except LookupError:
        return content.decode("cp1252", errors="replace")
