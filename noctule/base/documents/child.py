"""The process that reads one document: its time, memory and output are bounded, and it has no way to anything else."""

import asyncio
import contextlib
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass

import msgspec

_SECONDS = 30.0
_LARGEST_ANSWER = 20 * 1024 * 1024  # bytes
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Document:
    text: str  # Markdown headings where there were headings
    title: str | None


@dataclass(frozen=True)
class NoDocument:
    reason: str  # for the person who gave it


class Reply(msgspec.Struct):
    text: str = ""
    title: str | None = None
    problem: str | None = None


async def read(content: bytes, *, name: str) -> Document | NoDocument:
    """What kind it is shows in its first bytes; the name only tells Markdown from plain text."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "noctule.base.documents", name[-100:], stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}
    )
    try:
        async with asyncio.timeout(_SECONDS):
            said = await _ask(child, content)
            code = await child.wait()
    except TimeoutError:
        return NoDocument("takes too long to read")
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if code != 0 or said is None:
        _log.warning("a document could not be read", extra={"exit_code": code})
        return NoDocument("cannot be read: it is damaged, or too much")
    return _understood(said)


async def _ask(child: Process, content: bytes) -> bytes | None:
    """None when it says too much."""
    if child.stdin is None or child.stdout is None:
        return None
    with contextlib.suppress(ConnectionError):  # it died of what it has read; its exit code says so
        child.stdin.write(content)
        await child.stdin.drain()
    child.stdin.close()
    said = bytearray()
    while piece := await child.stdout.read(65536):
        said += piece
        if len(said) > _LARGEST_ANSWER:
            child.kill()
            return None
    return bytes(said)


def _understood(said: bytes) -> Document | NoDocument:
    try:
        reply = msgspec.json.decode(said, type=Reply)
    except msgspec.DecodeError:
        return NoDocument("cannot be read")
    text = reply.text.replace("\0", "")
    if reply.problem is not None or not text.strip():
        return NoDocument(reply.problem or "holds no text")
    return Document(text, reply.title)
