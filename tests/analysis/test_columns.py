"""Facts of days column by column: what a filter leaves of them is what PostgreSQL says of conversations one by one."""

import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from noctule import analysis
from noctule.analysis import Filter, days, filter_of, read_conditions
from noctule.analysis.columns import IDS, LAST, marks_in
from noctule.analysis.days import figures_of_days
from noctule.analysis.models import DayFigure
from noctule.analysis.quality import WEIGHTS
from noctule.analysis.store import days as counting
from noctule.analysis.store.columns import Column
from noctule.analysis.store.days import Part
from noctule.analysis.tally import TALLIED
from noctule.base import jobs
from noctule.base.calendar import IN_UTC
from noctule.base.db import Db
from noctule.base.errors import Unavailable
from noctule.chatbots import ChatbotId, FieldType
from noctule.main.recurring import HANDLERS
from tests.analysis.test_days import settle
from tests.conftest import Bot, TurnableClock, said

CUSTOM: dict[str, FieldType] = {"tier": "string", "seats": "number", "vip": "boolean", "odd": "string"}
VALUES: dict[str, list[Any]] = {
    "sentiment": ["positive", "neutral", "negative"], "score": [-0.75, 0.1, 0.5], "language": ["de", "en"],
    "country": ["DE", "BE"], "device": ["mobile"], "intent": ["question", "purchase"], "topic": ["t1", "t2"],
    "outcome": ["fully_resolved", "deflected"], "behavior": [["helpful"], ["helpful", "verbose"], []],
    "flags": [["frustrated_user"], ["frustrated_user", "frustrated_user", "odd"], []], "failing": [["clarity"]],
    "dissatisfaction": [0.1, 0.5, 0.9], "unresolved": [0.2, 1], "unanswered": [True, False], "escalated": [True, False],
    "analysed": [True], "ended": [True], "reviewed": [True], "plan": ["pro"], "industry": ["toys"], "tags": [["a", "b"], []],
    "user": ["u1", "u2"],
}  # fmt: skip
ODD: dict[str, list[Any]] = {
    "tier": ["gold", 'sil"ver', 3, True, ["gold", 1]], "seats": [5, 5.0, 7.5, "5", [1, 9]], "vip": [True, False, "true", 1],
    "odd": ["ä", "", "true", {"a": 1}],
}  # fmt: skip


def some_facts(chance: random.Random, chatbot_id: ChatbotId) -> dict[str, Any]:
    facts = {name: chance.choice(values) for name, values in VALUES.items() if chance.random() < 0.7}
    custom = {name: chance.choice(values) for name, values in ODD.items() if chance.random() < 0.7}
    marks = {name: chance.choice([0.2, 0.75, 1]) for name in WEIGHTS}
    marked = {"marks": marks, "quality": chance.choice([0.5, 0.8])} if chance.random() < 0.6 else {}
    return {
        "chatbot": str(chatbot_id), "source": chance.choice(["api", "capture"]), "messages": chance.randrange(1, 9),
        "custom": custom, **facts, **marked,
    }  # fmt: skip


def some_filter(chance: random.Random, chatbot_id: ChatbotId) -> Filter:
    asked = [_condition(chance) for _ in range(chance.randrange(1, 4))]
    found = filter_of(read_conditions(asked, CUSTOM), chatbot_id, CUSTOM)
    assert found is not None
    return found


def _condition(chance: random.Random) -> str:
    if chance.random() < 0.3:
        name = chance.choice(list(CUSTOM))
        value = {"tier": ["gold", "3"], "seats": ["5", "7.5", "2"], "vip": ["true", "false"], "odd": ["ä", "true"]}[
            name
        ]
        operators = ["is", "not", "ge", "le"] if name == "seats" else ["is", "not"]
        return f"custom.{name}:{chance.choice(operators)}:{chance.choice(value)}"
    name = chance.choice([*VALUES, "messages", "quality", "marks.clarity", "source", "organization"])
    if analysis.FIELDS[name] == "number":
        return f"{name}:{chance.choice(['is', 'not', 'ge', 'le'])}:{chance.choice(['0.5', '0.75', '-0.75', '3', '1'])}"
    values = (
        ["true", "false"] if analysis.FIELDS[name] == "switch" else ["none", "api", "x", *_flat(VALUES.get(name, []))]
    )
    return f"{name}:{chance.choice(['is', 'not'])}:{chance.choice(values)}"


def _flat(values: list[Any]) -> list[str]:
    return [str(one) for value in values for one in (value if isinstance(value, list) else [value])]


async def many_facts(bot: Bot, clock: TurnableClock, chance: random.Random, *, conversations: int) -> None:
    """Over some days, of which the last one is open; of every tenth conversation nothing is known."""
    database, chatbot_id = bot.owner.world.database, ChatbotId(UUID(bot.id))
    for number in range(conversations):
        sent_at = clock.now - timedelta(days=chance.randrange(6), minutes=number)
        await bot.capture(f"c{number}", said("Where is it?", sentAt=sent_at.isoformat()))
    await settle(database, clock)
    async with database.transaction() as db:
        ids = await db.values("select conversation_id from conversation_facts where chatbot_id = $1", chatbot_id)
        for number, one in enumerate(ids):
            await db.run(
                "update conversation_facts set facts = $3 where chatbot_id = $1 and conversation_id = $2",
                chatbot_id,
                one,
                some_facts(chance, chatbot_id),
            )
            if number % 10 == 0:
                await db.run(
                    "delete from conversation_facts where chatbot_id = $1 and conversation_id = $2", chatbot_id, one
                )
        await db.run(
            """
            update conversation_judgements j
            set sentiment = (
                select case f.facts ->> 'sentiment' when 'positive' then 0.5 when 'negative' then -0.5 when 'neutral' then 0 end
                from conversation_facts f
                where f.chatbot_id = j.chatbot_id and f.conversation_id = j.conversation_id
            )
            where j.chatbot_id = $1
            """,
            chatbot_id,
        )
    await analysis.rebuild(database)


async def counted_one_by_one(db: Db, bot: Bot, asked: Filter, clock: TurnableClock) -> list[DayFigure]:
    asked_for = [clock.now.date() - timedelta(days=number) for number in range(7, -1, -1)]
    chatbot_id = ChatbotId(UUID(bot.id))
    parts = [Part(chatbot_id, one, "", IN_UTC.begin(one), IN_UTC.begin(one + timedelta(days=1))) for one in asked_for]
    return await counting.counted(db, parts, names=sorted(TALLIED), only=asked.path)


def comparable(figures: list[DayFigure]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    return {
        (one.day, one.name, one.value): tuple(
            round(float(getattr(one, name)), 6) for name in one.__match_args__[4:] if name != "users"
        )
        for one in figures
    }


async def test_figures_of_columns_are_those_of_conversations(
    bot: Bot, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(days, "_AT_ONCE", 3)
    chance, chatbot_id = random.Random(5), ChatbotId(UUID(bot.id))
    await many_facts(bot, clock, chance, conversations=80)
    met = 0
    async with bot.owner.world.database.transaction() as db:
        assert await db.value("select count(distinct day) from day_columns where chatbot_id = $1", chatbot_id) >= 4
        for _ in range(150):
            asked = some_filter(chance, chatbot_id)
            expected = comparable(await counted_one_by_one(db, bot, asked, clock))
            read = await figures_of_days(
                db, [chatbot_id], first=clock.now.date() - timedelta(days=7), last=clock.now.date(),
                names=sorted(TALLIED), conditions=asked,
            )  # fmt: skip
            assert comparable(read) == expected, asked.path
            met += bool(expected)
    assert met > 50


async def test_days_of_an_older_version_get_their_columns_in_the_background(bot: Bot, clock: TurnableClock) -> None:
    database, chatbot_id = bot.owner.world.database, ChatbotId(UUID(bot.id))
    await many_facts(bot, clock, random.Random(8), conversations=12)
    count = "select count(*) from day_columns where chatbot_id = $1"
    async with database.transaction() as db:
        await analysis.align_days(db)
        before = await db.value(count, chatbot_id)
    assert await jobs.run_next(database, HANDLERS) is False, "nothing is missing"
    async with database.transaction() as db:
        await db.run("delete from day_columns where chatbot_id = $1", chatbot_id)
        await analysis.align_days(db)
    await settle(database, clock)
    async with database.transaction() as db:
        assert await db.value(count, chatbot_id) == before > 20


def test_a_day_that_was_counted_anew_meanwhile_is_asked_for_again() -> None:
    day, two = date(2025, 3, 1), np.array([1, 2], "<i8").tobytes()
    marks = marks_in([Column(day, LAST, b"2", two), Column(day, IDS, b"", bytes(32))])
    assert marks(day, np.array([False, True])) == [(2, bytes(16))]
    for chosen in (np.ones(1, bool), np.ones(3, bool)):
        with pytest.raises(Unavailable):
            marks(day, chosen)
    with pytest.raises(Unavailable):
        marks_in([])(day, np.ones(2, bool))
