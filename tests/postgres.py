"""PostgreSQL as operators run it: a server of its own over TCP, with a password, and we are an ordinary user of it.

Both versions are in the wheel. `make test POSTGRES=16` runs the whole suite on one. It is started once and thrown away.
"""

import asyncio
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg

from bench.server import free_port
from noctule.base.postgres import CannotStart, Postgres
from noctule.base.postgres.folders import USER, prepare_socket_folder
from noctule.base.postgres.identity import Identity, find_identity

VERSIONS = {16: "pginstall", 18: "pginstall18"}
_ORDINARY, _PASSWORD = "bots", "correct horse / 100%: right"  # an address has to escape it


class PostgresOverTcp(Postgres):
    def __init__(self, folder: Path, version: int) -> None:
        self.port = free_port()
        self._version = version
        super().__init__(folder)
        self.url = _address(_ORDINARY, self.port, "noctule")

    def _start(self) -> None:
        found = find_identity(self.folder)
        binaries = found.binaries.parent.parent / VERSIONS[self._version] / "bin"
        if not binaries.exists():
            raise CannotStart(f"PostgreSQL {self._version} is not where this user can read it: {binaries}")
        identity = replace(found, binaries=binaries)
        prepare_socket_folder(self._sockets, identity)
        self._make_data(identity)
        self._launch_until_it_answers(identity)
        asyncio.run(self._make_database())

    def _make_data(self, identity: Identity) -> None:
        password = self.folder / "password"
        password.write_text(_PASSWORD)
        identity.give(self.folder)
        command = identity.command(
            "initdb", "--pgdata", str(self._data), "--username", USER, "--auth=scram-sha-256", "--pwfile", str(password),
            "--encoding=UTF8", "--locale=C.UTF-8",
        )  # fmt: skip
        subprocess.run(command, capture_output=True, user=identity.user, group=identity.group, check=True)

    def _arguments(self) -> list[str]:
        return [*super()._arguments(), "-c", "listen_addresses=127.0.0.1", "-c", f"port={self.port}"]

    async def _make_database(self) -> None:
        connection: Any = await asyncpg.connect(self._url("template1"))
        await connection.execute("create extension vector")  # so every database has it: only a superuser may make it
        # Tests throw databases away; who is cleaning one up at that moment has to go, and is not ours.
        await connection.execute(
            f"create role {_ORDINARY} login createdb password '{_PASSWORD}' in role pg_signal_backend"
        )
        await connection.execute(f"create database noctule owner {_ORDINARY}")
        await connection.close()

    def _url(self, database: str) -> str:
        return _address(USER, self.port, database)


def _address(user: str, port: int, database: str) -> str:
    return f"postgresql://{user}:{quote(_PASSWORD, safe='')}@127.0.0.1:{port}/{database}"
