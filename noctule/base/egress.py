"""The one way out: whatever an address in a page, a source or a setting says, no request of ours reaches a private place.

A name is resolved first, every address it has is judged, and the connection goes to the very address that was judged, so a
name that changes its mind in between gains nothing. Each redirect is judged again. Proxies of the environment are not used.
"""

import asyncio
import ipaddress
import re
import socket
import ssl
import unicodedata
import zlib
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]
T = TypeVar("T")
_HOPS = 3
_SECONDS = 5.0  # for one request, all hops and the body together
_LARGEST = 10 * 1024 * 1024  # bytes of a body, also after decompression
_AGENT = "Noctule (+a team reads its own pages)"
_LOWEST_OTHER_PORT = 1024
# What `is_global` lets through on some versions of Python, or what carries another address inside.
_NEVER = [
    ipaddress.ip_network(one)
    for one in (
        "0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.88.99.0/24", "100.100.100.200/32", "224.0.0.0/3", "::/96",
        "64:ff9b::/96", "64:ff9b:1::/48", "2001::/23", "2002::/16", "3fff::/20", "5f00::/16", "fe80::/10", "fec0::/10",
        "ff00::/8", "fd00:ec2::/32",
    )
]  # fmt: skip
_HERE = [ipaddress.ip_network(one) for one in ("127.0.0.0/8", "::1/128")]


@dataclass(frozen=True)
class Fetched:
    url: str  # where it was found, after redirects
    content_type: str
    body: bytes


@dataclass(frozen=True)
class Posted:
    status: int


@dataclass(frozen=True)
class NotFetched:
    reason: str  # for the person who gave the address
    status: int | None = None  # of what was answered, if anything


class _Refused(Exception):
    """The text is for the person who gave the address."""


async def resolve(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for _, _, _, _, address in found))


class Egress:
    def __init__(self, *, allow_private: bool = False, resolve: Resolve = resolve) -> None:
        """`allow_private` opens networks of one's own, never the addresses where clouds keep their secrets."""
        self._allow_private = allow_private
        self._resolve = resolve
        self._trusted = ssl.create_default_context()

    async def get(self, url: str) -> Fetched | NotFetched:
        return await self._bounded(self._follow(url))

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted | NotFetched:
        """JSON; no redirect is followed, and what is answered is not read."""
        return await self._bounded(self._post(url, body, headers))

    async def _bounded(self, work: Coroutine[None, None, T]) -> T | NotFetched:
        try:
            async with asyncio.timeout(_SECONDS):
                return await work
        except TimeoutError:
            return NotFetched("did not answer in time")
        except _Refused as refused:
            return NotFetched(str(refused))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError, ValueError, zlib.error) as error:
            return NotFetched(f"could not be reached: {type(error).__name__}")

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted | NotFetched:
        parts, address = await self._judged(url)
        async with httpx.AsyncClient(trust_env=False, verify=self._trusted, follow_redirects=False) as client:
            given = {"host": _host_header(parts), "user-agent": _AGENT, "content-type": "application/json", **headers}
            request = client.build_request(
                "POST", _at(parts, address), content=body, headers=given, extensions={"sni_hostname": _ascii(parts)}
            )
            answer = await client.send(request, stream=True)
            await answer.aclose()
        if not answer.is_success:
            return NotFetched(f"answered {answer.status_code}", answer.status_code)
        return Posted(answer.status_code)

    async def _follow(self, url: str) -> Fetched:
        for _ in range(_HOPS + 1):
            parts, address = await self._judged(url)
            async with httpx.AsyncClient(trust_env=False, verify=self._trusted, follow_redirects=False) as client:
                request = client.build_request(
                    "GET",
                    _at(parts, address),
                    headers={
                        "host": _host_header(parts),
                        "user-agent": _AGENT,
                        "accept-encoding": "gzip",
                        "accept": "*/*",
                    },
                    extensions={"sni_hostname": _ascii(parts)},
                )
                answer = await client.send(request, stream=True)
                try:
                    if answer.is_redirect:
                        url = urljoin(url, answer.headers["location"])
                        continue
                    if answer.status_code != 200:
                        raise _Refused(f"answered {answer.status_code}")
                    return Fetched(url, answer.headers.get("content-type", ""), await _body(answer))
                finally:
                    await answer.aclose()
        raise _Refused(f"redirects more than {_HOPS} times")

    async def _judged(self, url: str) -> tuple[SplitResult, str]:
        """Raises _Refused unless every address of its host may be reached."""
        parts = split(url)
        host = _ascii(parts)
        addresses = await self._resolve(host, parts.port or (443 if parts.scheme == "https" else 80))
        if not addresses:
            raise _Refused("has no address")
        for address in addresses:
            if not may_reach(address, allow_private=self._allow_private):
                raise _Refused("leads to a private network")
        return parts, addresses[0]


def split(url: str) -> SplitResult:
    """Raises _Refused for an address that two readers could understand differently."""
    if re.search(r"[\s\\\x00-\x20\x7f]", url):
        raise _Refused("is no address")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _Refused("must begin with http:// or https://")
    if "@" in parts.netloc or "%" in parts.netloc:
        raise _Refused("must name a host and nothing else")
    if parts.port is not None and parts.port not in (80, 443) and parts.port < _LOWEST_OTHER_PORT:
        raise _Refused("names a port that no page has")
    return parts


def may_reach(text: str, *, allow_private: bool) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False  # a zone, or nothing we know
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if _in(address, _HERE):
        return allow_private
    if _in(address, _NEVER) or address.is_multicast or address.is_unspecified:
        return False
    return allow_private if not address.is_global or address.is_reserved else True


def _in(address: Address, networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _ascii(parts: SplitResult) -> str:
    """The host as it goes to the resolver: wide digits and letters of other scripts as what they stand for."""
    host = unicodedata.normalize("NFKC", parts.hostname or "")
    return host if host.isascii() else host.encode("idna").decode()


def _host_header(parts: SplitResult) -> str:
    host = _ascii(parts)
    name = f"[{host}]" if ":" in host else host
    return name if parts.port is None else f"{name}:{parts.port}"


def _at(parts: SplitResult, address: str) -> str:
    host = f"[{address}]" if ":" in address else address
    netloc = host if parts.port is None else f"{host}:{parts.port}"
    return parts._replace(netloc=netloc, fragment="").geturl()


async def _body(answer: httpx.Response) -> bytes:
    """Bounded as it comes, and as it unfolds: a small body may be a large one inside."""
    coding = answer.headers.get("content-encoding", "identity").lower()
    if coding not in ("identity", "", "gzip"):
        raise _Refused(f"is packed in a way we do not read: {coding[:20]}")
    unpack = zlib.decompressobj(wbits=31) if coding == "gzip" else None
    body = bytearray()
    async for piece in answer.aiter_raw():
        body += unpack.decompress(piece, _LARGEST + 1 - len(body)) if unpack else piece
        if len(body) > _LARGEST:
            raise _Refused(f"is larger than {_LARGEST // 1024**2} MB")
    return bytes(body)
