"""What was computed is computed again, beside a running server or without one: `noctule reanalyse` judges with this version
and prints what changed, `noctule rebuild-rollups` counts the figures of all days from nothing.
"""

import argparse
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import uvloop

from noctule import analysis
from noctule.base.db import Database, Db, connect
from noctule.base.settings import Settings
from noctule.chatbots import ChatbotId
from noctule.main.transfers import TROUBLE, chatbot_named, reached


def reanalyse(settings: Settings, given: argparse.Namespace) -> int:
    return _with_database(settings, lambda url: _reanalyse(url, given.chatbot))


def rebuild_rollups(settings: Settings, _given: argparse.Namespace) -> int:
    return _with_database(settings, _rebuild)


def _with_database(settings: Settings, work: Callable[[str], Coroutine[Any, Any, None]]) -> int:
    try:
        with reached(settings) as url:
            uvloop.run(work(url))
    except TROUBLE as error:
        print(f"noctule: {error}", file=sys.stderr)
        return 1
    return 0


async def _rebuild(url: str) -> None:
    async with connect(url, most=2) as database:
        print(f"counted {await analysis.rebuild(database)} days")


async def _reanalyse(url: str, chatbot: str | None) -> None:
    async with connect(url, most=2) as database:
        for chatbot_id in await _chosen(database, chatbot):
            found = await analysis.reanalyse(database, chatbot_id, _shown)
            print(f"chatbot {chatbot_id}, judged by {found['judged_by']}")
            for name, before in found["before"].items():
                print(f"  {name:<16} {_told(before)} → {_told(found['after'][name])}")


async def _chosen(database: Database, chatbot: str | None) -> list[ChatbotId]:
    if chatbot:
        return [(await chatbot_named(database, chatbot)).id]
    async with database.transaction() as db:
        return await analysis.judged_chatbots(db)


async def _shown(_db: Db, done: int, found: dict[str, Any]) -> None:
    print(
        f"\r{done} of {found['before']['conversations']}",
        end="\n" if "after" in found else "",
        file=sys.stderr,
        flush=True,
    )


def _told(value: float | dict[str, int] | None) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {many}" for name, many in sorted(value.items())) or "none"
    return "none" if value is None else str(value)
