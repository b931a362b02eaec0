"""docs/api/analytics.md, played row by row on the conversations that it describes; and that figures are their evidence."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from noctule import analysis
from noctule.analysis.topics.told import tell_facts
from noctule.base import jobs
from noctule.chatbots import ChatbotId
from noctule.main.recurring import HANDLERS
from tests.api.test_chatbots import sign_in_as
from tests.conftest import Bot, TurnableClock, said
from tests.scenarios import Row, assert_matches, scenarios

GROUPS = scenarios("analytics.md")
MAY = "from=2025-05-01&to=2025-05-02"


@pytest_asyncio.fixture
async def judged(bot: Bot, clock: TurnableClock) -> Bot:
    return await two_days(bot, clock)


async def two_days(bot: Bot, clock: TurnableClock) -> Bot:
    """Two days, and one day before them; all of it over, but for the last conversation."""
    jane = {
        "user": {"id": "jane", "name": "Jane", "email": "jane@example.com"},
        "session": {"country": "BE", "device": "mobile"},
    }
    await told(
        bot,
        "before",
        "2025-04-30T12:00",
        "Where is my parcel?",
        "Your parcel has been delivered.",
        "Thanks, great!",
        **jane,
    )
    await told(
        bot,
        "cross",
        "2025-05-01T09:00",
        "This is terrible, I am so frustrated with your support. Why does it never work?!",
        "Sorry, I am so sorry, I cannot help you with that. My apologies.",
        "No! Wrong again. This is useless!",
        **jane,
    )
    await told(
        bot,
        "glad",
        "2025-05-01T15:00",
        "Please book a table for two.",
        "Done, your table has been booked for two.",
        "Thank you so much, perfect!",
        session={"country": "DE", "device": "desktop"},
        organization={"id": "acme", "plan": "gold"},
    )
    await settle(bot, clock, minutes=45)
    await told(
        bot,
        "open",
        "2025-05-02T10:00",
        "Cancel my subscription, I am leaving for a cheaper provider.",
        "It depends on many factors.",
        **jane,
    )
    await settle(bot, clock)
    return bot  # fmt: skip


async def told(bot: Bot, name: str, began: str, *words: str, **more: Any) -> None:
    roles: Iterator[str] = iter(["user", "assistant"] * len(words))
    turns = [said(text, next(roles), sentAt=f"{began}:{place:02}Z") for place, text in enumerate(words)]
    assert (await bot.capture(name, *turns, **more)).status_code == 200


async def settle(bot: Bot, clock: TurnableClock, *, minutes: int = 0) -> None:
    for passing in (10, 60 * minutes + 10):
        clock.passes(seconds=passing)
        while await analysis.judge_due(bot.owner.world.database):
            pass
        while await jobs.run_next(bot.owner.world.database, HANDLERS):
            pass


@pytest.mark.parametrize("rows", [rows for _, rows in GROUPS], ids=[case for case, _ in GROUPS])
async def test_the_documented_cases(rows: list[Row], judged: Bot) -> None:
    for row in rows:
        client = await sign_in_as(row.caller, judged)
        answer = await client.request(row.method, row.path.replace("{id}", judged.id))
        assert answer.status_code == row.status, f"{row.case}: {answer.text}"
        assert_matches(row.answer, answer.json(), row.case)


def counts_in(answer: Any) -> Iterator[tuple[int, str]]:
    """Each number that says where its conversations are."""
    if isinstance(answer, list):
        for one in answer:
            yield from counts_in(one)
    if isinstance(answer, dict):
        for value in answer.values():
            yield from counts_in(value)
        if "evidence" in answer:
            number = next(
                answer[name] for name in ("failing", "conversations", "count", "dissatisfied") if name in answer
            )
            yield number, answer["evidence"]


@pytest.mark.parametrize("also", ["", "&f=country:is:BE", "&user=jane", "&f=sentiment:not:positive"])
async def test_each_number_is_as_many_conversations_as_its_evidence_lists(judged: Bot, also: str) -> None:
    client, seen = judged.owner.client, 0
    for name in ("outcomes", "behaviors", "flags", "intents", "languages", "countries", "devices", "plans", "quality",
                 "frustrations", "dissatisfied-users"):  # fmt: skip
        answer = (await client.get(f"/api/v1/analytics/{name}?chatbotId={judged.id}&{MAY}{also}")).json()
        for count, evidence in counts_in(answer):
            assert (await client.get(evidence)).json()["total"] == count, evidence
            seen += count > 0
    assert seen > 10


async def test_with_a_filter_that_holds_for_all_figures_are_the_same(judged: Bot) -> None:
    client = judged.owner.client
    for name in ("outcomes", "behaviors", "flags", "quality", "dissatisfied-users"):
        path = f"/api/v1/analytics/{name}?chatbotId={judged.id}&{MAY}"
        plain, narrowed = (await client.get(path)).text, (await client.get(f"{path}&f=messages:ge:0")).text
        assert narrowed.replace("&f=messages:ge:0", "") == plain


async def test_figures_of_topics_follow_their_topics(judged: Bot, clock: TurnableClock) -> None:
    world, chatbot_id = judged.owner.world, UUID(judged.id)
    topic_id = UUID(int=7)
    async with world.database.transaction() as db:
        await db.run(
            "insert into topics (chatbot_id, id, phrases, centres, x, y, created_at) values ($1, $2, '{parcel}', '', 0, 0, $3)",
            chatbot_id, topic_id, clock.now,
        )  # fmt: skip
        await db.run(
            "insert into conversation_meanings (chatbot_id, conversation_id, revision, topic_id)"
            " select chatbot_id, id, 0, $2 from conversations where chatbot_id = $1 and external_id in ('cross', 'glad')",
            chatbot_id, topic_id,
        )  # fmt: skip
        await tell_facts(db, ChatbotId(chatbot_id))
    for _ in range(2):  # counted, then computed
        answer = (await judged.owner.client.get(f"/api/v1/analytics/topics?chatbotId={judged.id}&{MAY}")).json()
        (topic,) = answer["values"]
        assert (topic["label"], topic["count"], topic["ended"], topic["resolutionRate"]) == ("Parcel", 2, 2, 0.5)
        await settle(judged, clock)


async def test_a_day_ahead_is_asked_for_in_vain(bot: Bot, clock: TurnableClock) -> None:
    ahead = (clock.now + timedelta(days=3)).date()
    answer = await bot.owner.client.get(f"/api/v1/analytics/outcomes?chatbotId={bot.id}&from={ahead}")
    assert answer.json()["period"] == {"from": str(ahead), "to": str(ahead)}
    assert answer.json()["values"] == []
