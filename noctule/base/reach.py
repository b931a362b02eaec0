"""Reaching PostgreSQL for the first time, and saying in one line what keeps us from it: where, and why, never as whom."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg

_ADDRESS = re.compile(r"(.*?)(?::([0-9]+))?")
SECONDS = 20.0  # for one connection


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
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    named = parts.netloc.rpartition("@")[2] or ",".join(query.get("host", ["localhost"]))
    usual = query.get("port", ["5432"])[0]
    found = [_ADDRESS.fullmatch(address) for address in named.split(",")]
    return " or ".join(f"host {unquote(match[1])} port {match[2] or usual}" for match in found if match)
