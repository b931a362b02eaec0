"""`noctule doctor`: whether everything is well, and if a page is empty, why. Changes nothing; a server may run meanwhile."""

import argparse
import shutil
import sys
from collections.abc import Sequence
from datetime import timedelta

import asyncpg
import uvloop

from noctule import analysis, chatbots, conversations
from noctule.analysis import Entry
from noctule.base import jobs
from noctule.base.db import Db, connect
from noctule.base.embed import Embedder
from noctule.base.errors import AppError
from noctule.base.migrate import MigrationChanged, pending
from noctule.base.postgres import CannotStart
from noctule.base.settings import Settings
from noctule.chatbots import Chatbot
from noctule.main import check
from noctule.main.transfers import reached

_LITTLE_DISK = 2 * 1024**3  # bytes
_LONG = timedelta(minutes=2)  # for a conversation to wait
_MOST_COUNTED = 1_000_000

Finding = tuple[bool, str]  # whether it is well, and what


def doctor(settings: Settings, _given: argparse.Namespace) -> int:
    """0 when all is well, 1 when something is not."""
    try:
        with reached(settings) as url:
            findings = uvloop.run(_examine(url))
    except (AppError, CannotStart, MigrationChanged, OSError, asyncpg.PostgresError) as error:
        print(f"noctule: {error}", file=sys.stderr)
        return 1
    findings += _about_folder(settings)
    findings += [(False, warning) for warning in check.warnings(settings)]
    for well, words in findings:
        print(f"{'ok  ' if well else 'look'}  {words}")
    return 0 if all(well for well, _ in findings) else 1


async def _examine(url: str) -> list[Finding]:
    if waiting := await pending(url):
        return [
            (
                False,
                f"the database is of an older version: {len(waiting)} migrations wait for `noctule migrate` or a start",
            )
        ]
    async with connect(url, most=2) as database, database.transaction() as db:
        found = [(True, "the database is of this version"), await _about_analysers(db), *await _about_jobs(db)]
        everyone = await chatbots.every_chatbot(db)
        entries = await analysis.ledger(db, everyone)
        for chatbot_id in everyone:
            chatbot = await chatbots.chatbot_anywhere(db, chatbot_id)
            if chatbot is not None:
                found += await _about_chatbot(db, chatbot, entries.get(chatbot_id, []))
    return (
        found
        if everyone
        else [*found, (False, "there is no chatbot yet, so every page is empty: make one on the home page")]
    )


async def _about_analysers(db: Db) -> Finding:
    due, since = await conversations.waiting(db)
    late = since is not None and since < db.now - _LONG
    seconds = round((db.now - since).total_seconds()) if since else 0
    if late:
        return (
            False,
            f"{due:,} conversations wait to be judged, the first for {seconds:,} s: is `serve` or a `worker` running?",
        )
    return True, f"{due:,} conversations wait to be judged"


async def _about_jobs(db: Db) -> list[Finding]:
    failed = await jobs.failed_since(db, db.now - timedelta(days=1))
    if not failed:
        return [(True, "no job failed in the last day")]
    return [
        (False, f"{count:,} jobs of the kind {handler} failed in the last day; /jobs and the log say why")
        for handler, count in failed.items()
    ]


async def _about_chatbot(db: Db, chatbot: Chatbot, entries: Sequence[Entry]) -> list[Finding]:
    standing = (await conversations.standings_of(db, [chatbot.id], most=_MOST_COUNTED))[chatbot.id]
    name = f"{chatbot.name} ({chatbot.id})"
    if not standing.conversations:
        return [(False, f"{name}: nothing was ever stored, so its pages are empty; its page Connect says how to send")]
    _, parked = await analysis.parked_of(db, chatbot, limit=1)
    found = [
        (
            True,
            f"{name}: {standing.conversations:,} conversations, the last message of {standing.last_message_at:%Y-%m-%d %H:%M} UTC",
        )
    ]
    if not entries:
        found.append((True, "    nothing came in lately"))
    found += [(one.is_explained, f"    {one.hour:%d %b %H:00}  {_told(one)}") for one in entries]
    if parked:
        found.append(
            (
                False,
                f"    {parked:,} conversations could not be judged; the page of its analysis lists them with the reason",
            )
        )
    return found


def _told(one: Entry) -> str:
    """Accepted, stored and judged, and what explains the difference."""
    rest = ", ".join(f"{count:,} {words}" for words, count in one.difference.items())
    return f"{one.accepted:,} accepted = {one.stored:,} stored = {one.judged:,} judged" + (f" ({rest})" if rest else "")


def _about_folder(settings: Settings) -> list[Finding]:
    folder = settings.data_dir.absolute()
    if not folder.exists():
        return []
    free = shutil.disk_usage(folder).free
    found = [(free > _LITTLE_DISK, f"{free / 1e9:,.1f} GB are free in {folder}")]
    model = Embedder(settings.data_dir).ready
    found.append(
        (
            model,
            "the model for meanings is there"
            if model
            else "the model for meanings is not built yet: topics and meaning wait for it; `noctule model --build`",
        )
    )
    return found
