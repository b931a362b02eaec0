"""What an agent is taught: the sources, one of them beside the passages cut from it, and adding one."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from noctule import chatbots, knowledge
from noctule.accounts import Member
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import parse_id
from noctule.base.text import storable
from noctule.chatbots import Chatbot
from noctule.dashboard.addresses import Choice, address
from noctule.dashboard.chatbots import may_change
from noctule.dashboard.forms import Form, refused
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.rendering import render
from noctule.dashboard.training import Training, training_in
from noctule.dashboard.transcript import address_now
from noctule.knowledge import KINDS, Draft, Found, Kind, Source, SourceId, Version
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(prefix="/b/{chatbot_id}", include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED)
NAMES: dict[str, str] = {"text": "Text", "qna": "Question and answer", "url": "Web page", "file": "File"}
_KINDS: dict[str, Kind] = {kind: kind for kind in KINDS}
_TRAINED = "Pages are read again, and what failed is tried again."
_WENT_BACK = "Answers come from the version before, until the next training."
_PAGE = 50
_PASSAGES = 200
_LONGEST_TEXT = 200_000  # characters in a form; programs may send more
_LONGEST_QUESTION = 4000
_LARGEST_FILE = 25 * 1024 * 1024
_SHOWN = 100_000  # characters of a kept text


@dataclass(frozen=True)
class SourcesPage:
    chatbot: Chatbot
    rows: list[Source]
    total: int
    names: dict[str, str]
    training: Training | None
    versions: list[Version]
    older: str | None
    top: str
    latest: bool
    path: str
    here_now: str
    may_change: bool
    said: str  # what has just been asked for


@dataclass(frozen=True)
class SourcePage:
    chatbot: Chatbot
    source: Source
    kind: str
    text: str
    cut: bool
    passages: list[Found]
    path: str
    may_change: bool


@dataclass(frozen=True)
class NewSourcePage:
    chatbot: Chatbot
    kind: Kind
    kinds: list[Choice]
    form: Form
    path: str
    may_change: bool
    longest: int = _LONGEST_TEXT


@router.get("/sources")
async def list_sources(
    request: Request,
    chatbot_id: str,
    member: InMember,
    db: InTransaction,
    *,
    after: str = "",
    trained: str = "",
    back: str = "",
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    place = parse_id(after) if after else None
    if after and place is None:
        raise Invalid.field("after", "is not a place in this list")
    found = await knowledge.sources_after(db, chatbot.id, after=SourceId(place) if place else None, limit=_PAGE + 1)
    job = await knowledge.latest_training(db, chatbot)
    learned = (await knowledge.learned(db, [chatbot.id])).get(chatbot.id)
    path = f"/b/{chatbot.id}/sources"
    page = SourcesPage(
        chatbot,
        found[:_PAGE],
        learned.sources if learned else 0,
        NAMES,
        training=training_in(job, learned.waiting if learned else 0) if job else None,
        versions=await knowledge.versions(db, chatbot.id),
        older=address(path, {"after": str(found[_PAGE - 1].id)}) if len(found) > _PAGE else None,
        top=path,
        latest=place is None,
        path=path,
        here_now=address_now(request),
        may_change=may_change(member),
        said=_TRAINED if trained else _WENT_BACK if back else "",
    )
    return render(request, "agents/sources.html", page)


@router.get("/sources/new")
async def new_source(
    request: Request, chatbot_id: str, member: InMember, db: InTransaction, kind: str = "text"
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    return render(request, "agents/source_new.html", _new(member, chatbot, kind, form=Form()))


@router.post("/sources/new")
async def add_source(request: Request, chatbot_id: str, member: InMember, db: InTransaction) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    sent, file = await _read(request)
    kind = sent.get("kind", "text")
    try:
        draft = _draft(kind, sent, file)
        await knowledge.add(db, member, chatbot, [draft])
    except Invalid as error:
        page = _new(member, chatbot, kind, form=refused(sent, error))
        return render(request, "agents/source_new.html", page, status=422)
    return RedirectResponse(f"/b/{chatbot.id}/sources", 303)


@router.get("/sources/{source_id}")
async def read_source(
    request: Request, chatbot_id: str, source_id: str, member: InMember, db: InTransaction
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    found = await knowledge.sources_with(db, chatbot.id, [_id(source_id)])
    if not found:
        raise NotFound("There is no such source.")
    text = await knowledge.text_of(db, chatbot.id, found[0].id) or ""
    page = SourcePage(
        chatbot,
        found[0],
        NAMES[found[0].kind],
        text[:_SHOWN],
        cut=len(text) > _SHOWN,
        passages=await knowledge.passages_of(db, chatbot.id, found[0].id, limit=_PASSAGES),
        path=f"/b/{chatbot.id}/sources",
        may_change=may_change(member),
    )
    return render(request, "agents/source.html", page)


@router.post("/sources/{source_id}/delete")
async def delete_source(chatbot_id: str, source_id: str, member: InMember, db: InTransaction) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    await knowledge.remove(db, member, chatbot, _id(source_id))
    return RedirectResponse(f"/b/{chatbot.id}/sources", 303)


def _new(member: Member, chatbot: Chatbot, kind: str, *, form: Form) -> NewSourcePage:
    path = f"/b/{chatbot.id}/sources"
    chosen = _KINDS.get(kind, "text")
    kinds = [Choice(NAMES[one], address(f"{path}/new", {"kind": one}), one == chosen) for one in KINDS]
    return NewSourcePage(chatbot, chosen, kinds, form, path, may_change(member))


async def _read(request: Request) -> tuple[dict[str, str], tuple[str, bytes] | None]:
    """The texts that were sent, and the file with its name."""
    try:
        async with request.form(max_files=1, max_fields=20) as sent:
            texts = {name: value[: _LONGEST_TEXT + 1] for name, value in sent.items() if isinstance(value, str)}
            file = sent.get("file")
            if not isinstance(file, UploadFile) or not file.filename:
                return texts, None
            return texts, (file.filename, await file.read(_LARGEST_FILE + 1))
    except ValueError as error:  # a body may name any codec of Python, also those that cannot decode
        raise Invalid.field("body", "could not be read") from error


def _draft(kind: str, sent: dict[str, str], file: tuple[str, bytes] | None) -> Draft:
    """Raises Invalid, naming the field."""
    title = _line("title", sent.get("title", ""), 500) or None
    if kind == "qna":
        question = _line("question", sent.get("question", ""), _LONGEST_QUESTION, required=True)
        return Draft("qna", title=question, text=_line("answer", sent.get("answer", ""), _LONGEST_TEXT, required=True))
    if kind == "url":
        return Draft("url", title=title, url=_url(sent.get("url", "")))
    if kind == "file":
        if file is None:
            raise Invalid.field("file", "is required")
        name, content = _line("file", file[0][-500:], 500, required=True), file[1]
        if not 1 <= len(content) <= _LARGEST_FILE:
            raise Invalid.field("file", "must hold 1 byte to 25 MB")
        return Draft("file", title=title or name, file_name=name, file=content)
    return Draft("text", title=title, text=_line("text", sent.get("text", ""), _LONGEST_TEXT, required=True))


def _line(field: str, text: str, most: int, *, required: bool = False) -> str:
    text = text.strip()
    if required and not text:
        raise Invalid.field(field, "is required")
    if len(text) > most:
        raise Invalid.field(field, f"must have at most {most:,} characters")
    if problem := storable(text):
        raise Invalid.field(field, problem)
    return text


def _url(text: str) -> str:
    url = _line("url", text, 2000, required=True)
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fine = False
    if not fine or any(character.isspace() or ord(character) < 32 for character in url):
        raise Invalid.field("url", "must be an address that begins with http:// or https://")
    return url


def _id(text: str) -> SourceId:
    parsed = parse_id(text)
    if parsed is None:
        raise NotFound("There is no such source.")
    return SourceId(parsed)
