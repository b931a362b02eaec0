"""From a page object to HTML: the templates, what they may call, and where the static files are.

Static files live under a folder named by a hash of all of them, so a browser may keep them for ever and scripts may import
each other by relative paths. Undefined names in a template are errors.
"""

import hashlib
import json
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from noctule.base.clock import in_utc, iso
from noctule.base.text import one_line
from noctule.web.services import services

_HERE = Path(__file__).parent
_FILES = _HERE / "static"


def _hash_of_files() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in _FILES.rglob("*") if path.is_file()):
        digest.update(path.relative_to(_FILES).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


VERSION = _hash_of_files()


class _Kept(StaticFiles):
    """Files whose address changes with their content."""

    def lookup_path(self, path: str) -> tuple[str, Any]:
        version, _, rest = path.partition("/")
        return super().lookup_path(rest) if version == VERSION else ("", None)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response


STATIC = _Kept(directory=_FILES)


def ago(moment: datetime, now: datetime) -> str:
    """Relative within a day, the day itself after that: `3 min ago`, `14 h ago`, `10 Nov`, `10 Nov 2024`."""
    seconds = (now - in_utc(moment)).total_seconds()
    if 0 <= seconds < 60:
        return "just now"
    if 0 <= seconds < 3600:
        return f"{int(seconds // 60)} min ago"
    if 0 <= seconds < 86400:
        return f"{int(seconds // 3600)} h ago"
    day = f"{moment.day} {moment:%b}"
    return day if moment.year == now.year else f"{day} {moment.year}"


def exact(moment: datetime) -> str:
    return in_utc(moment).strftime("%-d %b %Y, %H:%M:%S UTC")


def signed(score: float) -> str:
    """`+0.50`, `−0.90`, `0.00`, with the minus that is as wide as the plus."""
    return "0.00" if abs(score) < 0.005 else f"{score:+.2f}".replace("-", "−")


def plain(value: object) -> str:
    """A value of somebody's JSON as they would write it; text without its quotes."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def short(value: object, most: int = 60) -> str:
    """One line of somebody else's text for our own furniture."""
    return one_line(plain(value), most)


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    names: dict[str, Any] = {"static": f"/static/{VERSION}"}
    filters: dict[str, Any] = {
        "ago": ago, "exact": exact, "iso": iso, "plain": plain, "sentence": sentence, "short": short, "signed": signed,
        "thousands": "{:,}".format,
    }  # fmt: skip
    environment.globals.update(names)
    environment.filters.update(filters)
    return environment


_templates = _environment()


def render(request: Request, template: str, page: Any, *, status: int = 200) -> Response:
    """The fields of the page object are the names of the template."""
    names = {field.name: getattr(page, field.name) for field in fields(page)}
    text = _templates.get_template(template).render(names, now=services(request).database.clock())
    return HTMLResponse(text, status, headers={"cache-control": "no-store"})
