"""As whom PostgreSQL runs, as it refuses root: in a user namespace, as a system user, or as whoever we are."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from noctule.base.postgres import CannotStart, Postgres, identity
from tests.base.test_postgres import ROOT, ask, postmasters, processes_in, start_owner

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has this trouble")


@as_root
def test_root_in_a_closed_folder(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with Postgres(closed / "data" / "postgres") as postgres:
        (postmaster,) = postmasters(closed / "data" / "postgres")
        assert Path(f"/proc/{postmaster}").stat().st_uid == 0, "files stay root's"
        assert ask(postgres.url, "select 1") == 1
    assert closed.stat().st_mode & 0o777 == 0o700


def system_user() -> pwd.struct_passwd | None:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach; pytest's own are closed."""
    folder = Path("/var/tmp") / f"noctule-test-{os.getpid()}"
    folder.mkdir(mode=0o755)
    yield folder
    shutil.rmtree(folder)


@as_root
@pytest.mark.skipif(system_user() is None, reason="there is no system user")
def test_root_without_namespaces_drops_to_a_system_user(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "namespaces_allowed", lambda: False)
    user = system_user()
    assert user
    folder = open_folder / "data" / "postgres"
    for _ in range(2):
        with Postgres(folder) as postgres:
            assert folder.parent.stat().st_mode & 0o777 == 0o711, "to get through, not to look around"
            (postmaster,) = postmasters(folder)
            assert Path(f"/proc/{postmaster}").stat().st_uid == user.pw_uid
            assert ask(postgres.url, "select 1") == 1
    assert (folder / "data").stat().st_uid == user.pw_uid


@as_root
@pytest.mark.skipif(system_user() is None, reason="there is no system user")
def test_a_closed_folder_on_the_way_is_named_and_stays_closed(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "namespaces_allowed", lambda: False)
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(CannotStart, match=f"{closed} is closed"):
        Postgres(closed / "postgres").start()
    assert closed.stat().st_mode & 0o777 == 0o700


@as_root
def test_an_ordinary_user(open_folder: Path) -> None:
    user = system_user()
    if user is None or not readable_by(user, Path(sys.executable)) or not readable_by(user, ROOT):
        pytest.skip("the interpreter or the checkout is closed to ordinary users here")
    home = open_folder / "home"
    home.mkdir(mode=0o700)
    os.chown(home, user.pw_uid, user.pw_gid)
    owner = start_owner(home / "postgres", user=user.pw_uid, group=user.pw_gid, extra_groups=[])
    (postmaster,) = postmasters(home / "postgres")
    assert Path(f"/proc/{postmaster}").stat().st_uid == user.pw_uid
    owner.terminate()
    assert owner.wait(20) == 0
    assert processes_in(home / "postgres") == []


def readable_by(user: pwd.struct_passwd, path: Path) -> bool:
    command = ["test", "-r", str(path.resolve())]
    return subprocess.run(command, user=user.pw_uid, group=user.pw_gid, extra_groups=[], check=False).returncode == 0
