"""The static files: read once, the style sheets joined, all compressed, under a folder named by a hash of everything.

The name changes with the content, so a browser may keep what it has for ever, and scripts may import each other by
relative paths. What is joined, compressed or left out (lines that are only a comment) is so when the process starts; nothing
is built before.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path

from fastapi import HTTPException, Response
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

_FOLDER = Path(__file__).parent / "static"
_SHEETS = (
    "layers tokens base layout nav controls words table chart thread search dialog reference util adapt".split()
)  # in the order of the layers
_REMARKS = {".js": re.compile(rb"^ *//.*\n", re.MULTILINE), ".css": re.compile(rb"^ */\*[^*]*\*/\n", re.MULTILINE)}
_COMPRESSED_ALREADY = {".woff2"}
_TYPES = {".js": "text/javascript; charset=utf-8", ".LICENSE": "text/plain; charset=utf-8", ".woff2": "font/woff2"}


@dataclass(frozen=True)
class Asset:
    content: bytes
    packed: bytes | None  # none where packing gains nothing
    kind: str


def _read() -> dict[str, Asset]:
    files = {path.relative_to(_FOLDER).as_posix(): path for path in sorted(_FOLDER.rglob("*")) if path.is_file()}
    others = {name: path for name, path in files.items() if path.suffix != ".css"}
    found = {
        name: _asset(_own(path) if name.startswith("js/") else path.read_bytes(), path.suffix)
        for name, path in others.items()
    }
    sheet = b"\n".join(_own(_FOLDER / "css" / f"{name}.css") for name in _SHEETS)
    return found | {"app.css": _asset(sheet, ".css")}


def _own(path: Path) -> bytes:
    return _REMARKS[path.suffix].sub(b"", path.read_bytes())


def _asset(content: bytes, suffix: str) -> Asset:
    packed = None if suffix in _COMPRESSED_ALREADY else gzip.compress(content, 9, mtime=0)
    kind = _TYPES.get(suffix) or guess_type(f"x{suffix}")[0] or "application/octet-stream"
    return Asset(content, packed, kind)


ASSETS = _read()
VERSION = hashlib.sha256(
    b"".join(name.encode() + b"\0" + one.content for name, one in sorted(ASSETS.items()))
).hexdigest()[:12]


async def static(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application below `/static`."""
    request = Request(scope)
    version, _, name = request.url.path.removeprefix("/static/").partition("/")
    asset = ASSETS.get(name) if version == VERSION else None
    if asset is None:
        raise HTTPException(404)
    headers = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
    packs = asset.packed is not None and packed_is_welcome(request)
    if packs:
        headers["content-encoding"] = "gzip"
    content = asset.packed if packs else asset.content
    await Response(content, media_type=asset.kind, headers=headers)(scope, receive, send)


def packed_is_welcome(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")
