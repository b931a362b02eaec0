"""`noctule doctor` beside a server: what it says of nothing, of what came in, and of what is wrong."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from bench.server import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "data"
    folder.mkdir()
    with Server(data_dir=folder, workers=0) as server:
        yield server


def doctor(server: Server) -> list[str]:
    command = [sys.executable, "-m", "noctule", "doctor", "--data-dir", str(server.data_dir)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert done.returncode == any(line.startswith("look") for line in lines)
    return lines


def test_it_says_why_pages_are_empty_and_what_came_in(server: Server) -> None:
    assert any("there is no chatbot yet" in line for line in doctor(server))
    chatbot_id, key = server.new_chatbot("Helper")
    assert f"look  Helper ({chatbot_id}): nothing was ever stored" in "\n".join(doctor(server))
    body = {"conversationId": "a", "messages": [{"role": "user", "content": "Where is it?", "id": "1"}]}
    for _ in range(2):
        assert server.ask("POST", "/api/v1/capture", body, key)[0] == 200
    until = time.monotonic() + 60
    while True:  # until the settling pause is over
        lines = doctor(server)
        if any("1 conversations wait to be judged" in line for line in lines):
            break
        assert time.monotonic() < until, lines
    assert any("2 accepted = 1 stored = 0 judged (1 repeated, 1 waiting)" in line for line in lines)
    assert any(line.startswith("ok    the database is of this version") for line in lines)


def test_an_older_database_is_told(own_url: str) -> None:
    async def age() -> None:
        connection = await asyncpg.connect(own_url)
        await connection.execute("delete from schema_migrations where name > '0030'")
        await connection.close()

    asyncio.run(age())
    command = [sys.executable, "-m", "noctule", "doctor", "--database-url", own_url]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    assert "migrations wait" in done.stdout
