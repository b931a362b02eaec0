"""Real dialogues in through capture, out through the API: equal, in order, counts equal — also when things go wrong.

    python -m bench.replay [--sets DIR] [--limit N] [--kill]

Plain: every dialogue of STAR and MultiDoGO in requests of up to 20 messages. Then the same with every request sent twice,
in random order, from 32 connections. With --kill everything is killed with SIGKILL in the middle and started again: what
had been acknowledged must be there, once, and sending the rest again completes it.
"""

import argparse
import asyncio
import gzip
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop

from bench.load import connection, read_answer, request_bytes
from bench.server import Server

SETS = Path(__file__).parent.parent.parent / "shared" / "eval" / "dev"
PER_REQUEST = 20


@dataclass(frozen=True)
class Dialogue:
    name: str
    messages: list[dict[str, Any]]

    def requests(self) -> list[bytes]:
        """Bodies of up to 20 messages each; ids recognise a repeat, times put the parts in order."""
        parts = [self.messages[start : start + PER_REQUEST] for start in range(0, len(self.messages), PER_REQUEST)]
        return [json.dumps({"conversationId": self.name, "messages": part}).encode() for part in parts]


def dialogues(folder: Path, limit: int, sets: Sequence[str] = ("star_dev", "multidogo_dev")) -> list[Dialogue]:
    found: list[Dialogue] = []
    for name in sets:
        with gzip.open(folder / f"{name}.jsonl.gz", "rt") as lines:
            for line in list(lines)[:limit]:
                read = json.loads(line)
                spoken = [message for message in read["messages"] if message["text"]]
                messages = [
                    {
                        "role": message["role"],
                        "content": message["text"][:32000],
                        "id": f"m{index}",
                        "sentAt": f"2025-03-15T{index // 3600:02}:{index // 60 % 60:02}:{index % 60:02}Z",
                    }
                    for index, message in enumerate(spoken)
                ]
                if messages:
                    found.append(Dialogue(f"{name}/{read['id']}", messages))
    return found


async def send(port: int, key: str, bodies: list[bytes], connections: int, acknowledged: set[int]) -> int:
    """Notes the index of each acknowledged body; the messages that the answers call stored. Stops when the server dies."""
    stored = 0
    waiting = iter(enumerate(bodies))

    async def one_connection() -> None:
        nonlocal stored
        async with connection(port) as (reader, writer):
            for index, body in waiting:
                writer.write(request_bytes("/api/v1/capture", key, body))
                status, answer = await read_answer(reader)
                if status == 200:
                    acknowledged.add(index)
                    stored += json.loads(answer)["messagesStored"]
                elif status != 503:
                    raise RuntimeError(f"{status}: {answer.decode()}")

    results = await asyncio.gather(*(one_connection() for _ in range(connections)), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, OSError | asyncio.IncompleteReadError):
            raise result
    return stored


async def read_back(port: int, token: str, chatbot: str, names: list[str]) -> dict[str, list[tuple[str, str, str]]]:
    """Role, content and id of each message, by the caller's name of the conversation."""
    read: dict[str, list[tuple[str, str, str]]] = {}
    waiting = iter(names)

    async def one_connection() -> None:
        async with connection(port) as (reader, writer):
            for name in waiting:
                writer.write(
                    f"GET /api/v1/conversations/{name}?chatbotId={chatbot} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\r\n".encode()
                )
                status, answer = await read_answer(reader)
                if status == 200:
                    found = json.loads(answer)
                    read[name] = [(m["role"], m["content"], m["external_message_id"]) for m in found["messages"]]
                    if found["message_count"] != len(found["messages"]):
                        raise RuntimeError(f"{name}: message_count says {found['message_count']}")
                elif status != 404:
                    raise RuntimeError(f"{status}: {answer.decode()}")

    await asyncio.gather(*(one_connection() for _ in range(8)))
    return read


def expected(found: list[Dialogue]) -> dict[str, list[tuple[str, str, str]]]:
    return {one.name: [(m["role"], m["content"], m["id"]) for m in one.messages] for one in found}


def check(server: Server, chatbot: str, found: list[Dialogue], what: str) -> None:
    want = expected(found)
    got = uvloop.run(read_back(server.port, server.token, chatbot, list(want)))
    wrong = [name for name in want if got.get(name) != want[name]]
    totals = server.ask("GET", f"/api/v1/analytics/overview?chatbotId={chatbot}")[1]
    messages = sum(len(one.messages) for one in found)
    print(f"  {what}: {len(want) - len(wrong)} of {len(want)} dialogues equal and in order, "
          f"{totals['totalMessages']:,} of {messages:,} messages")  # fmt: skip
    if wrong or totals["totalMessages"] != messages or totals["totalConversations"] != len(found):
        print(f"  NOT EQUAL, for example {wrong[:3]}; totals {totals}")
        sys.exit(1)


def plain(server: Server, found: list[Dialogue]) -> None:
    chatbot, key = server.new_chatbot("plain")
    bodies = [body for one in found for body in one.requests()]
    began = time.perf_counter()
    stored = uvloop.run(send(server.port, key, bodies, 8, set()))
    took = time.perf_counter() - began
    print(f"plain: {len(bodies):,} requests, {stored:,} messages in {took:.1f} s, {stored / took:,.0f} messages/s")
    check(server, chatbot, found, "read back")


def twice_in_random_order(server: Server, found: list[Dialogue]) -> None:
    chatbot, key = server.new_chatbot("twice")
    bodies = [body for one in found for body in one.requests()] * 2
    random.Random(11).shuffle(bodies)
    stored = uvloop.run(send(server.port, key, bodies, 32, set()))
    print(f"twice, in random order, from 32 connections: {len(bodies):,} requests, {stored:,} messages stored")
    check(server, chatbot, found, "read back")


def killed(server: Server, found: list[Dialogue]) -> None:
    chatbot, key = server.new_chatbot("killed")
    bodies = [body for one in found for body in one.requests()]
    random.Random(12).shuffle(bodies)
    acknowledged: set[int] = set()

    async def send_and_kill() -> int:
        sending = asyncio.create_task(send(server.port, key, bodies, 32, acknowledged))
        while len(acknowledged) < len(bodies) // 2 and not sending.done():
            await asyncio.sleep(0.001)
        await asyncio.to_thread(server.kill_everything)
        return await sending

    uvloop.run(send_and_kill())
    print(f"killed with SIGKILL after {len(acknowledged):,} of {len(bodies):,} requests were acknowledged")
    server.start()
    print(f"  healthy again after {server.seconds_to_start:.1f} s")
    want = expected(found)
    got = uvloop.run(read_back(server.port, server.token, chatbot, list(want)))
    present = {(name, message[2]) for name, messages in got.items() for message in messages}
    total = sum(len(messages) for messages in got.values())
    promised = {
        (body["conversationId"], message["id"])
        for body in (json.loads(bodies[index]) for index in acknowledged)
        for message in body["messages"]
    }
    print(f"  acknowledged {len(promised):,} messages: {len(promised - present)} lost, {total - len(present)} doubled")
    if promised - present or total != len(present):
        sys.exit(1)
    uvloop.run(send(server.port, key, bodies, 32, set()))
    check(server, chatbot, found, "after sending everything again")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, default=SETS, help="folder of the dialogue sets")
    parser.add_argument("--limit", type=int, default=1_000_000, help="dialogues of each set")
    parser.add_argument("--kill", action="store_true", help="kill everything in the middle")
    given = parser.parse_args()
    if not given.sets.exists():
        print(f"skipped: the dialogue sets are not at {given.sets}")
        return
    found = dialogues(given.sets, given.limit)
    with Server() as server:
        print(f"healthy after {server.seconds_to_start:.1f} s, data folder new")
        plain(server, found)
        twice_in_random_order(server, found)
        if given.kill:
            killed(server, found)


if __name__ == "__main__":
    main()
