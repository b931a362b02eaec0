"""How often is the right passage found, and how quickly?

    python -m bench.retrieval --sets FOLDER [--questions 400] [--sizes 1000 10000 100000]

Quality: MRR@10 of a running server over HTTP, on sets of passages and questions (`retrieval_*.jsonl.gz`; without the folder
this part is left out), beside PostgreSQL's ts_rank, plain BM25 over lower-case words, and MiniLM alone, in the same run.
Speed: p50 and p95 of `knowledge.search` at growing sizes, on made-up passages with made-up vectors, in one chatbot; beside
them the processor time of one search, which other work on the machine changes little.
"""

import argparse
import asyncio
import gzip
import hashlib
import http.client
import json
import math
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import asyncpg
import numpy as np
import uvloop

from bench.server import Server
from bench.tree import cpu_of
from noctule import knowledge
from noctule.base.db import connect
from noctule.base.embed import Embedder
from noctule.base.ids import new_id
from noctule.base.migrate import migrate
from noctule.base.postgres import Postgres
from noctule.base.words import terms_of
from noctule.chatbots import ChatbotId
from noctule.knowledge import rank
from noctule.knowledge.models import Passage, SourceId
from noctule.knowledge.store import index
from noctule.knowledge.vectors import written

BAR_MRR, BAR_MS = 0.88, 30.0
SEARCHES = 200
Ranking = Callable[[str], Sequence[int]]
Asked = tuple[str, int]  # a question and the number of the passage that answers it


def load(path: Path, most: int) -> tuple[list[str], list[Asked]]:
    content = cast("dict[str, Any]", json.loads(gzip.decompress(path.read_bytes())))
    passages = [
        one["text"] if isinstance(one, dict) else one for one in content.get("passages") or content["sentences"]
    ]
    asked = [(one["q"], one.get("p", one.get("s"))) for one in content["questions"]]
    return passages, random.Random(5).sample(asked, min(most, len(asked)))


def mrr(asked: Sequence[Asked], ranking: Ranking) -> float:
    total = 0.0
    for question, right in asked:
        best = list(ranking(question))[:10]
        total += 1 / (best.index(right) + 1) if right in best else 0
    return total / len(asked)


class Taught:
    """A chatbot of a running server that has learned a set."""

    def __init__(self, server: Server, name: str, passages: Sequence[str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
        self._token = server.token
        self._path = f"/api/v1/chatbots/{self._call('POST', '/api/v1/chatbots', {'name': name})['chatbot']['id']}"
        job: dict[str, Any] = {}
        for start in range(0, len(passages), 1000):
            some = [
                {"kind": "text", "external_id": str(number), "text": passages[number]}
                for number in range(start, min(start + 1000, len(passages)))
            ]
            job = self._call("POST", f"{self._path}/sources", {"sources": some})["job"]
        while (state := self._call("GET", f"/api/v1/jobs/{job['id']}"))["status"] != "done":
            if state["status"] == "failed":
                raise RuntimeError(state["error"])
            time.sleep(0.3)

    def ranking(self, question: str) -> list[int]:
        hits = self._call("POST", f"{self._path}/search", {"query": question, "limit": 10})["hits"]
        return list(dict.fromkeys(int(hit["external_id"]) for hit in hits))

    def change_and_wait(self) -> float:
        """Seconds until a changed text answers differently."""
        began = time.monotonic()
        source = {"kind": "text", "external_id": "0", "text": "The zyzzogeton is an insect."}
        self._call("POST", f"{self._path}/sources", source)
        while 0 not in self.ranking("zyzzogeton"):
            time.sleep(0.02)
        return time.monotonic() - began

    def _call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        self._connection.close()  # the server may have done so while others were measured
        headers = {"authorization": f"Bearer {self._token}", "content-type": "application/json"}
        self._connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
        return json.loads(content)


def plain_bm25(passages: Sequence[str]) -> Ranking:
    """Words in lower case, nothing else, with the usual k1 = 1.2 and b = 0.75."""
    words = [text.lower().split() for text in passages]
    mean = sum(map(len, words)) / len(words)
    holding: dict[str, list[tuple[int, float]]] = {}
    for number, one in enumerate(words):
        for word, times in Counter(one).items():
            weight = times * 2.2 / (times + 1.2 * (0.25 + 0.75 * len(one) / mean))
            holding.setdefault(word, []).append((number, weight))

    def ranking(question: str) -> list[int]:
        scores = np.zeros(len(words))
        for word in set(question.lower().split()):
            found = holding.get(word, [])
            rarity = math.log(1 + (len(words) - len(found) + 0.5) / (len(found) + 0.5))
            for number, weight in found:
                scores[number] += rarity * weight
        return np.argsort(-scores, kind="stable")[:10].tolist()

    return ranking


def ts_rank(url: str, passages: Sequence[str], asked: Sequence[Asked], configuration: str) -> float:
    async def measure() -> float:
        connection: Any = await asyncpg.connect(url)
        await connection.execute("drop table if exists bench; create table bench (number int, words tsvector)")
        await connection.execute(
            "insert into bench select n - 1, to_tsvector($2::regconfig, t) from unnest($1::text[]) with ordinality as g (t, n)",
            list(passages), configuration,
        )  # fmt: skip
        found: dict[str, list[int]] = {}
        for question, _ in asked:
            rows = await connection.fetch(
                "with q as (select replace(plainto_tsquery($2::regconfig, $1)::text, '&', '|')::tsquery as query) "
                "select number from bench, q where words @@ query order by ts_rank(words, query) desc limit 10",
                question, configuration,
            )  # fmt: skip
            found[question] = [row[0] for row in rows]
        await connection.close()
        return mrr(asked, found.__getitem__)

    return asyncio.run(measure())


def by_meaning(embedder: Embedder, passages: Sequence[str], asked: Sequence[Asked]) -> float:
    async def measure() -> float:
        known, questions = await embedder.embed(passages), await embedder.embed([question for question, _ in asked])
        await embedder.close()
        assert known is not None
        assert questions is not None
        best = dict(
            zip((question for question, _ in asked), np.argsort(-(questions @ known.T), axis=1)[:, :10], strict=True)
        )
        return mrr(asked, lambda question: best[question].tolist())

    return asyncio.run(measure())


def quality(folder: Path, most: int) -> None:
    configurations = {"tr": "turkish", "el": "greek", "ro": "romanian", "sentences": "english"}
    print(f"{'MRR@10':24}{'noctule':>9}{'ts_rank':>9}{'bm25':>9}{'minilm':>9}")
    ours: list[float] = []
    with (
        tempfile.TemporaryDirectory(prefix="noctule-retrieval-") as own,
        Server(workers=1) as server,
        Postgres(Path(own) / "postgres") as postgres,
    ):
        server.new_chatbot()  # and an account
        embedder = Embedder(server.data_dir)
        asyncio.run(embedder.prepare())
        for path in sorted(folder.glob("retrieval_*.jsonl.gz")):
            name = path.name.removeprefix("retrieval_").partition(".")[0]
            passages, asked = load(path, most)
            taught = Taught(server, name, passages)
            ours.append(mrr(asked, taught.ranking))
            others = [
                ts_rank(postgres.url, passages, asked, configurations.get(name.rpartition("_")[2], "simple")),
                mrr(asked, plain_bm25(passages)),
                by_meaning(Embedder(server.data_dir), passages, asked),
            ]
            print(f"{name:24}{ours[-1]:9.3f}{others[0]:9.3f}{others[1]:9.3f}{others[2]:9.3f}", flush=True)
            print(f"  a changed text answers after {taught.change_and_wait():.2f} s", flush=True)
    mean = sum(ours) / len(ours)
    print(f"mean {mean:.3f} (bar {BAR_MRR})  {'ok' if mean >= BAR_MRR else 'MISSED'}")


async def speed(url: str, sizes: Sequence[int], model: Embedder) -> None:
    dice = np.random.default_rng(3)
    await migrate(url)
    async with connect(url) as database:
        chatbot_id, source_id = ChatbotId(new_id()), SourceId(new_id())
        async with database.transaction() as db:
            org_id = new_id()
            await db.run(
                "insert into organizations (id, name, slug, created_at) values ($1, 'b', 'b', $2)", org_id, db.now
            )
            await db.run(
                "insert into chatbots (id, org_id, name, key_prefix, key_hash, settings, created_at) "
                "values ($1, $2, 'b', 'b', 'b', '{}', $3)", chatbot_id, org_id, db.now,
            )  # fmt: skip
            await db.run(
                "insert into sources (chatbot_id, id, kind, text, revision, created_at, updated_at) "
                "values ($1, $2, 'text', '', 1, $3, $3)", chatbot_id, source_id, db.now,
            )  # fmt: skip
            await index.make_state(db, chatbot_id)
        done, words = (
            0,
            [
                f"{a}{b}{c}"
                for a in "bdfgklmnprst"
                for b in "aeiou"
                for c in (f"{d}{e}" for d in "lmnrst" for e in range(100))
            ],
        )
        for size in sizes:
            began = time.monotonic()
            for start in range(done, size, 2000):
                async with database.transaction() as db:
                    await fill(db, chatbot_id, source_id, range(start, min(start + 2000, size)), words, dice)
            async with database.transaction() as db:
                state = await index.lock_state(db, chatbot_id)
                assert state is not None
                await index.join_segments(db, chatbot_id, state.next_segment, since=0)
                await index.take_numbers(db, chatbot_id, passages=0, segments=1)
                await index.switch(db, chatbot_id, 1)
            async with database.transaction() as db:
                await db.run("analyze")
            done = size
            built = time.monotonic() - began
            await search_times(database, model, chatbot_id, words, count=50)  # warms up
            before = await processor_time(database, model)
            times = await search_times(database, model, chatbot_id, words, count=SEARCHES)
            after = await processor_time(database, model)
            cpu = [(now - then) / SEARCHES * 1000 for now, then in zip(after, before, strict=True)]
            p50, p95 = np.percentile(times, [50, 95])
            verdict = "ok" if p95 <= BAR_MS else "MISSED"
            print(
                f"{size:>8} passages: p50 {p50:5.1f} ms, p95 {p95:5.1f} ms (bar {BAR_MS:.0f})  {verdict}; processor time "
                f"{sum(cpu):.1f} ms: Python {cpu[0]:.1f}, PostgreSQL {cpu[1]:.1f}, model {cpu[2]:.1f}; built in {built:.0f} s",
                flush=True,
            )


async def fill(
    db: Any, chatbot_id: ChatbotId, source_id: SourceId, numbers: range, words: list[str], dice: Any
) -> None:
    """Passages of a hundred words, common and rare ones as in a language, and vectors around a thousand subjects."""
    subjects = np.random.default_rng(1).normal(size=(1000, 384))
    passages, terms, vectors = list[Passage](), list[tuple[int, list[str]]](), list[str]()
    for number in numbers:
        picked = [words[min(int(place), len(words) - 1)] for place in dice.zipf(1.3, size=100) % len(words)]
        text = " ".join(picked)
        digest = hashlib.sha256(f"{number}".encode()).digest()[:16]
        passages.append(
            Passage(number + 1, source_id, "", number * 10000, number * 10000 + len(text), text, "en", digest)
        )
        terms.append((number + 1, terms_of(text, "en")))
        vector = subjects[number % 1000] + dice.normal(size=384)
        vectors.append(written(vector / np.linalg.norm(vector)))
    state = await index.lock_state(db, chatbot_id)
    assert state is not None
    await index.insert_passages(db, chatbot_id, 1, passages)
    await index.insert_terms(db, chatbot_id, state.next_segment, rank.postings(terms))
    await index.take_numbers(db, chatbot_id, passages=len(passages), segments=1)
    await index.insert_vectors(db, chatbot_id, [one.digest for one in passages], vectors)


async def processor_time(database: Any, model: Embedder) -> tuple[float, float, float]:
    """Seconds so far: of this process, of PostgreSQL for it, of the model."""
    async with database.transaction() as db:
        backends = await db.values("select pid from pg_stat_activity where application_name = 'noctule'")
    return time.process_time(), sum(map(cpu_of, backends)), cpu_of(model.pid) if model.pid else 0.0


async def search_times(
    database: Any, model: Embedder, chatbot_id: UUID, words: list[str], *, count: int
) -> list[float]:
    dice, times = random.Random(9), list[float]()
    for _ in range(count):
        question = " ".join(words[min(int(dice.paretovariate(0.4)), len(words) - 1)] for _ in range(8))
        began = time.perf_counter()
        answer = await knowledge.search(database, model, ChatbotId(chatbot_id), question, limit=10)
        times.append((time.perf_counter() - began) * 1000)
        assert answer.hits
    return times


async def measure_speed(folder: Path, url: str, sizes: Sequence[int]) -> None:
    model = Embedder(folder)
    await model.prepare()
    await speed(url, sizes, model)
    await model.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, help="a folder with retrieval_*.jsonl.gz")
    parser.add_argument("--questions", type=int, default=400, help="of each set")
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000, 10_000, 100_000])
    given = parser.parse_args()
    if given.sets and given.sets.is_dir():
        quality(given.sets, given.questions)
    else:
        print("no sets: quality is not measured")
    if given.sizes:
        with (
            tempfile.TemporaryDirectory(prefix="noctule-retrieval-") as folder,
            Postgres(Path(folder) / "postgres") as postgres,
        ):
            uvloop.run(measure_speed(Path(folder), postgres.url, given.sizes))


if __name__ == "__main__":
    main()
