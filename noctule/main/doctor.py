"""`noctule doctor`: whether everything is well, and if a page is empty, why. Changes nothing; a server may run meanwhile.
A line each: `ok`, `look` where somebody should, `note` where it is as somebody chose, or nobody can mend it.
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from datetime import timedelta

import uvloop

from noctule import analysis, chatbots, conversations
from noctule.analysis import Entry
from noctule.base import jobs
from noctule.base.db import Database, Db, connect
from noctule.base.embed import Embedder
from noctule.base.migrate import MigrationChanged, pending
from noctule.base.settings import Settings
from noctule.chatbots import Chatbot
from noctule.main import check
from noctule.main.emptiness import Finding, Verdict, archived, reasons
from noctule.main.transfers import TROUBLE, chatbot_named, reached

_LITTLE_DISK = 2 * 1024**3  # bytes
_LONG = timedelta(minutes=2)  # for a conversation to wait
_MOST_COUNTED = 1_000_000
_MOST_TOLD = 10  # chatbots
_WORST_FIRST: tuple[Verdict, ...] = ("look", "note", "ok")


def doctor(settings: Settings, given: argparse.Namespace) -> int:
    """0 when all is well, 1 when something is not."""
    try:
        with reached(settings) as url:
            findings = uvloop.run(_examine(url, given.chatbot))
    except TROUBLE as error:
        print(f"noctule: {error}", file=sys.stderr)
        return 1
    findings += _about_folder(settings)
    findings += [Finding("look", warning) for warning in check.warnings(settings)]
    findings += [Finding("note", note) for note in check.notes(settings)]
    for one in findings:
        print(f"{one.verdict:4}  {one.words}")
    return 1 if _worst(findings) == "look" else 0


async def _examine(url: str, chatbot: str | None) -> list[Finding]:
    try:
        waiting = await pending(url)
    except MigrationChanged as error:
        return [Finding("look", str(error))]
    if waiting:
        words = f"{len(waiting)} migrations wait for `noctule migrate` or a start"
        return [Finding("look", f"the database is of an older version: {words}")]
    async with connect(url, most=2) as database:
        chosen = await _chosen(database, chatbot)
        async with database.transaction() as db:
            found = [
                Finding("ok", "the database is of this version"),
                await _about_analysers(db),
                *await _about_jobs(db),
            ]
            entries = await analysis.ledger(db, [one.id for one in chosen])
            about = [await _about_chatbot(db, one, entries.get(one.id, [])) for one in chosen]
    if not chosen:
        found.append(Finding("look", "there is no chatbot yet, so every page is empty: make one on the home page"))
    return found + _bounded(about)


async def _chosen(database: Database, chatbot: str | None) -> list[Chatbot]:
    if chatbot:
        return [await chatbot_named(database, chatbot)]
    async with database.transaction() as db:
        found = [await chatbots.chatbot_anywhere(db, one) for one in await chatbots.every_chatbot(db)]
    return [one for one in found if one is not None]


def _bounded(about: Sequence[list[Finding]]) -> list[Finding]:
    """Of many chatbots those that need somebody, or else the first."""
    told = sorted(about, key=lambda findings: _WORST_FIRST.index(_worst(findings)))
    rest = [one for findings in told[_MOST_TOLD:] for one in findings]
    found = [one for findings in told[:_MOST_TOLD] for one in findings]
    if rest:
        words = f"and {len(told) - _MOST_TOLD:,} more chatbots: `noctule doctor --chatbot ID` tells of one of them"
        found.append(Finding(_worst(rest), words))
    return found


def _worst(findings: Sequence[Finding]) -> Verdict:
    return next(verdict for verdict in _WORST_FIRST if any(one.verdict == verdict for one in findings))


async def _about_analysers(db: Db) -> Finding:
    due, since = await conversations.waiting(db)
    late = since is not None and since < db.now - _LONG
    seconds = round((db.now - since).total_seconds()) if since else 0
    if late:
        words = f"{due:,} conversations wait to be judged, the first for {seconds:,} s"
        return Finding("look", f"{words}: is `serve` or a `worker` running?")
    return Finding("ok", f"{due:,} conversations wait to be judged")


async def _about_jobs(db: Db) -> list[Finding]:
    failed = await jobs.failed_since(db, db.now - timedelta(days=1))
    if not failed:
        return [Finding("ok", "no job failed in the last day")]
    return [
        Finding("look", f"{count:,} jobs of the kind {handler} failed in the last day; /jobs and the log say why")
        for handler, count in failed.items()
    ]


async def _about_chatbot(db: Db, chatbot: Chatbot, entries: Sequence[Entry]) -> list[Finding]:
    standing = (await conversations.standings_of(db, [chatbot.id], most=_MOST_COUNTED))[chatbot.id]
    name = f"{chatbot.name} ({chatbot.id})"
    if not standing.conversations:
        if chatbot.archived_at is not None:
            return [Finding("note", f"{name}: {archived(chatbot).words}")]
        words = "nothing was ever stored, so its pages are empty; its page Connect says how to send"
        return [Finding("look", f"{name}: {words}")]
    last = f"the last message of {standing.last_message_at:%Y-%m-%d %H:%M} UTC"
    within = [*await reasons(db, chatbot), *(_about_hour(one) for one in entries), *await _about_parked(db, chatbot)]
    if not entries:
        within.append(Finding("ok", "nothing came in lately"))
    return [
        Finding("ok", f"{name}: {standing.conversations:,} conversations, {last}"),
        *(Finding(one.verdict, f"    {one.words}") for one in within),
    ]


async def _about_parked(db: Db, chatbot: Chatbot) -> list[Finding]:
    _, parked = await analysis.parked_of(db, chatbot, limit=1)
    words = f"{parked:,} conversations could not be judged; the page of its analysis lists them with the reason"
    return [Finding("look", words)] if parked else []


def _about_hour(one: Entry) -> Finding:
    return Finding("ok" if one.is_explained else "look", f"{one.hour:%d %b %H:00}  {_told(one)}")


def _told(one: Entry) -> str:
    """Accepted, stored and judged, and what explains the difference."""
    rest = ", ".join(f"{count:,} {words}" for words, count in one.difference.items())
    return f"{one.accepted:,} accepted = {one.stored:,} stored = {one.judged:,} judged" + (f" ({rest})" if rest else "")


def _about_folder(settings: Settings) -> list[Finding]:
    folder = settings.data_dir.absolute()
    if not folder.exists():
        return []
    free = shutil.disk_usage(folder).free
    found = [Finding("ok" if free > _LITTLE_DISK else "look", f"{free / 1e9:,.1f} GB are free in {folder}")]
    if Embedder(settings.data_dir).ready:
        return [*found, Finding("ok", "the model for meanings is there")]
    words = "the model for meanings is not built yet: topics and meaning wait for it; `noctule model --build`"
    return [*found, Finding("look", words)]
