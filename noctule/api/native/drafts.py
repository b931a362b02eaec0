"""Sources as clients send them, checked field by field before anything is kept."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from pydantic import BaseModel, Field

from noctule.base.errors import Invalid
from noctule.base.text import storable
from noctule.knowledge import KINDS, Draft, Kind
from noctule.web.query import choice

_MOST = 1000  # sources in one request
_LONGEST_TEXT = 4_000_000  # characters
_LONGEST_QUESTION = 4000
_LONGEST_NAME = 500
_LONGEST_URL = 2000
_LARGEST_FILE = 25 * 1024 * 1024  # bytes


class NewSource(BaseModel):
    kind: str | None = Field(None, description="text, qna, url or file")
    external_id: str | None = Field(None, description="the caller's own id; one that is known is replaced")
    title: str | None = None
    text: str | None = Field(None, description="of a text; of qna the answer")
    question: str | None = Field(None, description="of qna; also as its title")
    answer: str | None = None
    url: str | None = Field(None, description="what to read, or for other kinds where the text came from")
    filename: str | None = None
    content: str | None = Field(None, description="of a file, in base64")


class NewSources(NewSource):
    sources: list[NewSource] | None = Field(None, description="up to 1,000, instead of one")
    urls_to_scrape: list[str] | None = Field(
        None, alias="urlsToScrape", description="up to 1,000, each a source of kind url"
    )


def drafts_in(body: NewSources) -> list[Draft]:
    """Raises Invalid, naming the field."""
    if body.sources is None and body.urls_to_scrape is None:
        return [draft_in(body)]
    urls = [NewSource.model_validate({"kind": "url", "url": url}) for url in body.urls_to_scrape or []]
    named = [(f"sources[{place}].", one) for place, one in enumerate(body.sources or [])]
    named += [(f"urlsToScrape[{place}].", one) for place, one in enumerate(urls)]
    if not 1 <= len(named) <= _MOST:
        raise Invalid.field("sources", f"must have 1 to {_MOST:,} items")
    drafts = [draft_in(one, at) for at, one in named]
    seen: set[str] = set()
    for (at, _), draft in zip(named, drafts, strict=True):
        if draft.external_id is not None and draft.external_id in seen:
            raise Invalid.field(f"{at}external_id", "stands there twice")
        seen.add(draft.external_id or "")
    return drafts


def draft_in(given: NewSource, at: str = "") -> Draft:
    """Raises Invalid; `at` is the path of the source in the request."""
    kind: Kind | None = choice(f"{at}kind", given.kind, of=KINDS, default=None)
    if kind is None:
        raise Invalid.field(f"{at}kind", "is required")
    draft = Draft(
        kind,
        external_id=_optional(f"{at}external_id", given.external_id, most=256),
        title=_optional(f"{at}title", given.title, most=_LONGEST_NAME),
        url=None if given.url is None else _url(f"{at}url", given.url),
    )
    return _FILLED[kind](draft, given, at)


def checked(field: str, text: str | None, *, most: int) -> str:
    """Raises Invalid for a text that is missing, empty, too long or not to be stored."""
    if text is None:
        raise Invalid.field(field, "is required")
    if problem := storable(text):
        raise Invalid.field(field, problem)
    if not text.strip() or len(text) > most:
        raise Invalid.field(field, f"must have 1 to {most:,} characters")
    return text


def _optional(field: str, text: str | None, *, most: int) -> str | None:
    return None if text is None else checked(field, text, most=most)


def _text(draft: Draft, given: NewSource, at: str) -> Draft:
    return replace(draft, text=checked(f"{at}text", given.text, most=_LONGEST_TEXT))


def _qna(draft: Draft, given: NewSource, at: str) -> Draft:
    """The question is the title, so that it is searched with the answer but never quoted as one."""
    question = draft.title if given.question is None else given.question
    answer, name = (given.text, "text") if given.answer is None and given.text else (given.answer, "answer")
    return replace(
        draft,
        title=checked(f"{at}question", question, most=_LONGEST_QUESTION),
        text=checked(f"{at}{name}", answer, most=_LONGEST_TEXT),
    )


def _page(draft: Draft, given: NewSource, at: str) -> Draft:
    return replace(draft, url=_url(f"{at}url", checked(f"{at}url", given.url, most=_LONGEST_URL)))


def _file(draft: Draft, given: NewSource, at: str) -> Draft:
    name = checked(f"{at}filename", given.filename, most=_LONGEST_NAME)
    if given.content is None:
        raise Invalid.field(f"{at}content", "is required")
    try:
        content = base64.b64decode(given.content, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid.field(f"{at}content", "must be base64") from None
    if not 1 <= len(content) <= _LARGEST_FILE:
        raise Invalid.field(f"{at}content", "must hold 1 byte to 25 MB")
    return replace(draft, title=draft.title or name, file_name=name, file=content)


def _url(field: str, text: str) -> str:
    checked(field, text, most=_LONGEST_URL)
    try:
        parts = urlsplit(text)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fine = False
    if not fine or any(character.isspace() or ord(character) < 32 for character in text):
        raise Invalid.field(field, "must be an address that begins with http:// or https://")
    return text


_FILLED: Mapping[Kind, Callable[[Draft, NewSource, str], Draft]] = {
    "text": _text,
    "qna": _qna,
    "url": _page,
    "file": _file,
}
