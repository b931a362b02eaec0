"""docs/api/privacy.md, played row by row."""

import pytest

from noctule import analysis
from noctule.base import jobs
from noctule.main.recurring import HANDLERS
from tests.api.test_chatbots import sign_in_as
from tests.conftest import Bot, TurnableClock, said
from tests.scenarios import Row, assert_matches, scenarios

GROUPS = scenarios("privacy.md")


async def two_users(bot: Bot, clock: TurnableClock) -> None:
    ann = {"id": "u1", "name": "Ann", "email": "ann@example.com"}
    await bot.capture(
        "a", said("Where is my parcel?", sentAt="2025-03-15T10:00:00Z"), user=ann, custom={"tier": "gold"}
    )
    await bot.capture("b", said("I love this"), user=ann, organization={"name": "Acme"})
    await bot.capture("c", said("I hate this", sentAt="2025-03-15T10:00:00Z"), user={"id": "u2", "name": "Ben"})
    client = bot.owner.client
    lead = {"email": "ANN@example.com", "name": "Ann"}
    assert (await client.post(f"/api/v1/chatbots/{bot.id}/leads", json=lead)).status_code < 300
    await judge(bot, clock)
    listed = (await client.get(f"/api/v1/conversations?chatbotId={bot.id}")).json()["conversations"]
    (about,) = [one["id"] for one in listed if one["external_conversation_id"] == "a"]
    await client.post(f"/api/v1/conversations/{about}/notes", json={"text": "Call her."})


async def judge(bot: Bot, clock: TurnableClock) -> None:
    database = bot.owner.world.database
    clock.passes(seconds=5)
    while await analysis.judge_due(database) + await analysis.renew_due(database):
        pass
    clock.passes(seconds=5)


async def left_of(bot: Bot) -> int:
    while await jobs.run_next(bot.owner.world.database, HANDLERS):
        pass
    async with bot.owner.world.database.transaction() as db:
        return await db.value("select count(*) from conversations")


@pytest.mark.parametrize("rows", [rows for _, rows in GROUPS], ids=[case for case, _ in GROUPS])
async def test_the_documented_cases(rows: list[Row], bot: Bot, clock: TurnableClock) -> None:
    await two_users(bot, clock)
    person = (await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}/users/u1")).json()["id"]
    for row in rows:
        path = row.path.replace("{id}", bot.id).replace("{user}", person)
        answer = await (await sign_in_as(row.caller, bot)).request(row.method, path)
        assert answer.status_code == row.status, f"{row.case}: {answer.text}"
        assert_matches(row.answer, answer.json(), row.case)
        assert await left_of(bot) == int(row.after), row.case
