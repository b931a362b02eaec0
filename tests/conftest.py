"""What every test stands on: a real PostgreSQL, a transaction that is rolled back, and the whole application.

Each test process starts a PostgreSQL of its own and migrates one template in it. `database` is a connection whose
transactions are savepoints of one that never commits; a test that needs real commits takes `own_database`.
"""

import asyncio
import subprocess
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from noctule.accounts import passwords
from noctule.base.db import Database, Db, connect, prepare
from noctule.base.embed import Embedder, model_file
from noctule.base.embed.graph import build
from noctule.base.migrate import migrate
from noctule.base.postgres import Postgres
from noctule.base.settings import Settings
from noctule.chatbots import ChatRing, KeyRing
from noctule.conversations import Recorder
from noctule.main.app import create_app
from noctule.web.news import News
from noctule.web.ratelimit import RateLimiter
from noctule.web.services import Services
from tests.postgres import VERSIONS, PostgresOverTcp

# A busy machine is no reason to fail, and what a test changes is rolled back or made anew by each example.
hypothesis_settings.register_profile(
    "noctule", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
hypothesis_settings.load_profile("noctule")


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Nearly every test signs somebody up; at full cost that alone would take minutes. Servers that tests start pay it."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", cheap)
        patch.setattr(passwords, "_NOBODY", cheap.hash("nobody has this password"))
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-url", help="a PostgreSQL to use instead of an embedded one")
    parser.addoption("--postgres", type=int, choices=VERSIONS, help="one of this version, over TCP with a password")
    parser.addoption(
        "--long", action="store_true", help="faults, with a table at the end, and requests at random in their long form"
    )


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if given := request.config.getoption("--database-url"):
        yield given
    elif version := request.config.getoption("--postgres"):
        with PostgresOverTcp(tmp_path_factory.mktemp("data") / "postgres", version) as postgres:
            yield postgres.url
    else:
        with Postgres(tmp_path_factory.mktemp("data") / "postgres") as postgres:
            yield postgres.url


@pytest.fixture(scope="session")
def template_url(postgres_url: str) -> str:
    """A migrated, empty database that tests clone or roll back into."""
    name = f"template_{uuid4().hex[:8]}"

    async def make() -> None:
        connection = await asyncpg.connect(postgres_url)
        await connection.execute(f"create database {name}")
        await connection.close()
        await migrate(named(postgres_url, name))

    asyncio.run(make())
    return named(postgres_url, name)


def named(url: str, database: str) -> str:
    head, question, query = url.partition("?")
    return head.rsplit("/", 1)[0] + "/" + database + question + query


@dataclass
class TurnableClock:
    """Time stands still until a test lets it pass."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock()


class SavepointDatabase(Database):
    """One connection for all, one transaction after the other, none of them ever committed."""

    def __init__(self, connection: Any, clock: TurnableClock) -> None:
        super().__init__(connection, clock)
        self._connection = connection
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Db]:
        async with self._turn, self._connection.transaction():
            yield Db(self._connection, self.clock())


@pytest_asyncio.fixture
async def database(template_url: str, clock: TurnableClock) -> AsyncGenerator[Database]:
    connection: Any = await asyncpg.connect(template_url)
    await prepare(connection)
    outer = connection.transaction()
    await outer.start()
    yield SavepointDatabase(connection, clock)
    await outer.rollback()
    await connection.close()


@pytest_asyncio.fixture
async def db(database: Database) -> AsyncGenerator[Db]:
    async with database.transaction() as db:
        yield db


@pytest_asyncio.fixture
async def own_url(template_url: str) -> AsyncGenerator[str]:
    """A database of the test's own, cloned from the template: for real commits, NOTIFY and several connections."""
    name = f"own_{uuid4().hex[:8]}"
    admin: Any = await asyncpg.connect(named(template_url, "postgres"))
    await admin.execute(f"create database {name} template {template_url.partition('?')[0].rsplit('/', 1)[1]}")
    yield named(template_url, name)
    await admin.execute(f"drop database {name} with (force)")
    await admin.close()


@pytest_asyncio.fixture
async def empty_url(postgres_url: str) -> AsyncGenerator[str]:
    """The same with nothing in it."""
    name = f"empty_{uuid4().hex[:8]}"
    admin: Any = await asyncpg.connect(postgres_url)
    await admin.execute(f"create database {name}")
    yield named(postgres_url, name)
    await admin.execute(f"drop database {name} with (force)")
    await admin.close()


@pytest_asyncio.fixture
async def own_database(own_url: str, clock: TurnableClock) -> AsyncGenerator[Database]:
    async with connect(own_url, clock=clock) as database:
        yield database


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the model for meanings, which takes some seconds to build."""
    folder = tmp_path_factory.mktemp("model")
    build(model_file(folder))
    return folder


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200m,mode=0700", "tmpfs", str(disk)], capture_output=True, check=False
    ).returncode:
        pytest.skip("a small disk can be mounted by root only")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@dataclass
class World:
    """The application and the people around it."""

    services: Services
    app: Any

    @property
    def database(self) -> Database:
        return self.services.database

    def client(self, **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers, timeout=30)

    async def sign_up(self, email: str = "ines@example.com", organization: str = "Northwind") -> "Person":
        person = Person(self, self.client(), email)
        body = {"email": email, "password": "correct horse", "name": email.split("@")[0], "organization": organization}
        answer = await person.client.post("/api/v1/auth/register", json=body)
        assert answer.status_code == 201, answer.text
        person.token = person.client.cookies["auth_token"]
        person.org_id = answer.json()["organization"]["id"]
        person.user_id = answer.json()["user_id"]
        return person


@dataclass
class Person:
    """Somebody who is signed in, with the browser's cookie in `client`."""

    world: World
    client: httpx.AsyncClient
    email: str
    token: str = ""
    org_id: str = ""
    user_id: str = ""

    async def new_chatbot(self, name: str = "Support Bot") -> "Bot":
        answer = await self.client.post("/api/v1/chatbots", json={"name": name})
        assert answer.status_code == 200, answer.text
        return Bot(self, answer.json()["chatbot"]["id"], answer.json()["apiKey"])

    async def new_key(self, label: str = "reports", **more: Any) -> str:
        return (await self.client.post("/api/v1/orgs/me/apikeys", json={"label": label, **more})).json()["key"]


@dataclass
class Bot:
    """A chatbot and its key."""

    owner: Person
    id: str
    key: str

    async def capture(self, conversation: str = "conv-1", *messages: dict[str, Any], **more: Any) -> httpx.Response:
        body = {"conversationId": conversation, "messages": list(messages) or [said("Hello")], **more}
        async with self.owner.world.client(authorization=f"Bearer {self.key}") as client:
            return await client.post("/api/v1/capture", json=body)


def said(content: str, role: str = "user", **more: Any) -> dict[str, Any]:
    return {"role": role, "content": content, **more}


def services_on(database: Database, **settings: Any) -> Services:
    data_dir = settings.pop("data_dir", Path("unused"))
    return Services(
        settings=Settings(data_dir=data_dir, **settings),
        secret="a secret of the tests, long enough for HMAC",
        database=database,
        recorder=Recorder(database),
        key_ring=KeyRing(database),
        chat_ring=ChatRing(database),
        embedder=Embedder(data_dir),
        news=News(database),
        limiter=RateLimiter(database),
        patience=0,
    )


@asynccontextmanager
async def running(services: Services) -> AsyncGenerator[World]:
    services.recorder.start()
    try:
        yield World(services, create_app(services))
    finally:
        await services.recorder.close()


@pytest_asyncio.fixture
async def world(database: Database) -> AsyncGenerator[World]:
    async with running(services_on(database, open_signup=True)) as world:
        yield world


@pytest_asyncio.fixture
async def own_world(own_database: Database) -> AsyncGenerator[World]:
    """The application on real commits."""
    async with running(services_on(own_database, open_signup=True)) as world:
        yield world


@pytest_asyncio.fixture
async def client(world: World) -> AsyncGenerator[httpx.AsyncClient]:
    async with world.client() as client:
        yield client


@pytest_asyncio.fixture
async def owner(world: World) -> Person:
    return await world.sign_up()


@pytest_asyncio.fixture
async def bot(owner: Person) -> Bot:
    return await owner.new_chatbot()
