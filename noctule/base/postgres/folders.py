"""The folders of one PostgreSQL: its data, made whole or not at all, and the short private one that holds its socket."""

import hashlib
import logging
import os
import re
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

from noctule.base.postgres.errors import CannotStart
from noctule.base.postgres.identity import Identity

USER = "noctule"
_LONGEST_SOCKET_PATH = 107  # bytes, the limit of the operating system
_TELLING = re.compile(r"FATAL|PANIC|error:")
_log = logging.getLogger(__name__)


def socket_folder(folder: Path) -> Path:
    """Named by a hash: the path of a data folder may be longer than a socket's may be."""
    name = "noctule-" + hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    for parent in (Path(tempfile.gettempdir()), Path("/tmp")):
        if len(os.fsencode(parent / name / ".s.PGSQL.5432.lock")) <= _LONGEST_SOCKET_PATH:
            return parent / name
    raise CannotStart("the temporary directory has too long a name for a socket")


def prepare_socket_folder(path: Path, identity: Identity) -> None:
    """Anybody may write beside it, so it is used only when it is ours alone. Raises CannotStart."""
    try:
        path.mkdir(mode=0o700)
        identity.give(path)
    except FileExistsError:
        pass
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != identity.owner() or stat.S_IMODE(found.st_mode) != 0o700:
        raise CannotStart(f"{path} must be a folder of ours that nobody else may enter; please remove it")


def prepare_data(data: Path, identity: Identity) -> None:
    """Made as a draft beside it, then rename: a first start that was cut off leaves nothing half-done behind."""
    if (data / "PG_VERSION").exists():
        return
    draft = data.with_name("data.new")
    shutil.rmtree(draft, ignore_errors=True)
    _log.info("making a database", extra={"folder": str(data)})
    command = identity.command(
        "initdb", "--pgdata", str(draft), "--username", USER, "--auth=trust", "--encoding=UTF8",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
    )  # fmt: skip
    identity.give(data.parent)
    made = subprocess.run(
        command, capture_output=True, text=True, user=identity.user, group=identity.group, check=False
    )
    if made.returncode != 0:
        raise CannotStart(f"no database can be made in {data.parent}: {_reason(made.stderr)}")
    draft.rename(data)


def _reason(text: str) -> str:
    """The first line that says what was wrong; those after it say how initdb cleans up."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if _TELLING.search(line)] or lines
    return telling[0].partition("FATAL:")[2].strip() or telling[0] if telling else "initdb gave no reason"
