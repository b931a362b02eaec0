"""Topics: what conversations have in common, kept the same through groupings, with what people changed."""

from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest_asyncio

from noctule import analysis
from noctule.analysis import Sought
from noctule.base import jobs
from noctule.base.embed import Embedder
from noctule.base.settings import Settings
from noctule.chatbots import ChatbotId
from noctule.main.recurring import HANDLERS, learning
from tests.analysis.speech import INVOICES, PARCELS, PASSWORDS, TULIPS
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


def named(found: dict[str, Any], word: str) -> dict[str, Any]:
    """The biggest topic whose name has the word."""
    return next(one for one in found["topics"] if word in one["name"].lower())


async def conversations_with(bot: Bot, condition: str) -> set[str]:
    asked = {"chatbotId": bot.id, "f": condition, "limit": "100"}
    answer = await bot.owner.client.get("/api/v1/conversations", params=asked)
    assert answer.status_code == 200, answer.text
    return {one["external_conversation_id"] for one in answer.json()["conversations"]}


async def test_every_topic_opens_its_conversations(grouped: Bot) -> None:
    found = await topics(grouped, assignments="1")
    for one in found["topics"]:
        inside = {name for name, topic in found["assignments"].items() if topic == one["id"]}
        assert await conversations_with(grouped, f"topic:is:{one['id']}") == inside
        assert len(inside) == one["conversations"]
    topic = named(found, "parcel")
    name = next(name for name, inside in found["assignments"].items() if inside == topic["id"])
    read = await grouped.owner.client.get(f"/api/v1/conversations/{name}", params={"chatbotId": grouped.id})
    assert read.json()["analysis"]["topics"] == [{"id": topic["id"], "name": topic["name"]}]


async def test_topics_stay_the_same_when_conversations_come(
    grouped: Bot, clock: TurnableClock, embedder: Embedder
) -> None:
    before = await topics(grouped)
    await tell(grouped, [f"Hello, {text}" for text in PARCELS], "more-parcels")
    await work(grouped, clock, embedder)
    at_once = await topics(grouped, assignments="1")
    parcels = named(before, "parcel")["id"]
    inside = [at_once["assignments"][f"more-parcels-{number}"] for number in range(12)]
    assert inside.count(parcels) >= 10, "they come to the nearest topic when they are judged"
    await rebuild(grouped, clock, embedder)
    after = await topics(grouped)
    assert {one["id"] for one in before["topics"]} <= {one["id"] for one in after["topics"]}
    assert after["job"]["status"] == "done"


async def test_what_people_change_outlives_groupings(grouped: Bot, clock: TurnableClock, embedder: Embedder) -> None:
    found = await topics(grouped)
    parcels, passwords, invoices = (named(found, word)["id"] for word in ("parcel", "password", "invoice"))
    renamed = await change(grouped, parcels, name="  Where is  my order ")
    assert (renamed["name"], renamed["pinned"]) == ("Where is my order", True)
    assert (await change(grouped, invoices, hidden=True))["hidden"]
    await rebuild(grouped, clock, embedder)
    after = {one["id"]: one for one in (await topics(grouped))["topics"]}
    assert after[parcels]["name"] == "Where is my order"
    assert after[parcels]["conversations"] >= 10
    assert after[invoices]["hidden"]
    assert passwords in after
    plain = await change(grouped, parcels, name="", pinned=False)
    assert (plain["name"], plain["pinned"]) == (named(found, "parcel")["name"], False)


async def test_merged_topics_stay_one(grouped: Bot, clock: TurnableClock, embedder: Embedder) -> None:
    found = await topics(grouped)
    parcels, invoices = named(found, "parcel"), named(found, "invoice")
    path = f"/api/v1/chatbots/{grouped.id}/topics"
    answer = await grouped.owner.client.post(f"{path}/{parcels['id']}/merge", json={"into": invoices["id"]})
    assert answer.json()["topic"]["conversations"] == parcels["conversations"] + invoices["conversations"]
    ended = (await grouped.owner.client.get(f"{path}/{parcels['id']}")).json()
    assert (ended["successor_id"], ended["conversations"]) == (invoices["id"], 0)
    await rebuild(grouped, clock, embedder)
    after = await topics(grouped)
    assert parcels["id"] not in {one["id"] for one in after["topics"]}
    merged = next(one for one in after["topics"] if one["id"] == invoices["id"])
    assert merged["conversations"] == parcels["conversations"] + invoices["conversations"]
    await tell(grouped, ["My parcel has not arrived, please track the delivery."], "late")
    await work(grouped, clock, embedder)
    assert (await topics(grouped, assignments="1"))["assignments"]["late-0"] == invoices["id"]
    assert len(await conversations_with(grouped, f"topic:is:{invoices['id']}")) == merged["conversations"] + 1


async def test_a_topic_is_divided(grouped: Bot, clock: TurnableClock, embedder: Embedder) -> None:
    found = await topics(grouped)
    parcels, invoices = named(found, "parcel")["id"], named(found, "invoice")["id"]
    path = f"/api/v1/chatbots/{grouped.id}/topics"
    await grouped.owner.client.post(f"{path}/{parcels}/merge", json={"into": invoices})
    answer = await grouped.owner.client.post(f"{path}/{invoices}/split")
    assert answer.status_code == 202
    await work(grouped, clock, embedder)
    job = (await grouped.owner.client.get(f"/api/v1/jobs/{answer.json()['job']['id']}")).json()
    assert job["status"] == "done", job
    parts = job["result"]["topics"]
    assert parts[0] == invoices
    after = {one["id"]: one for one in (await topics(grouped))["topics"]}
    assert len(parts) >= 2
    assert all(after[part]["conversations"] >= 4 and after[part]["pinned"] for part in parts)


async def test_what_cannot_be_divided_says_so(grouped: Bot, clock: TurnableClock, embedder: Embedder) -> None:
    path = f"/api/v1/chatbots/{grouped.id}/topics"
    async with grouped.owner.world.database.transaction() as db:
        await db.run(
            "update conversation_meanings set vector = (select vector from conversation_meanings limit 1) where chatbot_id = $1",
            grouped.id,
        )
    one = (await topics(grouped))["topics"][0]
    job = (await grouped.owner.client.post(f"{path}/{one['id']}/split")).json()["job"]
    await work(grouped, clock, embedder)
    ended = (await grouped.owner.client.get(f"/api/v1/jobs/{job['id']}")).json()
    assert ended["status"] == "failed"
    assert "nothing to divide" in ended["error"]


async def test_what_fits_nowhere_waits_until_it_is_ten(grouped: Bot, clock: TurnableClock, embedder: Embedder) -> None:
    before = await topics(grouped)
    await tell(grouped, TULIPS[:8], "tulips")
    await work(grouped, clock, embedder)
    found = await topics(grouped, assignments="1")
    assert found["unassigned"] == 8
    assert found["assignments"]["tulips-0"] is None
    await tell(grouped, TULIPS[8:], "more-tulips")
    await work(grouped, clock, embedder)
    after = await topics(grouped, assignments="1")
    assert after["unassigned"] == 0
    new = after["assignments"]["tulips-0"]
    assert new not in {one["id"] for one in before["topics"]}
    assert new == after["assignments"]["more-tulips-1"]


async def test_a_conversation_that_goes_on_is_read_again(
    grouped: Bot, clock: TurnableClock, embedder: Embedder
) -> None:
    first = (await topics(grouped, assignments="1"))["assignments"]["parcel-0"]
    await grouped.capture("parcel-0", *(said(text) for text in PASSWORDS))
    await work(grouped, clock, embedder)
    found = await topics(grouped, assignments="1")
    assert found["assignments"]["parcel-0"] != first
    assert "parcel-0" in await conversations_with(grouped, f"topic:is:{found['assignments']['parcel-0']}")


async def test_without_the_model_all_else_works_and_vectors_come_later(
    bot: Bot, clock: TurnableClock, embedder: Embedder, tmp_path: Path
) -> None:
    assert (await topics(bot))["reason"] == "There are no conversations yet."
    await tell(bot, [*PARCELS, *PASSWORDS], "early")
    await work(bot, clock, Embedder(tmp_path))
    found = await topics(bot)
    assert found["topics"] == []
    assert found["reason"].startswith("The model for meanings is not there yet.")
    assert found["coverage"] == {"analysed": 0, "total": 24, "assigned": 0, "waiting": 24, "untold": 0}
    async with bot.owner.world.database.transaction() as db:
        await jobs.enqueue(db, "embed_waiting")
    await work(bot, clock, embedder)
    found = await topics(bot)
    assert found["coverage"]["analysed"] == 24
    assert len(found["topics"]) >= 2


async def test_an_empty_answer_tells_why(bot: Bot, clock: TurnableClock, embedder: Embedder, tmp_path: Path) -> None:
    await tell(bot, ["Hi!", "Wo bleibt mein Paket? Ich warte schon seit drei Wochen auf die Lieferung."], "few")
    await work(bot, clock, embedder)
    found = await topics(bot)
    assert found["coverage"] == {"analysed": 0, "total": 2, "assigned": 0, "waiting": 0, "untold": 2}
    assert found["reason"] == (
        "Topics need 10 conversations in which the user says what it is about, in English. So far there are 0."
    )


async def test_topics_are_grouped_every_night(grouped: Bot, clock: TurnableClock, embedder: Embedder) -> None:
    before = (await topics(grouped))["grouped_at"]
    await tell(grouped, ["My parcel is late again and nobody answers."], "one-more")
    await work(grouped, clock, embedder)
    assert (await topics(grouped))["grouped_at"] == before
    clock.passes(days=1)
    async with grouped.owner.world.database.transaction() as db:
        await jobs.enqueue(db, "group_nightly")
    await work(grouped, clock, embedder)
    assert (await topics(grouped))["grouped_at"] > before


async def test_a_change_during_a_grouping_is_kept(grouped: Bot, clock: TurnableClock, embedder: Embedder) -> None:
    """Deleting conversations is no obstacle either."""
    found = await topics(grouped)
    parcels = named(found, "parcel")
    for number in range(12):
        await grouped.owner.client.delete(f"/api/v1/conversations/parcel-{number}", params={"chatbotId": grouped.id})
    await rebuild(grouped, clock, embedder)
    after = await topics(grouped)
    assert parcels["id"] not in {one["id"] for one in after["topics"] if one["conversations"] > 12}


async def test_conversations_are_found_by_what_they_mean(grouped: Bot, embedder: Embedder) -> None:
    world = grouped.owner.world
    chatbot_id, sought = ChatbotId(UUID(grouped.id)), Sought("")
    found = await analysis.search_meanings(
        world.database, embedder, chatbot_id, "my package did not arrive", sought=sought, limit=3
    )
    assert found
    assert {one.content for one in found} <= set(PARCELS)
    assert [one.likeness for one in found] == sorted((one.likeness or 0 for one in found), reverse=True)
    late = Sought("", since=datetime.now(UTC) + timedelta(days=9))
    assert await analysis.search_meanings(world.database, embedder, chatbot_id, "parcel", sought=late, limit=3) == []
