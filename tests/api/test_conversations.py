"""docs/api/conversations.md, played row by row on two judged conversations."""

import pytest

from noctule import analysis
from noctule.api.openbat import conversations as api
from tests.api.test_chatbots import sign_in_as
from tests.conftest import Bot, TurnableClock, said
from tests.scenarios import Row, assert_matches, scenarios

GROUPS = scenarios("conversations.md")


@pytest.fixture
async def judged(bot: Bot, clock: TurnableClock) -> dict[str, str]:
    """The internal ids of the two conversations of the document."""
    first = await bot.capture(
        "conv-1",
        said(
            "This is a terrible problem and I am really frustrated with your support.",
            id="m1",
            sentAt="2025-03-15T14:30:00Z",
        ),
        said("I am sorry.", "assistant", sentAt="2025-03-15T14:30:30Z"),
        said("Where is my parcel now?", sentAt="2025-03-15T14:31:00Z"),
        user={"id": "u1", "name": "Jane"},
    )
    second = await bot.capture(
        "conv-2", said("Everything was excellent, thank you so much!", sentAt="2025-03-16T10:00:00Z")
    )
    clock.passes(seconds=5)
    assert await analysis.judge_due(bot.owner.world.database) == 2
    return {"conv-1": first.json()["conversationId"], "conv-2": second.json()["conversationId"]}


@pytest.mark.parametrize("rows", [rows for _, rows in GROUPS], ids=[case for case, _ in GROUPS])
async def test_the_documented_cases(rows: list[Row], bot: Bot, judged: dict[str, str]) -> None:
    for row in rows:
        client = await sign_in_as(row.caller, bot)
        path = (
            row.path.replace("{id}", bot.id).replace("{conv-1}", judged["conv-1"]).replace("{conv-2}", judged["conv-2"])
        )
        answer = await client.request(row.method, path, content=row.body)
        assert answer.status_code == row.status, f"{row.case}: {answer.text}"
        assert_matches(row.answer, answer.json(), row.case)


async def test_a_long_conversation_is_read_in_parts(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_MOST_MESSAGES", 3)
    said_at = [f"2025-03-15T14:{minute:02}:00Z" for minute in (4, 2, 0, 5, 1, 3)]
    stored = [await bot.capture("c", said(moment, sentAt=moment)) for moment in said_at]
    path = f"/api/v1/conversations/{stored[0].json()['conversationId']}"
    first = (await bot.owner.client.get(path)).json()
    second = (await bot.owner.client.get(f"{path}?after={first['next_after']}")).json()
    assert [one["content"] for one in first["messages"] + second["messages"]] == sorted(said_at)
    assert (first["next_after"], second["next_after"]) == (first["messages"][-1]["id"], None)
    assert second["message_count"] == 6


async def test_todays_messages_and_trend(bot: Bot, clock: TurnableClock) -> None:
    clock.now = clock.now.replace(hour=12)
    await bot.capture("c", said("This is great, I love it."), said("What a terrible, awful day it was today."))
    await bot.capture("other", said("Ich finde das überhaupt nicht gut und möchte bitte mein Geld zurück."))
    clock.passes(seconds=5)
    await analysis.judge_due(bot.owner.world.database)
    overview = (await bot.owner.client.get("/api/v1/analytics/overview")).json()
    assert overview["messagesToday"] == 3
    assert overview["coverage"] == {"analysed": 2, "total": 2}
    trend = (await bot.owner.client.get(f"/api/v1/analytics/sentiment?chatbotId={bot.id}&days=1")).json()
    assert trend["total"] == 2
    assert [(day["date"], day["count"]) for day in trend["sentimentOverTime"]] == [(clock.now.date().isoformat(), 2)]
    assert trend["distribution"] == {"Very Positive": 1, "Very Negative": 1}


async def test_a_caller_s_id_may_hold_slashes_and_look_like_anything(bot: Bot) -> None:
    for name in ("a/b/c", "ünï?#%&=+ ", "00000000-0000-7000-8000-000000000000"):
        await bot.capture(name, said("Hi"))
        client = bot.owner.client
        quoted = name.replace("%", "%25").replace("?", "%3F").replace("#", "%23").replace(" ", "%20")
        answer = await client.get(f"/api/v1/conversations/{quoted}", params={"chatbotId": bot.id})
        assert answer.status_code == 200, answer.text
        assert answer.json()["external_conversation_id"] == name


async def test_what_is_pending_says_so(bot: Bot) -> None:
    stored = (await bot.capture("c", said("Hi"))).json()
    read = (await bot.owner.client.get(f"/api/v1/conversations/{stored['conversationId']}")).json()
    assert read["analysis"]["status"] == "pending"
    assert read["analysis"]["final"] is False
    assert read["messages"][0]["sentiment"] is None
