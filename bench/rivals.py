"""What does a turn of a conversation cost here, in Arize Phoenix and in MLflow? The same turns, the same machine, one run.

    python -m bench.rivals [--turns 1500]

A turn is what a user asked and what an assistant answered. It is sent alone, from 64 connections, and in bodies of 100
messages from 8, and counts when it can be read: when an interface of the product, asked again and again, counts all that was
sent. Noctule and MLflow answer after the commit, Phoenix before it stores. CPU is that of the whole tree of processes,
databases included, until then, without the last of these questions. The peers keep SQLite, as they come; Noctule its
PostgreSQL, with synchronous commit and all of its checks. Each serves from one web process. `stored` is Noctule without
analysers; `judged` is what `noctule serve` does, until all is judged as well, which the peers do not do. The peers are
installed below .venv/rivals when they are not there yet.
"""

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, ClassVar, Protocol, Self, TypeVar

import asyncpg

from bench.load import Load, request_bytes, send_all
from bench.peers import MLflow, Peer, Phoenix
from bench.server import Server
from bench.tree import Memory, cpu_of_tree, installed, machine, memory_of_tree, rest
from bench.turns import COMMON, RARE, Turn, turns
from noctule.base.embed import Embedder

ROOT = Path(__file__).resolve().parents[1]
TOGETHER = 50  # turns in a body of 100 messages
CLIENTS, SENDERS = 64, 8
MORE = 10  # times as many turns when Noctule only stores: as few as the peers can take are over too soon to be measured
PAGE, ROUNDS = 30, 5
BARS = {1: 30.0, TOGETHER: 80.0}  # CPU of a peer for one of `stored`
_MODEL = b"noctule.base.embed"
_UNJUDGED = """
select count(*) from conversations c
where not exists (select from conversation_judgements j where j.chatbot_id = c.chatbot_id and j.conversation_id = c.id)
"""
Seen = TypeVar("Seen")
PATIENCE = 180.0  # seconds


class Rival(Protocol):
    @property
    def port(self) -> int: ...
    @property
    def pid(self) -> int: ...
    def requests(self, turns: Sequence[Turn], each: int) -> list[bytes]: ...
    def readable(self) -> int: ...
    def found(self, word: str, limit: int) -> int: ...


class Noctule:
    """As a rival: a server of its own with one chatbot."""

    name: ClassVar[str] = "Noctule"

    def __init__(self, *, workers: int) -> None:
        self._server = Server(workers=workers)
        self._chatbot = self._key = ""
        self.seconds_to_start = 0.0

    def __enter__(self) -> Self:
        self._server.start()
        self.seconds_to_start = self._server.seconds_to_start
        self._chatbot, self._key = self._server.new_chatbot()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.__exit__(None, None, None)

    @property
    def port(self) -> int:
        return self._server.port

    @property
    def pid(self) -> int:
        return self._server.pid

    def requests(self, turns: Sequence[Turn], each: int) -> list[bytes]:
        parts = [turns[first : first + each] for first in range(0, len(turns), each)]
        return [request_bytes("/api/v1/capture", self._key, json.dumps(captured(part)).encode()) for part in parts]

    def readable(self) -> int:
        path = f"/api/v1/analytics/overview?chatbotId={self._chatbot}"
        return self._server.ask("GET", path)[1]["totalMessages"] // 2

    def judged(self) -> bool:
        """Asked of the database, because the overview would count all that is new."""
        return asyncio.run(self._count_unjudged()) == 0

    def has_model(self) -> bool:
        return Embedder(self._server.data_dir).ready

    def found(self, word: str, limit: int) -> int:
        path = f"/api/v1/chatbots/{self._chatbot}/search/messages?q={word}&limit={limit}"
        return len(self._server.ask("GET", path)[1]["results"])

    async def _count_unjudged(self) -> int:
        connection: Any = await asyncpg.connect(self._server.database_url)
        try:
            return await connection.fetchval(_UNJUDGED)
        finally:
            await connection.close()


def captured(said: Sequence[Turn]) -> dict[str, object]:
    """Turns of one conversation, with ids, times, a user and a session."""
    return {
        "conversationId": said[0].conversation,
        "user": {"id": said[0].user},
        "session": {"pageUrl": "https://example.com/help", "device": "desktop"},
        "messages": [
            {"id": f"{turn.number}/{role}", "role": role, "content": text, "sentAt": moment(turn.moment)}
            for turn in said
            for role, text in (("user", turn.question), ("assistant", turn.answer))
        ],
    }


def moment(nanoseconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(nanoseconds // 1_000_000_000))


@dataclass(frozen=True)
class Cost:
    turns: int
    seconds: float
    cpu: float
    load: Load
    meanings: float = 0.0  # of the CPU: vectors for topics, which are made beside the judging

    @property
    def milliseconds(self) -> float:
        """Of CPU, for one turn."""
        return self.cpu / self.turns * 1000


def wait_for(done: Callable[[], bool], what: str, *, every: float = 0.1) -> None:
    last_before(done, lambda: None, what, every=every)


def last_before(done: Callable[[], bool], look: Callable[[], Seen], what: str, *, every: float) -> Seen:
    """What was seen just before it was done: asking whether it is done costs too, and is nobody's work."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        seen = look()
        if done():
            return seen
        time.sleep(every)
    raise TimeoutError(f"not {what} after {PATIENCE:.0f} s")


def measure(rival: Rival, count: int, each: int, judged: Callable[[], bool] | None = None) -> Cost:
    """Until all can be read, or until all is judged, from rest."""
    said = list(turns(count, each=each, began=time.time_ns()))
    requests, expected = rival.requests(said, each), rival.readable() + count
    rest(rival.pid)

    def look() -> tuple[float, float, float]:
        return time.perf_counter(), cpu_of_tree(rival.pid), cpu_of_tree(rival.pid, saying=_MODEL)

    before = look()
    load = send_all(rival.port, requests, CLIENTS if each == 1 else SENDERS)
    if set(load.statuses) != {200}:
        raise RuntimeError(f"answers by status: {load.statuses}")
    done = judged or (lambda: rival.readable() >= expected)
    after = last_before(done, look, "done", every=0.5 if judged else 0.1)
    wait_for(lambda: rival.readable() >= expected, "readable")
    seconds, cpu, meanings = (late - early for early, late in zip(before, after, strict=True))
    return Cost(count, seconds, cpu, load, meanings)


@dataclass(frozen=True)
class Search:
    """Of the middle of some rounds."""

    milliseconds: float
    hits: int  # on the first page

    def __str__(self) -> str:
        return f"{self.milliseconds:.1f} ({self.hits})"


def search(rival: Rival, word: str) -> Search:
    took: list[float] = []
    hits = 0
    for _ in range(ROUNDS + 1):  # the first is not counted
        began = time.perf_counter()
        hits = rival.found(word, PAGE)
        took.append((time.perf_counter() - began) * 1000)
    return Search(median(took[1:]), hits)


def search_all(rival: Rival) -> str:
    """How much there was, and what a rare and a common word took, as cells of a table."""
    rest(rival.pid)
    return f"{rival.readable():,} | {search(rival, RARE)} | {search(rival, COMMON)}"


@dataclass(frozen=True)
class Result:
    name: str
    start: float
    idle: float  # share of a core
    memory: Memory
    installed: float
    single: Cost
    together: Cost
    searched: str = "| |"


def warm_up(rival: Rival) -> None:
    measure(rival, 100, 1)
    measure(rival, 2 * TOGETHER, TOGETHER)


def run_peer(kind: type[Peer], count: int) -> Result:
    with kind() as peer:
        warm_up(peer)
        idle, memory = rest(peer.pid), memory_of_tree(peer.pid)
        single = measure(peer, count, 1)
        searched = search_all(peer)
        together = measure(peer, count, TOGETHER)
        return Result(peer.name, peer.seconds_to_start, idle, memory, peer.megabytes(), single, together, searched)


def run_noctule(count: int, *, judged: bool) -> Result:
    with Noctule(workers=1 if judged else 0) as noctule:
        done = noctule.judged if judged else None
        wait_for(noctule.has_model, "ready for meanings", every=1.0)
        warm_up(noctule)
        if done:
            wait_for(done, "judged", every=0.5)
        idle, memory = rest(noctule.pid), memory_of_tree(noctule.pid)
        many = count if judged else count * MORE
        single = measure(noctule, many, 1, done)
        # Words are indexed by an analyser, so there is nothing to find without.
        searched = search_all(noctule) if judged else "| |"
        together = measure(noctule, many, TOGETHER, done)
        name = f"Noctule, {'judged' if judged else 'stored'}"
        return Result(name, noctule.seconds_to_start, idle, memory, own_megabytes(), single, together, searched)


def own_megabytes() -> float:
    """Of what requirements.lock installs, and of the code."""
    lock = (ROOT / "requirements.lock").read_text().splitlines()
    names = {line.split("==")[0].strip() for line in lock if "==" in line and not line.startswith((" ", "#"))}
    packages = next((Path(sys.prefix) / "lib").glob("python*/site-packages"))
    code = sum(path.stat().st_size for path in (ROOT / "noctule").rglob("*") if path.is_file())
    return installed(packages, only=names) + code / 1e6


def install(kind: type[Peer]) -> bool:
    """Whether it is there, now at the latest."""
    folder, done = kind.environment(), kind.environment() / ".requirement"
    if done.exists() and done.read_text() == kind.requirement:
        return True
    print(f"installing {kind.requirement} into {folder.relative_to(ROOT)}, once", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for command in ([sys.executable, "-m", "venv", str(folder)], [*pip, kind.requirement]):
        if subprocess.run(command, check=False).returncode:
            print(f"left out: {kind.requirement} could not be installed")
            return False
    done.write_text(kind.requirement)
    return True


def show_costs(results: Sequence[Result], each: int, of: Callable[[Result], Cost]) -> list[str]:
    """The table; returns the names of peers that are nearer than the bar."""
    what = f"one turn a request, {CLIENTS} clients" if each == 1 else f"{each} turns a body, {SENDERS} clients"
    base, near = of(results[0]), list[str]()
    print(
        f"\n| {what} | turns/s | CPU ms per turn | CPU to stored | p50, ms | p99, ms |\n|---|---:|---:|---:|---:|---:|"
    )
    for one in results:
        cost = of(one)
        ratio = cost.milliseconds / base.milliseconds
        near += [one.name] if "Noctule" not in one.name and ratio < BARS[each] else []
        print(
            f"| {one.name} | {cost.turns / cost.seconds:,.0f} | {cost.milliseconds:.3f} | {ratio:.1f} |"
            f" {cost.load.percentile(0.5):,.0f} | {cost.load.percentile(0.99):,.0f} |"
        )
    return near


def show_rest(results: Sequence[Result]) -> None:
    print(
        "\n| | first answer, s | idle, MB (what is shared is split) | idle, MB (RSS) | idle, % of a core | installed, MB |"
        " turns to search | rare word, ms (hits) | common word, ms (hits) |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    )
    for one in results:
        print(
            f"| {one.name} | {one.start:.1f} | {one.memory.proportional:.0f} | {one.memory.resident:.0f} |"
            f" {one.idle * 100:.0f} | {one.installed:.0f} | {one.searched} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--turns", type=int, default=1500, help=f"for a peer; {MORE} times as many where Noctule only stores"
    )
    count = parser.parse_args().turns // TOGETHER * TOGETHER
    kinds = [kind for kind in (Phoenix, MLflow) if install(kind)]
    began = time.monotonic()
    results = [run_noctule(count, judged=False), run_noctule(count, judged=True)]
    results += [run_peer(kind, count) for kind in kinds]
    near = show_costs(results, 1, lambda one: one.single) + show_costs(results, TOGETHER, lambda one: one.together)
    show_rest(results)
    judged = results[1]
    print(
        f"\nOf the CPU of what is judged, vectors for topics are {judged.single.meanings / judged.single.turns * 1000:.3f} ms a"
        f" turn alone and {judged.together.meanings / judged.together.turns * 1000:.3f} ms together."
    )
    print(f"{', '.join(kind.requirement for kind in kinds)}; {time.monotonic() - began:.0f} s, {machine()}")
    sys.exit(f"nearer than {BARS[1]:.0f}× (alone) or {BARS[TOGETHER]:.0f}× (together): {near}" if near else None)


if __name__ == "__main__":
    main()
