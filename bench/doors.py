"""Real dialogues through each of the three doors: by whichever they came, the same transcript is read back.

    python -m bench.doors [--sets DIR] [--limit N] [--door capture|track|chats]

Capture takes a dialogue in parts of up to 20 messages, track takes it whole after every turn, as it grows, and chats makes a
chat and takes its messages one by one. Read back are role, content, order and count of every conversation of STAR.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import uvloop

from bench.load import connection, read_answer, request_bytes
from bench.replay import SETS, Dialogue, dialogues
from bench.server import Server

CONNECTIONS = 16
Ask = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]
Transcript = list[tuple[str, str]]  # role, content


async def by_capture(ask: Ask, one: Dialogue) -> None:
    for body in one.requests():
        await ask("/api/v1/capture", json.loads(body))


async def by_track(ask: Ask, one: Dialogue) -> None:
    said = [{"role": role, "content": content} for role, content in transcript(one)]
    for turn in range(len(said)):
        await ask("/v1/track", {"conversationId": one.name, "messages": said[: turn + 1]})


async def by_chats(ask: Ask, one: Dialogue) -> None:
    chat = await ask("/api/v1/chats", {"title": one.name, "tags": ["star"], "metadata": {"is_escalated": False}})
    for role, content in transcript(one):
        await ask(f"/api/v1/chats/{chat['chat_id']}/messages", {"role": role, "content": content})


DOORS = {"capture": by_capture, "track": by_track, "chats": by_chats}


def transcript(one: Dialogue) -> Transcript:
    return [(message["role"], message["content"]) for message in one.messages]


def send(server: Server, door: str, key: str, found: list[Dialogue]) -> int:
    """How many requests it took. Those of a dialogue follow each other on one connection."""
    return uvloop.run(_send(server.port, door, key, iter(found)))


async def _send(port: int, door: str, key: str, waiting: Iterator[Dialogue]) -> int:
    sent = 0

    async def one_connection() -> None:
        nonlocal sent
        async with connection(port) as (reader, writer):

            async def ask(path: str, body: dict[str, Any]) -> dict[str, Any]:
                nonlocal sent
                writer.write(request_bytes(path, key, json.dumps(body).encode()))
                status, answer = await read_answer(reader)
                if status not in (200, 201):
                    raise RuntimeError(f"{path} answered {status}: {answer.decode()}")
                sent += 1
                return json.loads(answer)

            for one in waiting:
                await DOORS[door](ask, one)

    await asyncio.gather(*(one_connection() for _ in range(CONNECTIONS)))
    return sent


def read_back(server: Server, chatbot: str) -> dict[str, Transcript]:
    """By the name that the dialogue was given: a chat has it as its title. Raises when the counts do not fit."""
    read: dict[str, Transcript] = {}
    for conversation_id in _ids(server, chatbot):
        found = server.ask("GET", f"/api/v1/conversations/{conversation_id}")[1]
        said = [(message["role"], message["content"]) for message in found["messages"]]
        name = found["title"] or found["external_conversation_id"]
        if name in read or found["message_count"] != len(said):
            raise RuntimeError(f"{name} is there twice, or its message_count {found['message_count']} is wrong")
        read[name] = said
    return read


def _ids(server: Server, chatbot: str) -> Iterator[str]:
    page, total = 1, 1
    while (page - 1) * 100 < total:
        found = server.ask("GET", f"/api/v1/conversations?chatbotId={chatbot}&limit=100&page={page}")[1]
        yield from (one["id"] for one in found["conversations"])
        page, total = page + 1, found["total"]


def through(server: Server, door: str, found: list[Dialogue]) -> bool:
    """Sends all, reads all back, prints the counts; whether they are equal."""
    chatbot, key = server.new_chatbot(door)
    if door == "chats":
        key = server.ask("POST", "/api/v1/orgs/me/apikeys", {"label": door})[1]["key"]
    began = time.perf_counter()
    requests = send(server, door, key, found)
    took = time.perf_counter() - began
    if door == "chats":
        chatbot = next(bot["id"] for bot in server.ask("GET", "/api/v1/chatbots")[1] if bot["name"] == "Chats")
    want, got = {one.name: transcript(one) for one in found}, read_back(server, chatbot)
    wrong = [name for name in want if got.get(name) != want[name]]
    print(
        f"{door:8} {requests:7,} requests in {took:6.1f} s; {len(want) - len(wrong):,} of {len(want):,} dialogues equal,"
        f" {sum(map(len, got.values())):,} of {sum(map(len, want.values())):,} messages"
        f"{f'; NOT EQUAL, for example {wrong[:3]}' if wrong else ''}",
        flush=True,
    )
    return got == want


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, default=SETS, help="folder of the dialogue sets")
    parser.add_argument("--limit", type=int, default=1_000_000, help="dialogues")
    parser.add_argument("--door", choices=list(DOORS), help="only this one")
    given = parser.parse_args()
    if not given.sets.exists():
        print(f"skipped: the dialogue sets are not at {given.sets}")
        return
    found = dialogues(given.sets, given.limit, sets=["star_dev"])
    with Server() as server:
        equal = [through(server, door, found) for door in ([given.door] if given.door else DOORS)]
    sys.exit(0 if all(equal) else 1)


if __name__ == "__main__":
    main()
