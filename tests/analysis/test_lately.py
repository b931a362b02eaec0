"""What came in of late: by the days that the overview shows, and what of it was in a language that is not judged."""

from datetime import timedelta
from uuid import UUID

from noctule import analysis, chatbots
from noctule.chatbots import ChatbotId
from tests.conftest import Bot, TurnableClock, said

GERMAN = "Meine Bestellung ist immer noch nicht angekommen, wo bleibt sie denn?"
ENGLISH = "My order has not arrived, and I would like my money back."


async def test_what_is_read_and_what_is_not(bot: Bot, clock: TurnableClock) -> None:
    database = bot.owner.world.database
    clock.now = (clock.now + timedelta(days=1)).replace(hour=12)  # far from midnight, as it goes on a little
    for name, words, age in (("new", GERMAN, 0), ("edge", GERMAN, 29), ("read", ENGLISH, 1), ("old", GERMAN, 30)):
        when = clock() - timedelta(days=age)
        assert (await bot.capture(name, said(words, sentAt=when.isoformat()))).is_success
    clock.passes(minutes=1)  # the settling pause
    while await analysis.judge_due(database):
        pass
    async with database.transaction() as db:
        chatbot = await chatbots.chatbot_anywhere(db, ChatbotId(UUID(bot.id)))
        assert chatbot is not None
        found = await analysis.lately(db, chatbot, days=30)
        assert (found.conversations, found.judged, found.unread) == (3, 3, {"de": 2})
