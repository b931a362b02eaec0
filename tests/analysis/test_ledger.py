"""The ledger: what was acknowledged is stored, judged or explained."""

from uuid import UUID

from noctule import analysis
from noctule.analysis import Entry
from noctule.base.db import Database
from noctule.chatbots import ChatbotId
from tests.conftest import Bot, said


async def entry_of(bot: Bot) -> Entry:
    """Of the hour, or of two when one has just begun."""
    async with bot.owner.world.database.transaction() as db:
        entries = (await analysis.ledger(db, [ChatbotId(UUID(bot.id))]))[ChatbotId(UUID(bot.id))]
    assert all(one.is_explained for one in entries)
    assert len(entries) <= 2
    return Entry(
        entries[0].hour,
        *(sum(getattr(one, name) for one in entries) for name in Entry.__dataclass_fields__ if name != "hour"),
    )


async def test_each_message_is_accounted_for(bot: Bot) -> None:
    database = bot.owner.world.database
    await bot.capture("a", said("Where is my parcel?", id="1"), said("On its way.", "assistant", id="2"))
    await bot.capture("a", said("Where is my parcel?", id="1"), said("Thanks!", id="3"))
    other = (await bot.capture("b", said("Where is my parcel?", id="1"))).json()["conversationId"]
    entry = await entry_of(bot)
    assert (entry.accepted, entry.stored, entry.repeated, entry.waiting) == (5, 4, 1, 4)

    await make_due(database)
    await analysis.judge_due(database)
    entry = await entry_of(bot)
    assert (entry.judged, entry.waiting, entry.deleted) == (4, 0, 0)

    async with database.transaction() as db:
        await db.run("delete from conversations where chatbot_id = $1 and id = $2", UUID(bot.id), UUID(other))
    entry = await entry_of(bot)
    assert (entry.stored, entry.judged, entry.deleted) == (4, 3, 1)


async def test_a_request_that_is_refused_is_not_accepted(bot: Bot) -> None:
    await bot.capture("a", said("Hello", id="1"))
    refused = await bot.owner.client.post("/api/v1/capture", json={}, headers={"authorization": f"Bearer {bot.key}"})
    assert refused.status_code == 400
    assert (await entry_of(bot)).accepted == 1


async def make_due(database: Database) -> None:
    async with database.transaction() as db:
        await db.run("update conversations set analysis_due_at = $1", db.now)
