"""From a page object to HTML: the templates and what they may call. Undefined names in a template are errors.

A page of somebody who is signed in also gets the `frame` around it, which a dependency of its router has found out.
"""

import gzip
import json
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from noctule.base.calendar import IN_UTC
from noctule.base.clock import in_utc, iso
from noctule.base.text import one_line
from noctule.dashboard.assets import ASSETS, VERSION, packed_is_welcome
from noctule.dashboard.frame import Frame
from noctule.dashboard.named import country_name, language_name
from noctule.web.services import services

_HERE = Path(__file__).parent
_PACKED_FROM = 1400  # bytes that fit one packet anyway
# On a part of a page: its links and forms lead to the same page in another state, so htmx changes what differs and nothing
# else. Without a script they are the links and forms that they are.
_STAYS = Markup("""hx-boost:inherited='target:"#main" select:"#main" swap:outerMorph'""")


def ago(moment: datetime, now: datetime) -> str:
    """Days are those of the zone that `now` is in. Relative within a day, the day itself after that: `3 min ago`, `14 h ago`, `10 Nov`, `10 Nov 2024`."""
    seconds = (now - in_utc(moment)).total_seconds()
    if 0 <= seconds < 60:
        return "just now"
    if 0 <= seconds < 3600:
        return f"{int(seconds // 60)} min ago"
    if 0 <= seconds < 86400:
        return f"{int(seconds // 3600)} h ago"
    return day_of(in_utc(moment).astimezone(now.tzinfo), now)


def day_of(moment: date, now: datetime) -> str:
    """`10 Nov`, with its year when that is not ours."""
    day = f"{moment.day} {moment:%b}"
    return day if moment.year == now.year else f"{day} {moment.year}"


def exact(moment: datetime, now: datetime) -> str:
    return in_utc(moment).astimezone(now.tzinfo).strftime("%-d %b %Y, %H:%M:%S %Z")


def signed(score: float) -> str:
    """`+0.50`, `−0.90`, `0.00`, with the minus that is as wide as the plus."""
    return "0.00" if abs(score) < 0.005 else f"{score:+.2f}".replace("-", "−")


def plain(value: object) -> str:
    """A value of somebody's JSON as they would write it; text without its quotes."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def short(value: object, most: int = 60) -> str:
    """One line of somebody else's text for our own furniture."""
    return one_line(plain(value), most)


def initials(name: str) -> str:
    """At most two letters that stand for a name."""
    words = name.split()
    return "".join(word[:1] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # a template stays what it was at the start, like code
    )
    modules = sorted(name for name in ASSETS if name.startswith("js/") and name not in ("js/boot.js", "js/main.js"))
    names: dict[str, Any] = {"static": f"/static/{VERSION}", "modules": modules, "stays": _STAYS}
    filters: dict[str, Any] = {
        "ago": ago, "day": day_of, "country": country_name, "exact": exact, "initials": initials, "iso": iso, "language": language_name, "plain": plain, "sentence": sentence, "short": short,
        "signed": signed, "thousands": "{:,}".format,
    }  # fmt: skip
    environment.globals.update(names)
    environment.filters.update(filters)
    return environment


_templates = _environment()


def render(request: Request, template: str, page: Any, *, status: int = 200) -> Response:
    """The fields of the page object are the names of the template."""
    names = {field.name: getattr(page, field.name) for field in fields(page)}
    frame: Frame | None = getattr(request.state, "frame", None)
    if frame is not None:
        names["frame"] = frame
    now = services(request).database.clock().astimezone(_zone_of(frame))
    text = _templates.get_template(template).render(names, now=now)
    return _answer(request, text.encode(), status)


def _zone_of(frame: Frame | None) -> ZoneInfo:
    """On pages of a chatbot its own."""
    return (frame.chatbot.calendar if frame and frame.chatbot else IN_UTC).zone


def _answer(request: Request, content: bytes, status: int) -> Response:
    headers = {"cache-control": "no-store", "vary": "accept-encoding"}
    if len(content) > _PACKED_FROM and packed_is_welcome(request):
        headers["content-encoding"] = "gzip"
        content = gzip.compress(content, 5, mtime=0)
    return HTMLResponse(content, status, headers=headers)
