"""Figures by day, hour and door, and the conversations behind them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from noctule import analysis
from noctule.analysis import Mood, Narrowing
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from tests.conftest import Bot, TurnableClock, said

GLAD, PLAIN, CROSS = "I love this, it is wonderful!", "Where is it?", "This is terrible, I am so angry."
MONDAY = datetime(2025, 3, 17, 9, 30, tzinfo=UTC)
BOTH = {"first": MONDAY.date(), "last": MONDAY.date() + timedelta(days=1)}


async def spoken(bot: Bot, clock: TurnableClock) -> ChatbotId:
    """Two days, three moods, one conversation that is not judged yet, and one of another chatbot."""
    for name, words, user, hours in (
        ("a", GLAD, "u1", 0),
        ("b", CROSS, "u1", 1),
        ("c", PLAIN, "u2", 24),
        ("d", CROSS, None, 25),
    ):
        moment = (MONDAY + timedelta(hours=hours)).isoformat()
        await bot.capture(name, said(words, sentAt=moment), **({"user": {"id": user}} if user else {}))
    clock.passes(seconds=5)
    await analysis.judge_due(bot.owner.world.database)
    await bot.capture("e", said(GLAD, sentAt=(MONDAY + timedelta(hours=26)).isoformat()))
    await (await bot.owner.new_chatbot("Other")).capture("z", said(GLAD, sentAt=MONDAY.isoformat()))
    return ChatbotId(UUID(bot.id))


async def test_days(bot: Bot, clock: TurnableClock) -> None:
    chatbot_id = await spoken(bot, clock)
    async with bot.owner.world.database.transaction() as db:
        first, second = await analysis.days_between(db, [chatbot_id], **BOTH)
        assert (first.day, first.conversations, first.messages, first.users) == (date(2025, 3, 17), 2, 2, 1)
        assert (first.positive, first.neutral, first.negative) == (1, 0, 1)
        assert (second.conversations, second.users, second.positive, second.neutral, second.negative) == (3, 1, 0, 1, 1)
        later = MONDAY.date() + timedelta(days=9)
        assert await analysis.days_between(db, [chatbot_id], first=later, last=db.now.date()) == []
        assert await analysis.count_users(db, chatbot_id, **both_days()) == 2


async def test_hours_and_channels(bot: Bot, clock: TurnableClock) -> None:
    chatbot_id = await spoken(bot, clock)
    async with bot.owner.world.database.transaction() as db:
        hours = await analysis.hours_between(db, chatbot_id, **BOTH)
        assert {(one.weekday, one.hour): one.conversations for one in hours} == {
            (1, 9): 1, (1, 10): 1, (2, 9): 1, (2, 10): 1, (2, 11): 1,
        }  # fmt: skip
        (channel,) = await analysis.channels_between(db, chatbot_id, limit=5, **BOTH)
        assert (channel.source, channel.conversations) == ("capture", 5)


async def test_the_worst_come_first(bot: Bot, clock: TurnableClock) -> None:
    chatbot_id = await spoken(bot, clock)
    async with bot.owner.world.database.transaction() as db:
        worst = await analysis.lowest_between(db, chatbot_id, limit=5, **both_days())
        assert {one.external_id for one in worst} == {"b", "d"}
        assert len(await analysis.lowest_between(db, chatbot_id, limit=1, **both_days())) == 1


async def test_narrowing(bot: Bot, clock: TurnableClock) -> None:
    chatbot_id = await spoken(bot, clock)
    noon = MONDAY + timedelta(hours=12)
    cases: list[tuple[Narrowing, str]] = [
        (Narrowing(), "edcba"),
        *((Narrowing(sentiment=mood), names) for mood, names in moods()),
        (Narrowing(until=noon), "ba"),
        (Narrowing(since=noon), "edc"),
        (Narrowing(since=noon, sentiment="negative"), "d"),
        (Narrowing(channel="capture", until=noon), "ba"),
        (Narrowing(channel="track"), ""),
    ]
    async with bot.owner.world.database.transaction() as db:
        for narrowing, names in cases:
            assert await named(db, chatbot_id, narrowing) == names, narrowing
            assert await analysis.count_matching(db, chatbot_id, narrowing, most=9) == len(names)
        assert await analysis.count_matching(db, chatbot_id, Narrowing(), most=3) == 3


def moods() -> list[tuple[Mood, str]]:
    return [("positive", "a"), ("neutral", "c"), ("negative", "db"), ("none", "e")]


async def test_a_narrowed_list_goes_on_and_back(bot: Bot, clock: TurnableClock) -> None:
    chatbot_id = await spoken(bot, clock)
    async with bot.owner.world.database.transaction() as db:
        (last,) = await analysis.matching_before(
            db, chatbot_id, Narrowing(sentiment="negative"), moment=None, conversation_id=None, limit=1
        )
        place: dict[str, Any] = {"moment": last.last_message_at, "conversation_id": last.id, "limit": 5}
        older = await analysis.matching_before(db, chatbot_id, Narrowing(sentiment="negative"), **place)
        newer = await analysis.matching_after(db, chatbot_id, Narrowing(), **place)
        assert [one.external_id for one in older] == ["b"]
        assert [one.external_id for one in newer] == ["e"]


async def named(db: Db, chatbot_id: ChatbotId, narrowing: Narrowing) -> str:
    found = await analysis.matching_before(db, chatbot_id, narrowing, moment=None, conversation_id=None, limit=9)
    return "".join(one.external_id for one in found)


def both_days() -> dict[str, datetime]:
    return {"since": MONDAY - timedelta(hours=3), "until": MONDAY + timedelta(days=2)}
