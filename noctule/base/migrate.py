"""Migrations: plain SQL files, forward only, applied once and in order, each in a transaction of its own.

Every process may call `migrate` at its start: an advisory lock lets one of them work and the others wait.
A file that was applied and then changed is refused, because two databases would silently differ.
"""

import hashlib
import logging
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import asyncpg

from noctule.base.reach import SECONDS, reaching

_LOCK = 0x6E6F6374  # any number, as long as everyone takes the same one
_log = logging.getLogger(__name__)

# Others have tables of this name, too.
_HAS_OUR_TABLE = """
select exists (select from pg_attribute where attrelid = to_regclass('schema_migrations') and attname = 'sha256')
"""
# A table or a view has a type of its name, so types stand for all of them. An extension may be there beforehand.
_HOLDS_SOMETHING = """
select exists (
    select from pg_type
    where typnamespace = 'public'::regnamespace
        and typtype in ('c', 'd', 'e', 'r')
        and not exists (
            select from pg_depend
            where deptype = 'e'
                and (classid, objid) in (('pg_type'::regclass, pg_type.oid), ('pg_class'::regclass, typrelid))
        )
)
"""


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
        check_applied(applied)
        waiting = [(name, text) for name, text in migration_files() if name not in applied]
        for name, text in waiting:
            await _apply(connection, name, text)
        return [name for name, _ in waiting]
    finally:
        await connection.close()  # also lets the lock go


def check_applied(applied: Mapping[str, str], what: str = "the database") -> None:
    """Names and hashes against the files of this version. Raises MigrationChanged."""
    known = {name: _hash(text) for name, text in migration_files()}
    if newer := sorted(set(applied) - set(known)):
        raise MigrationChanged(f"{what} was brought to a newer version of Noctule ({newer[-1]}); use that one")
    for name in sorted(applied):
        if applied[name] != known[name]:
            raise MigrationChanged(f"{name} was changed after it had been applied to {what}")


async def pending(url: str) -> list[str]:
    """Names of the files that are not applied yet. Raises DatabaseOutOfReach, or MigrationChanged for a newer database."""
    with reaching(url):
        connection: Any = await asyncpg.connect(url, timeout=SECONDS)
    try:
        if not await connection.fetchval("select to_regclass('schema_migrations') is not null"):
            return [name for name, _ in migration_files()]
        applied = dict(await connection.fetch("select name, sha256 from schema_migrations"))
        check_applied(applied)
        return [name for name, _ in migration_files() if name not in applied]
    finally:
        await connection.close()


async def is_installation(url: str) -> bool:
    """Whether a migration of ours was ever applied there. Raises DatabaseOutOfReach."""
    return bool(await _ask(url, _HAS_OUR_TABLE)) and bool(
        await _ask(url, "select exists (select from schema_migrations)")
    )


async def is_empty(url: str) -> bool:
    """Whether nobody made anything there: no table, view or type but those of extensions. Raises DatabaseOutOfReach."""
    return not await _ask(url, _HOLDS_SOMETHING)


async def _ask(url: str, question: str) -> Any:
    with reaching(url):
        connection: Any = await asyncpg.connect(url, timeout=SECONDS)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def _apply(connection: Any, name: str, text: str) -> None:
    async with connection.transaction():
        # A migration waits at most this long for a lock that traffic holds; it fails and may be run again.
        await connection.execute("set local lock_timeout = '10s'; set local statement_timeout = '10min'")
        await connection.execute(text)
        await connection.execute("insert into schema_migrations (name, sha256) values ($1, $2)", name, _hash(text))
    _log.info("migrated", extra={"migration": name})


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
