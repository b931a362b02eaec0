"""Which headers speak of the user: those that a bot's server hands on in the body, then those of its request.

The user's browser talks to the bot's server, and that server to us. So the request's own user agent is mostly that of a
program and says nothing; only a browser that talks to us directly is the user's.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from noctule.base.errors import Invalid
from noctule.web.enrichment import AGENT, LANGUAGE, PLACE, REFERRER, enrich
from noctule.web.user_agents import is_browser

# What belongs together comes from one side: the city of the user does not go with the country of the bot's server.
_GROUPS = tuple(frozenset[str](names) for names in (AGENT, REFERRER, LANGUAGE, PLACE))
_IN_REQUEST = {name.encode(): name for group in _GROUPS for name in group}
_OWN = ("user-agent", "referer")  # of whoever sends the request
_MOST_HEADERS = 100
_LONGEST_NAME = 256  # characters
_LONGEST_VALUE = 8 * 1024


def enrichment_of(
    request: Iterable[tuple[bytes, bytes]], body: Mapping[str, str], *, given: Collection[str] = ()
) -> dict[str, Any]:
    """What the headers of a request and those in its body, named in any case, tell; without what the caller gave."""
    told = _in_request(request)
    if body:
        told = _preferred({name.strip().lower(): value for name, value in body.items()}, told)
    if not told:
        return {}
    return {name: value for name, value in enrich(told).items() if name not in given}


def headers_in(body: Mapping[str, Any] | None) -> dict[str, str]:
    """Those that a body hands on, as they may be enriched with. Raises Invalid, naming the header."""
    sent = {name: value for name, value in (body or {}).items() if value is not None}
    if len(sent) > _MOST_HEADERS:
        raise Invalid.field("headers", f"must have at most {_MOST_HEADERS} entries")
    for name, value in sent.items():
        if len(name) > _LONGEST_NAME:
            raise Invalid.field("headers", f"a name must have at most {_LONGEST_NAME} characters")
        if not isinstance(value, str):
            raise Invalid.field(f"headers.{name}", "must be a string")
        if len(value) > _LONGEST_VALUE:
            raise Invalid.field(f"headers.{name}", f"must have at most {_LONGEST_VALUE:,} characters")
    return sent


def _in_request(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for raw_name, value in headers:
        name = _IN_REQUEST.get(raw_name)
        if name is not None and name not in found:  # of a repeated header the first is the farthest from us
            found[name] = _text(value)
    if "user-agent" not in found or not is_browser(found["user-agent"]):
        for name in _OWN:
            found.pop(name, None)
    return found


def _text(value: bytes) -> str:
    """Networks write the names of cities in UTF-8, whatever the standard says."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _preferred(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for group in _GROUPS:
        side = second if group.isdisjoint(first) else first
        chosen.update((name, side[name]) for name in group & side.keys())
    return chosen
