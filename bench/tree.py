"""A process and all that it has started: the CPU they used and the memory they hold. And what an installation weighs."""

import os
import platform
import re
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")
_REST = 3.0  # seconds


class Memory(NamedTuple):
    """In megabytes. What processes share is counted in each for `resident`, and split among them for `proportional`."""

    resident: float
    proportional: float


def tree_of(pid: int) -> list[int]:
    """The process, its children and theirs."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (parts := _stat(int(entry.name))):
            children.setdefault(int(parts[1]), []).append(int(entry.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def cpu_of(pid: int) -> float:
    """User and system seconds of one process; 0 when it has ended."""
    return sum(map(int, _stat(pid)[11:13])) / _TICKS


def cpu_of_tree(pid: int, *, saying: bytes = b"") -> float:
    """User and system seconds, also of children that have ended since; of those alone whose command line says something."""
    return sum(sum(map(int, _stat(one)[11:15])) for one in tree_of(pid) if saying in _command(one)) / _TICKS


def rest(pid: int, *, patience: float = 60.0) -> float:
    """Waits until all of them together use next to nothing, or for a while; how many seconds of CPU a second they use then."""
    until = time.monotonic() + patience
    while True:
        before = cpu_of_tree(pid)
        time.sleep(_REST)
        used = (cpu_of_tree(pid) - before) / _REST
        if used < 0.03 or time.monotonic() > until:
            return used


def memory_of_tree(pid: int) -> Memory:
    held = {"Rss:": 0, "Pss:": 0}
    for one in tree_of(pid):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        for name, kilobytes, *_ in (line.split() for line in lines[1:]):
            if name in held:
                held[name] += int(kilobytes)
    return Memory(held["Rss:"] / 1000, held["Pss:"] / 1000)


def installed(folder: Path, *, without: Iterable[str] = (), only: Iterable[str] | None = None) -> float:
    """Megabytes of the distributions in a folder of packages, as their own lists of files tell."""
    left_out, wanted = set(without), None if only is None else set(only)
    total = 0
    for one in distributions(path=[str(folder)]):
        name = re.sub(r"[-_.]+", "-", one.name).lower()
        if name not in left_out and (wanted is None or name in wanted):
            paths = {Path(str(file.locate())) for file in one.files or ()}
            total += sum(path.stat().st_size for path in paths if path.is_file())
    return total / 1e6


def machine() -> str:
    """In a few words: when, on what, and how busy."""
    cores = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = cores[0].split(":", 1)[1].strip() if cores else platform.machine()
    load, today = os.getloadavg()[0], datetime.now(UTC).date()
    return f"{today}, {os.cpu_count()} × {model}, Python {platform.python_version()}, load {load:.1f}"


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name; nothing when it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    except OSError:
        return []
