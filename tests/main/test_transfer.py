"""Files of conversations and a real server: commands beside it, and a worker that is killed in the middle of an import."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import transfer
from bench.server import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "data"
    folder.mkdir()
    with Server(data_dir=folder) as server:
        yield server


def noctule(server: Server, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "noctule", *arguments, "--data-dir", str(server.data_dir)]
    return subprocess.run(command, capture_output=True, check=False, timeout=120)


def test_a_worker_killed_in_the_middle_of_an_import(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "file.jsonl"
    count, messages = transfer.write(path, 4)
    chatbot_id, _ = server.new_chatbot()
    job_id = transfer.upload(server, chatbot_id, path, analyse="false")["job"]["id"]
    half = transfer.wait_for(server, job_id, share=0.2)
    assert half["done"] < count
    for pid, kind in server.processes().items():
        if kind == "worker":
            os.kill(pid, signal.SIGKILL)
    give_up_leases(server)
    job = transfer.wait_for(server, job_id, seconds=60)
    assert (job["done"], job["result"]["messages_stored"]) == (count, messages)
    assert transfer.compare(server, chatbot_id, path) == 0
    again = transfer.upload(server, chatbot_id, path, analyse="false")["job"]["id"]
    assert transfer.wait_for(server, again, seconds=60)["result"]["messages_stored"] == 0


def give_up_leases(server: Server) -> None:
    """So that the test need not wait for two minutes."""
    import asyncio

    import asyncpg

    from noctule.base.postgres import Postgres

    async def give_up() -> None:
        connection = await asyncpg.connect(Postgres(server.data_dir / "postgres").url)
        await connection.execute("update jobs set leased_until = leased_until - interval '2 minutes'")
        await connection.close()

    asyncio.run(give_up())


def test_the_commands_beside_a_server_and_alone(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "file.jsonl"
    count, messages = transfer.write(path, 0.1)
    chatbot_id, _ = server.new_chatbot()
    looked = noctule(server, "import", "--chatbot", chatbot_id, str(path), "--dry-run")
    assert looked.stdout.decode().splitlines()[0] == f"capture: {count} conversations, {messages} messages"
    brought = noctule(server, "import", "--chatbot", chatbot_id, str(path), "--no-analysis")
    assert brought.returncode == 0, brought.stderr
    assert f"{messages} messages stored, 0 were there already" in brought.stdout.decode()
    assert transfer.compare(server, chatbot_id, path) == 0
    again = noctule(server, "reanalyse")
    assert again.returncode == 0, again.stderr
    counted = noctule(server, "rebuild-rollups")
    assert re.fullmatch(rb"counted [1-9]\d* days\n", counted.stdout), counted.stderr
    server.stop()
    alone = noctule(server, "reanalyse", "--chatbot", chatbot_id)
    assert f"chatbot {chatbot_id}, judged by offline-4" in alone.stdout.decode()
    out = noctule(server, "export", "--chatbot", chatbot_id, "--format", "jsonl")
    assert out.stdout.count(b"\n") == count
    path.write_bytes(out.stdout)
    back = noctule(server, "import", "--chatbot", chatbot_id, str(path))
    assert f"0 messages stored, {messages} were there already" in back.stdout.decode()


def test_the_commands_say_what_is_wrong(server: Server, tmp_path: Path) -> None:
    chatbot_id, _ = server.new_chatbot()
    path = tmp_path / "file.csv"
    path.write_text("conversation_id,role\nc,user\n")
    bad = noctule(server, "import", "--chatbot", chatbot_id, str(path))
    assert bad.returncode == 1
    assert "line 1: content is a column that is needed" in bad.stderr.decode()
    for arguments in (
        ("export", "--chatbot", "abc"),
        ("reanalyse", "--chatbot", "abc"),
        ("import", "--chatbot", "abc", str(path)),
    ):
        nobody = noctule(server, *arguments)
        assert (nobody.returncode, b"There is no chatbot abc." in nobody.stderr) == (1, True)
    missing = noctule(server, "import", "--chatbot", chatbot_id, "nowhere.json")
    assert (missing.returncode, b"nowhere.json" in missing.stderr) == (1, True)
