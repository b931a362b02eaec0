"""The analyser processes of a server: started with it, started again when one dies, stopped before PostgreSQL."""

import logging
import os
import subprocess
import sys
from types import TracebackType
from typing import Self

from noctule.base.settings import Settings, environment_of

_PATIENCE_SECONDS = 20
_log = logging.getLogger(__name__)


class Workers:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self._processes = [self._start() for _ in range(self._settings.workers)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()  # its claims run out by themselves
                process.wait()

    def restart_dead(self) -> None:
        for index, process in enumerate(self._processes):
            if process.poll() is not None:
                _log.error("an analyser died; starting another", extra={"exit_code": process.returncode})
                self._processes[index] = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        # In a session of its own: Ctrl-C in a terminal reaches the server alone, which stops the others in order. The
        # address of the database may hold a password, and everybody on the machine can read the arguments of a process.
        return subprocess.Popen(
            [sys.executable, "-m", "noctule", "worker", "--parent", str(os.getpid())],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env={"OPENBLAS_NUM_THREADS": "1", **environment_of(self._settings)},  # its sums are small
        )
