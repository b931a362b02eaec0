"""A backup that is taken while requests come in, and an installation that goes on from it."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import asyncpg
import pytest

from bench.server import Server
from noctule.base.postgres import Postgres


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "data"
    folder.mkdir()
    with Server(data_dir=folder, workers=0) as server:
        yield server


def noctule(*arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "noctule", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def capture(server: Server, key: str, number: int) -> bool:
    body = {"conversationId": f"c{number}", "messages": [{"role": "user", "content": "Where is it?", "id": "m"}]}
    return server.ask("POST", "/api/v1/capture", body, key)[0] == 200


class Traffic:
    """Conversations, one after the other, until told to stop. Counts those that were acknowledged."""

    def __init__(self, server: Server, key: str) -> None:
        self.acknowledged = 0
        self._stop = threading.Event()
        self._first = threading.Event()
        self._thread = threading.Thread(target=self._send, args=(server, key))

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._first.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _send(self, server: Server, key: str) -> None:
        while not self._stop.is_set():
            assert capture(server, key, self.acknowledged)
            self.acknowledged += 1
            self._first.set()


def test_a_backup_of_a_busy_server_is_an_installation(server: Server, tmp_path: Path) -> None:
    chatbot_id, key = server.new_chatbot()
    folder, fresh = tmp_path / "backup", tmp_path / "fresh"
    with Traffic(server, key) as traffic:
        before = traffic.acknowledged
        made = noctule("backup", folder, "--data-dir", server.data_dir)
    assert (made.returncode, made.stderr) == (0, "")
    assert sorted(path.name for path in folder.iterdir()) == ["database.dump", "secret_key"]
    assert [path.stat().st_mode & 0o077 for path in (folder, *folder.iterdir())] == [0, 0, 0]
    token = server.token
    server.stop()

    assert noctule("restore", folder, "--data-dir", fresh).returncode == 0
    with Server(data_dir=fresh, workers=0) as other:
        other.token = token  # signed with the same secret, so nobody has to sign in again
        listed = other.ask("GET", f"/api/v1/conversations?chatbotId={chatbot_id}&limit=1")[1]
        assert before <= listed["total"] <= traffic.acknowledged
        assert capture(other, key, -1)
        again = noctule("restore", folder, "--data-dir", fresh)
    assert again.returncode == 1  # a server runs there, and it holds something
    once_more = noctule("restore", folder, "--data-dir", fresh)
    assert (once_more.returncode, once_more.stderr.count("\n")) == (1, 1)
    assert "holds something already" in once_more.stderr


def test_what_is_in_the_way_is_left_alone(server: Server, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    refused = noctule("backup", there, "--data-dir", server.data_dir)
    assert (refused.returncode, list(there.iterdir())) == (1, [])
    assert "exists already" in refused.stderr

    nothing = noctule("restore", there, "--data-dir", tmp_path / "fresh")
    assert nothing.returncode == 1
    assert "is not a backup" in nothing.stderr


def test_of_two_backups_of_one_name_one_is_made(server: Server, tmp_path: Path) -> None:
    """The first is held up by somebody who has locked a table; what a killed one left is no hindrance."""
    folder, left = tmp_path / "backup", tmp_path / ".backup.unfinished"
    left.mkdir(mode=0o700)
    (left / "database.dump").write_text("half of")
    first = asyncio.run(_while_a_table_is_locked(server, folder))
    assert first.wait(60) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "data"]
    assert noctule("restore", folder, "--data-dir", tmp_path / "fresh").returncode == 0


async def _while_a_table_is_locked(server: Server, folder: Path) -> "subprocess.Popen[bytes]":
    connection: Any = await asyncpg.connect(Postgres(server.data_dir / "postgres").url)
    async with connection.transaction():
        await connection.execute("lock table users in access exclusive mode")
        first = backing_up(server, folder)
        deadline = time.monotonic() + 60
        while not await connection.fetchval("select exists (select from pg_locks where not granted)"):
            assert time.monotonic() < deadline, "it did not come to the table"
            await asyncio.sleep(0.05)
        second = noctule("backup", folder, "--data-dir", server.data_dir)
    await connection.close()
    assert (second.returncode, second.stderr) == (1, f"noctule: another backup into {folder} is under way\n")
    return first


def backing_up(server: Server, folder: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "noctule", "backup", str(folder), "--data-dir", str(server.data_dir)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def test_a_backup_that_fails_leaves_nothing(tmp_path: Path) -> None:
    url = "postgresql://me:a-secret-word@127.0.0.1:1/none"
    failed = noctule("backup", tmp_path / "backup", "--database-url", url, "--data-dir", tmp_path / "data")
    assert failed.returncode == 1
    assert failed.stderr.startswith("noctule: ")
    assert "a-secret-word" not in failed.stderr
    assert not list(tmp_path.glob("*backup*"))
