"""What the last end left behind: a pid file whose process is gone, or is somebody else by now, or still runs.

Only ever called by the holder of the folder's lock, so whatever runs there has no owner any more.
"""

import logging
import os
import signal
import subprocess
import time
from pathlib import Path

_PATIENCE_SECONDS = 30.0
_log = logging.getLogger(__name__)


def clear_leftovers(data: Path, sockets: Path) -> None:
    """Afterwards no postmaster runs on the folder and no file says that one does."""
    pid = postmaster_pid(data)
    if pid is not None and runs_on(pid, data):
        _log.warning("stopping a PostgreSQL that lost its owner", extra={"pid": pid})
        _stop(pid, data)
    # PostgreSQL trusts a pid file as long as any process has that number, be it somebody's editor.
    for path in (data / "postmaster.pid", sockets / ".s.PGSQL.5432.lock", sockets / ".s.PGSQL.5432"):
        path.unlink(missing_ok=True)


def postmaster_pid(data: Path) -> int | None:
    try:
        first = (data / "postmaster.pid").read_text().split("\n", 1)[0].strip()
    except OSError:
        return None
    return int(first) if first.isdigit() and int(first) > 1 else None


def runs_on(pid: int, data: Path) -> bool:
    """Whether this process is a postmaster of this folder: it has the folder as its working directory."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        return Path(f"/proc/{pid}/cwd").samefile(data)
    except OSError:
        return str(data) in _command_line(pid)  # no /proc, or no look into it


def _command_line(pid: int) -> str:
    try:
        shown = subprocess.run(
            ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return shown.stdout


def _stop(pid: int, data: Path) -> None:
    """Fast at first; without mercy when that takes too long, which costs a recovery but no data."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if not runs_on(pid, data):
                return
            time.sleep(0.05)
