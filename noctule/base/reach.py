"""Reaching PostgreSQL for the first time, and saying in one line what keeps us from it: where, and why, never as whom."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg

from noctule.base.near import is_near
from noctule.base.settings import inherited

_ADDRESS = re.compile(r"(.*?)(?::([0-9]+))?")
SECONDS = 20.0  # for one connection
_TLS = {"require", "verify-ca", "verify-full"}  # all others go on without it


class DatabaseOutOfReach(Exception):
    """The database does not answer, or does not let us in; the text names host, port and reason."""


@contextmanager
def reaching(url: str) -> Generator[None]:
    """Around the first connection. Raises DatabaseOutOfReach."""
    try:
        yield
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        reason = str(error).splitlines()[0] if str(error) else f"no answer in {SECONDS:.0f} seconds"
        raise DatabaseOutOfReach(
            f"the database of NOCTULE_DATABASE_URL, {place_of(url)}, is out of reach: {reason}"
        ) from error


def place_of(url: str) -> str:
    """`host db.example port 5432`, for each address that the URL names."""
    return " or ".join(f"host {host} port {port}" for host, port in _places_of(url))


def is_readable(url: str) -> bool:
    """Whether others may read what is said on the way: to another machine, without TLS or with TLS that gives way."""
    if all(host.startswith("/") or is_near(host.strip("[]")) for host, _ in _places_of(url)):
        return False
    usual = inherited().get("PGSSLMODE", "prefer")
    return parse_qs(urlsplit(url).query).get("sslmode", [usual])[-1] not in _TLS


def _places_of(url: str) -> list[tuple[str, str]]:
    """Host and port of each address that the URL names."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    named = parts.netloc.rpartition("@")[2] or ",".join(query.get("host", ["localhost"]))
    usual = query.get("port", ["5432"])[0]
    found = [_ADDRESS.fullmatch(address) for address in named.split(",")]
    return [(unquote(match[1]), match[2] or usual) for match in found if match]
