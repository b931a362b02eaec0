"""The oldest PostgreSQL that we speak to, over TCP and as an ordinary user: it takes our tables and our statements.

That it also answers rightly is for the whole suite: `make test POSTGRES=16`.
"""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg

from noctule.base.migrate import migrate
from tests.base.test_migrate import SNAPSHOT
from tests.postgres import PostgresOverTcp
from tests.schema import describe
from tests.shape.source import sources
from tests.shape.sql_rules import STORES
from tests.shape.statements import statements


def test_postgresql_16_has_our_schema_and_understands_every_statement(tmp_path: Path) -> None:
    with PostgresOverTcp(tmp_path / "postgres", 16) as postgres:
        asyncio.run(migrate(postgres.url))
        assert asyncio.run(describe(postgres.url)) == SNAPSHOT.read_text()
        assert asyncio.run(not_understood(postgres.url)) == []


async def not_understood(url: str) -> list[str]:
    connection: Any = await asyncpg.connect(url)
    assert (await connection.fetchval("show server_version")).startswith("16.")
    refused: list[str] = []
    understood = 0
    for source in sources(STORES):
        for one in statements(source):
            try:
                await connection.prepare(one.text)
                understood += 1
            except asyncpg.PostgresError as error:
                refused.append(f"{source.path}:{one.function}: {error}")
    await connection.close()
    assert understood > 300
    return refused
