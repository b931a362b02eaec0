"""The database as the domains see it, in two types that tell the truth about time.

`Db` is one open transaction: whoever takes it only touches the database. `Database` is the pool: whoever takes it
may wait for the outside world and opens short transactions of its own. A transaction carries its hour (`db.now`),
because a cluster accepts no volatile functions in statements and because tests like to choose the hour.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, LiteralString, Protocol, TypeVar, cast

import asyncpg
import msgspec

from noctule.base.clock import Clock, utc_now
from noctule.base.errors import Unavailable
from noctule.base.reach import SECONDS, reaching

T = TypeVar("T")

# What PostgreSQL says when it is not there, is going, is full or is overrun: the same request may succeed later.
_NOT_NOW = (
    OSError,  # also TimeoutError: no connection came free in time
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that PostgreSQL left in the middle of a word
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.LockNotAvailableError,
    asyncpg.PostgresSystemError,
)


class _Connection(Protocol):
    """The part of asyncpg's connection that we use (its own types leave the rows unknown)."""

    async def fetch(self, query: str, *args: object) -> list[Any]: ...
    async def fetchrow(self, query: str, *args: object) -> Any: ...
    async def fetchval(self, query: str, *args: object) -> Any: ...
    async def execute(self, query: str, *args: object) -> str: ...


class Db:
    """One open transaction and its hour. Rows come back as the frozen dataclass that is asked for."""

    def __init__(self, connection: _Connection, now: datetime) -> None:
        self._connection = connection
        self.now = now

    async def all(self, row: type[T], sql: LiteralString, /, *args: object) -> list[T]:
        """Columns in the order of the fields are read in half the time."""
        records = await self._connection.fetch(sql, *args)
        if records and tuple(records[0].keys()) == getattr(row, "__match_args__", None):
            return [row(*record) for record in records]
        return [row(**record) for record in records]

    async def one(self, row: type[T], sql: LiteralString, /, *args: object) -> T | None:
        record = await self._connection.fetchrow(sql, *args)
        return None if record is None else row(**record)

    async def rows(self, sql: LiteralString, /, *args: object) -> list[tuple[Any, ...]]:
        """For the few answers that have no name of their own."""
        return [tuple(record) for record in await self._connection.fetch(sql, *args)]

    async def values(self, sql: LiteralString, /, *args: object) -> list[Any]:
        """The first column of every row."""
        return [record[0] for record in await self._connection.fetch(sql, *args)]

    async def value(self, sql: LiteralString, /, *args: object) -> Any:
        return await self._connection.fetchval(sql, *args)

    async def run(self, sql: LiteralString, /, *args: object) -> int:
        """The number of rows touched."""
        status = await self._connection.execute(sql, *args)
        count = status.rsplit(" ", 1)[-1]
        return int(count) if count.isdigit() else 0


class Database:
    """The pool of connections. Trouble with PostgreSQL itself leaves it as `Unavailable` (503), never as a 500."""

    def __init__(self, pool: "asyncpg.Pool[Any]", clock: Clock = utc_now) -> None:
        self._pool = pool
        self.clock = clock

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Db]:
        try:
            async with self._pool.acquire(timeout=10) as connection, connection.transaction():
                yield Db(cast("_Connection", connection), self.clock())
        except asyncpg.DiskFullError as error:
            raise Unavailable("The disk of the database is full. Please try again later.", retry_after=10) from error
        except _NOT_NOW as error:
            raise Unavailable("The database cannot be reached right now. Please try again.", retry_after=2) from error

    async def close(self) -> None:
        await self._pool.close()


@asynccontextmanager
async def connect(url: str, *, clock: Clock = utc_now, most: int = 12) -> AsyncGenerator[Database]:
    """Raises DatabaseOutOfReach when the server cannot be reached at the start."""
    with reaching(url):
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=most,
            timeout=SECONDS,
            command_timeout=60,
            max_inactive_connection_lifetime=300,
            init=prepare,
            reset=_nothing_to_forget,
            server_settings={
                "application_name": "noctule",
                "timezone": "UTC",
                "jit": "off",
                "random_page_cost": "1.1",  # memory and SSDs: else a batch's names are found by reading the whole table
            },
        )
    try:
        yield Database(pool, clock)
    finally:
        await pool.close()


async def _nothing_to_forget(_connection: object) -> None:
    """Whatever is set, is set for one transaction: a question less to PostgreSQL each time a connection comes back."""


async def prepare(connection: Any) -> None:
    """Teach a new connection to speak JSON both ways."""
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=_to_json, decoder=msgspec.json.decode, format="text"
    )


def _to_json(value: object) -> str:
    return msgspec.json.encode(value).decode()
