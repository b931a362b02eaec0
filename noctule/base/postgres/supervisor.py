"""Starting, watching and stopping one PostgreSQL."""

import asyncio
import fcntl
import logging
import os
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import asyncpg

from noctule.base.folders import make_folder
from noctule.base.postgres.errors import AlreadyRunning, CannotStart
from noctule.base.postgres.folders import USER, prepare_data, prepare_socket_folder, socket_folder
from noctule.base.postgres.identity import Identity, find_identity, folder_mode
from noctule.base.postgres.leftovers import clear_leftovers, postmaster_pid, runs_on

_DATABASE = "noctule"
_LOOK_SECONDS, _SAY_SECONDS = 0.05, 5.0
_STOP_SECONDS = 60.0
_LARGEST_LOG = 10 * 1024 * 1024
_LARGEST_BUFFERS = 2048  # MB
_STILL_IN_USE = "is still in use"  # orphaned backends of a killed postmaster, on their way out
_log = logging.getLogger(__name__)

# Its standard input is a pipe whose other end only the owner holds. When the owner closes it or dies, however it dies, the
# read ends and PostgreSQL is told to stop. When PostgreSQL ends by itself, so does this.
_KEEPER = """
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
(read -r _ <&3; kill -INT $server) 2>/dev/null &
watch=$!
exec 3<&-
wait $server
ended=$?
kill $watch 2>/dev/null
exit $ended
"""


class Postgres:
    """The PostgreSQL of one folder. `start` may be called again after it has died."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._data = self.folder / "data"
        self._sockets = socket_folder(self.folder)
        self._lock: IO[str] | None = None
        self._keeper: subprocess.Popen[bytes] | None = None
        self.url = self._url(_DATABASE)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Returns when it answers, however long a recovery takes. Raises AlreadyRunning or CannotStart."""
        try:
            self._own_folder()
            self._start()
        except BaseException as error:
            self.stop()
            if isinstance(error, OSError):
                raise CannotStart(f"{error.filename or self.folder}: {error.strerror}") from error
            raise

    @property
    def made(self) -> bool:
        """Whether there is a database already; else a start makes an empty one."""
        return (self._data / "PG_VERSION").exists()

    def alive(self) -> bool:
        return self._keeper is not None and self._keeper.poll() is None

    def stop(self) -> None:
        """Ends sessions, writes everything out, and lets the folder go. May be called twice."""
        if self._keeper is not None:
            self._forget_keeper()
            with suppress(OSError):  # empty unless PostgreSQL was killed
                self._sockets.rmdir()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _start(self) -> None:
        identity = find_identity(self.folder)
        prepare_socket_folder(self._sockets, identity)
        prepare_data(self._data, identity)
        self._launch_until_it_answers(identity)
        asyncio.run(self._make_database())

    def _forget_keeper(self) -> None:
        """Closing the pipe tells the keeper to stop PostgreSQL; of one that has ended already only the pipe is left."""
        if self._keeper is None or self._keeper.stdin is None:
            return
        self._keeper.stdin.close()
        try:
            self._keeper.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            _log.exception("PostgreSQL does not stop; ending it without ceremony, it will recover at the next start")
            clear_leftovers(self._data, self._sockets)
        self._keeper = None

    def _own_folder(self) -> None:
        if self._lock is not None:
            return
        if not self.folder.exists():
            make_folder(self.folder, mode=folder_mode())
        lock = (self.folder / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            owner = lock.read().strip() or "unknown"
            lock.close()
            raise AlreadyRunning(f"{self.folder} is in use by another Noctule (process {owner})") from None
        self._lock = lock
        with suppress(OSError):  # the disk is full: the lock holds all the same, only without a name in it
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()

    def _launch_until_it_answers(self, identity: Identity) -> None:
        while True:
            clear_leftovers(self._data, self._sockets)
            self._launch(identity)
            if self._answers():
                return
            reason = self._last_words()
            if _STILL_IN_USE not in reason:
                raise CannotStart(f"PostgreSQL does not start in {self.folder}: {reason}")
            time.sleep(0.5)

    def _launch(self, identity: Identity) -> None:
        self._forget_keeper()
        log = self.folder / "postgres.log"
        if log.exists() and log.stat().st_size > _LARGEST_LOG:
            log.unlink()
        with log.open("ab") as output:
            # A session of its own: Ctrl-C in a terminal is for the owner, who stops PostgreSQL last.
            self._keeper = subprocess.Popen(
                ["/bin/sh", "-c", _KEEPER, "keeper", *identity.command("postgres", *self._arguments())],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
                user=identity.user,
                group=identity.group,
            )

    def _arguments(self) -> list[str]:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
        settings = {
            "unix_socket_directories": self._sockets,
            "listen_addresses": "",
            "shared_buffers": f"{min(memory // 4, _LARGEST_BUFFERS)}MB",
            "max_connections": 50,
            "max_wal_size": "2GB",
            # Plans made while a table was empty, such as those of foreign keys, last until the table is analysed.
            "autovacuum_naptime": "5s",
            "synchronous_commit": "on",
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_min_error_statement": "panic",  # statements hold what people said; a log is no place for it
            "log_parameter_max_length_on_error": 0,
        }
        return [
            "-D",
            str(self._data),
            *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
        ]

    def _answers(self) -> bool:
        """Wait until it answers (True) or ends (False)."""
        started = said = time.monotonic()
        while self.alive():
            try:
                if asyncio.run(self._is_ours()):
                    return True
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                pass  # not yet
            if time.monotonic() - said > _SAY_SECONDS:
                said = time.monotonic()
                _log.info("waiting for PostgreSQL to recover", extra={"seconds": round(said - started)})
            time.sleep(_LOOK_SECONDS)
        return False

    async def _is_ours(self) -> bool:
        connection: Any = await asyncpg.connect(self._url("postgres"), timeout=5)
        try:
            folder = await connection.fetchval("show data_directory")
        finally:
            await connection.close()
        pid = postmaster_pid(self._data)
        return Path(folder) == self._data and pid is not None and runs_on(pid, self._data)

    async def _make_database(self) -> None:
        connection: Any = await asyncpg.connect(self._url("postgres"))
        try:
            if not await connection.fetchval("select 1 from pg_database where datname = $1", _DATABASE):
                await connection.execute(f"create database {_DATABASE}")
        finally:
            await connection.close()

    def _last_words(self) -> str:
        if shutil.disk_usage(self.folder).free == 0:
            return "the disk is full"
        lines = (self.folder / "postgres.log").read_text(errors="replace").splitlines()[-20:]
        # What our own asking was answered meanwhile ("the database system is starting up") is no reason.
        said = [line for line in lines if "the database system is" not in line]
        telling = [line for line in said if "FATAL" in line or "PANIC" in line] or said
        return telling[-1] if telling else "it gave no reason"

    def _url(self, database: str) -> str:
        return f"postgresql://{USER}@/{database}?host={self._sockets}"
