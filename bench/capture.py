"""How fast and how dear is a capture? Requests a second, latency and CPU, beside a bare route in the same run.

    python -m bench.capture [--seconds 6]

CPU is the trustworthy figure: µs of user and system time per request, of the web process and of PostgreSQL, while no
analyser runs. `ratio` is that CPU against the bare route, which decodes the same body and stores nothing.
"""

import argparse
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Iterator

from bench.load import Load, request_bytes, send_all
from bench.server import Server, cpu_of, free_port

TARGET = 200.0  # µs per request of two messages


def bodies(messages: int) -> Iterator[bytes]:
    """Every request is a new conversation with ids, times, a user and a session, as clients send them."""
    run = time.time_ns()
    for number in itertools.count():
        said = [
            {
                "role": "assistant" if n % 2 else "user",
                "content": f"How do I cancel my subscription? This is message {n} of conversation {number}.",
                "id": f"m{n}",
                "sentAt": f"2025-03-15T14:{n // 60 % 60:02}:{n % 60:02}Z",
            }
            for n in range(messages)
        ]
        yield json.dumps(
            {
                "conversationId": f"conv-{run}-{number}",
                "messages": said,
                "user": {"id": f"user-{number % 5000}", "email": "jane@example.com", "plan": "pro"},
                "session": {"pageUrl": "https://example.com/help", "device": "desktop"},
                "custom": {"tier": "gold", "seats": 5},
            }
        ).encode()


def prepared(path: str, key: str, messages: int, count: int) -> list[bytes]:
    return [request_bytes(path, key, body) for body in itertools.islice(bodies(messages), count)]


def row(name: str, connections: int, messages: int, load: Load, python: float, postgres: float) -> float:
    """Prints one line; returns the CPU µs per request."""
    answered = sum(load.statuses.values())
    good = load.statuses.get(200, 0)
    cpu = (python + postgres) / answered * 1e6
    print(
        f"{name:8} {messages:4} {connections:5} {good / load.seconds:9,.0f} {good * messages / load.seconds:9,.0f}"
        f" {load.percentile(0.5):8.1f} {load.percentile(0.99):8.1f} {python / answered * 1e6:8.0f}"
        f" {postgres / answered * 1e6:8.0f} {cpu:8.0f}  {'' if good == answered else load.statuses}",
        flush=True,
    )
    return cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=6.0, help="roughly, for each line")
    seconds = parser.parse_args().seconds
    print("route    msgs conns     req/s    msgs/s   p50 ms   p99 ms  py µs/r  pg µs/r cpu µs/r")
    bare_port = free_port()
    bare = subprocess.Popen([sys.executable, "-m", "bench.bare", str(bare_port)])
    time.sleep(1.0)
    reached: dict[int, float] = {}
    try:
        with Server(workers=0) as server:
            _, key = server.new_chatbot()
            for messages, connections in itertools.product((2, 100), (1, 64, 256)):
                rate = 4000 if messages == 2 else 500
                count = max(int(seconds * (rate if connections > 1 else rate / 8)), 200)
                requests = prepared("/api/v1/capture", key, messages, count)
                before = cpu_of(bare.pid)
                bare_load = send_all(bare_port, itertools.chain(*[requests] * (1 + 20_000 // count)), connections)
                bare_cpu = row("bare", connections, messages, bare_load, cpu_of(bare.pid) - before, 0.0)
                used = server.cpu_seconds()
                load = send_all(server.port, requests, connections)
                now = server.cpu_seconds()
                cpu = row(
                    "capture",
                    connections,
                    messages,
                    load,
                    now["python"] - used["python"],
                    now["postgres"] - used["postgres"],
                )
                print(f"         ratio to bare {cpu / bare_cpu:.1f}")
                if messages == 2:
                    reached[connections] = cpu
    finally:
        bare.terminate()
    best = min(reached.values())
    print(f"\n2 messages a request: {best:.0f} µs of CPU at best, target {TARGET:.0f} (ratio {best / TARGET:.2f})")


if __name__ == "__main__":
    main()
