"""How good topics are against human labels, over HTTP through a running server, beside plain baselines in the same run; and
how the time grows.

    python -m bench.topics [--sets DIR] [--limit N] [--grow N ...] [--examples]

NMI (arithmetic) and ARI of one set as one chatbot; who is in no topic counts as one cluster. The baseline is k-means on
TF-IDF of the same words, told the true number of labels. `named`: the share of conversations whose topic's name has a stem
in common with their label. --examples prints three conversations of each topic. --grow groups copies of the sets, up to
each number of conversations, without a server: the vectors are those of the sets with a little noise.
"""

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import uvloop
from numpy.typing import NDArray

from bench.replay import SETS, Dialogue, dialogues, send
from bench.server import Server
from noctule.analysis.topics.grouping import Gathered, group
from noctule.analysis.topics.packed import pack, unit
from noctule.analysis.topics.said import words_of
from noctule.base.embed.graph import build
from noctule.base.embed.model import Model

_WORD = re.compile(r"[a-z]{3,}")
BAR = (0.85, 0.88)


@dataclass
class Labelled:
    name: str
    dialogues: list[Dialogue]
    labels: dict[str, str]  # by the conversation's name


def labelled(folder: Path, limit: int) -> list[Labelled]:
    """STAR by its task where it has one; MultiDoGO by domain and intent."""
    found: list[Labelled] = []
    for name in ("star_dev", "multidogo_dev"):
        with gzip.open(folder / f"{name}.jsonl.gz", "rt") as lines:
            rows = [json.loads(line) for line in lines]
        labels = {f"{name}/{row['id']}": label for row in rows if (label := _label(row))}
        talks = [one for one in dialogues(folder, limit, (name,)) if one.name in labels]
        found.append(Labelled(name, talks, labels))
    return found


def _label(row: dict[str, Any]) -> str | None:
    if "tasks" in row:
        return row["tasks"][0] if len(row["tasks"]) == 1 and not row["multi"] else None
    return f"{row['domain']} {row['intent']}" if row["intent"] else None


def nmi(one: Sequence[object], other: Sequence[object]) -> float:
    both = _entropy(Counter(zip(one, other, strict=True)))
    apart = _entropy(Counter(one)), _entropy(Counter(other))
    return 2 * (sum(apart) - both) / max(sum(apart), 1e-12)


def ari(one: Sequence[object], other: Sequence[object]) -> float:
    def pairs(counted: Counter[Any]) -> float:
        return sum(many * (many - 1) / 2 for many in counted.values())

    both, first, second = pairs(Counter(zip(one, other, strict=True))), pairs(Counter(one)), pairs(Counter(other))
    chance = first * second / (len(one) * (len(one) - 1) / 2)
    return (both - chance) / ((first + second) / 2 - chance)


def _entropy(counted: Counter[Any]) -> float:
    total = counted.total()
    return -sum(many / total * log(many / total) for many in counted.values())


def said_in(dialogue: Dialogue) -> str:
    return words_of([message["content"] for message in dialogue.messages if message["role"] == "user"])


def plain(texts: Sequence[str], many: int) -> list[int]:
    """k-means on TF-IDF: the best of five starts."""
    counted = [Counter(_WORD.findall(text.lower())) for text in texts]
    documents = Counter(word for one in counted for word in one)
    words = {word: place for place, (word, _) in enumerate(documents.most_common(3000))}
    rows = np.zeros((len(texts), len(words)), dtype=np.float32)
    for place, one in enumerate(counted):
        for word, times in one.items():
            if word in words and documents[word] < len(texts) / 2:
                rows[place, words[word]] = (1 + log(times)) * log(len(texts) / documents[word])
    rows = unit(rows)
    return max((_k_means(rows, many, seed) for seed in range(5)), key=lambda found: found[1])[0]


def _k_means(rows: NDArray[np.float32], many: int, seed: int) -> tuple[list[int], float]:
    chance = np.random.default_rng(seed)
    centres = rows[chance.choice(len(rows), many, replace=False)]
    member = np.zeros(len(rows), dtype=np.int64)
    for _ in range(40):
        likeness = rows @ centres.T
        member, before = likeness.argmax(axis=1), member
        if (member == before).all():
            break
        centres = unit(np.stack([rows[member == one].sum(axis=0) + 1e-9 for one in range(many)]))
    return member.tolist(), float((rows @ centres.T).max(axis=1).sum())


def is_named(name: str, label: str) -> bool:
    """Whether they share a stem. Labels such as `getboardingpass` are several words in one."""
    return any(word[:5] in label.lower() for word in _WORD.findall(name.lower()) if len(word) > 3 or word in label)


def measure(server: Server, found: Labelled, *, examples: bool) -> float:
    chatbot, key = server.new_chatbot(found.name)
    began = time.perf_counter()
    uvloop.run(send(server.port, key, [body for one in found.dialogues for body in one.requests()], 8, set()))
    judged = wait(server, chatbot, len(found.dialogues))
    job = server.ask("POST", f"/api/v1/chatbots/{chatbot}/topics/rebuild")[1]["job"]
    while job["status"] in ("queued", "running"):
        time.sleep(0.2)
        job = server.ask("GET", f"/api/v1/jobs/{job['id']}")[1]
    told = server.ask("GET", f"/api/v1/chatbots/{chatbot}/topics?assignments=1")[1]
    took = time.perf_counter() - began
    names = [one.name for one in found.dialogues]
    labels = [found.labels[name] for name in names]
    topic_of = [told["assignments"][name] for name in names]
    name_of = {one["id"]: one["name"] for one in told["topics"]}
    alone = sum(topic is None for topic in topic_of) / len(names)
    named = sum(is_named(name_of.get(topic, ""), label) for topic, label in zip(topic_of, labels, strict=True))
    beside = plain([said_in(one) for one in found.dialogues], len(set(labels)))
    ours = nmi(topic_of, labels)
    print(f"{found.name}: {len(names):,} conversations, {len(set(labels))} labels, {len(told['topics'])} topics; "
          f"{judged:.0f} s until all had a vector, {took:.0f} s in all; coverage {told['coverage']}")  # fmt: skip
    print(
        f"  topics            NMI {ours:.3f}  ARI {ari(topic_of, labels):.2f}  in no topic {alone:.2f}  named {named / len(names):.2f}"
    )
    print(
        f"  k-means on TF-IDF NMI {nmi(beside, labels):.3f}  ARI {ari(beside, labels):.2f}  (told the number of labels)"
    )
    if examples:
        show(server, chatbot, told)
    return ours


def wait(server: Server, chatbot: str, many: int) -> float:
    began = time.perf_counter()
    while time.perf_counter() - began < 1200:
        covered = server.ask("GET", f"/api/v1/chatbots/{chatbot}/topics")[1]["coverage"]
        if covered["analysed"] + covered["untold"] >= many and not covered["waiting"]:
            break
        time.sleep(0.5)
    return time.perf_counter() - began


def show(server: Server, chatbot: str, told: dict[str, Any]) -> None:
    for one in told["topics"]:
        detail = server.ask("GET", f"/api/v1/chatbots/{chatbot}/topics/{one['id']}")[1]
        print(f"  {one['name']} ({one['conversations']}): {', '.join(one['phrases'][1:4])}")
        for example in detail["examples"][:3]:
            print(f"    - {example['words'][:110]}")


def grow(folder: Path, sizes: Sequence[int], model_folder: Path) -> None:
    file = model_folder / "minilm.onnx"
    build(file)
    texts = [text for one in labelled(folder, 700) for talk in one.dialogues if (text := said_in(talk))]
    began = time.perf_counter()
    vectors = Model(file, threads=1).embed(texts)
    print(f"vectors: {len(texts) / (time.perf_counter() - began):.0f} conversations/s on one thread")
    chance = np.random.default_rng(5)
    for many in sizes:
        chosen = chance.integers(0, len(texts), many)
        noise = chance.normal(0, 0.02, (many, vectors.shape[1]))
        rows = unit((vectors[chosen] + noise).astype(np.float32))
        gathered = Gathered(b"".join(pack(rows)), [texts[place] for place in chosen], [-1] * many, [], [])
        began = time.perf_counter()
        found = group(gathered)
        print(f"grouping {many:>7,} conversations: {time.perf_counter() - began:.1f} s, {len(found.groups)} groups")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, default=SETS, help="folder of the labelled sets")
    parser.add_argument("--limit", type=int, default=1_000_000, help="dialogues of each set")
    parser.add_argument("--grow", type=int, nargs="*", help="time of grouping so many conversations, and no server")
    parser.add_argument("--examples", action="store_true", help="print three conversations of each topic")
    given = parser.parse_args()
    if not given.sets.exists():
        print(f"skipped: the labelled sets are not at {given.sets}")
        return
    with Server() as server:
        if given.grow:
            grow(given.sets, given.grow, server.data_dir)
            return
        found = [measure(server, one, examples=given.examples) for one in labelled(given.sets, given.limit)]
    print(f"mean NMI {sum(found) / len(found):.3f}, bar {BAR[0]}, stretch {BAR[1]}")


if __name__ == "__main__":
    main()
