"""A database as one file, by pg_dump and pg_restore: statements and not pages, in one transaction each way."""

import os
import re
import shutil
import subprocess
import tempfile
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO, cast
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit

from noctule.base.postgres import program
from noctule.base.settings import inherited

_COMPRESSION = "gzip:3"
_HEAD_LINES = 30  # of comments and settings, before anything that people wrote
_UNKNOWN_TO_16 = b"SET transaction_timeout = 0;\n"
_TELLING = re.compile(r"ERROR|FATAL|PANIC|error:")
_TABLE, _NEEDED = "schema_migrations", {"name", "sha256"}


class NotDone(Exception):
    """With the reason, in words."""


def dump(url: str, path: Path) -> None:
    """Raises NotDone."""
    path.touch(mode=0o600)
    told, environment = _connection(url)
    _run("pg_dump", told, "--format=custom", f"--compress={_COMPRESSION}", f"--file={path}", environment=environment)


def fill(url: str, path: Path) -> None:
    """All of it or nothing, whoever is killed: only at the very end does psql hear `commit`. Also by an ordinary role that
    owns the database, as an extension may be an administrator's, and then only he may comment on it. Raises NotDone.
    """
    told, environment = _connection(url)
    script = [program("pg_restore"), "--file=-", "--no-owner", "--no-privileges", "--no-comments", path]
    write = [program("psql"), told, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(script, env=environment, stdout=subprocess.PIPE, stderr=said) as reader,
        subprocess.Popen(
            write, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said
        ) as writer,
    ):
        with suppress(BrokenPipeError):  # psql says why it ended
            _pass_on(reader, writer)
        ended = writer.wait() or reader.wait()
        said.seek(0)
        words = said.read().decode(errors="replace")
    if ended:
        raise NotDone(_reason(words) or f"the database was not filled: {ended}")


def _pass_on(reader: "subprocess.Popen[bytes]", writer: "subprocess.Popen[bytes]") -> None:
    with cast("IO[bytes]", reader.stdout) as text, cast("IO[bytes]", writer.stdin) as psql:
        psql.write(b"begin;\n")
        psql.writelines(line for line in islice(text, _HEAD_LINES) if line != _UNKNOWN_TO_16)
        shutil.copyfileobj(text, psql)
        if reader.wait() == 0:
            psql.write(b"commit;\n")


def migrations_in(path: Path) -> dict[str, str]:
    """Names and hashes of those that the database had; none where it was not one of ours. Raises NotDone."""
    script = _run("pg_restore", "--data-only", f"--table={_TABLE}", "--file=-", str(path), environment=_environment())
    lines = iter(script.splitlines())
    head = next((line for line in lines if line.startswith("COPY ")), "")
    columns = head.partition("(")[2].partition(")")[0].split(", ")
    if not _NEEDED.issubset(columns):
        return {}
    rows = [dict(zip(columns, line.split("\t"), strict=True)) for line in iter(lambda: next(lines), "\\.")]
    return {row["name"]: row["sha256"] for row in rows}


def without_password(url: str) -> tuple[str, str]:
    """An address that everybody may read, and the password that stood in it: before the host, or behind the `?`."""
    head, _, query = url.partition("?")
    before = urlsplit(head).password or ""
    fields = [field for field in query.split("&") if unquote_plus(field.partition("=")[0]) != "password"]
    shown = head.replace(f":{before}@", "@", 1) if before else head
    asked = "&".join(fields)
    return f"{shown}?{asked}" if asked else shown, unquote(before) or dict(parse_qsl(query)).get("password", "")


def _connection(url: str) -> tuple[str, dict[str, str]]:
    """An argument and an environment: everybody on the machine can read the arguments of a process."""
    shown, password = without_password(url)
    environment = _environment()
    return f"--dbname={shown}", {**environment, "PGPASSWORD": password} if password else environment


def _environment() -> dict[str, str]:
    """With what the server itself goes by, such as PGPASSFILE."""
    return {"PATH": os.defpath, **{name: value for name, value in inherited().items() if name.startswith("PG")}}


def _run(name: str, *arguments: str, environment: dict[str, str]) -> str:
    ended = subprocess.run([program(name), *arguments], env=environment, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise NotDone(_reason(ended.stderr) or f"{name} ended with {ended.returncode}")
    return ended.stdout


def _reason(words: str) -> str:
    """In one line; the others are notices, or say where."""
    lines = words.strip().splitlines()
    return next((line for line in lines if _TELLING.search(line)), lines[0] if lines else "")
