"""Migrations: once each, together by many processes, refused when changed, and equal to the snapshot."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from noctule.base.migrate import MigrationChanged, is_empty, is_installation, migrate, migration_files
from tests.schema import describe

SNAPSHOT = Path(__file__).parent.parent.parent / "noctule" / "migrations" / "schema.sql"


async def test_they_are_applied_once(empty_url: str) -> None:
    names = [name for name, _ in migration_files()]
    assert await migrate(empty_url) == names
    assert await migrate(empty_url) == []


async def test_many_processes_may_start_at_once(empty_url: str) -> None:
    applied = await asyncio.gather(*(migrate(empty_url) for _ in range(5)))
    assert sorted(len(names) for names in applied) == [0, 0, 0, 0, len(migration_files())]


async def test_a_changed_file_is_refused(own_url: str) -> None:
    connection = await asyncpg.connect(own_url)
    await connection.execute("update schema_migrations set sha256 = 'other' where name like '0002%'")
    await connection.close()
    with pytest.raises(MigrationChanged, match="0002_accounts.sql was changed"):
        await migrate(own_url)


async def test_a_database_of_a_newer_version_is_refused(own_url: str) -> None:
    connection = await asyncpg.connect(own_url)
    await connection.execute("insert into schema_migrations (name, sha256) values ('9999_later.sql', 'x')")
    await connection.close()
    with pytest.raises(MigrationChanged, match="newer version of Noctule \\(9999_later.sql\\)"):
        await migrate(own_url)


@pytest.mark.parametrize(
    "made",
    [
        "create table something (number int)",
        "create view something as select 1 as number",
        "create type something as (number int)",
        "create type something as enum ('one')",
        "create domain something as int",
    ],
)
async def test_a_database_in_which_somebody_made_something_is_not_empty(empty_url: str, made: str) -> None:
    connection = await asyncpg.connect(empty_url)
    await connection.execute("create extension if not exists vector")
    assert await is_empty(empty_url)
    await connection.execute(made)
    await connection.close()
    assert not await is_empty(empty_url)


async def test_a_table_of_migrations_may_be_of_others(empty_url: str) -> None:
    connection = await asyncpg.connect(empty_url)
    assert not await is_installation(empty_url)
    await connection.execute("create table schema_migrations (version text)")
    await connection.execute("insert into schema_migrations values ('20260101')")
    assert not await is_installation(empty_url)
    await connection.execute("drop table schema_migrations")
    await connection.close()
    await migrate(empty_url)
    assert await is_installation(empty_url)


async def test_the_schema_is_the_snapshot(own_url: str) -> None:
    """After a new migration: python -m tests.schema URL > noctule/migrations/schema.sql"""
    assert await describe(own_url) == SNAPSHOT.read_text()
