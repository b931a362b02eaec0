"""`noctule export`: the conversations of a chatbot as a file, from the database itself, also while a server runs."""

import argparse
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress

import asyncpg
import uvloop

from noctule import chatbots, transfer
from noctule.base.db import Database, connect
from noctule.base.errors import AppError, NotFound
from noctule.base.ids import parse_id
from noctule.base.migrate import MigrationChanged
from noctule.base.postgres import AlreadyRunning, CannotStart, Postgres
from noctule.base.settings import Settings
from noctule.chatbots import Chatbot, ChatbotId
from noctule.transfer import Wanted

_TROUBLE = (AppError, CannotStart, MigrationChanged, OSError, asyncpg.PostgresError)


def export_file(settings: Settings, given: argparse.Namespace) -> int:
    try:
        with reached(settings) as url:
            uvloop.run(_export(url, given))
    except _TROUBLE as error:
        print(f"noctule: {error}", file=sys.stderr)
        return 1
    return 0


@contextmanager
def reached(settings: Settings) -> Generator[str]:
    """The database of these settings: the given one, or the embedded one, which a server may be running already."""
    if settings.database_url:
        yield settings.database_url
        return
    postgres = Postgres(settings.data_dir / "postgres")
    with suppress(AlreadyRunning):  # its socket opens for us as well
        postgres.start()
    try:
        yield postgres.url
    finally:
        postgres.stop()


async def _export(url: str, given: argparse.Namespace) -> None:
    async with connect(url, most=2) as database:
        chatbot = await chatbot_named(database, given.chatbot)
        async for piece in transfer.export(database, Wanted(chatbot, given.format, analysis=given.analysis)):
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()


async def chatbot_named(database: Database, text: str) -> Chatbot:
    chatbot_id = parse_id(text)
    async with database.transaction() as db:
        chatbot = chatbot_id and await chatbots.chatbot_anywhere(db, ChatbotId(chatbot_id))
    if not chatbot:
        raise NotFound(f"There is no chatbot {text}.")
    return chatbot
