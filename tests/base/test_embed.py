"""The model itself, built from its weights: what it says, and what happens while it is not there or dies."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator
from pathlib import Path

import numpy as np
import pytest_asyncio

from noctule.base.embed import DIMENSIONS, Embedder


@pytest_asyncio.fixture
async def embedder(model_folder: Path) -> AsyncGenerator[Embedder]:
    embedder = Embedder(model_folder)
    yield embedder
    await embedder.close()


async def test_what_means_the_same_is_near(embedder: Embedder) -> None:
    vectors = await embedder.embed(
        ["How do I reset my password?", "I forgot my login", "Our office is closed on Sundays", "", "word " * 5000]
    )
    assert vectors is not None
    assert vectors.shape == (5, DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert vectors[0] @ vectors[1] > 0.45
    assert vectors[0] @ vectors[2] < 0.2


async def test_a_batch_says_what_each_says_alone(embedder: Embedder) -> None:
    texts = [f"{n} shipments of number {n} " * (n % 7 + 1) for n in range(70)]
    together = await embedder.embed(texts)
    assert together is not None
    for index in (0, 5, 69):
        alone = await embedder.embed([texts[index]])
        assert alone is not None
        assert float(alone[0] @ together[index]) > 0.98, "eight bits are chosen per batch, so nearly the same"


async def test_nothing_is_nothing(embedder: Embedder) -> None:
    vectors = await embedder.embed([])
    assert vectors is not None
    assert vectors.shape == (0, DIMENSIONS)


async def test_a_child_that_was_killed_is_started_again(embedder: Embedder) -> None:
    await embedder.embed(["one"])
    assert embedder._child is not None
    os.kill(embedder._child.pid, signal.SIGKILL)
    await embedder._child.wait()
    assert await embedder.embed(["two"]) is not None


async def test_a_child_that_nobody_asks_rests_and_the_next_question_is_answered(embedder: Embedder) -> None:
    assert await embedder.embed(["one"]) is not None
    child = embedder._child
    assert child is not None
    resting = asyncio.create_task(embedder.rest(after=0.2))
    async with asyncio.timeout(20):
        await child.wait()
    resting.cancel()
    assert await embedder.embed(["two"]) is not None


async def test_many_ask_at_once_and_one_gives_up(embedder: Embedder) -> None:
    impatient = asyncio.create_task(embedder.embed(["slow " * 200] * 64))
    await asyncio.sleep(0.05)
    impatient.cancel()
    first, second = await asyncio.gather(embedder.embed(["a cat"]), embedder.embed(["an invoice"]))
    assert first is not None
    assert second is not None
    assert float(first[0] @ second[0]) < 0.5


async def test_without_a_model_there_are_no_vectors_until_it_is_built(tmp_path: Path) -> None:
    embedder = Embedder(tmp_path)
    assert await embedder.embed(["one"]) is None
    await asyncio.gather(embedder.prepare(), Embedder(tmp_path).prepare())  # two servers of one folder
    assert await embedder.embed(["one"]) is not None
    assert [path.name for path in embedder.path.parent.iterdir() if path.suffix == ".onnx"] == [embedder.path.name]
    await embedder.close()


def test_no_torch_comes_in() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (Path(__file__).parents[2] / name).read_text()
        assert "torch" not in text
        assert "sentence-transformers" not in text
