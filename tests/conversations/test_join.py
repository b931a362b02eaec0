"""Whom conversations were with that an older version stored, which knew nobody."""

from datetime import timedelta
from uuid import UUID

from noctule.base.ids import new_id
from noctule.base.jobs import Job
from noctule.conversations import meet_people
from tests.conftest import Bot, TurnableClock, said


async def people_of(bot: Bot) -> dict[str, int]:
    found = (await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}/users")).json()["users"]
    return {one["external_id"]: one["conversations"] for one in found}


async def test_whom_nobody_knew_is_met_once(bot: Bot, clock: TurnableClock) -> None:
    await bot.capture("a", said("Hi"), user={"id": "u1"})
    await bot.capture("b", said("Hi"), user={"id": "u1"})
    await bot.capture("c", said("Hi"))
    database = bot.owner.world.database
    async with database.transaction() as db:
        await db.run("update conversations set person_id = null where chatbot_id = $1", UUID(bot.id))
        await db.run("delete from people where chatbot_id = $1", UUID(bot.id))
    until = clock.now + timedelta(seconds=1)
    clock.passes(minutes=1)
    await bot.capture("later", said("Hi"), user={"id": "u2"})
    job = Job(new_id(), "meet_people", {"chatbot_id": bot.id, "until": until.isoformat()}, 1)
    for _ in range(2):
        await meet_people(database, job)
        async with database.transaction() as db:
            met = await db.values(
                "select p.external_id from conversations c join people p on p.chatbot_id = c.chatbot_id and p.id = c.person_id"
                " where c.chatbot_id = $1 order by c.external_id",
                UUID(bot.id),
            )
        assert met == ["u1", "u1", "u2"]
    assert set(await people_of(bot)) == {"u1", "u2"}
