"""How fast does a file come in and go out, and does a kill of everything in the middle lose or double anything?

    python -m bench.transfer [--megabytes 100] [--no-kill]

A file of conversations is uploaded and stored by the job. In the middle the server, its worker and PostgreSQL are killed
with SIGKILL; started again, the job goes on when its lease has run out. Then every message must be there once, the same
file again must store nothing, and the export must hold what came in. Memory is the most that each process ever had.
"""

import argparse
import http.client
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.server import Server

WORDS = (
    "the parcel refund order account did not arrive today please help me with my password and invoice thanks".split()
)


def conversations(megabytes: float) -> Iterator[bytes]:
    """JSON lines in the shape of capture, four to twelve messages each, without ids: the hardest to recognise."""
    dice, size, number = random.Random(7), 0, 0
    while size < megabytes * 1_000_000:
        messages = [
            {
                "role": "assistant" if n % 2 else "user",
                "content": " ".join(dice.choices(WORDS, k=dice.randint(5, 40))),
                "sentAt": f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}T10:{n:02}:00Z",
            }
            for n in range(dice.randint(4, 12))
        ]
        messages[-1].pop("sentAt")
        body = {"conversationId": f"conv-{number}", "messages": messages, "user": {"id": f"u{number % 900}"}}
        line = json.dumps(body).encode() + b"\n"
        yield line
        size, number = size + len(line), number + 1


def write(path: Path, megabytes: float) -> tuple[int, int]:
    """How many conversations and messages it holds."""
    count = messages = 0
    with path.open("wb") as file:
        for line in conversations(megabytes):
            file.write(line)
            count, messages = count + 1, messages + line.count(b'"role"')
    return count, messages


def upload(server: Server, chatbot_id: str, path: Path, **options: str) -> dict[str, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
    with path.open("rb") as file:
        headers = {"authorization": f"Bearer {server.token}", "content-length": str(path.stat().st_size)}
        connection.request("POST", f"/api/v1/chatbots/{chatbot_id}/import?{urlencode(options)}", file, headers)
        answer = connection.getresponse()
        text = answer.read()
    connection.close()
    assert answer.status in {200, 202}, text[:500]
    return json.loads(text)


def wait_for(server: Server, job_id: str, *, share: float = 1.0, seconds: float = 1800) -> dict[str, Any]:
    """The job once it is done, or once it has come that far."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        status, job = server.ask("GET", f"/api/v1/jobs/{job_id}")
        assert status == 200, job
        if job["status"] == "done" or (share < 1 and job["done"] >= share * job["total"]):
            return job
        assert job["status"] != "failed", job
        time.sleep(0.1)
    raise TimeoutError("the job did not come that far")


def exported(server: Server, chatbot_id: str) -> Iterator[dict[str, Any]]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
    path = f"/api/v1/export/{chatbot_id}?format=jsonl"
    connection.request("GET", path, headers={"authorization": f"Bearer {server.token}"})
    for line in connection.getresponse():
        yield json.loads(line)
    connection.close()


def compare(server: Server, chatbot_id: str, path: Path) -> int:
    """How many conversations differ between the file and the export: words, roles, order, times, and how often."""
    sent: dict[str, int] = {}
    with path.open("rb") as file:
        for line in file:
            body = json.loads(line)
            sent[body["conversationId"]] = _shape(body["messages"], "sentAt")
    wrong = 0
    for document in exported(server, chatbot_id):
        shape = _shape(document["messages"], "sent_at")
        wrong += sent.pop(document["external_conversation_id"], None) != shape
    return wrong + len(sent)


def _shape(messages: list[dict[str, Any]], time_name: str) -> int:
    return hash(tuple((one["role"], one["content"], one.get(time_name)) for one in messages))


def peaks(server: Server) -> dict[str, int]:
    """The most memory in megabytes that a process of each kind ever had for itself."""
    found: dict[str, int] = {}
    for pid, kind in server.processes().items():
        try:
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        except OSError:
            continue
        peak = next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), 0)
        found[kind] = max(found.get(kind, 0), peak)
    return found


def bring_in(server: Server, chatbot_id: str, path: Path, *, kill: bool) -> dict[str, Any]:
    before, began = peaks(server), time.monotonic()
    answer = upload(server, chatbot_id, path, analyse="false")
    taken = time.monotonic() - began
    megabytes = path.stat().st_size / 1e6
    print(
        f"looked through and kept in {taken:.1f} s, {megabytes / taken:.1f} MB/s; memory in MB {before} then {peaks(server)}"
    )
    if kill:
        half = wait_for(server, answer["job"]["id"], share=0.4)
        server.kill_everything()
        server.start()
        print(f"killed everything at {half['done']} of {half['total']} conversations; waiting for the lease to run out")
    began = time.monotonic()
    job = wait_for(server, answer["job"]["id"])
    if not kill:
        took = time.monotonic() - began
        stored = job["result"]["messages_stored"]
        print(
            f"stored in {took:.1f} s, {megabytes / took:.1f} MB/s, {stored / took:,.0f} messages/s; memory {peaks(server)}"
        )
    return job


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=100)
    parser.add_argument("--no-kill", action="store_true")
    given = parser.parse_args()
    with Server() as server:
        path = server.data_dir / "conversations.jsonl"
        count, messages = write(path, given.megabytes)
        print(f"{path.stat().st_size / 1e6:.0f} MB: {count} conversations, {messages} messages")
        measured, _ = server.new_chatbot("measured")
        bring_in(server, measured, path, kill=False)
        began = time.monotonic()
        wrong = compare(server, measured, path)
        print(f"exported and compared in {time.monotonic() - began:.1f} s: {wrong} differ; memory {peaks(server)}")
        if not given.no_kill:
            killed, _ = server.new_chatbot("killed")
            job = bring_in(server, killed, path, kill=True)
            lost = messages - job["result"]["messages_stored"]
            print(f"after the kill: {lost} lost or doubled in the count, {compare(server, killed, path)} differ")
            again = bring_in(server, killed, path, kill=False)
            print(f"the same file again: {again['result']['messages_stored']} stored")


if __name__ == "__main__":
    main()
