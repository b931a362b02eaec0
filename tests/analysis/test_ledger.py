"""The ledger: what was acknowledged is stored, judged or explained."""

from datetime import timedelta
from uuid import UUID

from noctule import analysis, conversations
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
    await bot.capture("b", said("Where is my parcel?", id="1"))
    entry = await entry_of(bot)
    assert (entry.accepted, entry.stored, entry.repeated, entry.waiting) == (5, 4, 1, 4)

    await make_due(database)
    await analysis.judge_due(database)
    entry = await entry_of(bot)
    assert (entry.judged, entry.waiting, entry.deleted) == (4, 0, 0)

    for deleted in (3, 4):  # the conversation in which something was said first goes first
        async with database.transaction() as db:
            await conversations.remove_before(db, ChatbotId(UUID(bot.id)), db.now + timedelta(days=1), limit=1)
        entry = await entry_of(bot)
        assert (entry.stored, entry.deleted, entry.judged) == (4, deleted, 4 - deleted)


async def test_what_is_lost_is_missing(bot: Bot) -> None:
    await bot.capture("a", said("Where is my parcel?", id="1"), said("On its way.", "assistant", id="2"))
    async with bot.owner.world.database.transaction() as db:
        await db.run("delete from messages where chatbot_id = $1 and external_id = '2'", UUID(bot.id))
        ((lost,),) = (await analysis.ledger(db, [ChatbotId(UUID(bot.id))])).values()
    assert (lost.stored, lost.waiting, lost.missing, lost.is_explained) == (2, 1, 1, False)
    assert lost.difference == {"waiting": 1, "missing": 1}


async def test_of_hours_of_an_older_version_nothing_is_missing(bot: Bot) -> None:
    await bot.capture("a", said("Where is my parcel?", id="1"))
    async with bot.owner.world.database.transaction() as db:
        await db.run("update arrivals set deleted = null where chatbot_id = $1", UUID(bot.id))
        await db.run("delete from messages where chatbot_id = $1", UUID(bot.id))
    assert (await entry_of(bot)).deleted == 1


async def test_what_a_language_leaves_out_is_not_called_judged(bot: Bot) -> None:
    await bot.capture("a", said("Wo ist mein Paket geblieben? Ich warte seit Montag darauf.", id="1"))
    await make_due(bot.owner.world.database)
    await analysis.judge_due(bot.owner.world.database)
    entry = await entry_of(bot)
    assert (entry.judged, entry.unwanted) == (0, 1)


async def test_a_request_that_is_refused_is_not_accepted(bot: Bot) -> None:
    await bot.capture("a", said("Hello", id="1"))
    refused = await bot.owner.client.post("/api/v1/capture", json={}, headers={"authorization": f"Bearer {bot.key}"})
    assert refused.status_code == 400
    assert (await entry_of(bot)).accepted == 1


async def make_due(database: Database) -> None:
    async with database.transaction() as db:
        await db.run("update conversations set analysis_due_at = $1", db.now)
