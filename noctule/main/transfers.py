"""`noctule export` and `noctule import`: conversations as a file, with the database itself, also while a server runs."""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg
import uvloop

from noctule import chatbots, transfer
from noctule.base.db import Database, Db, connect
from noctule.base.errors import AppError, NotFound
from noctule.base.ids import parse_id
from noctule.base.migrate import MigrationChanged, is_installation
from noctule.base.postgres import AlreadyRunning, CannotStart, Postgres
from noctule.base.reach import DatabaseOutOfReach, place_of
from noctule.base.settings import Settings
from noctule.chatbots import Chatbot, ChatbotId
from noctule.transfer import Intake, Tally, Tell, Wanted

_PIECE = 256 * 1024
# What a command tells in one line.
TROUBLE = (
    AlreadyRunning, AppError, CannotStart, DatabaseOutOfReach, MigrationChanged, OSError, asyncpg.PostgresError,
)  # fmt: skip


def export_file(settings: Settings, given: argparse.Namespace) -> int:
    try:
        with reached(settings) as url:
            uvloop.run(_export(url, given))
    except TROUBLE as error:
        print(f"noctule: {error}", file=sys.stderr)
        return 1
    return 0


def import_file(settings: Settings, given: argparse.Namespace) -> int:
    try:
        with reached(settings) as url:
            return uvloop.run(_import(url, given))
    except TROUBLE as error:
        print(f"noctule: {error}", file=sys.stderr)
        return 1


@contextmanager
def reached(settings: Settings) -> Generator[str]:
    """The database of these settings: the given one, or the embedded one, which a server may be running already. A wrong
    name must not look like an installation that is empty: where there is none, none is made. Raises NotFound.
    """
    if settings.database_url:
        _must_be_ours(settings.database_url, f"the database of NOCTULE_DATABASE_URL, {place_of(settings.database_url)}")
        yield settings.database_url
        return
    folder, postgres = settings.data_dir.absolute(), Postgres(settings.data_dir / "postgres")
    if not postgres.made:
        raise NotFound(f"there is no installation in {folder}; --data-dir names its folder")
    with suppress(AlreadyRunning):  # its socket opens for us as well
        postgres.start()
    try:
        _must_be_ours(postgres.url, f"the database in {folder}")
        yield postgres.url
    finally:
        postgres.stop()


def _must_be_ours(url: str, what: str) -> None:
    if not asyncio.run(is_installation(url)):
        raise NotFound(f"there is no installation in {what}; `noctule serve` makes one, `noctule restore` fills it")


async def _export(url: str, given: argparse.Namespace) -> None:
    async with connect(url, most=2) as database:
        chatbot = await chatbot_named(database, given.chatbot)
        async for piece in transfer.export(database, Wanted(chatbot, given.format, analysis=given.analysis)):
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()


async def _import(url: str, given: argparse.Namespace) -> int:
    async with connect(url, most=2) as database:
        chatbot = await chatbot_named(database, given.chatbot)
        report = await transfer.look_through(_pieces(given.file), given.format)
        for problem in report.told()["problems"]:
            print(f"{problem['place']}: {problem['field']} {problem['message']}", file=sys.stderr)
        print(f"{report.mapping.format or 'unknown'}: {report.conversations} conversations, {report.messages} messages")
        if report.faults_in_all or given.dry_run:
            print(f"{report.faults_in_all} problems, nothing was stored")
            return 1 if report.faults_in_all else 0
        intake = Intake(database, chatbot.id, judged=not given.no_analysis, tell=_shown(report.conversations))
        await transfer.store_pieces(intake, _pieces(given.file), kind=given.format)
        print(f"\n{intake.tally.messages_stored} messages stored, {intake.tally.messages_repeated} were there already")
        return 0


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _shown(total: int) -> Tell:
    async def show(_db: Db, tally: Tally) -> None:
        print(f"\r{tally.conversations} of {total}", end="", file=sys.stderr, flush=True)

    return show


async def chatbot_named(database: Database, text: str) -> Chatbot:
    chatbot_id = parse_id(text)
    async with database.transaction() as db:
        chatbot = chatbot_id and await chatbots.chatbot_anywhere(db, ChatbotId(chatbot_id))
    if not chatbot:
        raise NotFound(f"There is no chatbot {text}.")
    return chatbot
