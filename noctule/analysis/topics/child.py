"""Grouping as others see it: a process that is started for one question, so that judging goes on beside it."""

import asyncio
import sys
from asyncio.subprocess import PIPE

import msgspec

from noctule.analysis.topics.grouping import Found, Gathered
from noctule.base.settings import inherited


async def group(gathered: Gathered) -> Found:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "noctule.analysis.topics",
        stdin=PIPE,
        stdout=PIPE,
        env=inherited(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1"),
    )
    try:
        answer, _ = await child.communicate(msgspec.msgpack.encode(gathered))
    except asyncio.CancelledError:
        child.kill()
        await child.wait()
        raise
    if child.returncode != 0:
        raise RuntimeError(f"grouping ended with {child.returncode}")
    return msgspec.msgpack.decode(answer, type=Found)
