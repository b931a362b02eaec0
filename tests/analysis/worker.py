"""An analyser for the test that kills it: `python -m tests.analysis.worker URL EPOCH`.

Its clock goes faster from EPOCH on, so that a lease runs out while the test waits; it takes its time with each conversation,
so that it is killed in the middle of a batch; and it stumbles over poison.
"""

import asyncio
import sys
import time
from datetime import datetime

from noctule import analysis
from noctule.analysis import pipeline
from noctule.analysis.pipeline import Work
from noctule.base.clock import utc_now
from noctule.base.db import connect

SPEED = 20
_SECONDS = 0.01  # for a conversation


def dawdle(_work: Work) -> None:
    time.sleep(_SECONDS)


def stumble(work: Work) -> None:
    if any("poison" in message.content for message in work.messages):
        raise ZeroDivisionError


async def judge_until_killed(url: str, epoch: datetime) -> None:
    pipeline.STEPS = (dawdle, stumble, *pipeline.STEPS)
    async with connect(url, clock=lambda: epoch + SPEED * (utc_now() - epoch), most=2) as database:
        await analysis.work(database, asyncio.Event())


if __name__ == "__main__":
    asyncio.run(judge_until_killed(sys.argv[1], datetime.fromisoformat(sys.argv[2])))
