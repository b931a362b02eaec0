"""How good the judgements are on labelled sets, over HTTP through a running server, beside VADER and plain rules.

    python -m bench.quality [--direct] [--sets DIR] [--limit N]

Sentiment: one message a conversation. Dissatisfied turn: the message's `dissatisfaction`. Task failed: the conversation's
`unresolved_probability`. Frustrated: the conversation's `dissatisfaction`, and the false alarms of its flag. Language: the
code of single short texts. Last come precision and recall on our own examples (`bench.labelled`). --direct calls the analysers without a server. VADER is measured when vaderSentiment is there.
"""

import argparse
import asyncio
import gzip
import importlib
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from bench import figures, labelled
from bench.load import connection, read_answer, request_bytes
from bench.server import Server
from noctule.analysis.pipeline import Work, judge
from noctule.conversations import ConversationId, Message, MessageId

SETS = Path(__file__).parent.parent.parent / "shared" / "eval" / "dev"
SENTIMENT = ("sst_dev", "tweeteval_val", "goemotions_dev", "sentiment_vader_nyt", "meld_train")
BARS = {"sentiment": (0.78, 0.82), "dissatisfied turn": (0.74, 0.80), "task failed": (0.85, 0.88), "frustrated": (0.76, 0.82),
        "false alarms": (0.10, 0.10), "language": (0.97, 0.98)}  # fmt: skip
_GOOD, _BAD = re.compile(r"\b(?:good|great|thanks?|love|perfect|nice|happy)\b", re.IGNORECASE), re.compile(r"\b(?:bad|terrible|angry|hate|awful|wrong|annoy\w+|frustrat\w+|worst)\b", re.IGNORECASE)  # fmt: skip
_SORRY, _DONE = (
    re.compile(r"sorry|unable|cannot|can't", re.IGNORECASE),
    re.compile(r"\bdone|booked|here is|confirmed", re.IGNORECASE),
)


@dataclass
class Judged:
    """What came back for one conversation."""

    sentiment: float = 0.0
    language: str | None = None
    dissatisfaction: float = 0.0
    unresolved: float = 0.0
    flags: list[str] = field(default_factory=list[str])
    turns: list[float] = field(default_factory=list[float])  # of each message, 0 where there is none


Dialogue = list[dict[str, Any]]  # role and text
Judge = Callable[[Sequence[Dialogue]], list[Judged]]


def rows(folder: Path, name: str, limit: int) -> list[dict[str, Any]]:
    with gzip.open(folder / f"{name}.jsonl.gz", "rt") as lines:
        found = [json.loads(line) for line in lines]
    return random.Random(3).sample(found, limit) if limit < len(found) else found


def directly(dialogues: Sequence[Dialogue]) -> list[Judged]:
    found: list[Judged] = []
    moment = datetime(2025, 3, 15, tzinfo=UTC)
    for dialogue in dialogues:
        messages = [
            Message(ConversationId(UUID(int=1)), MessageId(UUID(int=at + 1)), at, one["role"], one["text"], None, None, moment, None)
            for at, one in enumerate(dialogue)
        ]  # fmt: skip
        work = judge(Work(messages))
        found.append(
            Judged(
                work.sentiment or 0.0,
                work.language.code if work.language else None,
                work.dissatisfaction or 0.0,
                (work.ending.unresolved if work.ending else None) or 0.0,
                [flag.name for flag in work.flags],
                [work.dissatisfied.get(message.id, 0.0) for message in messages],
            )
        )
    return found


def over_http(server: Server) -> Judge:
    def ask(dialogues: Sequence[Dialogue]) -> list[Judged]:
        chatbot, key = server.new_chatbot("quality")
        asyncio.run(_send(server.port, key, dialogues))
        _wait(server, chatbot, len(dialogues))
        return asyncio.run(_read(server, chatbot, dialogues))

    return ask


async def _send(port: int, key: str, dialogues: Sequence[Dialogue]) -> None:
    waiting = iter(enumerate(dialogues))

    async def one() -> None:
        async with connection(port) as (reader, writer):
            for number, dialogue in waiting:
                said = [
                    {"role": m["role"], "content": m["text"][:32000], "id": str(at)} for at, m in enumerate(dialogue)
                ]
                for start in range(0, len(said), 100):
                    body = {"conversationId": str(number), "messages": said[start : start + 100]}
                    writer.write(request_bytes("/api/v1/capture", key, json.dumps(body).encode()))
                    status, answer = await read_answer(reader)
                    if status != 200:
                        raise RuntimeError(answer.decode())

    await asyncio.gather(*(one() for _ in range(16)))


def _wait(server: Server, chatbot: str, many: int) -> None:
    until = time.monotonic() + 900
    while time.monotonic() < until:
        coverage = server.ask("GET", f"/api/v1/analytics/overview?chatbotId={chatbot}")[1]["coverage"]
        if coverage["analysed"] >= many:
            return
        time.sleep(1)
    raise RuntimeError("the analysers did not come to an end")


async def _read(server: Server, chatbot: str, dialogues: Sequence[Dialogue]) -> list[Judged]:
    found = [Judged() for _ in dialogues]
    waiting = iter(range(len(dialogues)))

    async def one() -> None:
        async with connection(server.port) as (reader, writer):
            for number in waiting:
                writer.write(f"GET /api/v1/conversations/{number}?chatbotId={chatbot} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {server.token}\r\n\r\n".encode())  # fmt: skip
                status, answer = await read_answer(reader)
                if status != 200:
                    raise RuntimeError(answer.decode())
                found[number] = _judged(json.loads(answer))

    await asyncio.gather(*(one() for _ in range(8)))
    return found


def _judged(conversation: dict[str, Any]) -> Judged:
    said = conversation["analysis"]
    turns = [message["dissatisfaction"] or 0.0 for message in conversation["messages"]]
    flags = [flag["name"] for flag in said["flags"]]
    return Judged(said["sentiment"] or 0.0, said["language"], said["dissatisfaction"] or 0.0, said["unresolved_probability"] or 0.0, flags, turns)  # fmt: skip


def plain_rules(dialogues: Sequence[Dialogue]) -> list[Judged]:
    """What a few words give: the floor that anything else has to be better than."""
    return [_plainly(dialogue) for dialogue in dialogues]


def _plainly(dialogue: Dialogue) -> Judged:
    turns = [
        float(len(_BAD.findall(m["text"])) - len(_GOOD.findall(m["text"]))) if m["role"] == "user" else 0.0
        for m in dialogue
    ]
    said = " ".join(m["text"] for m in dialogue if m["role"] == "assistant")
    users = [turn for turn, m in zip(turns, dialogue, strict=True) if m["role"] == "user"]
    unresolved = float(len(_SORRY.findall(said)) - len(_DONE.findall(said)))
    bad = sum(turn > 0 for turn in users)
    return Judged(-sum(turns), None, bad, unresolved, ["frustrated_user"] if bad else [], turns)


def vader() -> Judge | None:
    try:
        analyser: Any = importlib.import_module("vaderSentiment.vaderSentiment").SentimentIntensityAnalyzer()
    except ImportError:
        return None

    def ask(dialogues: Sequence[Dialogue]) -> list[Judged]:
        found: list[Judged] = []
        for dialogue in dialogues:
            scores = [analyser.polarity_scores(m["text"])["compound"] if m["role"] == "user" else 0.0 for m in dialogue]
            mean = sum(scores) / max(1, sum(m["role"] == "user" for m in dialogue))
            found.append(
                Judged(
                    mean, None, -mean, -mean, ["frustrated_user"] if mean < -0.2 else [], [-score for score in scores]
                )
            )
        return found

    return ask


def alone(texts: Sequence[str]) -> list[Dialogue]:
    return [[{"role": "user", "text": text}] for text in texts]


def measure_sentiment(ask: Judge, folder: Path, limit: int) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in SENTIMENT:
        said = rows(folder, name, limit)
        found[f"  {name}"] = figures.sentiment(
            said, [one.sentiment for one in ask(alone([row["text"] for row in said]))]
        )
    return found | {"sentiment": sum(found.values()) / len(found)}


def measure_turns(ask: Judge, folder: Path, limit: int) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in ("uss_sgd", "uss_redial"):
        said = rows(folder, name, limit)
        truth: list[bool] = []
        scores: list[float] = []
        spoken = [[m for m in row["messages"] if m["text"].strip()] for row in said]
        for messages, judged in zip(spoken, ask(spoken), strict=True):
            for message, score in zip(messages, judged.turns, strict=True):
                if (bad := figures.dissatisfied(message)) is not None:
                    truth.append(bad)
                    scores.append(score)
        found[f"  {name}"] = figures.area(truth, scores)
    return found | {"dissatisfied turn": sum(found.values()) / len(found)}


def measure_ends(ask: Judge, folder: Path, limit: int) -> dict[str, float]:
    said = [row for row in rows(folder, "star_dev", limit) if any(m["text"].strip() for m in row["messages"])]
    judged = ask([[m for m in row["messages"] if m["text"].strip()] for row in said])
    tasks = [
        (bad, one.unresolved) for row, one in zip(said, judged, strict=True) if (bad := figures.failed(row)) is not None
    ]
    moods = [(bad, one) for row, one in zip(said, judged, strict=True) if (bad := figures.annoyed(row)) is not None]
    raised = {bad: [("frustrated_user" in one.flags) for truth, one in moods if truth == bad] for bad in (False, True)}
    return {
        "task failed": figures.area([bad for bad, _ in tasks], [score for _, score in tasks]),
        "frustrated": figures.area([bad for bad, _ in moods], [one.dissatisfaction for _, one in moods]),
        "false alarms": sum(raised[False]) / len(raised[False]),
        "  found by the flag": sum(raised[True]) / max(1, len(raised[True])),
    }


def measure_language(ask: Judge, folder: Path, limit: int) -> dict[str, float]:
    texts = [
        (row["text"], row["lang"])
        for row in rows(folder, "multilingual_sentiment_train", limit)
        if row["lang"] not in ("hi", "ms")
    ]
    for code in ("tr", "vi", "th", "el", "ro"):
        texts += [(one["q"], code) for one in rows(folder, f"retrieval_xquad_{code}", 1)[0]["questions"][: limit // 8]]
    texts += [
        (row["text"], "en") for name in ("clinc150_train", "banking77_train") for row in rows(folder, name, limit // 4)
    ]
    judged = ask(alone([text for text, _ in texts]))
    right: dict[str, list[bool]] = defaultdict(list)
    for (_, code), one in zip(texts, judged, strict=True):
        right[code].append(one.language == code)
    by_code = {f"  {code}": sum(hits) / len(hits) for code, hits in sorted(right.items())}
    return by_code | {"language": sum(map(sum, right.values())) / len(texts)}


def table(columns: dict[str, dict[str, float]]) -> None:
    names = list(dict.fromkeys(name for column in columns.values() for name in column))
    print(f"{'':<24}" + "".join(f"{name:>10}" for name in columns) + f"{'bar':>8}{'stretch':>9}")
    for name in names:
        cells = "".join(f"{column[name]:>10.3f}" if name in column else f"{'':>10}" for column in columns.values())
        bar = "".join(f"{one:>8.2f}" for one in BARS[name]) if name in BARS else ""
        print(f"{name:<24}{cells}{bar}")


def everything(ask: Judge, folder: Path, limit: int, *, language: bool) -> dict[str, float]:
    found = measure_sentiment(ask, folder, limit) | measure_turns(ask, folder, limit) | measure_ends(ask, folder, limit)
    return found | (measure_language(ask, folder, limit) if language else {})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--direct", action="store_true", help="without a server")
    parser.add_argument("--sets", type=Path, default=SETS, help="folder of the labelled sets")
    parser.add_argument("--limit", type=int, default=2000, help="rows of each set")
    given = parser.parse_args()
    if not given.sets.exists():
        print(f"skipped: the labelled sets are not at {given.sets}")
        return
    columns: dict[str, dict[str, float]] = {}
    if given.direct:
        columns["ours"] = everything(directly, given.sets, given.limit, language=True)
    else:
        with Server() as server:
            columns["ours"] = everything(over_http(server), given.sets, given.limit, language=True)
    if beside := vader():
        columns["VADER"] = everything(beside, given.sets, given.limit, language=False)
    columns["rules"] = everything(plain_rules, given.sets, given.limit, language=False)
    table(columns)
    labelled.tell(given.sets)


if __name__ == "__main__":
    main()
