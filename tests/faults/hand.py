"""A server whose clock can be turned. Noctule asks for the hour in two places, `base/clock.py` and `base/ids.py`; both are
turned in all its processes, from outside and while they run.
"""

from datetime import timedelta
from pathlib import Path

from bench.server import Server

# Python runs this before anything else in a process that finds it on its path.
_TURNED = """
import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from noctule.base import clock, ids

hand, right = Path({hand!r}), clock.utc_now
clock.utc_now = lambda: right() + timedelta(seconds=int(hand.read_text()))
ids.time = SimpleNamespace(time_ns=lambda: time.time_ns() + int(hand.read_text()) * 10**9)
"""


def with_hand(folder: Path) -> dict[str, str]:
    """The environment of a server with this data folder, so that its clock can be turned."""
    (folder / "turned").mkdir()
    (folder / "turned" / "sitecustomize.py").write_text(_TURNED.format(hand=str(_hand(folder))))
    _hand(folder).write_text("0")
    return {"PYTHONPATH": str(folder / "turned")}


def turn(server: Server, by: timedelta) -> None:
    """At once, so that nobody reads half of it."""
    new = _hand(server.data_dir).with_suffix(".new")
    new.write_text(str(round(by.total_seconds())))
    new.rename(_hand(server.data_dir))


def _hand(folder: Path) -> Path:
    return folder / "hand"
