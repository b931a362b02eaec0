"""Lists under any filter: whichever way conversations are found, they are those that a walk over all of them finds."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from uuid import UUID

import pytest

from noctule import analysis
from noctule.analysis import Mood, Narrowing, listing
from noctule.analysis.columns import mark_of
from noctule.analysis.few import few_for
from noctule.analysis.kept import kept_for
from noctule.analysis.store import listing as store
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId
from tests.analysis.test_columns import many_facts, some_filter
from tests.conftest import Bot, TurnableClock

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def some_narrowing(chance: random.Random, chatbot_id: ChatbotId, now: datetime) -> Narrowing:
    since = now - timedelta(hours=chance.randrange(200)) if chance.random() < 0.3 else None
    until = now - timedelta(hours=chance.randrange(100)) if chance.random() < 0.3 else None
    sentiment: Mood | None = chance.choice(get_args(Mood)) if chance.random() < 0.3 else None
    channel = chance.choice(["capture", "api"]) if chance.random() < 0.2 else None
    conditions = some_filter(chance, chatbot_id) if chance.random() < 0.8 else None
    return Narrowing(since, until, sentiment, channel, conditions)


async def paged(db: Db, chatbot_id: ChatbotId, narrowing: Narrowing) -> list[ConversationId]:
    """Page after page, each from the end of the one before."""
    found: list[Any] = []
    while True:
        moment, last = (found[-1].last_message_at, found[-1].id) if found else (None, None)
        page = await analysis.matching_before(db, chatbot_id, narrowing, moment=moment, conversation_id=last, limit=7)
        found += page
        if len(page) < 7:
            return [one.id for one in found]


async def paged_back(db: Db, chatbot_id: ChatbotId, narrowing: Narrowing) -> list[ConversationId]:
    found: list[ConversationId] = []
    moment, last = _LONG_AGO, ConversationId(UUID(int=0))
    while True:
        page = await analysis.matching_after(db, chatbot_id, narrowing, moment=moment, conversation_id=last, limit=7)
        found += [one.id for one in page]
        if len(page) < 7:
            return found
        moment, last = page[-1].last_message_at, page[-1].id


async def in_order(db: Db, chatbot_id: ChatbotId, narrowing: Narrowing) -> list[ConversationId]:
    found: list[ConversationId] = []
    while page := await analysis.matching_in_order(
        db, chatbot_id, narrowing, after=found[-1] if found else None, limit=7
    ):
        found += [one.id for one in page]
    return found


@pytest.mark.parametrize("steps", [2, 1_000])
async def test_every_way_finds_the_same(
    bot: Bot, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    monkeypatch.setattr(listing, "STEPS", steps)
    monkeypatch.setattr(listing, "STEPS_IN_ORDER", steps)
    chance, chatbot_id = random.Random(steps), ChatbotId(UUID(bot.id))
    await many_facts(bot, clock, chance, conversations=60)
    ways = {"few": 0, "kept": 0}
    async with bot.owner.world.database.transaction() as db:
        for _ in range(60):
            narrowing = some_narrowing(chance, chatbot_id, clock.now)
            walked = await store.walked_older(db, chatbot_id, narrowing, place=(None, None), floor=None, limit=1_000)
            expected = [one.id for one in walked]
            assert await paged(db, chatbot_id, narrowing) == expected, narrowing
            assert await paged_back(db, chatbot_id, narrowing) == expected[::-1]
            assert await in_order(db, chatbot_id, narrowing) == sorted(expected)
            assert await analysis.count_matching(db, chatbot_id, narrowing, most=9) == min(9, len(expected))
            page = await analysis.matching_page(db, chatbot_id, narrowing, limit=5, offset=5)
            assert [one.id for one in page] == expected[5:10]
            for name, way in {"few": few_for, "kept": kept_for}.items():
                hits = await way(db, chatbot_id, narrowing)
                if hits is not None:
                    ways[name] += bool(expected)
                    assert await hits.older(db, None, limit=1_000) == expected, name
                    assert await hits.newer(db, (mark_of(_LONG_AGO), b""), limit=1_000) == expected[::-1], name
                    assert await hits.in_order(db, None, limit=1_000) == sorted(expected), name
                    assert await hits.count(db, most=1_000) == len(expected), name
    assert min(ways.values()) > 5


async def test_a_list_is_walked_where_too_many_days_wait(bot: Bot, clock: TurnableClock) -> None:
    """After a change of the time zone all days wait to be counted anew."""
    database, chatbot_id = bot.owner.world.database, ChatbotId(UUID(bot.id))
    await many_facts(bot, clock, random.Random(1), conversations=20)
    async with database.transaction() as db:
        assert await kept_for(db, chatbot_id, Narrowing()) is not None
        await db.run("update day_calendars set zone = 'Asia/Tokyo' where chatbot_id = $1", chatbot_id)
        assert await kept_for(db, chatbot_id, Narrowing()) is None
        everything = await analysis.matching_before(
            db, chatbot_id, Narrowing(channel="capture"), moment=None, conversation_id=None, limit=100
        )
        assert len(everything) == 20
        assert await analysis.count_matching(db, chatbot_id, Narrowing(channel="capture"), most=100) == 20
