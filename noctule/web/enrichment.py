"""What the headers of a user's request tell of the user: browser, language, place, address. For people to read.

Anybody may write anything into a header. So nothing here raises, nothing takes long, what comes out can be stored, and
nobody may decide by it: no limit, no right, no address of ours.
"""

import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import unquote

import msgspec
from msgspec import Struct

from noctule.web.user_agents import described

_LONGEST_AGENT = 512
_LONGEST_REFERRER = 2048
_LONGEST_PLACE = 128
_MOST_ITEMS = 32  # of a list in one header; who sends more says nothing with the rest
_LONGEST_LIST = 2048

# The first that is understood counts: what the user's own request said, before what is known of the one before us.
AGENT = ("x-original-user-agent", "user-agent")
REFERRER = ("x-original-referer", "referer")
LANGUAGE = ("accept-language",)
_COUNTRY = (
    "cf-ipcountry", "x-vercel-ip-country", "cloudfront-viewer-country", "x-nf-geo.country", "x-country",
    "fastly-geo-country", "x-fastly-country-code", "x-appengine-country", "cdn-requestcountrycode", "x-country-code",
)  # fmt: skip
_REGION = (
    "cf-region", "x-vercel-ip-country-region", "cloudfront-viewer-country-region-name",
    "cloudfront-viewer-country-region", "x-nf-geo.region", "x-appengine-region",
)  # fmt: skip
_CITY = ("cf-ipcity", "x-vercel-ip-city", "cloudfront-viewer-city", "x-nf-geo.city", "x-appengine-city")
_TIMEZONE = ("cf-timezone", "x-vercel-ip-timezone", "cloudfront-viewer-time-zone", "x-nf-geo.timezone")
_ADDRESS = (
    "cf-connecting-ip", "true-client-ip", "fly-client-ip", "fastly-client-ip", "x-nf-client-connection-ip",
    "cloudfront-viewer-address",
)  # fmt: skip
_ROUTE = ("x-forwarded-for",)
_NEIGHBOUR = ("x-real-ip",)
PLACE = (*_COUNTRY, *_REGION, *_CITY, *_TIMEZONE, "x-nf-geo", *_ADDRESS, *_ROUTE, *_NEIGHBOUR)

_NO_COUNTRY = {"XX", "ZZ", "EU", "AP"}  # how networks write that they do not know, or know only the continent
_CODE = re.compile(r"[A-Za-z]{2}")
_TAG = re.compile(r"([A-Za-z]{2,3})((?:-[A-Za-z0-9]{1,8}){0,3})(?:\s*;\s*[qQ]=([01](?:\.[0-9]{0,3})?))?")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,30}(?:/[A-Za-z0-9_+-]{1,30}){0,2}")
_PAGE = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
# Not `is_global`, which refuses more than what stands inside a house: the addresses of examples and of tests, say.
_INSIDE = tuple(
    ip_network(network)
    for network in "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16"
    " 224.0.0.0/3 ::/127 fc00::/7 fe80::/10 ff00::/8".split()
)


def enrich(headers: Mapping[str, str]) -> dict[str, Any]:
    """What is known, under the names of docs/api/capture.md. The names of the headers are in lower case."""
    if "x-nf-geo" in headers:
        headers = {**headers, **_netlify(headers["x-nf-geo"])}
    user_agent = _first(headers, AGENT, _user_agent)
    found = {
        "user_agent": user_agent,
        **(described(user_agent) if user_agent else {}),
        "referrer": _first(headers, REFERRER, _referrer),
        "language": _first(headers, LANGUAGE, _language),
        "country": _first(headers, _COUNTRY, _country),
        "region": _first(headers, _REGION, _place),
        "city": _first(headers, _CITY, _place),
        "timezone": _first(headers, _TIMEZONE, _timezone),
        "ip": _first(headers, _ADDRESS, _address)
        or _first(headers, _ROUTE, _public_address)
        or _first(headers, _NEIGHBOUR, _address),
    }
    return {name: value for name, value in found.items() if value}


def _first(headers: Mapping[str, str], names: tuple[str, ...], read: Callable[[str], str | None]) -> str | None:
    for name in names:
        if name in headers and (value := read(headers[name])):
            return value
    return None


def _readable(text: str) -> str:
    """Without control characters, halves of surrogate pairs and marks that turn the direction of writing."""
    return (text if text.isprintable() else "".join(filter(str.isprintable, text))).strip()


def _user_agent(text: str) -> str:
    return _readable(text[:_LONGEST_AGENT])


def _referrer(text: str) -> str | None:
    text = text[: _LONGEST_REFERRER + 1].strip()
    return text if len(text) <= _LONGEST_REFERRER and text.isprintable() and _PAGE.match(text) else None


def _language(text: str) -> str | None:
    """The one with the greatest weight, in the spelling of RFC 5646: `de-CH`, `zh-Hant-TW`."""
    best, greatest = None, 0.0
    for item in text[:_LONGEST_LIST].split(",", _MOST_ITEMS)[:_MOST_ITEMS]:
        tag = _TAG.fullmatch(item.strip())
        weight = float(tag[3] or 1) if tag else 0
        if tag and greatest < weight <= 1:
            best, greatest = tag[1].lower() + "".join(map(_subtag, tag[2].split("-")[1:])), weight
    return best


def _subtag(text: str) -> str:
    return "-" + (text.upper() if len(text) == 2 else text.title() if len(text) == 4 else text.lower())


def _country(text: str) -> str | None:
    code = text[:16].strip()
    return code.upper() if _CODE.fullmatch(code) and code.upper() not in _NO_COUNTRY else None


def _place(text: str) -> str | None:
    """Some networks write names with percent signs, as in an address; where that fails, the text stands for itself."""
    if len(text) > 9 * _LONGEST_PLACE:  # a letter has up to three bytes, a byte three signs
        return None
    with suppress(UnicodeDecodeError):
        text = unquote(text, errors="strict")
    name = _readable(text)
    return name if len(name) <= _LONGEST_PLACE and any(map(str.isalnum, name)) else None


def _timezone(text: str) -> str | None:
    zone = text[:128].strip()
    return zone if _ZONE.fullmatch(zone) else None


def _address(text: str) -> str | None:
    address = _parsed(text)
    return str(address) if address else None


def _public_address(text: str) -> str | None:
    """The first in the list that is no address of a local network: there the user comes before the proxies."""
    for item in text[:_LONGEST_LIST].split(",", _MOST_ITEMS)[:_MOST_ITEMS]:
        address = _parsed(item)
        if address and not any(address in network for network in _INSIDE):
            return str(address)
    return None


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """Perhaps with a port: `192.0.2.1:443`, `[2001:db8::1]:443`."""
    text = text[:64].strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return None if address.scope_id else address.ipv4_mapped or address
    return address


class _Named(Struct):
    code: str | None = None
    name: str | None = None


class _Whereabouts(Struct):
    city: str | None = None
    country: _Named | None = None
    subdivision: _Named | None = None
    timezone: str | None = None


_whereabouts = msgspec.json.Decoder(_Whereabouts)


def _netlify(text: str) -> dict[str, str]:
    """Netlify tells everything in one header: JSON in base64."""
    try:
        told = _whereabouts.decode(b64decode(text[:4096]))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return {}
    found = {
        "country": told.country and told.country.code,
        "region": told.subdivision and (told.subdivision.name or told.subdivision.code),
        "city": told.city,
        "timezone": told.timezone,
    }
    return {f"x-nf-geo.{name}": value for name, value in found.items() if value}
