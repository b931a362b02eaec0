"""The model as seen by others: a child process that is asked for vectors, started when needed and gone when nobody asks.

So neither the memory nor the processor time of the model is the server's own, and a model that fails takes nothing along.
"""

import asyncio
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from noctule.base.embed.files import DIMENSIONS, model_file

_AT_ONCE = 16  # texts in one question to the child: nobody waits long for his turn
_PATIENCE = 60.0  # seconds for one answer, the start of the child included
_BUILD_NICENESS = 10
_REST = 300.0  # seconds without a question, after which the child may go: its 100 MB are for others then
_log = logging.getLogger(__name__)


class Embedder:
    def __init__(self, data_dir: Path, *, niceness: int = 0) -> None:
        self.path = model_file(data_dir)
        self._niceness = niceness
        self._child: Process | None = None
        self._turn = asyncio.Lock()
        self._asked_at = 0.0  # by the clock of the event loop

    @property
    def ready(self) -> bool:
        """Whether the graph is there: others may have built it meanwhile."""
        return self.path.exists()

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    async def prepare(self) -> None:
        """Build the graph unless it is there. What goes wrong is logged: all else works without."""
        if self.ready:
            return
        child = await _start("build", self.path, _BUILD_NICENESS)
        try:
            code = await child.wait()
        except asyncio.CancelledError:
            await _end(child)
            raise
        if code == 0:
            _log.info("the model for meanings is ready")
        else:
            _log.warning(
                "the model for meanings could not be built; searching by words alone", extra={"exit_code": code}
            )

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32] | None:
        """A unit vector for each text, or None when there is no model now."""
        if not self.ready:
            return None
        found = [np.zeros((0, DIMENSIONS), dtype=np.float32)]
        for start in range(0, len(texts), _AT_ONCE):
            async with self._turn:
                vectors = await self._ask(list(texts[start : start + _AT_ONCE]))
            if vectors is None:
                return None
            found.append(vectors)
        return np.concatenate(found)

    async def close(self) -> None:
        async with self._turn:
            await self._drop()

    async def rest(self, after: float = _REST) -> None:
        """Let the child go whenever it has not been asked for so many seconds; the next question starts another."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(max(after / 10, self._asked_at + after - loop.time()))
            if self._child is not None and not self._turn.locked() and loop.time() >= self._asked_at + after:
                await self.close()

    async def _ask(self, texts: list[str]) -> NDArray[np.float32] | None:
        self._asked_at = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(_PATIENCE):
                payload = await self._answer(texts)
        except (OSError, EOFError, TimeoutError) as error:
            _log.warning("no vectors now: the model failed", extra={"reason": repr(error)})
            await self._drop()
            return None
        except asyncio.CancelledError:
            await self._drop()  # its answer would be taken for the next one's
            raise
        return np.frombuffer(payload, dtype=np.float32).reshape(len(texts), DIMENSIONS)

    async def _answer(self, texts: list[str]) -> bytes:
        if self._child is None or self._child.returncode is not None:
            self._child = await _start("run", self.path, self._niceness)
        child = self._child
        if child.stdin is None or child.stdout is None:
            raise EOFError
        question = msgspec.msgpack.encode(texts)
        child.stdin.write(len(question).to_bytes(4) + question)
        await child.stdin.drain()
        size = int.from_bytes(await child.stdout.readexactly(4))
        return await child.stdout.readexactly(size)

    async def _drop(self) -> None:
        if self._child is not None:
            await _end(self._child)
            self._child = None


@asynccontextmanager
async def building(embedder: Embedder) -> AsyncGenerator[None]:
    """Meanwhile the graph is built, unless it is there, and a child that nobody asks rests; in the end it is gone."""
    tasks = [asyncio.create_task(embedder.prepare()), asyncio.create_task(embedder.rest())]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await embedder.close()


async def _start(what: str, path: Path, niceness: int) -> Process:
    arguments = ["-m", "noctule.base.embed", what, str(path), str(niceness)]
    return await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdin=PIPE if what == "run" else DEVNULL, stdout=PIPE if what == "run" else DEVNULL
    )


async def _end(child: Process) -> None:
    if child.returncode is None:
        child.kill()
    await child.wait()
    # The pipes close with the transport, which asyncio otherwise leaves to the garbage collector.
    transport = getattr(child, "_transport", None)
    if transport is not None:
        transport.close()
