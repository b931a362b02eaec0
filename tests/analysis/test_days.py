"""Figures by day: computed anew whenever something changes, and the same when computed from nothing."""

import asyncio
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from noctule import analysis, chatbots, conversations
from noctule.analysis.days import NAMES, figures_of_days
from noctule.base import jobs
from noctule.base.db import Database
from noctule.chatbots import ChatbotId
from noctule.conversations.record import record
from noctule.main.recurring import HANDLERS
from tests.conftest import Bot, TurnableClock, World, said
from tests.conversations.test_record import capture, chatbot_of

ANSWERS = ["I am sorry, I cannot help you with that.", "Your order has been booked.", "Sorry, sorry, my apologies!"]
Figures = dict[tuple[str, str, str], tuple[Any, ...]]


async def figures(database: Database, bot: str) -> Figures:
    async with database.transaction() as db:
        rows = await db.rows(
            """
            select day::text, name, value, conversations, messages, users, scored, round(sentiment::numeric, 6), analysed,
                   ended, resolved, rated, dissatisfied, round(dissatisfaction::numeric, 6), round(mark::numeric, 6)
            from day_figures where chatbot_id = $1
            union all
            select day::text, 'said ' || said_on, label, messages, 0, 0, 0, round(sentiment::numeric, 6), 0, 0, 0, 0, 0, 0, 0
            from day_feelings where chatbot_id = $1
            """,
            UUID(bot),
        )
    return {(day, name, value): tuple(rest) for day, name, value, *rest in rows}


async def settle(database: Database, clock: TurnableClock) -> None:
    clock.passes(seconds=10)
    while await analysis.judge_due(database):
        pass
    clock.passes(seconds=10)
    while await jobs.run_next(database, HANDLERS):
        pass


async def test_a_day_is_what_began_on_it(bot: Bot, clock: TurnableClock) -> None:
    database = bot.owner.world.database
    await bot.capture("a", said("This is terrible.", sentAt="2025-03-15T23:59:59Z"), user={"id": "u"})
    await bot.capture(
        "b", said("Thank you.", sentAt="2025-03-16T00:00:00Z"), session={"country": "BE"}, user={"id": "u"}
    )
    await bot.capture("c", said("Where?", sentAt="2025-03-16T05:30:00+02:00"), user={"id": "u"})
    await settle(database, clock)
    known = await figures(database, bot.id)
    assert known["2025-03-15", "all", ""][:3] == (1, 1, 1)
    assert known["2025-03-15", "sentiment", "negative"][:2] == (1, 1)
    assert known["2025-03-16", "all", ""][:3] == (2, 2, 1)
    assert known["2025-03-16", "country", "BE"][:2] == (1, 1)
    assert known["2025-03-16", "hour", "03"][:2] == (1, 1)
    late = await bot.capture("c", said("An hour earlier", sentAt="2025-03-15T10:00:00Z"))
    assert late.status_code == 200
    await settle(database, clock)
    assert (await figures(database, bot.id))["2025-03-15", "all", ""][:3] == (2, 3, 1)


async def test_computed_from_nothing_they_are_the_same(bot: Bot, clock: TurnableClock) -> None:
    database, chance = bot.owner.world.database, random.Random(3)
    words = ["This is terrible.", "I love this, thank you!", "Where is it?", "Wo ist das?"]
    for number in range(40):
        day, hour = chance.randrange(10, 15), chance.randrange(24)
        await bot.capture(
            f"c{chance.randrange(25)}",
            said(chance.choice(words), id=str(number), sentAt=f"2025-03-{day}T{hour:02}:00:00Z"),
            user={"id": f"u{chance.randrange(5)}"},
        )
        if number % 3 == 0:
            sent_at = f"2025-03-{day}T23:{number:02}:00Z"
            answer = said(chance.choice(ANSWERS), "assistant", id=f"a{number}", sentAt=sent_at)
            await bot.capture(f"c{chance.randrange(25)}", answer)
        if number % 10 == 0:
            await settle(database, clock)
    listed = (await bot.owner.client.get(f"/api/v1/conversations?chatbotId={bot.id}")).json()["conversations"]
    key = await bot.owner.new_key()
    await settle(database, clock)
    before = await figures(database, bot.id)
    assert before
    assert key
    assert await analysis.rebuild(database) >= 5
    assert await figures(database, bot.id) == before
    assert (
        sum(counts[0] for (_, name, _), counts in before.items() if name == "all") == len(listed) or len(listed) == 20
    )


async def test_what_is_read_is_what_the_rows_say_whether_computed_or_not(bot: Bot, clock: TurnableClock) -> None:
    """Days that are over and open ones, before and after a judgement, with jobs that have run and some that wait."""
    database, chance = bot.owner.world.database, random.Random(7)
    chatbot_id, today = ChatbotId(UUID(bot.id)), clock.now.date()
    first = today - timedelta(days=9)
    for number in range(60):
        sent_at = clock.now - timedelta(days=chance.randrange(10))
        message = said(chance.choice(["This is terrible.", "Thank you!"]), id=str(number), sentAt=sent_at.isoformat())
        await bot.capture(f"c{chance.randrange(40)}", message, user={"id": f"u{chance.randrange(5)}"})
        if chance.random() < 0.2:
            await analysis.judge_due(database)
            clock.passes(seconds=4)
        if chance.random() < 0.3:
            await jobs.run_next(database, HANDLERS)
        async with database.transaction() as db:
            read = await analysis.days_between(db, [chatbot_id], first=first, last=clock.now.date())
            rows = await db.rows(
                """
                select (first_message_at at time zone 'UTC')::date, count(*), sum(message_count), count(distinct person_id)
                from conversations where chatbot_id = $1 group by 1 order by 1
                """,
                chatbot_id,
            )
        assert [(one.day, one.conversations, one.messages, one.users) for one in read] == [tuple(row) for row in rows]


async def test_figures_are_what_the_rows_say_for_every_name_and_filter(bot: Bot, clock: TurnableClock) -> None:
    """Counted as they are kept, with a filter and without, against the conversations one by one."""
    database, chance, chatbot_id = bot.owner.world.database, random.Random(11), ChatbotId(UUID(bot.id))
    words = ["This is terrible, it never works! You are useless.", "I love this, thank you!", "Cancel my subscription."]
    for number in range(24):
        sent_at = (clock.now - timedelta(days=chance.randrange(6), hours=2)).isoformat()
        turns = [said(chance.choice(words), sentAt=sent_at), said(chance.choice(ANSWERS), "assistant", sentAt=sent_at)]
        session = {"country": chance.choice(["BE", "DE"]), "device": "mobile"}
        await bot.capture(f"c{number}", *turns, user={"id": f"u{number % 4}"}, session=session)
    first, last = clock.now.date() - timedelta(days=6), clock.now.date()
    for _ in range(2):  # provisional, then final: an hour later
        await settle(database, clock)
        clock.passes(hours=1)
    of_germany = analysis.filter_of(analysis.read_conditions(["country:is:DE"], {}), chatbot_id, {})
    async with database.transaction() as db:
        facts = [
            facts
            for (facts,) in await db.rows("select facts from conversation_facts where chatbot_id = $1", chatbot_id)
        ]
        for conditions in (None, of_germany):
            read = await figures_of_days(db, [chatbot_id], first=first, last=last, names=NAMES, conditions=conditions)
            counted: Counter[tuple[str, str]] = Counter()
            for one in read:
                counted[one.name, one.value] += one.conversations
            some = [one for one in facts if conditions is None or one["country"] == "DE"]
            assert {one: many for one, many in counted.items() if one[0] != "hour"} == expected(some)
            whole = [one for one in read if one.name == "all"]
            assert sum(one.ended for one in whole) == sum("ended" in one and "outcome" in one for one in some) > 0
            assert sum(one.dissatisfied for one in whole) == sum(one["dissatisfaction"] >= 0.5 for one in some) > 0
            marks = [one for one in read if (one.name, one.value) == ("quality", "overall")]
            assert abs(sum(one.mark for one in marks) - sum(one["quality"] for one in some)) < 1e-6


def expected(facts: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    counted: Counter[tuple[str, str]] = Counter()
    for one in facts:
        counted["all", ""] += 1
        counted["sentiment", one.get("sentiment", "none")] += 1
        for name in ("source", "language", "country", "device", "plan", "intent", "topic", "outcome"):
            if name in one:
                counted[name, one[name]] += 1
        for name in ("unanswered", "escalated"):
            if name in one:
                counted[name, str(one[name]).lower()] += 1
        for name in ("behavior", "flags", "failing"):
            counted.update((name, value) for value in one.get(name, []))
        counted.update(("quality", mark) for mark in [*one.get("marks", {}), *["overall"] * ("quality" in one)])
        if one.get("dissatisfaction", 0) >= 0.5:
            counted["dissatisfied_user", one["user"]] += 1
    return counted


async def test_all_time_is_read_from_days_and_exact(bot: Bot, clock: TurnableClock) -> None:
    """The overview and the trend of sentiment, while days are kept, wait, and are open, and one lies ahead."""
    database, client, chance = bot.owner.world.database, bot.owner.client, random.Random(5)
    for number in range(40):
        sent_at = clock.now + timedelta(days=chance.randrange(-8, 2))
        message = said(chance.choice(["This is terrible.", "Thank you!"]), id=str(number), sentAt=sent_at.isoformat())
        await bot.capture(f"c{chance.randrange(25)}", message)
        if chance.random() < 0.2:
            await analysis.judge_due(database)
            clock.passes(seconds=4)
        if chance.random() < 0.4:
            await jobs.run_next(database, HANDLERS)
        if number % 4 == 0:
            overview = (await client.get(f"/api/v1/analytics/overview?chatbotId={bot.id}")).json()
            trend = (await client.get(f"/api/v1/analytics/sentiment?chatbotId={bot.id}&days=365")).json()
            assert overview["coverage"] == trend["coverage"]
            assert (overview["totalConversations"], overview["totalMessages"]) == await rows_of(database, bot)
            assert sum(overview["sentimentDistribution"].values()) == await judged_of(database, bot)
            assert trend["total"] == sum(one["count"] for one in trend["sentimentOverTime"])
            assert trend["total"] == sum(overview["sentimentDistribution"].values())


async def rows_of(database: Database, bot: Bot) -> tuple[int, int]:
    async with database.transaction() as db:
        ((conversations_, messages),) = await db.rows(
            "select count(*), coalesce(sum(message_count), 0)::int from conversations where chatbot_id = $1",
            UUID(bot.id),
        )
    return conversations_, messages


async def judged_of(database: Database, bot: Bot) -> int:
    async with database.transaction() as db:
        return await db.value(
            "select count(*) from message_judgements where chatbot_id = $1 and sentiment is not null", UUID(bot.id)
        )


async def test_days_are_those_of_the_time_zone(bot: Bot, clock: TurnableClock) -> None:
    database = bot.owner.world.database
    await bot.capture("a", said("Now?", sentAt="2025-03-29T23:30:00Z"))
    await bot.capture("b", said("Now?", sentAt="2025-03-30T00:30:00Z"))
    await bot.capture("c", said("Now?", sentAt="2025-03-30T21:30:00Z"))  # clocks were set: this is 23:30
    await bot.capture("d", said("Now?", sentAt="2025-03-30T22:30:00Z"))
    await settle(database, clock)
    assert await begun(bot, "2025-03-29", "2025-03-31") == {"2025-03-29": 1, "2025-03-30": 3}
    await set_zone(bot, "Europe/Brussels")
    belgian = {"2025-03-30": 3, "2025-03-31": 1}
    assert await begun(bot, "2025-03-29", "2025-03-31") == belgian
    await settle(database, clock)
    known = await figures(database, bot.id)
    assert {day: counts[0] for (day, name, _), counts in known.items() if name == "all"} == belgian
    assert {hour for (day, name, hour) in known if (day, name) == ("2025-03-30", "hour")} == {"00", "01", "23"}
    async with database.transaction() as db:
        (job,) = await jobs.jobs_of(db, UUID(bot.owner.org_id), limit=5)
    assert (job.handler, job.state, job.done, job.total) == (chatbots.CALENDAR_CHANGED, "done", 3, 3)
    assert await begun(bot, "2025-03-29", "2025-03-31") == belgian
    await bot.capture("e", said("Late", sentAt="2025-03-30T22:45:00Z"))
    assert await begun(bot, "2025-03-31", "2025-03-31") == {"2025-03-31": 2}
    await settle(database, clock)
    assert (await figures(database, bot.id))["2025-03-31", "all", ""][0] == 2


async def test_what_is_read_is_what_the_rows_say_in_any_zone(bot: Bot, clock: TurnableClock) -> None:
    """While zones change, messages come late, jobs run and wait, and clocks are set forward and back."""
    database, chance = bot.owner.world.database, random.Random(11)
    chatbot_id = ChatbotId(UUID(bot.id))
    edges = [datetime(2025, 3, 30, 1, tzinfo=UTC), datetime(2024, 10, 27, 1, tzinfo=UTC), clock.now]
    for number in range(60):
        sent_at = min(clock.now, chance.choice(edges) + timedelta(minutes=chance.randrange(-3000, 3000)))
        await bot.capture(f"c{number}", said("Now?", id=str(number), sentAt=sent_at.isoformat()))
        if chance.random() < 0.2:
            zones = ["Europe/Brussels", "Pacific/Kiritimati", "America/St_Johns", "Asia/Kolkata", "Pacific/Niue", None]
            await set_zone(bot, chance.choice(zones))
        if chance.random() < 0.2:
            await analysis.judge_due(database)
            clock.passes(seconds=4)
        for _ in range(chance.randrange(3)):
            await jobs.run_next(database, HANDLERS)
        async with database.transaction() as db:
            began = await db.values("select first_message_at from conversations where chatbot_id = $1", chatbot_id)
            calendar = (await chatbots.calendars_of(db, [chatbot_id]))[chatbot_id]
            first, last = date(2024, 10, 20), calendar.day_of(clock.now)
            hours = await analysis.hours_between(db, chatbot_id, first=first, last=last)
        counted = Counter(str(calendar.day_of(moment)) for moment in began)
        assert await begun(bot, str(first), str(last)) == counted
        local = [(calendar.day_of(moment), moment.astimezone(calendar.zone)) for moment in began]
        clocks = Counter((day.isoweekday(), moment.hour) for day, moment in local)
        assert {(one.weekday, one.hour): one.conversations for one in hours} == clocks


async def test_figures_that_nobody_counted_anew_are_found(bot: Bot, clock: TurnableClock) -> None:
    database = bot.owner.world.database
    await bot.capture("a", said("Now?", sentAt="2025-03-29T23:30:00Z"))
    await set_zone(bot, "Europe/Brussels")
    async with database.transaction() as db:
        ((job_id,),) = await db.rows("select id from jobs where handler = $1", chatbots.CALENDAR_CHANGED)
        assert await jobs.cancel(db, UUID(bot.owner.org_id), job_id)
        for _ in range(2):
            await analysis.align_days(db)
    await settle(database, clock)
    async with database.transaction() as db:
        await analysis.align_days(db)
        assert await jobs.waiting(db, chatbots.CALENDAR_CHANGED, [bot.id]) == set()
    assert ("2025-03-30", "all", "") in await figures(database, bot.id)


async def test_days_of_a_chatbot_that_is_gone_are_not_counted(bot: Bot, clock: TurnableClock) -> None:
    await bot.capture("a", said("Now?", sentAt="2025-03-29T23:30:00Z"))
    await set_zone(bot, "Europe/Brussels")
    assert (await bot.owner.client.delete(f"/api/v1/chatbots/{bot.id}")).status_code == 200
    await settle(bot.owner.world.database, clock)
    assert await figures(bot.owner.world.database, bot.id) == {}


async def begun(bot: Bot, first: str, last: str) -> dict[str, int]:
    async with bot.owner.world.database.transaction() as db:
        days = await analysis.days_between(
            db, [ChatbotId(UUID(bot.id))], first=date.fromisoformat(first), last=date.fromisoformat(last)
        )
    return {str(one.day): one.conversations for one in days}


async def set_zone(bot: Bot, zone: str | None) -> None:
    answer = await bot.owner.client.patch(f"/api/v1/chatbots/{bot.id}", json={"settings": {"timezone": zone}})
    assert answer.status_code == 200, answer.text


async def test_a_day_is_computed_once_when_it_is_over(bot: Bot, clock: TurnableClock) -> None:
    database, today = bot.owner.world.database, clock.now.date().isoformat()
    for name in "abc":
        await bot.capture(name)
        await settle(database, clock)
    assert await figures(database, bot.id) == {}
    clock.passes(days=2)
    await settle(database, clock)
    assert (await figures(database, bot.id))[today, "all", ""][0] == 3


async def test_what_nobody_judges_and_what_is_deleted_is_counted(world: World, clock: TurnableClock) -> None:
    bot, database = await chatbot_of(world), world.database
    async with database.transaction() as db:
        (done,) = await record(db, [capture(bot, "a", judged=False)])
    assert isinstance(done, conversations.Recorded)
    await settle(database, clock)
    assert (await figures(database, str(bot)))["2025-03-15", "sentiment", "none"][0] == 1
    async with database.transaction() as db:
        await conversations.day_changed(db, ChatbotId(UUID(int=5)), [db.now])
    await settle(database, clock)


async def test_what_changes_without_a_judgement_is_found_as_well(bot: Bot, clock: TurnableClock) -> None:
    database, client = bot.owner.world.database, bot.owner.client

    async def listed(condition: str) -> list[str]:
        answer = await client.get(f"/api/v1/conversations?chatbotId={bot.id}&f={condition}")
        return [one["id"] for one in answer.json()["conversations"]]

    async with database.transaction() as db:
        await record(db, [capture(ChatbotId(UUID(bot.id)), "unjudged", judged=False)])
    by_mail = await bot.capture("by mail", user={"email": "ines@example.com"})
    await settle(database, clock)
    assert len(await listed("source:is:capture")) == 2
    await bot.capture("by id", user={"id": "u1", "email": "ines@example.com"})
    await bot.capture("by mail", organization={"name": "Acme", "plan": "gold"})
    await settle(database, clock)
    assert by_mail.json()["conversationId"] in await listed("plan:is:gold")
    (person,) = (await client.get(f"/api/v1/chatbots/{bot.id}/users")).json()["users"]
    assert len(await listed(f"user:is:{person['id']}")) == 2


async def test_of_one_key_one_job_runs_at_a_time(own_world: World) -> None:
    database = own_world.database
    running, most = 0, 0

    began, may_end = asyncio.Event(), asyncio.Event()

    async def slow(_database: Database, _job: jobs.Job) -> None:
        nonlocal running, most
        running, most = running + 1, max(most, running + 1)
        began.set()
        await may_end.wait()
        running -= 1

    async def enqueue() -> None:
        async with database.transaction() as db:
            await jobs.enqueue(db, "slow", key="k")

    await enqueue()
    first = asyncio.create_task(jobs.run_next(database, {"slow": slow}))
    await began.wait()
    await enqueue()
    assert not await jobs.run_next(database, {"slow": slow})
    may_end.set()
    assert await first
    assert await jobs.run_next(database, {"slow": slow})
    assert most == 1
