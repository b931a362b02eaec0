"""Does an agent answer what its sources answer, and refuse what they do not?

    python -m bench.answers --sets FOLDER [--questions 100]

Of each set of passages and questions (`retrieval_*.jsonl.gz`) one half of the articles is taught to an agent of a running
server, and over HTTP it is asked questions of both halves. Right: an answer that holds the words people marked, or a refusal
where nothing was taught. Beside it, in the same run: how well confidence tells the halves apart at all, and what the best of
all thresholds would have given.
"""

import argparse
import asyncio
import gzip
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any

from bench.figures import area
from bench.replay import SETS
from bench.server import Server
from noctule.base.embed import Embedder

BAR = 0.88
_TOGETHER = 6  # sentences that make a paragraph, in a set of sentences
_TEXTS = 8  # that such a set makes: many more, and each article would lie in both halves
_STEEP = 6.0  # of the confidence that an agent tells


@dataclass(frozen=True)
class Question:
    text: str
    part: int  # of the text that answers it
    answer: str


@dataclass(frozen=True)
class Asked:
    taught: bool
    answered: bool
    right: bool
    trust: float


def load(path: Path) -> tuple[list[str], list[Question]]:
    """Texts, one of each article or of many sentences on end, and the questions that each answers."""
    content: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    if "sentences" in content:
        told: list[str] = content["sentences"]
        size = (len(told) + _TEXTS - 1) // _TEXTS
        texts = [_paragraphs(told[start : start + size]) for start in range(0, len(told), size)]
        return texts, [Question(one["q"], one["s"] // size, told[one["s"]]) for one in content["questions"]]
    passages: list[dict[str, str]] = content["passages"]
    names = list(dict.fromkeys(one["article"] for one in passages))
    texts = ["\n\n".join(one["text"] for one in passages if one["article"] == name) for name in names]
    return texts, [Question(one["q"], names.index(passages[one["p"]]["article"]), one["answer"]) for one in content["questions"]]  # fmt: skip


def _paragraphs(sentences: Sequence[str]) -> str:
    some = [" ".join(sentences[start : start + _TOGETHER]) for start in range(0, len(sentences), _TOGETHER)]
    return "\n\n".join(some)


def teach(server: Server, name: str, texts: Sequence[str]) -> str:
    chatbot, _ = server.new_chatbot(name)
    sources = [{"kind": "text", "external_id": str(number), "text": text} for number, text in enumerate(texts)]
    status, answer = server.ask("POST", f"/api/v1/chatbots/{chatbot}/sources", {"sources": sources})
    if status != 202:
        raise RuntimeError(answer)
    while not server.ask("GET", f"/api/v1/chatbots/{chatbot}/agent")[1]["calibrated_at"]:
        time.sleep(0.5)
    return chatbot


def ask(server: Server, chatbot: str, key: str, question: Question, *, taught: bool) -> Asked:
    body = {"chatbotId": chatbot, "messages": [{"role": "user", "content": question.text}]}
    answer = server.ask("POST", "/api/v1/chat", body, key=key)[1]
    right = answer["answered"] is taught and (not taught or _holds(answer["text"], question.answer))
    sure = min(max(answer["confidence"], 1e-6), 1 - 1e-6)
    return Asked(taught, answer["answered"], right, log(sure / (1 - sure)) / _STEEP)


def _holds(text: str, answer: str) -> bool:
    return " ".join(answer.lower().split()) in " ".join(text.lower().split())


def measure(server: Server, key: str, path: Path, many: int) -> float:
    name = path.name.removeprefix("retrieval_").partition(".")[0]
    texts, questions = load(path)
    chance = random.Random(7)
    kept = sorted(chance.sample(range(len(texts)), len(texts) // 2))
    chatbot = teach(server, name, [texts[place] for place in kept])
    halves = [[one for one in questions if (one.part in kept) is taught] for taught in (True, False)]
    asked = [
        ask(server, chatbot, key, one, taught=taught)
        for taught, half in zip((True, False), halves, strict=True)
        for one in chance.sample(half, min(many, len(half)))
    ]
    known, strange = [one for one in asked if one.taught], [one for one in asked if not one.taught]
    threshold = server.ask("GET", f"/api/v1/chatbots/{chatbot}/agent")[1]["threshold"]
    figure = sum(one.right for one in asked) / len(asked)
    apart = area([one.taught for one in asked], [one.trust for one in asked])
    shift, best = _best(asked)
    print(
        f"{name:20}{sum(one.right for one in known) / len(known):9.3f}{sum(one.answered for one in known) / len(known):9.3f}"
        f"{sum(one.right for one in strange) / len(strange):9.3f}{figure:9.3f}{apart:9.3f}{best:9.3f}"
        f"   {threshold:.2f} {shift:+.2f}",
        flush=True,
    )
    return figure


def _best(asked: Sequence[Asked]) -> tuple[float, float]:
    """By how much the threshold should have been higher, and the share of right ones then, as far as answers were given."""
    found = [
        (sum((one.trust >= shift and (one.right or not one.answered)) if one.taught else one.trust < shift for one in asked) / len(asked), shift)
        for shift in (place / 50 for place in range(-25, 26))
    ]  # fmt: skip
    best, shift = max(found, key=lambda one: (one[0], -abs(one[1])))
    return shift, best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, default=SETS, help="a folder with retrieval_*.jsonl.gz")
    parser.add_argument("--questions", type=int, default=100, help="of each half of a set")
    given = parser.parse_args()
    if not given.sets.is_dir():
        print(f"skipped: the sets are not at {given.sets}")
        return
    with Server(workers=1) as server:
        server.new_chatbot("another")
        asyncio.run(Embedder(server.data_dir).prepare())
        key = server.ask("POST", "/api/v1/orgs/me/apikeys", {"label": "bench"})[1]["key"]
        print(f"{'':20}{'right':>9}{'answered':>9}{'refused':>9}{'both':>9}{'area':>9}{'at best':>9}   threshold")
        figures = [measure(server, key, path, given.questions) for path in sorted(given.sets.glob("retrieval_*"))]
    mean = sum(figures) / len(figures)
    print(f"mean {mean:.3f} (bar {BAR})  {'ok' if mean >= BAR else 'MISSED'}")


if __name__ == "__main__":
    main()
