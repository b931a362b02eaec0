"""`noctule serve`: PostgreSQL, the web process and the analysers, started together and stopped in the right order.

Stopping: no new requests, what is in flight is answered, what waits is stored, then analysers, then PostgreSQL.
"""

import argparse
import asyncio
import logging
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from types import FrameType

import asyncpg
import uvicorn
import uvloop

from noctule import chatbots
from noctule import demo as house
from noctule.base import news
from noctule.base.crypto import installation_secret
from noctule.base.db import connect
from noctule.base.embed import Embedder, building
from noctule.base.jobs import listen as listen_for
from noctule.base.migrate import MigrationChanged, migrate
from noctule.base.postgres import AlreadyRunning, CannotStart, Postgres
from noctule.base.reach import DatabaseOutOfReach
from noctule.base.settings import Settings
from noctule.chatbots import ChatRing, KeyRing
from noctule.conversations import Recorder
from noctule.demo import NoDemo, Visitor
from noctule.main import check, listen
from noctule.main.app import create_app
from noctule.main.connections import BoundedConnection
from noctule.main.garbage import spare_what_stays
from noctule.main.listen import CannotListen
from noctule.main.workers import Workers
from noctule.web.news import News
from noctule.web.ratelimit import RateLimiter
from noctule.web.services import Services

_GRACE_SECONDS = 30
_WATCH_SECONDS = 1.0
_TURN_SECONDS = 0.0005  # after which a thread that computes, as over a file, lets the one in that answers requests
_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_log = logging.getLogger(__name__)


def serve(settings: Settings, _given: argparse.Namespace) -> int:
    return _run(settings, visitor=None)


def demo(settings: Settings, _given: argparse.Namespace) -> int:
    """The same with data of our own making, open to a visitor who may only look."""
    return _run(replace(settings, data_dir=settings.data_dir / "demo"), visitor=house.VISITOR)


def _run(settings: Settings, *, visitor: Visitor | None) -> int:
    sys.setswitchinterval(_TURN_SECONDS)
    for number in _STOP_SIGNALS:
        signal.signal(number, _leave)  # until the server listens for them itself
    try:
        with ExitStack() as stack:
            listen.allow_many()
            sockets = [stack.enter_context(one) for one in listen.take(settings.host, settings.port)]
            check.log_each(check.warnings(settings))
            postgres = None
            if not settings.database_url:
                postgres = stack.enter_context(Postgres(settings.data_dir / "postgres"))
                settings = replace(settings, database_url=postgres.url)
            uvloop.run(_serve(settings, sockets, postgres, visitor=visitor))
    except (
        AlreadyRunning, CannotListen, CannotStart, DatabaseOutOfReach, MigrationChanged, NoDemo, OSError,
        asyncpg.PostgresError,
    ) as error:  # fmt: skip
        print(f"noctule: {error}", file=sys.stderr)
        return 1
    return 0


async def _serve(
    settings: Settings, sockets: list[socket.socket], postgres: Postgres | None, *, visitor: Visitor | None
) -> None:
    await migrate(settings.database_url)
    async with _services(settings, visitor=visitor) as services:
        if visitor:
            await house.open_house(services.database, secret=services.secret)
        config = uvicorn.Config(
            create_app(services),
            log_config=None,
            access_log=False,
            server_header=False,
            http=BoundedConnection,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=list(settings.trusted_proxies) or None,
            timeout_graceful_shutdown=_GRACE_SECONDS,
            h11_max_incomplete_event_size=64 * 1024,
            lifespan="off",
        )
        server = _Server(config, services.news)
        spare_what_stays()
        for number in _STOP_SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, server.handle_exit, number, None)
        stop = asyncio.Event()

        def forget(_payload: str) -> None:
            services.key_ring.forget()
            services.chat_ring.forget()

        with Workers(settings) as workers:
            beside = [
                asyncio.create_task(
                    listen_for(
                        settings.database_url, {chatbots.CHANNEL: forget, news.CHANNEL: services.news.heard}, stop
                    )
                ),
                asyncio.create_task(services.news.tell(stop)),
                asyncio.create_task(_watch(workers, postgres, stop)),
            ]
            try:
                await server.serve(sockets)
            finally:
                stop.set()
                await asyncio.gather(*beside)


@asynccontextmanager
async def _services(settings: Settings, *, visitor: Visitor | None) -> AsyncGenerator[Services]:
    secret = settings.secret_key or installation_secret(settings.data_dir)
    embedder = Embedder(settings.data_dir)
    async with connect(settings.database_url) as database, building(embedder):
        told = News(database)
        recorder = Recorder(database, stored=lambda chatbot_id: told.changed(str(chatbot_id)))
        recorder.start()
        try:
            yield Services(
                settings=settings,
                secret=secret,
                database=database,
                recorder=recorder,
                key_ring=KeyRing(database),
                chat_ring=ChatRing(database),
                embedder=embedder,
                news=told,
                limiter=RateLimiter(database),
                visitor=visitor,
            )
        finally:
            await recorder.close()  # what still waits when the server stops is stored before it ends


class _Server(uvicorn.Server):
    """uvicorn raises a signal again when it has stopped, which would end us before PostgreSQL is stopped in order. And it
    waits for connections to end, which pages that listen would keep open.
    """

    def __init__(self, config: uvicorn.Config, news: News) -> None:
        super().__init__(config)
        self._news = news

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self._news.close()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for one in sockets or []:
            host, port = one.getsockname()[:2]
            _log.info("listening", extra={"address": f"http://{f'[{host}]' if ':' in host else host}:{port}/"})


def _leave(_number: int, _frame: object) -> None:
    raise SystemExit(0)


async def _watch(workers: Workers, postgres: Postgres | None, stop: asyncio.Event) -> None:
    """Start again what has died: meanwhile requests are answered 503."""
    while not stop.is_set():
        await asyncio.sleep(_WATCH_SECONDS)
        if postgres is not None and not postgres.alive():
            _log.error("PostgreSQL is gone; starting it again")
            try:
                await asyncio.to_thread(postgres.start)
            except CannotStart:
                _log.exception("PostgreSQL does not start; trying again")
        workers.restart_dead()
