"""docs/api/search.md, played row by row; and what words may be made of."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from noctule import analysis, conversations
from noctule.analysis.words import indexed, read_question
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId, Message, MessageId
from tests.api.test_chatbots import sign_in_as
from tests.conftest import Bot, TurnableClock, World, said
from tests.scenarios import Row, assert_matches, scenarios

GROUPS = scenarios("search.md")


async def judge_all(bot: Bot, clock: TurnableClock) -> None:
    clock.passes(seconds=5)
    while await analysis.judge_due(bot.owner.world.database):
        pass


async def three_conversations(bot: Bot, clock: TurnableClock) -> None:
    for day, name, turns, about in (
        (15, "a", [("user", "Where is my refund for the café order?"), ("assistant", "Refunds take 5 days.")], {}),
        (16, "b", [("user", "Wo bleibt meine Erstattung? Ich will die Rechnungen sehen.")], {}),
        (17, "c", [("user", "I was refunded twice, please check.")], {"user": {"id": "u", "plan": "pro"}}),
    ):
        messages: list[Any] = [
            {"role": role, "content": words, "sentAt": f"2025-03-{day}T10:00:0{place}Z"}
            for place, (role, words) in enumerate(turns)
        ]
        assert (await bot.capture(name, *messages, **about)).status_code == 200
    await judge_all(bot, clock)


@pytest.mark.parametrize("rows", [rows for _, rows in GROUPS], ids=[case for case, _ in GROUPS])
async def test_the_documented_cases(rows: list[Row], bot: Bot, clock: TurnableClock) -> None:
    await three_conversations(bot, clock)
    first = await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}/search/messages?q=refund&limit=2")
    for row in rows:
        path = row.path.replace("{id}", bot.id).replace("{next}", str(first.json()["next"]).replace("+", "%2B"))
        answer = await (await sign_in_as(row.caller, bot)).request(row.method, path)
        assert answer.status_code == row.status, f"{row.case}: {answer.text}"
        assert_matches(row.answer, answer.json(), row.case)


async def found(bot: Bot, text: str) -> list[str]:
    answer = await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}/search/messages", params={"q": text})
    assert answer.status_code == 200, answer.text
    return [one["external_conversation_id"] for one in answer.json()["results"]]


async def test_what_belongs_to_another_chatbot_is_not_found(bot: Bot, clock: TurnableClock) -> None:
    other = await bot.owner.new_chatbot("Other")
    await other.capture("theirs", said("Where is my refund?"))
    await three_conversations(bot, clock)
    assert set(await found(bot, "refund")) == {"a", "c"}
    assert await found(other, "refund") == ["theirs"]
    assert await found(bot, f"@{UUID(other.id).hex}") == []


async def test_new_words_and_what_is_deleted(bot: Bot, clock: TurnableClock) -> None:
    await bot.capture("c", said("First words"))
    await judge_all(bot, clock)
    await bot.capture("c", said("Second thoughts"))
    await judge_all(bot, clock)
    assert await found(bot, "words") == await found(bot, "thoughts") == ["c"]
    async with bot.owner.world.database.transaction() as db:
        named = await conversations.conversation_named(db, ChatbotId(UUID(bot.id)), "c")
        assert named
        await db.run("delete from conversations where chatbot_id = $1 and id = $2", named.chatbot_id, named.id)
    assert await found(bot, "words") == []


async def test_common_words_are_met_walking_back(
    bot: Bot, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        await bot.capture(f"c{number:02}", said(f"the parcel {number}", sentAt=f"2025-03-15T10:00:{number:02}Z"))
    await judge_all(bot, clock)
    ordinary = await found(bot, "parcel")
    monkeypatch.setattr("noctule.analysis.search.MOST_COUNTED", 5)
    answer = await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}/search/messages?q=parcel&limit=8")
    walked = [one["external_conversation_id"] for one in answer.json()["results"]]
    assert answer.json()["total"] == 5
    after = answer.json()["next"].replace("+", "%2B")
    rest = await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}/search/messages?q=parcel&limit=8&after={after}")
    assert walked + [one["external_conversation_id"] for one in rest.json()["results"]] == ordinary
    assert ordinary == sorted(ordinary, reverse=True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=some.text(some.characters(exclude_characters="\0", codec="utf-8"), max_size=80))
async def test_any_text_is_found_by_itself(world: World, text: str) -> None:
    """PostgreSQL reads what we write as words and as a condition, whatever stands in them."""
    chatbot_id = ChatbotId(UUID(int=7))
    question = read_question(text.replace('"', " "), forms=False)
    message = Message(
        ConversationId(UUID(int=1)), MessageId(UUID(int=2)), 1, "user", text, None, None, datetime.now(UTC), None
    )
    if question:
        async with world.database.transaction() as db:
            assert await db.value(
                "select $1::text::tsvector @@ $2::text::tsquery",
                indexed(message, chatbot_id),
                question.condition(chatbot_id),
            )


def test_a_snippet_shows_what_was_found_wherever_it_stands() -> None:
    long = "word " * 500 + "needle " + "word " * 500
    question = read_question("needle", forms=False)
    snippet = analysis.snippet_of(long, question)
    assert ("needle", True) in snippet.pieces
    assert "".join(text for text, _ in snippet.pieces) == snippet.text
    assert long[snippet.start :].startswith(snippet.text)
    assert analysis.snippet_of("x" * 1000 + "needle", read_question("y", forms=False)).places == []
    assert analysis.snippet_of("nothing", question).pieces == [("nothing", False)]
