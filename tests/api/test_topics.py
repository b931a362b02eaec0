"""docs/api/topics.md, played row by row, and what a table cannot say."""

from dataclasses import dataclass
from uuid import UUID

import httpx
import numpy as np
import pytest
import pytest_asyncio

from noctule import analysis
from noctule.analysis import Topic, TopicId
from noctule.analysis.store import meanings
from noctule.analysis.store import topics as store
from noctule.analysis.topics.packed import pack
from noctule.analysis.topics.told import tell_facts
from noctule.base.ids import new_id
from noctule.chatbots import ChatbotId
from tests.api.test_chatbots import sign_in_as
from tests.conftest import Bot, TurnableClock, said
from tests.scenarios import Row, assert_matches, expand, scenarios

GROUPS = scenarios("topics.md")


@dataclass
class Sorted:
    """A chatbot with two topics."""

    bot: Bot
    parcel: TopicId
    invoice: TopicId


@pytest_asyncio.fixture
async def sorted_bot(bot: Bot, clock: TurnableClock) -> Sorted:
    await bot.capture("c-1", said("Where is my parcel? It is late."))
    await bot.capture("c-2", said("What is the meaning of life?"))
    clock.passes(seconds=10)
    database, chatbot_id = bot.owner.world.database, ChatbotId(UUID(bot.id))
    await analysis.judge_due(database)
    vectors = pack(np.eye(2, 384, dtype=np.float32))
    topics = [
        Topic(TopicId(new_id()), [word, "late"], vector, clock.now, x=0.5)
        for word, vector in zip(("parcel", "invoice"), vectors, strict=True)
    ]
    async with database.transaction() as db:
        await store.make_grouping(db, chatbot_id)
        for topic in topics:
            await store.save_topic(db, chatbot_id, topic)
        read = sorted(await meanings.due(db, chatbot_id, 10), key=lambda one: one.said[0], reverse=True)
        places: list[tuple[TopicId | None, float | None]] = [(topics[0].id, 1.0), (None, None)]
        await meanings.save_meanings(db, chatbot_id, read, vectors=vectors, topics=places)
        await tell_facts(db, chatbot_id)
    return Sorted(bot, topics[0].id, topics[1].id)


@pytest.mark.parametrize("rows", [rows for _, rows in GROUPS], ids=[case for case, _ in GROUPS])
async def test_the_documented_cases(rows: list[Row], sorted_bot: Sorted) -> None:
    bot, clients = sorted_bot.bot, dict[str, httpx.AsyncClient]()
    if "{archived}" in rows[0].path:
        assert (await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/archive")).status_code == 200
    for row in rows:
        client = clients[row.caller] = clients.get(row.caller) or await sign_in_as(row.caller, bot)
        path = filled(row.path, sorted_bot)
        headers = {"content-type": "application/json"} if row.body else {}
        body = expand(filled(row.body, sorted_bot)).encode()
        answer = await client.request(row.method, path, content=body, headers=headers)
        assert answer.status_code == row.status, f"{row.case}: {answer.text}"
        assert_matches(row.answer, answer.json(), row.case)


def filled(text: str, one: Sorted) -> str:
    things = {"id": one.bot.id, "archived": one.bot.id, "topic": str(one.parcel), "other": str(one.invoice)}
    for name, value in things.items():
        text = text.replace(f"{{{name}}}", value)
    return text


async def test_another_chatbot_has_none_of_it(sorted_bot: Sorted) -> None:
    owner = sorted_bot.bot.owner
    other = await owner.new_chatbot("Another")
    path = f"/api/v1/chatbots/{other.id}/topics"
    found = (await owner.client.get(path, params={"assignments": "1"})).json()
    assert (found["topics"], found["assignments"]) == ([], {})
    assert (await owner.client.get(f"{path}/{sorted_bot.parcel}")).status_code == 404
    assert (await owner.client.patch(f"{path}/{sorted_bot.parcel}", json={"name": "x"})).status_code == 404
    assert (await owner.client.post(f"{path}/{sorted_bot.parcel}/split")).status_code == 404


async def test_every_change_is_in_the_audit_log(sorted_bot: Sorted) -> None:
    client, bot = sorted_bot.bot.owner.client, sorted_bot.bot
    path = f"/api/v1/chatbots/{bot.id}/topics"
    await client.patch(f"{path}/{sorted_bot.parcel}", json={"name": "Parcels"})
    await client.post(f"{path}/{sorted_bot.parcel}/split")
    await client.post(f"{path}/{sorted_bot.parcel}/merge", json={"into": str(sorted_bot.invoice)})
    await client.post(f"{path}/rebuild")
    async with bot.owner.world.database.transaction() as db:
        actions = await db.values(
            "select action from audit_log where target in ($1, $2) order by id", bot.id, str(sorted_bot.parcel)
        )
    assert actions[1:] == ["topic.changed", "topic.split", "topic.merged", "topics.rebuilt"]
