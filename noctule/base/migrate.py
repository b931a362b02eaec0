"""Migrations: plain SQL files, forward only, applied once and in order, each in a transaction of its own.

Every process may call `migrate` at its start: an advisory lock lets one of them work and the others wait.
A file that was applied and then changed is refused, because two databases would silently differ.
"""

import hashlib
import logging
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

import asyncpg

from noctule.base.reach import SECONDS, reaching

_LOCK = 0x6E6F6374  # any number, as long as everyone takes the same one
_log = logging.getLogger(__name__)


class MigrationChanged(Exception):
    """An applied migration file no longer reads as it did, or is not known to this version."""


def migration_files() -> list[tuple[str, str]]:
    """Names and texts, in order."""
    folder = files("noctule") / "migrations"
    return sorted(
        (entry.name, entry.read_text())
        for entry in folder.iterdir()
        if entry.name[:4].isdigit() and entry.name.endswith(".sql")
    )


async def migrate(url: str) -> list[str]:
    """The names of the files applied now, oldest first. Raises DatabaseOutOfReach or MigrationChanged."""
    with reaching(url):
        connection: Any = await asyncpg.connect(
            url, timeout=SECONDS, server_settings={"application_name": "noctule migrate"}
        )
    try:
        await connection.execute("select pg_advisory_lock($1)", _LOCK)
        await connection.execute(
            'create table if not exists schema_migrations (name text collate "C" primary key, sha256 text not null, '
            "applied_at timestamptz not null default now())"
        )
        applied = dict(await connection.fetch("select name, sha256 from schema_migrations"))
        known = migration_files()
        _refuse_newer(applied, known)
        return [name for name, text in known if await _apply(connection, applied, name=name, text=text)]
    finally:
        await connection.close()  # also lets the lock go


async def pending(url: str) -> list[str]:
    """Names of the files that are not applied yet. Raises DatabaseOutOfReach, or MigrationChanged for a newer database."""
    with reaching(url):
        connection: Any = await asyncpg.connect(url, timeout=SECONDS)
    try:
        if not await connection.fetchval("select to_regclass('schema_migrations') is not null"):
            return [name for name, _ in migration_files()]
        applied = {name for (name,) in await connection.fetch("select name from schema_migrations")}
        known = migration_files()
        _refuse_newer(applied, known)
        return [name for name, _ in known if name not in applied]
    finally:
        await connection.close()


async def is_empty(url: str) -> bool:
    """Whether the database holds no table at all. Raises DatabaseOutOfReach."""
    with reaching(url):
        connection: Any = await asyncpg.connect(url, timeout=SECONDS)
    try:
        return not await connection.fetchval("select exists (select from pg_tables where schemaname = 'public')")
    finally:
        await connection.close()


def _refuse_newer(applied: Iterable[str], known: Iterable[tuple[str, str]]) -> None:
    if newer := sorted(set(applied) - {name for name, _ in known}):
        raise MigrationChanged(f"the database was brought to a newer version of Noctule ({newer[-1]}); use that one")


async def _apply(connection: Any, applied: dict[str, str], *, name: str, text: str) -> bool:
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    if name in applied:
        if applied[name] != sha256:
            raise MigrationChanged(f"{name} was changed after it had been applied to this database")
        return False
    async with connection.transaction():
        # A migration waits at most this long for a lock that traffic holds; it fails and may be run again.
        await connection.execute("set local lock_timeout = '10s'; set local statement_timeout = '10min'")
        await connection.execute(text)
        await connection.execute("insert into schema_migrations (name, sha256) values ($1, $2)", name, sha256)
    _log.info("migrated", extra={"migration": name})
    return True
