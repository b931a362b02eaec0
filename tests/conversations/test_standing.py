"""Chatbots at a glance."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from noctule import conversations
from noctule.chatbots import ChatbotId
from tests.conftest import Bot, Person, said


async def test_standings(owner: Person, bot: Bot) -> None:
    for name in "abc":
        await bot.capture(name, said("Hello", sentAt=f"2025-03-1{ord(name) - 96}T10:00:00Z"))
    empty = await owner.new_chatbot("Empty")
    ids = [ChatbotId(UUID(one.id)) for one in (bot, empty)]
    async with owner.world.database.transaction() as db:
        found = await conversations.standings_of(db, ids, most=2)
        assert found[ids[0]].conversations == 2
        assert found[ids[0]].last_message_at == datetime(2025, 3, 13, 10, tzinfo=UTC)
        assert (found[ids[1]].conversations, found[ids[1]].last_message_at) == (0, None)


async def test_who_is_talking(bot: Bot) -> None:
    await bot.capture("now", said("Hello"))
    await bot.capture("before", said("Hello", sentAt="2025-03-13T10:00:00Z"))
    chatbot_id = ChatbotId(UUID(bot.id))
    async with bot.owner.world.database.transaction() as db:
        since = db.now - timedelta(minutes=5)
        assert await conversations.count_talking(db, chatbot_id, since=since) == 1
