"""The clock of the machine jumps, to the morning and back to yesterday, while clients send.

Noctule asks for the hour in two places, `base/clock.py` and `base/ids.py`; both are turned, in all processes of the server.
"""

from datetime import timedelta
from pathlib import Path

from tests.faults.conftest import Tell, started
from tests.faults.house import house
from tests.faults.size import Size

# Python runs this before anything else in a process that finds it on its path.
TURN = """
import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from noctule.base import clock, ids

file, right = Path({file!r}), clock.utc_now
clock.utc_now = lambda: right() + timedelta(seconds=float(file.read_text()))
ids.time = SimpleNamespace(time_ns=lambda: time.time_ns() + int(float(file.read_text()) * 1e9))
"""
JUMPS = [timedelta(hours=2), timedelta(hours=-26), timedelta(minutes=-1), timedelta(0)]


async def test_a_clock_that_jumps(tmp_path: Path, model_folder: Path, size: Size, tell: Tell) -> None:
    hand = tmp_path / "hand"
    turn(hand, timedelta(0))
    (tmp_path / "sitecustomize.py").write_text(TURN.format(file=str(hand)))
    with started(tmp_path, model_folder, PYTHONPATH=str(tmp_path)) as server:
        async with house(server, size) as home, home.clients.sending(size.clients):
            for jump in JUMPS:
                turn(hand, jump)
                await home.clients.acknowledge(size.messages)
        turn(hand, max(JUMPS) + timedelta(minutes=1))  # what came in then is due now
        tell(await home.reckon("the clock jumps", "2 hours ahead, 26 hours back, a minute back, right again"))


def turn(hand: Path, by: timedelta) -> None:
    """At once: nobody reads half of it."""
    new = hand.with_suffix(".new")
    new.write_text(str(by.total_seconds()))
    new.rename(hand)
