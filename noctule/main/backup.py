"""`noctule backup` and `noctule restore`: everything that an installation holds, as a folder of two files.

The copy is taken by pg_dump in one transaction, so it is of one moment however long it takes, and the server goes on
meanwhile. Being statements and not pages, it can be restored into a newer PostgreSQL, embedded or not.
"""

import argparse
import asyncio
import fcntl
import os
import shutil
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from noctule.base.crypto import keep_secret, kept_secret, secret_file
from noctule.base.folders import make_folder
from noctule.base.migrate import check_applied, is_empty, migrate
from noctule.base.postgres import Postgres
from noctule.base.settings import Settings
from noctule.main.archive import NotDone, dump, fill, migrations_in
from noctule.main.transfers import TROUBLE, reached

_DUMP, _SECRET = "database.dump", "secret_key"


def backup(settings: Settings, given: argparse.Namespace) -> int:
    return _told(lambda: _backup(settings, given.folder.absolute()))


def restore(settings: Settings, given: argparse.Namespace) -> int:
    return _told(lambda: _restore(settings, given.folder.absolute()))


def _told(work: Callable[[], str]) -> int:
    try:
        print(work())
    except (*TROUBLE, NotDone) as error:
        print(f"noctule: {error}", file=sys.stderr)
        return 1
    return 0


def _backup(settings: Settings, folder: Path) -> str:
    """Under another name until it is whole: what stands there under its own name can be restored."""
    with reached(settings) as url, _draft_of(folder) as draft:
        dump(url, draft / _DUMP)
        if secret := settings.secret_key or kept_secret(settings.data_dir):
            (draft / _SECRET).touch(mode=0o600)
            (draft / _SECRET).write_text(secret)
        for path in (*draft.iterdir(), draft):
            _write_out(path)
        draft.rename(folder)
        _write_out(folder.parent)
    size = (folder / _DUMP).stat().st_size
    return f"{folder}: {size / 1e6:,.1f} MB. Whoever has it has everything; keep it where only you can read it."


@contextmanager
def _draft_of(folder: Path) -> Generator[Path]:
    """A folder beside it that is gone when the backup fails. One that was killed may have left it, with a part in it."""
    draft = folder.with_name(f".{folder.name}.unfinished")
    make_folder(draft)
    lock = _lock(draft, folder)
    try:
        _must_be_free(folder)
        for left in draft.iterdir():
            left.unlink()
        yield draft
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    finally:
        os.close(lock)


def _must_be_free(folder: Path) -> None:
    if folder.exists():
        raise NotDone(f"{folder} exists already; a backup is a folder of its own")


def _lock(draft: Path, folder: Path) -> int:
    """A descriptor, as the lock goes with its process. Who finishes takes the name of the draft away from who waits."""
    lock = None
    try:
        lock = os.open(draft, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(lock), draft.stat()):
            return lock
    except (BlockingIOError, FileNotFoundError):
        pass
    if lock is not None:
        os.close(lock)
    raise NotDone(f"another backup into {folder} is under way")


def _restore(settings: Settings, folder: Path) -> str:
    """What cannot be restored is told before anything is written. Then the secret comes, and the database at one stroke at
    the end: whatever ends it between, what is there is empty and can be filled again, or complete.
    """
    archive = folder / _DUMP
    if not archive.is_file():
        raise NotDone(f"{folder} is not a backup: there is no {_DUMP} in it")
    applied = migrations_in(archive)
    if not applied:
        raise NotDone(f"{folder} holds no installation: there are no tables of ours in its {_DUMP}")
    check_applied(applied, "the database of this backup")
    secret = _secret_to_keep(settings, folder)
    with _target(settings) as url:
        if not asyncio.run(is_empty(url)):
            raise NotDone("the database holds something already; a backup is restored into an empty one")
        if secret:
            keep_secret(settings.data_dir, secret)
        try:
            fill(url, archive)
        except NotDone:
            if secret and asyncio.run(is_empty(url)):
                secret_file(settings.data_dir).unlink()
            raise
        asyncio.run(migrate(url))
    return "restored; `noctule serve` goes on from there"


def _secret_to_keep(settings: Settings, folder: Path) -> str:
    """Of the backup, unless there is one already. One that is another was not left by a restore of this backup."""
    path = folder / _SECRET
    if settings.secret_key or not path.is_file():
        return ""
    secret, kept = path.read_text().strip(), kept_secret(settings.data_dir)
    if kept not in (None, secret):
        raise NotDone(f"{secret_file(settings.data_dir).absolute()} is not the one of this backup; move it away first")
    return "" if kept else secret


@contextmanager
def _target(settings: Settings) -> Generator[str]:
    if settings.database_url:
        yield settings.database_url
    else:
        with Postgres(settings.data_dir / "postgres") as postgres:
            yield postgres.url


def _write_out(path: Path) -> None:
    """Down to the disk: a backup that a power cut takes away is none."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
