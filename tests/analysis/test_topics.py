"""Topics: what conversations have in common, kept the same through groupings, with what people changed."""

from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any

import pytest_asyncio

from noctule import analysis
from noctule.base import jobs
from noctule.base.embed import Embedder
from noctule.base.settings import Settings
from noctule.main.recurring import HANDLERS, learning
from tests.analysis.speech import INVOICES, PARCELS, PASSWORDS
from tests.conftest import Bot, TurnableClock, said


@pytest_asyncio.fixture
async def embedder(model_folder: Path) -> AsyncGenerator[Embedder]:
    embedder = Embedder(model_folder)
    yield embedder
    await embedder.close()


async def tell(bot: Bot, texts: Sequence[str], name: str) -> None:
    for number, text in enumerate(texts):
        answer = await bot.capture(f"{name}-{number}", said(text), said("Let me see.", role="assistant"))
        assert answer.status_code == 200, answer.text


async def work(bot: Bot, clock: TurnableClock, embedder: Embedder) -> None:
    """Judge all, then run every job that is due within the next minute."""
    database = bot.owner.world.database
    for _ in range(6):
        clock.passes(seconds=10)
        while await analysis.judge_due(database):
            pass
        while await jobs.run_next(database, {**HANDLERS, **learning(embedder, Settings())}):
            pass


async def topics(bot: Bot, **asked: str) -> dict[str, Any]:
    answer = await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}/topics", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def change(bot: Bot, topic: str, **what: Any) -> dict[str, Any]:
    answer = await bot.owner.client.patch(f"/api/v1/chatbots/{bot.id}/topics/{topic}", json=what)
    assert answer.status_code == 200, answer.text
    return answer.json()["topic"]


async def rebuild(bot: Bot, clock: TurnableClock, embedder: Embedder) -> None:
    answer = await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/topics/rebuild")
    assert answer.status_code == 202, answer.text
    await work(bot, clock, embedder)
    job = (await bot.owner.client.get(f"/api/v1/jobs/{answer.json()['job']['id']}")).json()
    assert job["status"] == "done", job


@pytest_asyncio.fixture
async def grouped(bot: Bot, clock: TurnableClock, embedder: Embedder) -> Bot:
    for name, texts in (("parcel", PARCELS), ("password", PASSWORDS), ("invoice", INVOICES)):
        await tell(bot, texts, name)
    await work(bot, clock, embedder)
    return bot


async def test_conversations_become_topics_by_themselves(grouped: Bot) -> None:
    found = await topics(grouped, assignments="1")
    assert found["coverage"] == {"analysed": 36, "total": 36, "assigned": 36, "waiting": 0, "untold": 0}
    assert sorted(one["name"].lower().split()[0] for one in found["topics"]) == ["invoice", "parcel", "password"]
    assert sum(one["conversations"] for one in found["topics"]) == 36
    of_kind = {name.split("-")[0]: set[str]() for name in found["assignments"]}
    for name, topic in found["assignments"].items():
        of_kind[name.split("-")[0]].add(topic)
    assert all(len(ids) <= 2 for ids in of_kind.values()), of_kind
    assert found["reason"] is None
