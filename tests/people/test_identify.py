"""People in the recording: made once whatever comes at the same time, moved, joined and counted anew."""

import asyncio
import random
from datetime import UTC, datetime
from typing import Any

from noctule import analysis, conversations, people
from noctule.base import jobs
from noctule.base.db import Database
from noctule.base.errors import AppError
from noctule.chatbots import ChatbotId
from noctule.conversations import Capture, Recorded, Recorder, Turn
from noctule.conversations.record import record
from noctule.main.recurring import HANDLERS
from noctule.people import Person, Wanted
from tests.conftest import TurnableClock, World
from tests.conversations.test_record import capture, chatbot_of

EVERYBODY = Wanted(limit=1000)


async def recorded(database: Database, *captures: Capture) -> list[Recorded | AppError]:
    async with database.transaction() as db:
        return await record(db, captures)


async def known_people(database: Database, bot: ChatbotId) -> dict[str | None, Person]:
    async with database.transaction() as db:
        found = await people.list_people(db, bot, EVERYBODY)
    assert len({one.external_id for one in found}) == len(found)
    return {one.external_id: one for one in found}


async def renewed(database: Database, clock: TurnableClock) -> None:
    clock.passes(seconds=60)
    while await analysis.judge_due(database) + await analysis.renew_due(database):
        pass


async def test_a_person_is_known_by_the_id_or_else_by_the_address(world: World, clock: TurnableClock) -> None:
    bot, database = await chatbot_of(world), world.database
    await recorded(
        database,
        capture(bot, "a", person={"id": "u", "name": "Ann"}),
        capture(bot, "b", person={"email": "Ann@Example.com"}),
        capture(bot, "c", person={"id": "u", "email": "ann@example.com", "plan": "pro"}),
        capture(bot, "d", person={"name": "Somebody"}),
        capture(bot, "e", person={"email": "no address", "mrr": 5}),
    )
    await recorded(database, capture(bot, "f", person={"email": "ann@example.com", "mrr": 10**40}))
    await run_joins(database, clock)
    await renewed(database, clock)
    found = await known_people(database, bot)
    assert list(found) == ["u"]
    assert found["u"].traits == {"name": "Ann", "email": "ann@example.com", "plan": "pro"}
    assert (found["u"].conversations, found["u"].messages) == (4, 4)


async def run_joins(database: Database, clock: TurnableClock) -> None:
    clock.passes(seconds=20)
    while await jobs.run_next(database, HANDLERS):
        pass


async def test_somebody_without_an_id_is_joined_with_somebody_with_one(world: World, clock: TurnableClock) -> None:
    bot, database = await chatbot_of(world), world.database
    old = datetime(2024, 1, 1, tzinfo=UTC)
    await recorded(database, capture(bot, "a", person={"id": "u", "name": "Ann"}))
    await recorded(
        database,
        capture(
            bot, "b", person={"email": "ann@example.com", "name": "A.", "plan": "pro"}, organization={"name": "Acme"},
            received_at=old,
        ),
    )  # fmt: skip
    assert len(await known_people(database, bot)) == 2
    await recorded(database, capture(bot, "c", person={"id": "u", "email": "ann@example.com"}))
    await run_joins(database, clock)
    await renewed(database, clock)
    found = await known_people(database, bot)
    assert list(found) == ["u"]
    ann = found["u"]
    assert ann.traits == {"name": "Ann", "email": "ann@example.com", "plan": "pro"}
    assert (ann.conversations, ann.company_name, ann.first_seen_at) == (3, "Acme", old)


async def test_joining_loses_nothing_that_the_team_had_noted(world: World, clock: TurnableClock) -> None:
    bot, database = await chatbot_of(world), world.database
    await recorded(
        database, capture(bot, "a", person={"id": "u"}), capture(bot, "b", person={"email": "ann@example.com"})
    )
    async with database.transaction() as db:
        await db.run("update people set attributes = '{\"tier\": 1, \"vip\": true}' where handle = 'ann@example.com'")
        await db.run("update people set attributes = '{\"tier\": 2}' where external_id = 'u'")
    await recorded(database, capture(bot, "c", person={"id": "u", "email": "ann@example.com"}))
    await run_joins(database, clock)
    async with database.transaction() as db:
        assert await db.values("select attributes from people") == [{"tier": 2, "vip": True}]


async def test_a_shared_address_joins_nobody_with_an_id(world: World, clock: TurnableClock) -> None:
    bot, database = await chatbot_of(world), world.database
    shared = "office@example.com"
    await recorded(database, *(capture(bot, f"c{n}", person={"id": f"u{n}", "email": shared}) for n in range(50)))
    await recorded(database, capture(bot, "x", person={"email": shared}))
    await run_joins(database, clock)
    await renewed(database, clock)
    found = await known_people(database, bot)
    assert len(found) == 50
    assert sum(one.conversations for one in found.values()) == 51


async def test_organizations_by_id_or_name(world: World, clock: TurnableClock) -> None:
    bot, database = await chatbot_of(world), world.database
    await recorded(
        database,
        capture(bot, "a", organization={"id": "1", "name": "Acme"}, person={"id": "u1"}),
        capture(bot, "b", organization={"id": "2", "name": "Acme"}, person={"id": "u2"}),
        capture(bot, "c", organization={"name": " ACME "}, person={"id": "u3"}),
        capture(bot, "d", organization={"name": "Other"}),
    )
    await renewed(database, clock)
    async with database.transaction() as db:
        found = await people.list_companies(db, bot, EVERYBODY)
    told = {(one.external_id, one.traits["name"], one.people, one.conversations) for one in found}
    assert told == {("1", " ACME ", 2, 2), ("2", "Acme", 1, 1), (None, "Other", 0, 1)}


async def test_a_conversation_that_changes_hands_is_counted_where_it_is(world: World, clock: TurnableClock) -> None:
    bot, database = await chatbot_of(world), world.database
    await recorded(database, capture(bot, "a", Turn("user", "Hi", "1"), person={"id": "u1"}, organization={"id": "1"}))
    await renewed(database, clock)
    await recorded(database, capture(bot, "a", Turn("user", "Ho", "2"), person={"id": "u2"}, organization={"id": "2"}))
    await renewed(database, clock)
    found = await known_people(database, bot)
    assert {name: one.conversations for name, one in found.items()} == {"u1": 0, "u2": 1}
    async with database.transaction() as db:
        one = await conversations.conversation_named(db, bot, "a")
        assert one
        assert one.person_id == found["u2"].id
        counted = {two.external_id: two.conversations for two in await people.list_companies(db, bot, EVERYBODY)}
    assert counted == {"1": 0, "2": 1}


async def test_what_nobody_judges_is_counted_too(world: World, clock: TurnableClock) -> None:
    bot, database = await chatbot_of(world), world.database
    await recorded(database, capture(bot, "a", person={"id": "u"}))
    await renewed(database, clock)
    await recorded(database, capture(bot, "b", person={"id": "u"}, organization={"id": "o"}, judged=False))
    await renewed(database, clock)
    assert (await known_people(database, bot))["u"].conversations == 2


async def test_recorders_meet_the_same_people_at_the_same_time(own_world: World) -> None:
    """Four of them, overlapping people: each is made once, nobody waits for ever, nothing is refused."""
    bot = await chatbot_of(own_world)
    recorders = [Recorder(own_world.database) for _ in range(4)]
    for recorder in recorders:
        recorder.start()
    chance = random.Random(5)

    def about(number: int) -> dict[str, Any]:
        who, how = number % 25, chance.randrange(3)
        person: dict[str, Any] = {"email": f"u{who}@example.com"} if how else {}
        if how != 1:
            person["id"] = f"u{who}"
        return {"person": person, "organization": {"name": f"o{chance.randrange(5)}"}}

    captures = [capture(bot, f"c{n % 120}", Turn("user", "Hi", str(n)), **about(n)) for n in range(600)]
    try:
        await asyncio.gather(*(recorders[n % 4].record(one) for n, one in enumerate(captures)))
    finally:
        await asyncio.gather(*(recorder.close() for recorder in recorders))
    async with own_world.database.transaction() as db:
        found = await people.list_people(db, bot, EVERYBODY)
        owners = await people.list_companies(db, bot, EVERYBODY)
    with_ids = [one.external_id for one in found if one.external_id]
    assert sorted(with_ids) == sorted(f"u{n}" for n in range(25))
    assert len(owners) == 5


async def test_what_is_said_later_of_an_organization_counts(world: World) -> None:
    bot, database = await chatbot_of(world), world.database
    await recorded(database, capture(bot, "a", organization={"name": "Acme", "plan": "free"}))
    await recorded(database, capture(bot, "b", organization={"id": "1", "name": "Acme", "plan": "team", "mrr": 5}))
    async with database.transaction() as db:
        (acme,) = await people.list_companies(db, bot, EVERYBODY)
    assert (acme.external_id, acme.traits) == ("1", {"name": "Acme", "plan": "team", "mrr": 5})
