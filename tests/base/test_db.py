"""Transactions: what commits, what rolls back, and what PostgreSQL's troubles turn into."""

import asyncpg
import pytest

from noctule.base.db import Database, connect
from noctule.base.errors import Unavailable


async def test_a_transaction_is_kept_whole_or_not_at_all(own_database: Database) -> None:
    async with own_database.transaction() as db:
        await db.run("create table notes (text text)")
        await db.run("insert into notes values ('kept')")
    with pytest.raises(ZeroDivisionError):
        async with own_database.transaction() as db:
            await db.run("insert into notes values ('lost')")
            _ = 1 / 0
    async with own_database.transaction() as db:
        assert await db.values("select text from notes") == ["kept"]


async def test_json_goes_both_ways(database: Database) -> None:
    value = {"a": [1, 2.5, None, True, "é👩‍👩‍👧"], "b": {"c": {}}}
    async with database.transaction() as db:
        assert await db.value("select $1::jsonb", value) == value


async def test_a_server_that_is_not_there_is_unavailable(own_url: str) -> None:
    async with connect(own_url, most=1) as database:
        async with database.transaction() as db:
            pid = await db.value("select pg_backend_pid()")
        killer = await asyncpg.connect(own_url)
        with pytest.raises(Unavailable) as caught:
            async with database.transaction() as db:
                await killer.execute("select pg_terminate_backend($1)", pid)
                await db.value("select 1")
        assert caught.value.status == 503
        assert caught.value.retry_after
        async with database.transaction() as db:  # the next one gets a new connection
            assert await db.value("select 1") == 1
        await killer.close()


async def test_a_connection_that_is_left_in_the_middle_of_a_word_is_unavailable(own_database: Database) -> None:
    """As a PostgreSQL that was killed leaves them."""
    with pytest.raises(Unavailable) as caught:
        async with own_database.transaction():
            raise asyncpg.InternalClientError("cannot switch to state 15; another operation (2) is in progress")
    assert caught.value.retry_after
