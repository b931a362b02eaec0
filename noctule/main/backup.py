"""`noctule backup` and `noctule restore`: everything that an installation holds, as a folder of two files.

The copy is taken by pg_dump in one transaction, so it is of one moment however long it takes, and the server goes on
meanwhile. Being statements and not pages, it can be restored into a newer PostgreSQL, embedded or not.
"""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg

from noctule.base.crypto import installation_secret
from noctule.base.migrate import MigrationChanged, is_empty, migrate
from noctule.base.postgres import AlreadyRunning, CannotStart, Postgres, program
from noctule.base.reach import DatabaseOutOfReach
from noctule.base.settings import Settings
from noctule.main.transfers import reached

_DUMP, _SECRET = "database.dump", "secret_key"
_COMPRESSION = "gzip:3"
_TROUBLE = (
    AlreadyRunning, CannotStart, DatabaseOutOfReach, MigrationChanged, OSError, asyncpg.PostgresError,
)  # fmt: skip


class NotDone(Exception):
    """With the reason, in words."""


def backup(settings: Settings, given: argparse.Namespace) -> int:
    return _told(lambda: _backup(settings, given.folder.absolute()))


def restore(settings: Settings, given: argparse.Namespace) -> int:
    return _told(lambda: _restore(settings, given.folder.absolute()))


def _told(work: Callable[[], str]) -> int:
    try:
        print(work())
    except (*_TROUBLE, NotDone) as error:
        print(f"noctule: {error}", file=sys.stderr)
        return 1
    return 0


def _backup(settings: Settings, folder: Path) -> str:
    """Under another name until it is whole: what stands there under its own name can be restored."""
    if folder.exists():
        raise NotDone(f"{folder} exists already; a backup is a folder of its own")
    draft = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700, parents=True)
    try:
        with reached(settings) as url:
            _run("pg_dump", url, "--format=custom", f"--compress={_COMPRESSION}", f"--file={draft / _DUMP}")
        secret = draft / _SECRET
        secret.touch(mode=0o600)
        secret.write_text(settings.secret_key or installation_secret(settings.data_dir))
        for path in (draft / _DUMP, secret, draft):
            _write_out(path)
        draft.rename(folder)
        _write_out(folder.parent)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    size = (folder / _DUMP).stat().st_size
    return f"{folder}: {size / 1e6:,.1f} MB. Whoever has it has everything; keep it where only you can read it."


def _restore(settings: Settings, folder: Path) -> str:
    if not (folder / _DUMP).is_file():
        raise NotDone(f"{folder} is not a backup: there is no {_DUMP} in it")
    if settings.database_url:
        asyncio.run(_fill(settings.database_url, folder))
    else:
        with Postgres(settings.data_dir / "postgres") as postgres:
            asyncio.run(_fill(postgres.url, folder))
    secret = settings.data_dir / _SECRET
    if not settings.secret_key and not secret.exists() and (folder / _SECRET).is_file():
        secret.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret.touch(mode=0o600)
        secret.write_text((folder / _SECRET).read_text())
    return "restored; `noctule serve` goes on from there"


async def _fill(url: str, folder: Path) -> None:
    """All of it or nothing: one transaction."""
    if not await is_empty(url):
        raise NotDone("the database holds something already; a backup is restored into an empty one")
    await asyncio.to_thread(
        _run, "pg_restore", url, "--single-transaction", "--no-owner", "--no-privileges", "--exit-on-error", str(folder / _DUMP)
    )  # fmt: skip
    await migrate(url)


def _run(name: str, url: str, *arguments: str) -> None:
    """The password goes by the environment: everybody on the machine can read the arguments of a process."""
    parts = urlsplit(url)
    environment = {"PATH": os.defpath}
    if parts.password:
        environment["PGPASSWORD"] = unquote(parts.password)
        url = urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@", 1)))
    ended = subprocess.run(
        [str(program(name)), f"--dbname={url}", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        lines = ended.stderr.strip().splitlines()
        raise NotDone(lines[0] if lines else f"{name} ended with {ended.returncode}")


def _write_out(path: Path) -> None:
    """Down to the disk: a backup that a power cut takes away is none."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
