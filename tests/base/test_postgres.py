"""The embedded PostgreSQL through bad days: each test starts real processes and looks at what is left of them."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from noctule.base.postgres import AlreadyRunning, CannotStart, Postgres, binaries, folders, supervisor
from noctule.base.postgres.identity import Identity

ROOT = Path(__file__).parent.parent.parent
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has this trouble")
OWNER = """
import signal, sys, time
from pathlib import Path
from noctule.base.postgres import Postgres
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
with Postgres(Path(sys.argv[1])) as postgres:
    print("ready", flush=True)
    time.sleep(120)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for a PostgreSQL, of which nothing runs afterwards."""
    folder = tmp_path / "postgres"
    yield folder
    for pid in postmasters(folder):
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not processes_in(folder))


def ask(url: str, sql: str, *arguments: object) -> Any:
    async def connect_and_ask() -> Any:
        connection: Any = await asyncpg.connect(url)
        try:
            return await connection.fetchval(sql, *arguments)
        finally:
            await connection.close()

    return asyncio.run(connect_and_ask())


def processes_in(folder: Path) -> list[int]:
    """Every process whose working directory is the data folder: the postmaster and its children."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "cwd").samefile(folder / "data"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def postmasters(folder: Path) -> list[int]:
    found = [pid for pid in processes_in(folder) if b"-D\0" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return [pid for pid in found if b"postgres\0-D" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def wait_until(condition: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def start_owner(folder: Path, **options: Any) -> "subprocess.Popen[bytes]":
    owner: Any = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder)], stdout=subprocess.PIPE, cwd=ROOT, start_new_session=True, **options
    )
    assert owner.stdout
    assert owner.stdout.readline() == b"ready\n"
    owner.stdout.close()
    return owner


def test_from_nothing_and_again(folder: Path) -> None:
    with Postgres(folder) as postgres:
        assert postgres.alive()
        ask(postgres.url, "create table notes (text text)")
        ask(postgres.url, "insert into notes values ('kept')")
        for name, value in {"synchronous_commit": "on", "fsync": "on", "jit": "off", "listen_addresses": ""}.items():
            assert ask(postgres.url, f"show {name}") == value
        assert (
            ask(
                postgres.url,
                "select datcollate || datlocprovider::text || datlocale from pg_database where datname = 'noctule'",
            )
            == "C.UTF-8bC.UTF-8"
        )
    assert not postgres.alive()
    assert processes_in(folder) == []
    with Postgres(folder) as postgres:
        assert ask(postgres.url, "select text from notes") == "kept"
    postgres.stop()


def test_everything_is_closed_to_others(folder: Path) -> None:
    with Postgres(folder) as postgres:
        sockets = Path(postgres.url.partition("host=")[2])
        for path in (folder, folder / "data", sockets):
            assert path.stat().st_mode & 0o777 == 0o700
        assert ask(postgres.url, "select count(*) from pg_hba_file_rules where type = 'host' and false") == 0
    assert not sockets.exists()


def test_the_folders_that_it_makes_are_closed_to_others(folder: Path) -> None:
    data = folder / "data" / "postgres"
    with Postgres(data):
        assert [one.stat().st_mode & 0o777 for one in (folder, folder / "data", data)] == [0o700] * 3


def test_a_second_start_is_refused_and_the_first_goes_on(folder: Path) -> None:
    with Postgres(folder) as postgres:
        with pytest.raises(AlreadyRunning, match=str(folder)):
            Postgres(folder).start()
        assert ask(postgres.url, "select 1") == 1


def test_a_first_start_that_was_cut_off_is_made_again(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    (folder / "data.new").mkdir()
    (folder / "data.new" / "PG_VERSION").write_text("18")
    with Postgres(folder) as postgres:
        assert ask(postgres.url, "select 1") == 1


def test_a_pid_file_of_a_process_that_is_gone(folder: Path) -> None:
    with Postgres(folder) as postgres:
        ask(postgres.url, "create table notes (text text)")
        for pid in processes_in(folder):
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not postgres.alive())
    assert (folder / "data" / "postmaster.pid").exists()
    with Postgres(folder) as postgres:
        assert ask(postgres.url, "select count(*) from notes") == 0


def test_a_pid_file_of_a_process_that_is_somebody_else(folder: Path) -> None:
    with Postgres(folder):
        text = (folder / "data" / "postmaster.pid").read_text()
    bystander = subprocess.Popen(["sleep", "60"])
    lines = text.split("\n")
    lines[0] = str(bystander.pid)
    (folder / "data" / "postmaster.pid").write_text("\n".join(lines))
    with Postgres(folder) as postgres:
        assert ask(postgres.url, "select 1") == 1
        assert bystander.poll() is None, "the bystander was left alone"
    bystander.kill()
    bystander.wait()


def test_a_postgresql_that_lost_its_owner_is_taken_over(folder: Path) -> None:
    """Keeper and owner are killed, PostgreSQL is not: nobody is left to tell it to stop."""
    owner = start_owner(folder)
    (postmaster,) = postmasters(folder)
    keeper = int(Path(f"/proc/{postmaster}/stat").read_text().rsplit(") ", 1)[1].split()[1])
    os.killpg(keeper, signal.SIGSTOP)
    os.kill(postmaster, signal.SIGCONT)
    for pid in children_of(keeper, but=postmaster):
        os.kill(pid, signal.SIGKILL)
    os.kill(keeper, signal.SIGKILL)
    owner.kill()
    owner.wait()
    for pid in processes_in(folder):
        os.kill(pid, signal.SIGCONT)
    assert postmasters(folder) == [postmaster]
    with Postgres(folder) as postgres:
        assert ask(postgres.url, "select 1") == 1
        assert postmasters(folder) != [postmaster]


def children_of(parent: int, *, but: int) -> list[int]:
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != but:
            try:
                if int((entry / "stat").read_text().rsplit(") ", 1)[1].split()[1]) == parent:
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def test_it_stops_when_its_owner_is_killed(folder: Path) -> None:
    owner = start_owner(folder)
    assert postmasters(folder)
    owner.kill()
    owner.wait()
    wait_until(lambda: not processes_in(folder))
    with Postgres(folder) as postgres:
        assert ask(postgres.url, "select 1") == 1


def test_it_stops_with_its_owner_on_sigterm(folder: Path) -> None:
    owner = start_owner(folder)
    owner.send_signal(signal.SIGTERM)
    assert owner.wait(20) == 0
    assert processes_in(folder) == []
    assert not (folder / "data" / "postmaster.pid").exists()


def test_ctrl_c_in_a_terminal_is_for_the_owner_alone(folder: Path) -> None:
    owner = start_owner(folder)
    (postmaster,) = postmasters(folder)
    assert os.getpgid(postmaster) != os.getpgid(owner.pid)
    os.killpg(owner.pid, signal.SIGINT)
    owner.wait(20)
    wait_until(lambda: not processes_in(folder))


def test_committed_rows_survive_a_killed_postmaster_and_start_may_be_called_again(folder: Path) -> None:
    with Postgres(folder) as postgres:
        ask(postgres.url, "create table numbers (number int)")
        for number in range(50):
            ask(postgres.url, "insert into numbers values ($1)", number)
        (postmaster,) = postmasters(folder)
        os.kill(postmaster, signal.SIGKILL)
        wait_until(lambda: not postgres.alive())
        postgres.start()
        assert postgres.alive()
        assert ask(postgres.url, "select count(*) from numbers") == 50


def test_a_long_recovery_is_waited_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wheel's own wrapper gives up after ten seconds. Recovery is held up here by stopping its process for twelve."""
    monkeypatch.setattr(supervisor, "_SAY_SECONDS", 1.0)
    with Postgres(folder) as postgres:
        ask(postgres.url, "create table numbers (number int)")
        ask(postgres.url, "insert into numbers select generate_series(1, 300000)")
        for pid in processes_in(folder):
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not postgres.alive())
    holding = subprocess.Popen([sys.executable, "-c", HOLD_RECOVERY, str(folder / "data")])
    started = time.monotonic()
    with Postgres(folder) as postgres:
        assert time.monotonic() - started > 10
        assert ask(postgres.url, "select count(*) from numbers") == 300_000
    assert holding.wait(5) == 0


HOLD_RECOVERY = """
import os, signal, sys, time
from pathlib import Path
deadline = time.monotonic() + 20
while time.monotonic() < deadline:
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "cwd").samefile(sys.argv[1]) and b"startup" in (entry / "cmdline").read_bytes():
                os.kill(int(entry.name), signal.SIGSTOP)
                time.sleep(12)
                os.kill(int(entry.name), signal.SIGCONT)
                sys.exit(0)
        except OSError:
            pass
sys.exit(1)
"""


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotStart, match=str(tmp_path / "file")):
        Postgres(tmp_path / "file" / "postgres").start()


def test_a_foreign_socket_folder_is_not_used(folder: Path) -> None:
    sockets = folders.socket_folder(folder)
    sockets.mkdir(mode=0o777)
    sockets.chmod(0o777)
    try:
        with pytest.raises(CannotStart, match=str(sockets)):
            Postgres(folder).start()
    finally:
        sockets.rmdir()
    target = folder.parent / "elsewhere"
    target.mkdir(mode=0o700)
    sockets.symlink_to(target)
    try:
        with pytest.raises(CannotStart, match=str(sockets)):
            Postgres(folder).start()
    finally:
        sockets.unlink()


def test_a_long_path_has_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 100) / ("y" * 100)
    path = folders.socket_folder(deep)
    with socket.socket(socket.AF_UNIX) as probe:
        path.mkdir(mode=0o700)
        try:
            probe.bind(str(path / ".s.PGSQL.5432.lock"))
        finally:
            shutil.rmtree(path)


def test_missing_binaries_are_named(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(binaries, "_PACKAGE", "no_such_package")
    with pytest.raises(CannotStart, match="no-such-package"):
        Postgres(folder).start()


def test_a_broken_folder_says_what_postgresql_said(folder: Path) -> None:
    with Postgres(folder):
        pass
    (folder / "data" / "global" / "pg_control").unlink()
    with pytest.raises(CannotStart, match="pg_control"):
        Postgres(folder).start()
    assert processes_in(folder) == []


def test_a_full_disk_refuses_and_loses_nothing(small_disk: Path) -> None:
    folder = small_disk / "postgres"
    acknowledged = 0
    with Postgres(folder) as postgres:
        ask(postgres.url, "create table notes (number int, text text)")
        ask(postgres.url, "insert into notes values (0, 'first')")
        with (small_disk / "ballast").open("wb") as ballast:
            try:
                while True:
                    ballast.write(b"x" * 65536)
                    ballast.flush()
            except OSError:
                pass
        for number in range(1, 4000):
            try:
                ask(postgres.url, "insert into notes values ($1, repeat(md5($2), 3000))", number, str(number))
                acknowledged = number
            except (asyncpg.PostgresError, OSError):
                break
        else:
            pytest.fail("the disk never filled")
    if not postgres.alive():
        with pytest.raises(CannotStart, match=str(folder)):
            Postgres(folder).start()
    (small_disk / "ballast").unlink()
    with Postgres(folder) as postgres:
        assert ask(postgres.url, "select count(*) from notes") >= acknowledged + 1
        ask(postgres.url, "insert into notes values (-1, 'goes on')")


def test_a_first_start_on_a_full_disk_passes_on_what_initdb_said(small_disk: Path) -> None:
    with (small_disk / "ballast").open("wb") as ballast:
        ballast.write(b"x" * 188 * 2**20)
    with pytest.raises(CannotStart, match="No space left on device"):
        Postgres(small_disk / "postgres").start()
    (small_disk / "ballast").unlink()
    with Postgres(small_disk / "postgres") as postgres:
        assert ask(postgres.url, "select 1") == 1


def test_the_owner_of_files_is_asked(tmp_path: Path) -> None:
    assert Identity(tmp_path).owner() == os.geteuid()
    assert Identity(tmp_path, user=7, group=7).owner() == 7
