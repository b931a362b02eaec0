"""What is restored where: into a database of an ordinary role, of which version, and what a kill or a refusal leaves."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from noctule.base.db import connect
from noctule.main import cli
from noctule.main.archive import dump
from tests.conftest import named, running, services_on
from tests.postgres import VERSIONS, PostgresOverTcp
from tests.schema import describe

SNAPSHOT = Path(__file__).parent.parent.parent / "noctule" / "migrations" / "schema.sql"
STRANGERS = """
select relname from pg_class where relnamespace = 'public'::regnamespace and relowner <> current_user::regrole
    and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e')
"""
OTHERS_HERE = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"


@pytest.fixture(scope="module")
def tcp_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with PostgresOverTcp(tmp_path_factory.mktemp("tcp") / "postgres", 18) as postgres:
        yield postgres.url


@pytest.fixture
def installation(own_url: str) -> str:
    """With an account in it."""

    async def make_account() -> None:
        async with connect(own_url) as database, running(services_on(database)) as world:
            await world.sign_up()

    asyncio.run(make_account())
    return own_url


@pytest.fixture
def folder(installation: str, tmp_path: Path) -> Path:
    """A backup."""
    return backed_up(installation, tmp_path)


def backed_up(url: str, tmp_path: Path) -> Path:
    data, folder = tmp_path / f"source_{uuid4().hex[:4]}", tmp_path / f"backup_{uuid4().hex[:4]}"
    data.mkdir()
    (data / "secret_key").write_text("the secret of this installation")
    assert cli.main(["backup", str(folder), "--database-url", url, "--data-dir", str(data)]) == 0
    return folder


def new_database(url: str) -> str:
    name = f"fresh_{uuid4().hex[:8]}"
    ask(url, f"create database {name}")
    return named(url, name)


def ask(url: str, sql: str) -> Any:
    async def connect_and_ask() -> Any:
        connection: Any = await asyncpg.connect(url)
        try:
            return [tuple(row) for row in await connection.fetch(sql)]
        finally:
            await connection.close()

    return asyncio.run(connect_and_ask())


def restored(folder: Path, url: str, data: Path) -> int:
    return cli.main(["restore", str(folder), "--database-url", url, "--data-dir", str(data)])


@pytest.mark.parametrize("version", VERSIONS)
def test_an_ordinary_role_restores_what_it_may_own(installation: str, tmp_path: Path, version: int) -> None:
    """The extension was made by an administrator beforehand, as docs/operate.md says; and the other way round, too."""
    with PostgresOverTcp(tmp_path / "postgres", version) as postgres:
        source = installation
        for number in range(2):
            target, data = new_database(postgres.url), tmp_path / f"data_{number}"
            assert restored(backed_up(source, tmp_path), target, data) == 0
            assert asyncio.run(describe(target)) == SNAPSHOT.read_text()
            assert ask(target, STRANGERS) == []
            assert ask(target, "select email from users") == ask(installation, "select email from users") != []
            assert (data / "secret_key").read_text() == "the secret of this installation"
            source = target


def test_a_backup_of_a_newer_version_leaves_nothing(
    installation: str, tcp_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(installation, "insert into schema_migrations (name, sha256) values ('9999_later.sql', 'x')")
    folder, target, data = backed_up(installation, tmp_path), new_database(tcp_url), tmp_path / "data"
    for _ in range(2):
        assert restored(folder, target, data) == 1
        assert "newer version of Noctule (9999_later.sql)" in capsys.readouterr().err
    assert ask(target, "select from pg_tables where schemaname = 'public'") == []
    assert cli.main(["restore", str(folder), "--data-dir", str(data)]) == 1
    assert not data.exists()


def test_a_backup_of_something_else_is_refused(
    tcp_url: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = new_database(tcp_url)
    ask(other, "create table schema_migrations (version text)")
    (folder / "database.dump").unlink()
    dump(other, folder / "database.dump")
    assert restored(folder, new_database(tcp_url), tmp_path / "data") == 1
    assert "no tables of ours" in capsys.readouterr().err
    (folder / "database.dump").write_bytes(b"half of")
    assert restored(folder, new_database(tcp_url), tmp_path / "data") == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_a_backup_that_was_cut_off_leaves_nothing(folder: Path, tcp_url: str, tmp_path: Path) -> None:
    target, data, archive = new_database(tcp_url), tmp_path / "data", folder / "database.dump"
    whole = archive.read_bytes()
    archive.write_bytes(whole[:-500])
    assert restored(folder, target, data) == 1
    assert ask(target, "select from pg_tables where schemaname = 'public'") == []
    assert not (data / "secret_key").exists()
    archive.write_bytes(whole)
    assert restored(folder, target, data) == 0


def test_a_database_that_refuses_keeps_nothing(
    folder: Path, tcp_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """There is no such type beforehand, and none can be made: the whole is undone, the secret too."""
    target, data = new_database(tcp_url), tmp_path / "data"
    ask(target, "create function conversation_row() returns int language sql as 'select 1'")
    ask(target, "create schema taken")
    ask(target, 'create collation public.taken from "C"')
    ask(target, "alter database " + target.rsplit("/", 1)[1] + " set default_transaction_read_only = on")
    assert restored(folder, target, data) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert list(data.iterdir()) == []


def test_another_secret_is_not_mixed_in(
    folder: Path, tcp_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target, data = new_database(tcp_url), tmp_path / "data"
    data.mkdir()
    (data / "secret_key").write_text("another")
    assert restored(folder, target, data) == 1
    assert f"{data / 'secret_key'} is not the one of this backup" in capsys.readouterr().err
    (data / "secret_key").unlink()
    assert restored(folder, target, data) == 0


@pytest.mark.parametrize("whole_group", [True, False], ids=["with its children", "alone"])
def test_a_restore_that_is_killed_can_be_done_again(
    folder: Path, tcp_url: str, tmp_path: Path, whole_group: bool
) -> None:
    """It is held up in the middle by somebody who is about to make a type of the same name."""
    target, data = new_database(tcp_url), tmp_path / "data"
    with restoring(folder, target, data) as process:
        asyncio.run(_hold_up(target, lambda: kill(process, whole_group=whole_group)))
    wait_until(lambda: ask(target, OTHERS_HERE) == [(0,)])
    assert restored(folder, target, data) == 0
    assert (data / "secret_key").read_text() == "the secret of this installation"
    assert asyncio.run(describe(target)) == SNAPSHOT.read_text()


def restoring(folder: Path, target: str, data: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "noctule", "restore", str(folder), "--data-dir", str(data)]
    environment = {"PATH": os.defpath, "NOCTULE_DATABASE_URL": target}
    return subprocess.Popen(command, env=environment, start_new_session=True)


def test_nobody_can_read_the_password_meanwhile(folder: Path, tcp_url: str, tmp_path: Path) -> None:
    target, data = new_database(tcp_url), tmp_path / "data"
    parts = urlsplit(target)
    asked = f"postgresql://127.0.0.1:{parts.port}{parts.path}?user={parts.username}&password={parts.password}"
    arguments: list[str] = []
    with restoring(folder, asked, data) as process:
        asyncio.run(_hold_up(target, lambda: arguments.extend(every_command_line())))
    assert process.returncode == 0
    assert any(f"--dbname=postgresql://127.0.0.1:{parts.port}" in one for one in arguments)
    assert not any("correct" in one and "horse" in one for one in arguments)


def every_command_line() -> Iterator[str]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            yield path.read_bytes().decode(errors="replace")


def kill(process: "subprocess.Popen[bytes]", *, whole_group: bool) -> None:
    if whole_group:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


async def _hold_up(target: str, meanwhile: Callable[[], None]) -> None:
    connection: Any = await asyncpg.connect(target)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("create type conversation_row as (number int)")
    deadline = time.monotonic() + 60
    while not await connection.fetchval("select exists (select from pg_locks where not granted)"):
        assert time.monotonic() < deadline, "it did not come to the type"
        await asyncio.sleep(0.05)
    meanwhile()
    await transaction.rollback()
    await connection.close()


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
