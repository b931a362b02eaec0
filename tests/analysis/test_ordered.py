"""Lists in the order of a number: page after page, there and back, they are what sorting all conversations gives."""

import random
from collections import Counter
from datetime import timedelta
from math import inf
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from noctule import analysis
from noctule.analysis import Narrowing, Order, Place, meant, ordered
from noctule.analysis.store import listing as store
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import Conversation, ConversationId
from tests.analysis.test_columns import many_facts
from tests.analysis.test_days import settle
from tests.analysis.test_listing import some_narrowing
from tests.conftest import Bot, TurnableClock, said

ORDERS = [Order(name, falling) for name in ("score", "messages", "custom.seats") for falling in (False, True)]


async def sorted_in_python(db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, order: Order) -> list[ConversationId]:
    meant = await store.walked_older(db, chatbot_id, narrowing, place=(None, None), floor=None, limit=1_000)
    facts = dict(
        await db.rows("select conversation_id, facts from conversation_facts where chatbot_id = $1", chatbot_id)
    )

    def key(one: Conversation) -> tuple[Any, ...]:
        known = facts.get(one.id) or {}
        value = known["custom"].get("seats") if known and order.name == "custom.seats" else known.get(order.name)
        number = value if type(value) in (int, float) else None
        rank = inf if number is None else -number if order.falling else number
        return rank, -one.first_message_at.timestamp(), -one.id.int

    return [one.id for one in sorted(meant, key=key)]


async def there(
    db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, order: Order, limit: int = 7
) -> tuple[list[ConversationId], Place | None]:
    """Page after page, each from the end of the one before; and where the last one stands."""
    found: list[ConversationId] = []
    place: Place | None = None
    while page := await analysis.ordered_after(db, chatbot_id, narrowing, order=order, place=place, limit=limit):
        found += [one.conversation.id for one in page]
        place = page[-1].place
    return found, place


async def back(db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, order: Order, place: Place) -> list[ConversationId]:
    found = [place.id]
    while page := await analysis.ordered_before(db, chatbot_id, narrowing, order=order, place=place, limit=7):
        found += [one.conversation.id for one in page]
        place = page[-1].place
    return found


@given(
    some.lists(some.tuples(some.sampled_from([-1.0, 0.0, 0.5, inf]), some.booleans()), max_size=300),
    some.integers(1, 40),
    some.booleans(),
)
def test_pages_of_a_column_are_it_in_order(known: list[tuple[float, bool]], limit: int, back: bool) -> None:
    """With hundreds that are equal, and whichever of them are meant; the later ones first, on the way back the earlier ones."""
    turned = -1.0 if back else 1.0
    ranks = np.array([turned * rank for rank, _ in known], np.float64)
    left = np.array([meant for _, meant in known], np.bool_)
    walk = ordered._Walk(Order("score"), None, limit, back)

    def key(at: int) -> tuple[float, int]:
        return float(ranks[at]), at if back else -at

    expected = sorted((at for at, (_, meant) in enumerate(known) if meant), key=key)
    found: list[int] = []
    while True:
        page = sorted((int(at) for at in ordered._chosen(ranks, left, walk)), key=key)
        found += page
        if not page:
            break
        here = page[-1]
        equals = slice(here + 1, None) if back else slice(here)
        left = left & ordered._beyond(ranks, float(ranks[here]), equals)
    assert found == expected


@pytest.mark.parametrize("waiting", [False, True], ids=["columns", "days wait"])
async def test_a_walk_meets_each_conversation_once_there_and_back(
    bot: Bot, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch, *, waiting: bool
) -> None:
    chance, chatbot_id = random.Random(4), ChatbotId(UUID(bot.id))
    await many_facts(bot, clock, chance, conversations=60)
    met: Counter[str] = Counter()

    async def noted(*given: Any) -> Any:
        met["columns"] += 1
        return await of_columns(*given)

    of_columns = ordered._of_columns
    monkeypatch.setattr(ordered, "_of_columns", noted)
    if waiting:
        monkeypatch.setattr(meant, "_MOST_READ", 0)
    async with bot.owner.world.database.transaction() as db:
        for number in range(60):
            narrowing = some_narrowing(chance, chatbot_id, clock.now) if number else Narrowing()
            order = chance.choice(ORDERS)
            expected = await sorted_in_python(db, chatbot_id, narrowing, order)
            found, place = await there(db, chatbot_id, narrowing, order)
            assert found == expected, (narrowing, order)
            if place:
                assert await back(db, chatbot_id, narrowing, order, place) == expected[::-1], (narrowing, order)
            met["found"] += len(found) > 7
    assert met["found"] > 10
    assert (met["columns"] == 0) is waiting


async def test_a_place_holds_when_what_stood_there_is_gone(bot: Bot, clock: TurnableClock) -> None:
    database, chatbot_id, order = bot.owner.world.database, ChatbotId(UUID(bot.id)), Order("messages", falling=True)
    await many_facts(bot, clock, random.Random(2), conversations=40)
    async with database.transaction() as db:
        every = await analysis.ordered_after(db, chatbot_id, Narrowing(), order=order, place=None, limit=40)
        gone = every[20]
        await db.run("delete from conversations where chatbot_id = $1 and id = $2", chatbot_id, gone.conversation.id)
    await analysis.rebuild(database)
    async with database.transaction() as db:
        rest = await analysis.ordered_after(db, chatbot_id, Narrowing(), order=order, place=gone.place, limit=40)
        assert rest == every[21:]
        before = await analysis.ordered_before(db, chatbot_id, Narrowing(), order=order, place=gone.place, limit=40)
        assert before == every[19::-1]
        far = Place(99.0, clock.now + timedelta(days=400), ConversationId(UUID(int=0)))
        assert await analysis.ordered_before(db, chatbot_id, Narrowing(), order=order, place=far, limit=9) == []
        all_of_them = await analysis.ordered_after(db, chatbot_id, Narrowing(), order=order, place=far, limit=40)
        assert all_of_them == every[:20] + every[21:]


async def test_numbers_of_any_size_are_put_in_order(bot: Bot, clock: TurnableClock) -> None:
    database, chatbot_id = bot.owner.world.database, ChatbotId(UUID(bot.id))
    values = [1e308, 1e20, 2**63, 2**53 + 1, 7, 7.5, 5e-324, 0, -0.0, -1e20, -1e308]
    for number, value in enumerate(values):
        sent_at = clock.now - timedelta(days=number % 4)
        await bot.capture(f"c{number}", said("Hello", sentAt=sent_at.isoformat()), custom={"big": value, "odd": "7"})
    await settle(database, clock)
    await analysis.rebuild(database)
    async with database.transaction() as db:
        assert await db.value("select count(*) from day_columns where name = 'custom.big'") >= 3
        for falling in (False, True):
            order = Order("custom.big", falling=falling)
            found, _ = await there(db, chatbot_id, Narrowing(), order, limit=2)
            page = await analysis.ordered_after(db, chatbot_id, Narrowing(), order=order, place=None, limit=20)
            assert [one.conversation.id for one in page] == found
            assert [one.value for one in page] == sorted(map(float, values), reverse=falling)
        nothing, _ = await there(db, chatbot_id, Narrowing(), Order("custom.odd"))
        assert len(nothing) == len(values)
