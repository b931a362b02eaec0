"""A database of the first landed version, with what it held, under the code of today: nothing lost, nothing left behind."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest

from bench.server import Server
from noctule.base.migrate import migration_files
from tests.schema import describe

HELD = Path(__file__).parent / "first_landed.sql"
SNAPSHOT = Path(__file__).parent.parent.parent / "noctule" / "migrations" / "schema.sql"
DESK, SHOP = "01a1ff4e-4921-70c3-bb59-efdeae4ae5de", "01a1ff4e-4934-7298-b80b-f09152f130ec"
KEY = "ob_live_" + "0" * 32
_MADE = """
select case relkind when 'c' then 'type' else 'table' end, relname
from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'c')
"""


@pytest.fixture
async def old_url(own_url: str) -> str:
    connection = await asyncpg.connect(own_url)
    # Not the schema: who made its extension is a superuser, and we are none.
    for kind, name in await connection.fetch(_MADE):
        await connection.execute(f'drop {kind} "{name}" cascade')
    for _, text in migration_files()[:5]:
        await connection.execute(text)
    await connection.execute(
        'create table schema_migrations (name text collate "C" primary key, sha256 text not null, '
        "applied_at timestamptz not null default now())"
    )
    await connection.execute(HELD.read_text())
    await connection.close()
    return own_url


@pytest.fixture
def server(old_url: str, tmp_path: Path) -> Iterator[Server]:
    with Server(data_dir=tmp_path, settings={"NOCTULE_DATABASE_URL": old_url}) as server:
        signed_in = server.ask(
            "POST", "/api/v1/auth/login", {"email": "owner@example.com", "password": "a long password"}
        )
        server.token = signed_in[1]["token"]
        yield server


def listed(server: Server, chatbot_id: str, conditions: str = "") -> dict[str, Any]:
    return server.ask("GET", f"/api/v1/conversations?chatbotId={chatbot_id}&limit=100{conditions}")[1]


def met(server: Server, of: str) -> dict[str, int]:
    """By their own ids, in how many conversations."""
    kind = of.rsplit("/", 1)[1]
    return {one["external_id"]: one["conversations"] for one in server.ask("GET", f"/api/v1/chatbots/{of}")[1][kind]}


def until(holds: Callable[[], bool]) -> None:
    """The analysers catch up with what an upgrade asks of them."""
    last = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < last
        time.sleep(0.1)


def words(server: Server, chatbot_id: str, name: str) -> list[str]:
    answer = server.ask("GET", f"/api/v1/conversations/{quote(name)}?chatbotId={chatbot_id}")[1]
    return [message["content"] for message in answer["messages"]]


async def test_a_first_database_is_brought_to_today(server: Server, old_url: str) -> None:
    assert await describe(old_url) == SNAPSHOT.read_text()
    _nothing_is_lost(server)
    _what_the_first_version_did_not_know_is_found_out(server)
    _its_conversations_go_on(server)
    assert "9 → 9" in noctule("reanalyse", "--chatbot", DESK, "--database-url", old_url)


def _nothing_is_lost(server: Server) -> None:
    assert (listed(server, DESK)["total"], listed(server, SHOP)["total"]) == (9, 1)
    assert words(server, DESK, "grüße 🙂") == [
        "Wo finde ich meine Rechnung? It's \"quoted\" and it's 100 %.",
        "Unter »Konto«.\nDann 'Rechnungen'.\\",
    ]
    assert words(server, SHOP, "track-1")[-1] == "That is awful. I want my money back."


def _what_the_first_version_did_not_know_is_found_out(server: Server) -> None:
    """Facts to choose by, people, their companies, figures of days, and today's judgement."""
    until(lambda: listed(server, SHOP, "&f=source:is:track")["total"] == 1)
    until(lambda: met(server, f"{DESK}/users") == {"u-ada": 1, "u-bo": 1, "u-0": 3, "u-1": 3})
    until(lambda: met(server, f"{SHOP}/organizations") == {"acme": 1})
    path = f"/api/v1/analytics/overview?chatbotId={DESK}&from=2026-10-01&to=2026-10-01"
    until(lambda: server.ask("GET", path)[1]["coverage"] == {"analysed": 9, "total": 9})


def _its_conversations_go_on(server: Server) -> None:
    """By its key, and what is sent again is not stored again."""
    more = [
        {"role": "user", "content": "One more thing: where is my invoice?", "id": "m4"},
        {"role": "assistant", "content": "In your account.", "id": "m5"},
    ]
    sent = server.ask("POST", "/api/v1/capture", {"conversationId": "returns-1", "messages": more}, KEY)
    assert (sent[0], sent[1]["messagesStored"]) == (200, 1)
    assert len(words(server, DESK, "returns-1")) == 5


def noctule(*arguments: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "noctule", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
