"""Recording: one door, nothing twice, nothing lost, whatever the order and the company."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from msgspec.structs import replace

from noctule import conversations
from noctule.base import ids
from noctule.base.db import Database, connect
from noctule.base.errors import Invalid, Unavailable
from noctule.base.ids import new_id
from noctule.chatbots import ChatbotId, KeyRevoked
from noctule.conversations import Capture, Recorded, Recorder, Turn
from noctule.conversations.record import record
from tests.conftest import World

NOW = datetime(2025, 3, 15, 12, tzinfo=UTC)


async def chatbot_of(world: World, email: str = "ines@example.com") -> ChatbotId:
    return ChatbotId(UUID((await (await world.sign_up(email)).new_chatbot()).id))


def capture(chatbot_id: ChatbotId, name: str, *turns: Turn, **more: Any) -> Capture:
    return Capture(
        chatbot_id,
        None,
        name,
        more.pop("turns", turns or (Turn("user", "Hi"),)),
        more.pop("received_at", NOW),
        "capture",
        **more,
    )


async def words(database: Database, chatbot_id: ChatbotId, name: str) -> list[str]:
    async with database.transaction() as db:
        found = await conversations.conversation_named(db, chatbot_id, name)
        assert found
        messages = await conversations.messages_of(db, chatbot_id, [found.id])
        assert found.message_count == len(messages)
        assert found.first_message_at == min(message.said_at for message in messages)
        assert found.last_message_at == max(message.said_at for message in messages)
        return [message.content for message in messages]


async def test_in_one_batch_the_first_request_that_carries_an_id_stores_it(world: World) -> None:
    bot = await chatbot_of(world)
    first, second = Turn("user", "a", "1"), Turn("user", "b", "2")
    async with world.database.transaction() as db:
        outcomes = await record(
            db,
            [
                capture(bot, "c", first),
                capture(bot, "c", replace(first, content="changed"), second, person={"id": "u"}),
                capture(bot, "d", first, custom={"k": 1}),
            ],
        )
    assert [(outcome.messages_stored, outcome.analysis_queued) for outcome in outcomes if isinstance(outcome, Recorded)] == [
        (1, True), (1, True), (1, True),
    ]  # fmt: skip
    assert await words(world.database, bot, "c") == ["a", "b"]


async def test_a_key_that_was_rotated_meanwhile_is_refused_alone(world: World) -> None:
    bot = await chatbot_of(world)
    stale = replace(capture(bot, "stale"), key_hash=b"x" * 32)
    gone = replace(capture(ChatbotId(UUID(int=7)), "gone"), key_hash=b"x" * 32)
    async with world.database.transaction() as db:
        outcomes = await record(db, [stale, capture(bot, "good"), gone])
    assert [type(outcome) for outcome in outcomes] == [KeyRevoked, Recorded, KeyRevoked]


async def test_a_bad_request_stands_alone_and_its_neighbours_are_stored(own_world: World) -> None:
    bot = await chatbot_of(own_world)
    captures = [capture(bot, f"c{n}", Turn("user", "bad\0" if n == 13 else "good")) for n in range(40)]
    outcomes = await asyncio.gather(
        *(own_world.services.recorder.record(one) for one in captures), return_exceptions=True
    )
    assert [n for n, outcome in enumerate(outcomes) if not isinstance(outcome, Recorded)] == [13]
    assert isinstance(outcomes[13], Invalid)
    async with own_world.database.transaction() as db:
        assert await conversations.count_conversations(db, [bot]) == 39


async def test_without_a_database_nothing_is_promised(own_world: World, own_url: str) -> None:
    bot = await chatbot_of(own_world)
    async with connect(own_url, most=2) as database:
        recorder = Recorder(database)
        recorder.start()
        await database.close()
        with pytest.raises(Unavailable):
            await recorder.record(capture(bot, "c"))
        await recorder.close()
    with pytest.raises(Unavailable):
        await recorder.record(capture(bot, "after closing"))
    async with own_world.database.transaction() as db:
        assert await conversations.count_conversations(db, [bot]) == 0


async def test_what_waits_when_the_server_stops_is_stored(own_world: World) -> None:
    bot = await chatbot_of(own_world)
    recorder = Recorder(own_world.database)
    waiting = [asyncio.create_task(recorder.record(capture(bot, f"c{n}"))) for n in range(50)]
    await asyncio.sleep(0)
    recorder.start()
    await recorder.close()
    assert all(isinstance(task.result(), Recorded) for task in waiting)


async def test_a_caller_who_leaves_does_not_stop_the_others(own_world: World) -> None:
    bot = await chatbot_of(own_world)
    tasks = [asyncio.create_task(own_world.services.recorder.record(capture(bot, f"c{n}"))) for n in range(30)]
    await asyncio.sleep(0)
    for task in tasks[::3]:
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert sum(isinstance(outcome, Recorded) for outcome in outcomes) == 20


async def test_two_processes_with_overlapping_conversations_never_deadlock(own_world: World, own_url: str) -> None:
    """Two recorders on pools of their own, with more than one lane holds, write the same conversations in different orders."""
    bots = [await chatbot_of(own_world, f"{n}@example.com") for n in range(3)]
    rng = random.Random(7)
    turns = {n: Turn("user", f"word {n}", f"m{n}") for n in range(60)}
    async with connect(own_url) as one, connect(own_url) as two:
        recorders = [Recorder(one), Recorder(two)]
        for recorder in recorders:
            recorder.start()
        jobs = [
            capture(
                rng.choice(bots),
                f"c{rng.randrange(12)}",
                *(turns[rng.randrange(60)] for _ in range(5)),
                custom={f"k{n % 7}": n},
            )
            for n in range(600)
        ]
        outcomes = await asyncio.gather(*(rng.choice(recorders).record(job) for job in jobs), return_exceptions=True)
        for recorder in recorders:
            await recorder.close()
    failures = [outcome for outcome in outcomes if not isinstance(outcome, Recorded)]
    assert failures == []
    stored = sum(outcome.messages_stored for outcome in outcomes if isinstance(outcome, Recorded))
    expected = {(job.chatbot_id, job.external_id, turn.external_id) for job in jobs for turn in job.turns}
    assert stored == len(expected)
    async with own_world.database.transaction() as db:
        assert await db.value("select sum(message_count) from conversations") == stored
        assert await db.value("select count(*) from messages") == stored
        assert (
            await db.value("select count(*) from pg_stat_database where datname = current_database() and deadlocks > 0")
            == 0
        )


requests = some.lists(
    some.lists(some.tuples(some.sampled_from("ab"), some.integers(0, 7)), min_size=1, max_size=5),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40)
@given(sent=requests, cuts=some.sets(some.integers(1, 5)))
async def test_however_requests_fall_into_batches_the_result_is_the_same(
    world: World, sent: list[list[tuple[str, int]]], cuts: set[int]
) -> None:
    """Each request carries turns with ids; batches are cut anywhere. Every id is stored once, by its first request."""
    bot = await _fresh_chatbot(world)
    captures = [
        capture(bot, turns[0][0], *(Turn("user", f"{n}", f"m{n}", NOW + timedelta(seconds=n)) for _, n in turns))
        for turns in sent
    ]
    outcomes: list[Any] = []
    for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(captures)], strict=True):
        if captures[start:end]:
            async with world.database.transaction() as db:
                outcomes += await record(db, captures[start:end])
    outcomes += [] if len(outcomes) == len(captures) else [None]
    seen: dict[str, set[str]] = {}
    for one, outcome in zip(captures, outcomes, strict=False):
        known = seen.setdefault(one.external_id, set())
        fresh = {turn.content for turn in one.turns} - known
        assert outcome.messages_stored == len(fresh)
        known |= fresh
    if len(outcomes) == len(captures):
        for name, contents in seen.items():
            got = await words(world.database, bot, name)
            assert sorted(got) == sorted(contents)


_people = iter(range(10_000))


async def _fresh_chatbot(world: World) -> ChatbotId:
    """Hypothesis plays many examples in one transaction: each gets a chatbot of its own, made without a password."""
    async with world.database.transaction() as db:
        number = next(_people)
        org = await db.value(
            "insert into organizations values (gen_random_uuid(), 'x', $1, $2) returning id", f"org-{number}", db.now
        )
        return ChatbotId(
            await db.value(
                "insert into chatbots (id, org_id, name, key_prefix, key_hash, settings, created_at) "
                "values (gen_random_uuid(), $1, 'x', 'x', $2, '{}', $3) returning id",
                org, f"hash-{number}".encode(), db.now,
            )
        )  # fmt: skip


_requests = some.fixed_dictionaries(
    {
        "turns": some.lists(some.sampled_from([Turn("user", "a", "1"), Turn("user", "b", "2"), Turn("assistant", "c", "3")])),
        "ended": some.booleans(),
        "person": some.sampled_from(
            [{}, {"id": "A", "plan": "pro"}, {"id": "A", "name": "Ann"}, {"id": "B"}, {"email": "cy@example.com"}, {"name": "Cy"}]
        ),
        "organization": some.sampled_from([{}, {"id": "o1", "plan": "team"}, {"id": "o2"}, {"name": "Acme"}]),
        "custom": some.sampled_from([{}, {"x": 1}, {"x": 2, "y": 3}]),
        "title": some.sampled_from([None, "one", "two"]),
        "tags": some.sampled_from([(), ("t",), ("u", "v")]),
    }
)  # fmt: skip


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(requests=some.lists(_requests, min_size=2, max_size=6), cut=some.integers(0, 6))
async def test_requests_that_share_a_commit_end_as_one_after_the_other(
    world: World, requests: list[dict[str, Any]], cut: int
) -> None:
    """Whatever a batch holds, and wherever it is cut: who it is with, what is said of it, and whether it is over."""
    email = f"{new_id()}@example.com"
    together, apart = await chatbot_of(world, email), await chatbot_of(world, f"x{email}")

    def captures(bot: ChatbotId) -> list[Capture]:
        return [
            capture(bot, "c", received_at=NOW + timedelta(seconds=place), **{**one, "turns": tuple(one["turns"])})
            for place, one in enumerate(requests)
        ]

    async with world.database.transaction() as db:
        whole = captures(together)
        await record(db, whole[:cut])
        await record(db, whole[cut:])
        for one in captures(apart):
            await record(db, [one])
        ends = [await conversations.conversation_named(db, bot, "c") for bot in (together, apart)]
    kept = [
        (one.person, one.organization, one.custom, one.title, one.tags, one.ended_at is None, one.message_count,
         one.external_user_id, one.reopened)
        for one in ends
        if one
    ]  # fmt: skip
    assert kept[0] == kept[1]


async def test_a_batch_that_is_made_as_the_clock_strikes_is_noted_in_one_hour(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = await chatbot_of(world)
    tick = 10**6  # nanoseconds
    hour = int(NOW.timestamp()) * 10**9
    with monkeypatch.context() as turned:
        turned.setattr(ids, "_last", 0)
        turned.setattr(ids, "time", SimpleNamespace(time_ns=count(hour - 5 * tick, tick).__next__))
        async with world.database.transaction() as db:
            batch = [capture(bot, name, *(Turn("user", str(turn)) for turn in range(5))) for name in "abc"]
            await record(db, batch)
            made = await db.values("select id from messages where chatbot_id = $1 order by id", bot)
            noted = await db.rows("select hour, accepted, stored from arrivals where chatbot_id = $1", bot)
    assert noted == [(NOW, 15, 15)]
    assert {ids.moment_of(one).replace(minute=0, second=0, microsecond=0) for one in made} == {NOW}
