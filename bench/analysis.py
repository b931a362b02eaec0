"""How many messages a second one core judges, step by step; and how far the analysers fall behind while capture runs.

    python -m bench.analysis [--sets DIR] [--limit N] [--seconds S]

First in this process, by CPU time. Then a server with one analyser takes in the dialogues over and over for S seconds, as
fast as it can, and the age of the longest-waiting conversation is read from its metrics each second.
"""

import argparse
import asyncio
import json
import os
import re
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import UUID

from bench.load import connection, read_answer, request_bytes
from bench.replay import SETS, Dialogue, dialogues
from bench.server import Server
from noctule.analysis.pipeline import STEPS, Work
from noctule.conversations import ConversationId, Message, MessageId


def works(found: list[Dialogue]) -> list[Work]:
    moment = datetime(2025, 3, 15, tzinfo=UTC)
    return [
        Work([
            Message(ConversationId(UUID(int=1)), MessageId(UUID(int=at + 1)), at, one["role"], one["content"], None, None, moment, None)
            for at, one in enumerate(dialogue.messages)
        ])
        for dialogue in found
    ]  # fmt: skip


def by_step(found: list[Dialogue]) -> None:
    for work in works(found[:50]):  # the model is read, the words are known
        for step in STEPS:
            step(work)
    judged = works(found)
    messages = sum(len(work.messages) for work in judged)
    total = 0.0
    for step in STEPS:
        began = time.process_time()
        for work in judged:
            step(work)
        took = time.process_time() - began
        total += took
        print(f"  {step.__name__:<24}{messages / max(took, 1e-6):>12,.0f} messages/s")
    print(f"  {'all steps':<24}{messages / total:>12,.0f} messages/s of one core, {messages:,} messages")


async def pour(port: int, key: str, found: list[Dialogue], *, seconds: float) -> int:
    until = time.monotonic() + seconds
    waiting = ((dialogue, again) for again in count() for dialogue in found)
    sent = 0

    async def one() -> None:
        nonlocal sent
        async with connection(port) as (reader, writer):
            for dialogue, again in waiting:
                if time.monotonic() >= until:
                    return
                said = dialogue.messages[:100]
                body = {"conversationId": f"{again}/{dialogue.name}", "messages": said}
                writer.write(request_bytes("/api/v1/capture", key, json.dumps(body).encode()))
                status, answer = await read_answer(reader)
                if status != 200:
                    raise RuntimeError(answer.decode())
                sent += len(said)

    await asyncio.gather(*(one() for _ in range(8)))
    return sent


def gauge(server: Server, name: str) -> float:
    text = server.ask("GET", "/metrics")[1]
    told = re.search(rf"^{name} (\S+)$", text.decode() if isinstance(text, bytes) else str(text), re.MULTILINE)
    return float(told[1]) if told else float("nan")


async def watch(server: Server, pouring: "asyncio.Task[int]") -> int:
    """How many messages were poured in; returns when all are judged."""
    began = time.monotonic()
    sent: int | None = None
    while sent is None or await asyncio.to_thread(gauge, server, "noctule_analysis_due"):
        await asyncio.sleep(2)
        due = await asyncio.to_thread(gauge, server, "noctule_analysis_due")
        lag = await asyncio.to_thread(gauge, server, "noctule_analysis_lag_seconds")
        print(f"  after {time.monotonic() - began:4.0f} s: {due:6,.0f} due, the oldest for {lag:5.1f} s")
        if pouring.done() and sent is None:
            sent = pouring.result()
            print(f"  capture ends: {sent:,} messages, {sent / (time.monotonic() - began):,.0f} messages/s")
            await asyncio.sleep(3)  # the settling pause of the last ones
    return sent


async def under_load(server: Server, key: str, found: list[Dialogue], *, seconds: float) -> None:
    before = server.cpu_seconds()
    sent = await watch(server, asyncio.create_task(pour(server.port, key, found, seconds=seconds)))
    used = {kind: seconds - before[kind] for kind, seconds in server.cpu_seconds().items()}
    print(f"  CPU: web {used['python']:.1f} s, analyser {used['worker']:.1f} s, PostgreSQL {used['postgres']:.1f} s")
    print(f"  {sent / used['worker']:,.0f} messages for a second of the analyser, storing included")
    print(f"  load of the machine: {os.getloadavg()[0]:.1f} processes on {os.cpu_count()} cores")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, default=SETS, help="folder of the dialogue sets")
    parser.add_argument("--limit", type=int, default=1_000_000, help="dialogues of each set")
    parser.add_argument("--seconds", type=float, default=20)
    given = parser.parse_args()
    if not given.sets.exists():
        print(f"skipped: the dialogue sets are not at {given.sets}")
        return
    found = dialogues(given.sets, given.limit)
    by_step(found)
    with Server() as server:
        _, key = server.new_chatbot("analysis")
        asyncio.run(under_load(server, key, found, seconds=given.seconds))


if __name__ == "__main__":
    main()
