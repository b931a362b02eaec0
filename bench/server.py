"""A server for measuring: `noctule serve` on a free port with a data folder of its own, and its processes' CPU."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bench.tree import cpu_of


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port: int, call: str, body: object = None, *, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
    """`call` is a method and a path. The status, and the answer: decoded when it is JSON."""
    method, path = call.split(" ", 1)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    content = None if body is None else json.dumps(body)
    connection.request(method, path, content, {**(headers or {}), "content-type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, json.loads(text) if text.startswith((b"{", b"[")) else text


def wait_until(answers: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Until a server that was just started answers. Raises RuntimeError with the end of its log when it does not."""
    began = time.monotonic()
    while not answers():
        if process.poll() is not None or time.monotonic() - began > 120:
            raise RuntimeError(f"the server did not start:\n{log.read_text()[-3000:]}")
        time.sleep(0.02)


class Server:
    """Started on entering, gone with its data on leaving; `kill` and `start` may come in between."""

    def __init__(
        self,
        *,
        workers: int = 1,
        rate_limit: str = "100000000/second",
        data_dir: Path | None = None,
        command: str = "serve",
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """`settings` by their names in the environment."""
        self._command = command
        self._own_dir = data_dir is None
        self.data_dir = data_dir or Path(tempfile.mkdtemp(prefix="noctule-bench-"))
        self.port = free_port()
        self._workers = workers
        self._settings = {"NOCTULE_RATE_LIMIT": rate_limit, **(settings or {})}
        self.process: subprocess.Popen[bytes] | None = None
        self.seconds_to_start = 0.0
        self.token = ""
        self._cpu: dict[int, tuple[str, float]] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if self._own_dir:
            shutil.rmtree(self.data_dir, ignore_errors=True)

    def start(self) -> None:
        began = time.monotonic()
        environment = {
            "PATH": "/usr/bin:/bin",
            "NOCTULE_DATA_DIR": str(self.data_dir),
            **self._settings,
        }
        command = [
            sys.executable,
            "-m",
            "noctule",
            self._command,
            "--port",
            str(self.port),
            "--workers",
            str(self._workers),
        ]
        with (self.data_dir / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, env=environment, stderr=log, start_new_session=True)
        wait_until(self.healthy, self.process, self.data_dir / "server.log")
        self.seconds_to_start = time.monotonic() - began

    def healthy(self) -> bool:
        try:
            return self.ask("GET", "/health")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)

    def kill_everything(self) -> None:
        """SIGKILL for the server, its analysers and PostgreSQL, all at once."""
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if self.process is not None:
            self.process.wait(10)

    def ask(self, method: str, path: str, body: object = None, key: str = "") -> tuple[int, Any]:
        headers = {"authorization": f"Bearer {key or self.token}"} if key or self.token else {}
        return ask(self.port, f"{method} {path}", body, headers=headers)

    def sign_up(self) -> None:
        """The owner, who stays signed in."""
        credentials = {"email": "owner@example.com", "password": "a long password"}
        self.ask("POST", "/api/v1/auth/register", credentials)
        self.token = self.ask("POST", "/api/v1/auth/login", credentials)[1]["token"]

    def new_chatbot(self, name: str = "bench") -> tuple[str, str]:
        """The id and the key; makes the owner's account when there is none yet."""
        if not self.token:
            self.sign_up()
        made = self.ask("POST", "/api/v1/chatbots", {"name": name})[1]
        return made["chatbot"]["id"], made["apiKey"]

    @property
    def pid(self) -> int:
        if self.process is None:
            raise RuntimeError("the server is not running")
        return self.process.pid

    @property
    def database_url(self) -> str:
        """Of the PostgreSQL that the server has started."""
        lines = (self.data_dir / "postgres" / "data" / "postmaster.pid").read_text().splitlines()
        return f"postgresql://noctule@/noctule?host={lines[4]}&port={lines[3]}"

    def processes(self) -> dict[int, str]:
        """Every process of this server: `python` (web), `worker` or `postgres`, by pid."""
        found: dict[int, str] = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                arguments = (entry / "cmdline").read_bytes().split(b"\0")
                folder = str((entry / "cwd").resolve())
            except OSError:
                continue
            if self.process is not None and int(entry.name) == self.process.pid:
                found[int(entry.name)] = "python"
            elif f"--parent\0{self.process.pid if self.process else ''}\0".encode() in b"\0".join(arguments):
                found[int(entry.name)] = "worker"
            elif folder.startswith(str(self.data_dir.resolve())) or any(
                str(self.data_dir).encode() in part for part in arguments
            ):
                found[int(entry.name)] = "postgres"
        return found

    def cpu_seconds(self) -> dict[str, float]:
        """User and system time so far, by kind of process; also of processes that have ended since they were seen."""
        for pid, kind in self.processes().items():
            self._cpu[pid] = kind, max(cpu_of(pid), self._cpu.get(pid, (kind, 0.0))[1])
        used: dict[str, float] = {"python": 0.0, "worker": 0.0, "postgres": 0.0}
        for kind, seconds in self._cpu.values():
            used[kind] += seconds
        return used


def alive(pids: Iterable[int]) -> list[int]:
    """Those that run; who has ended and is not yet taken note of does not."""
    return [pid for pid in pids if Path(f"/proc/{pid}").exists() and b"\0" in Path(f"/proc/{pid}/cmdline").read_bytes()]
