"""How fast and how dear is a request at each door? Requests a second, latency and CPU, beside a bare route in the same run.

    python -m bench.capture [--seconds 6]

CPU is the trustworthy figure: µs of user and system time per request, of the web process and of PostgreSQL, while no
analyser runs. `to bare` is that CPU against a route that decodes the body of capture and stores nothing, `to capture`
against capture. `more` lines go on with conversations: each request brings two new messages, and track sends all that was
said before along with them. The doors take turns, so that what else the machine does meets all of them. In the end messages
that capture has stored are written once more with COPY, the least that PostgreSQL needs for them.
"""

import argparse
import asyncio
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bench.copied import copy_again
from bench.load import Load, request_bytes, send_all
from bench.server import Server, free_port
from bench.tree import cpu_of

TARGET, MOST_TO_CAPTURE = 200.0, 1.3  # µs per capture of two messages; what another door may cost against it
MOST_TO_COPY, COPIED = (
    4.0,
    400,
)  # CPU of PostgreSQL for a message in hundreds, against COPY of so many such conversations
ROUNDS = 4
EXCHANGES = 4  # of a conversation on the `more` lines
PEOPLE = 5000
SETTLING = 12  # seconds until PostgreSQL has looked at its tables once


@dataclass
class Line:
    """What one door has used so far."""

    name: str
    load: Load = field(default_factory=Load)
    python: float = 0.0
    postgres: float = 0.0

    @property
    def cpu(self) -> float:
        return (self.python + self.postgres) / len(self.load.latencies) * 1e6


def said(number: int, turns: range) -> list[dict[str, Any]]:
    return [
        {
            "role": "assistant" if n % 2 else "user",
            "content": f"How do I cancel my subscription? This is message {n} of conversation {number}.",
        }
        for n in turns
    ]


def person(number: int) -> dict[str, str]:
    return {"id": f"user-{number % PEOPLE}", "email": f"jane-{number % PEOPLE}@example.com"}


def capture(name: str, number: int, turns: range) -> dict[str, Any]:
    """With ids, times, a user, a session and custom fields, as clients send them."""
    messages = [
        {**message, "id": f"m{n}", "sentAt": f"2025-03-15T14:{n // 60 % 60:02}:{n % 60:02}Z"}
        for n, message in zip(turns, said(number, turns), strict=True)
    ]
    return {
        "conversationId": name,
        "messages": messages,
        "user": {**person(number), "plan": "pro"},
        "session": {"pageUrl": "https://example.com/help", "device": "desktop"},
        "custom": {"tier": "gold", "seats": 5},
    }


def track(name: str, number: int, turns: range) -> dict[str, Any]:
    """All that was said so far, whatever is new of it."""
    return {
        "conversationId": name,
        "messages": said(number, range(turns.stop)),
        "user": person(number),
        "organization": {"id": f"org-{number % 50}", "name": "Acme Corp"},
        "metadata": {"tier": "gold", "seats": 5},
    }


def chats(name: str, number: int, _turns: range) -> dict[str, Any]:
    """A chat has no messages when it is made, but all that its caller says of it."""
    return {
        "title": f"How do I cancel my subscription? {name}",
        "tags": ["billing", "vip"],
        "user_id": number % PEOPLE + 1,
        "metadata": {
            "avg_response_time": 1.5,
            "country_code": "NL",
            "is_escalated": False,
            "language_code": "nl",
            "question_category": "billing",
            "sentiment": "neutral",
            "session_id": f"session-{number}",
            "token_count": 420,
            "user_rating": 4,
        },
    }


DOORS: dict[str, tuple[str, Callable[[str, int, range], dict[str, Any]]]] = {
    "capture": ("/api/v1/capture", capture),
    "track": ("/v1/track", track),
    "chats": ("/api/v1/chats", chats),
}


def prepared(door: str, key: str, messages: int, count: int) -> list[bytes]:
    """Each request is a new conversation."""
    path, body = DOORS[door]
    run = time.time_ns()
    made = (body(f"conv-{run}-{number}", number, range(messages)) for number in range(count))
    return [request_bytes(path, key, json.dumps(one).encode()) for one in made]


def prepared_more(door: str, key: str, count: int, apart: int) -> list[bytes]:
    """Exchange after exchange of many conversations; those of one stand `apart`, so that it is answered before it goes on."""
    path, body = DOORS[door]
    run = time.time_ns()
    made = (
        body(f"conv-{run}-{number}", number, range(2 * exchange, 2 * exchange + 2))
        for start in range(0, count // EXCHANGES, apart)
        for exchange in range(EXCHANGES)
        for number in range(start, start + apart)
    )
    return [request_bytes(path, key, json.dumps(one).encode()) for one in made]


def measure(server: Server, line: Line, requests: Sequence[bytes], connections: int) -> None:
    used = server.cpu_seconds()
    load = send_all(server.port, requests, connections)
    now = server.cpu_seconds()
    line.python += now["python"] - used["python"]
    line.postgres += now["postgres"] - used["postgres"]
    line.load.add(load)


def measure_bare(port: int, pid: int, line: Line, requests: Sequence[bytes], connections: int) -> None:
    before = cpu_of(pid)
    line.load.add(send_all(port, itertools.chain(*[requests] * (1 + 5_000 // len(requests))), connections))
    line.python += cpu_of(pid) - before


def show(line: Line, messages: int, connections: int, others: Sequence[Line]) -> None:
    """One line of the table; `others` are what it is compared with."""
    load, requests = line.load, len(line.load.latencies)
    good = sum(count for status, count in load.statuses.items() if status < 300)
    print(
        f"{line.name:12} {messages:4} {connections:5} {good / load.seconds:9,.0f} {load.percentile(0.5):8.1f}"
        f" {load.percentile(0.99):8.1f} {line.python / requests * 1e6:8.0f} {line.postgres / requests * 1e6:8.0f}"
        f" {line.cpu:8.0f} {' '.join(f'{line.cpu / other.cpu:10.2f}' for other in others)}"
        f"  {'' if good == requests else load.statuses}",
        flush=True,
    )


def compare(server: Server, keys: dict[str, str], messages: int, connections: int, count: int) -> dict[str, Line]:
    """Every door that takes messages, and with two messages the door for chats and conversations that go on."""
    size, apart = count // ROUNDS, min(2 * connections, count // (ROUNDS * EXCHANGES))
    makers: dict[str, Callable[[], list[bytes]]] = {
        name: partial(prepared, name, keys[name], messages, size) for name in DOORS if messages == 2 or name != "chats"
    }
    if messages == 2:
        makers |= {
            f"{name} more": partial(prepared_more, name, keys[name], size, apart) for name in ("capture", "track")
        }
    lines = {name: Line(name) for name in makers}
    for turn in range(ROUNDS):
        for name in reversed(makers) if turn % 2 else makers:
            measure(server, lines[name], makers[name](), connections)
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=6.0, help="roughly, for each line")
    seconds = parser.parse_args().seconds
    bare_port = free_port()
    bare = subprocess.Popen([sys.executable, "-m", "bench.bare", str(bare_port)])
    best: dict[str, float] = {}
    stored: list[float] = []
    copied = 0.0
    try:
        with Server(workers=0) as server:
            chatbot, key = server.new_chatbot()
            organization_key = server.ask("POST", "/api/v1/orgs/me/apikeys", {"label": "bench"})[1]["key"]
            keys = {"capture": key, "track": key, "chats": organization_key}
            for name in DOORS:
                send_all(server.port, prepared(name, keys[name], 2, 1000), 64)
            time.sleep(SETTLING)
            print(
                "door         msgs conns     req/s   p50 ms   p99 ms  py µs/r  pg µs/r cpu µs/r    to bare to capture"
            )
            for messages, connections in itertools.product((2, 100), (1, 64, 256)):
                rate = 4000 if messages == 2 else 500
                count = max(int(seconds * (rate if connections > 1 else rate / 8)), 400)
                floor = Line("bare")
                measure_bare(bare_port, bare.pid, floor, prepared("capture", key, messages, 500), connections)
                show(floor, messages, connections, ())
                lines = compare(server, keys, messages, connections, count)
                for name, line in lines.items():
                    beside = lines["capture more" if name.endswith("more") else "capture"]
                    show(line, messages, connections, (floor, beside))
                    if messages == 2:
                        best[name] = min(best.get(name, line.cpu), line.cpu)
                    elif name == "capture":
                        stored.append(line.postgres / len(line.load.latencies) / messages)
            copied = asyncio.run(copy_again(server, chatbot, messages=100, most=COPIED))
    finally:
        bare.terminate()
    print(
        f"\nCPU of requests with two messages, at best: {', '.join(f'{name} {cpu:.0f} µs' for name, cpu in best.items())}"
    )
    for name in ("track", "chats"):
        print(f"{name} costs {best[name] / best['capture']:.2f} × capture (at most {MOST_TO_CAPTURE})")
    print(f"capture costs {best['capture'] / TARGET:.2f} × its target of {TARGET:.0f} µs")
    print(
        f"a message in a capture of 100 costs PostgreSQL {min(stored) * 1e6:.1f} to {max(stored) * 1e6:.1f} µs, with COPY"
        f" {copied * 1e6:.1f} µs: {max(stored) / copied:.2f} × as much at most (at most {MOST_TO_COPY:.0f})"
    )


if __name__ == "__main__":
    main()
