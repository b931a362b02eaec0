"""The analysers: who is judged, when, and again; what happens when a worker dies or a conversation cannot be judged."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from noctule import analysis, conversations
from noctule.analysis import pipeline
from noctule.analysis.models import label
from noctule.analysis.pipeline import Work, judge
from noctule.analysis.sentiment import chunks_of, score_of
from noctule.base import jobs
from noctule.base.db import Db
from noctule.base.ids import new_id
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId, Message, MessageId, Role
from noctule.main.recurring import HANDLERS
from tests.conftest import Bot, TurnableClock, said


async def read(bot: Bot, stored) -> dict[str, Any]:
    return (await bot.owner.client.get(f"/api/v1/conversations/{stored.json()['conversationId']}")).json()


async def test_a_conversation_settles_before_it_is_judged(bot: Bot, clock: TurnableClock) -> None:
    stored = await bot.capture("c", said("This is terrible, I am so angry."))
    assert await analysis.judge_due(bot.owner.world.database) == 0
    clock.passes(seconds=3)
    assert await analysis.judge_due(bot.owner.world.database) == 1
    assert await analysis.judge_due(bot.owner.world.database) == 0
    judged = (await read(bot, stored))["analysis"]
    assert (judged["status"], judged["final"], judged["language"], judged["judged_by"]) == (
        "done",
        False,
        "en",
        "offline-4",
    )
    assert judged["sentiment"] < -0.2
    assert judged["reason"].endswith("1 negative of 1 user message.")


async def test_a_late_message_has_it_judged_again_and_silence_makes_it_final(bot: Bot, clock: TurnableClock) -> None:
    database = bot.owner.world.database
    stored = await bot.capture("c", said("This is terrible, I am so angry."))
    clock.passes(seconds=3)
    await analysis.judge_due(database)
    await bot.capture("c", said("Now it works perfectly, thank you, that was excellent and wonderful!"))
    clock.passes(seconds=3)
    assert await analysis.judge_due(database) == 1
    second = await read(bot, stored)
    assert len([message for message in second["messages"] if message["sentiment"] is not None]) == 2
    clock.passes(minutes=29)
    assert await analysis.judge_due(database) == 0
    clock.passes(minutes=2)
    assert await analysis.judge_due(database) == 1
    assert (await read(bot, stored))["analysis"]["final"] is True
    clock.passes(days=1)
    assert await analysis.judge_due(database) == 0
    await bot.capture("c", said("One more thing: this is awful, really terrible."))
    clock.passes(seconds=3)
    assert await analysis.judge_due(database) == 1
    assert (await read(bot, stored))["analysis"]["final"] is False


async def test_a_worker_that_died_is_followed_by_another(bot: Bot, clock: TurnableClock) -> None:
    database = bot.owner.world.database
    await bot.capture("c", said("This is terrible, I am so angry."))
    clock.passes(seconds=3)
    async with database.transaction() as db:
        claimed = await conversations.claim_due(
            db, ChatbotId(UUID(bot.id)), until=db.now + timedelta(minutes=1), limit=10
        )
    assert len(claimed) == 1
    assert await analysis.judge_due(database) == 0
    clock.passes(seconds=61)
    assert await analysis.judge_due(database) == 1


async def test_a_message_that_comes_while_it_is_judged_is_not_forgotten(bot: Bot, clock: TurnableClock) -> None:
    database = bot.owner.world.database
    await bot.capture("c", said("This is terrible, I am so angry."))
    clock.passes(seconds=3)
    async with database.transaction() as db:
        (due,) = await conversations.claim_due(
            db, ChatbotId(UUID(bot.id)), until=db.now + timedelta(minutes=1), limit=10
        )
    await bot.capture("c", said("Still terrible."))
    async with database.transaction() as db:
        await conversations.settle(db, ChatbotId(UUID(bot.id)), [due], next_due=[None])
    clock.passes(seconds=3)
    assert await analysis.judge_due(database) == 1


async def test_a_message_at_the_very_end_of_a_lease_is_not_forgotten(bot: Bot, clock: TurnableClock) -> None:
    """Its own time to be judged is later than the lease; the row must stay due all the same."""
    database, chatbot_id = bot.owner.world.database, ChatbotId(UUID(bot.id))
    await bot.capture("c", said("This is terrible, I am so angry."))
    clock.passes(seconds=3)
    async with database.transaction() as db:
        (due,) = await conversations.claim_due(db, chatbot_id, until=db.now + timedelta(minutes=1), limit=10)
    clock.passes(seconds=59)
    await bot.capture("c", said("Still terrible."))
    async with database.transaction() as db:
        await conversations.settle(db, chatbot_id, [due], next_due=[db.now + timedelta(minutes=30)])
    clock.passes(seconds=3)
    assert await analysis.judge_due(database) == 1


async def test_a_worker_whose_lease_ran_out_leaves_the_word_to_the_next(
    bot: Bot, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was away for two minutes; another has judged the conversation meanwhile, with one message more."""
    database, chatbot_id = bot.owner.world.database, ChatbotId(UUID(bot.id))
    stored = await bot.capture("c", said("This is terrible, I am so angry."))
    clock.passes(seconds=3)
    real = conversations.still_leased

    async def slow(db: Db, *rest: Any) -> set[ConversationId]:
        monkeypatch.setattr(conversations, "still_leased", real)
        await db.run("update conversations set analysis_leased_until = $1", db.now + timedelta(minutes=9))
        return await real(db, *rest)

    monkeypatch.setattr(conversations, "still_leased", slow)
    await analysis.judge_due(database)
    async with database.transaction() as db:
        assert (
            await analysis.judgements_of(db, chatbot_id, [ConversationId(UUID(stored.json()["conversationId"]))]) == {}
        )


async def test_one_that_cannot_be_judged_is_tried_again_then_parked_and_blocks_nobody(
    bot: Bot, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(work: Work) -> None:
        if any("poison" in message.content for message in work.messages):
            raise ZeroDivisionError

    monkeypatch.setattr(pipeline, "STEPS", (stumble, *pipeline.STEPS))
    database = bot.owner.world.database
    bad = await bot.capture("bad", said("This is poison."))
    good = await bot.capture("good", said("This is great, thank you so much!"))
    clock.passes(seconds=3)
    assert await analysis.judge_due(database) == 2
    assert (await read(bot, good))["analysis"]["status"] == "done"
    failed = (await read(bot, bad))["analysis"]
    assert (failed["status"], failed["reason"]) == (
        "failed",
        "The analyser failed on this conversation (ZeroDivisionError).",
    )
    for _ in range(2):
        clock.passes(minutes=2)
        await analysis.judge_due(database)
    clock.passes(minutes=20)
    assert await analysis.judge_due(database) == 0, "parked after three attempts"
    monkeypatch.undo()
    await bot.capture("bad", said("This is fine, it works great now."))
    clock.passes(seconds=3)
    assert await analysis.judge_due(database) == 1
    assert (await read(bot, bad))["analysis"]["status"] == "done"


@pytest.mark.parametrize(
    ("words", "language", "reason"),
    [
        ([], None, "The user has not said anything."),
        (["hm"], None, "so few words"),
        (["12345 👍"], None, "so few words"),
        (["Ich finde das überhaupt nicht gut und möchte mein Geld zurück."], "de", "not supported offline"),
        (["これは本当にひどいサービスです"], "ja", "not supported offline"),
        (["Where can I find the invoice for last month please"], "en", "Neutral"),
    ],
)
def test_what_is_not_known_is_not_guessed(words: list[str], language: str | None, reason: str) -> None:
    messages = [message(word) for word in words] or [message("Hello, how may I help?", "assistant")]
    work = judge(Work(messages))
    assert (work.language.code if work.language else None) == language
    assert reason in work.reason
    if language != "en":
        assert work.sentiment is None


def message(content: str, role: Role = "user") -> Message:
    now = datetime(2025, 3, 15, tzinfo=UTC)
    return Message(
        ConversationId(UUID(int=1)),
        MessageId(UUID(int=hash((content, role)) % 2**120)),
        1,
        role,
        content,
        None,
        None,
        now,
        None,
    )


def test_chunks_point_at_their_words() -> None:
    text = "Hello.  This is a terrible problem!\nI don't like it. Where is it?"
    chunks = chunks_of(text)
    assert [text[chunk.start : chunk.end] for chunk in chunks] == [chunk.text_chunk for chunk in chunks]
    assert [chunk.text_chunk for chunk in chunks] == ["This is a terrible problem!", "I don't like it."]
    assert chunks[1].score < 0
    assert "not like" in chunks[1].reasoning
    assert score_of(text) == round((chunks[0].score + chunks[1].score) / 2, 4)
    assert -0.2 <= score_of("Where is it?") <= 0.2


@pytest.mark.parametrize(
    ("score", "word"),
    [(1, "Very Positive"), (0.6, "Very Positive"), (0.59, "Positive"), (0.21, "Positive"), (0.2, "Neutral"), (0, "Neutral"),
     (-0.2, "Neutral"), (-0.21, "Negative"), (-0.59, "Negative"), (-0.6, "Very Negative"), (-1, "Very Negative")],
)  # fmt: skip
def test_the_five_words(score: float, word: str) -> None:
    assert label(score) == word


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x07",
        "a" * 100_000,
        "not " * 5000,
        "👩‍👩‍👧" * 3000,
        "```\nwhile True: pass\n```",
        "don’t hate",
        "." * 50_000,
    ],
)
def test_anything_can_be_read(text: str) -> None:
    for chunk in chunks_of(text):
        assert -1 <= chunk.score <= 1
        assert text[chunk.start : chunk.end] == chunk.text_chunk


@pytest.mark.parametrize(
    "turns",
    [
        [said("", "assistant"), said("")],
        [said("Welcome!", "assistant"), said("Are you there?", "assistant")],
        [said("You are a helpful assistant.", "system")],
        [said("Where is my order?")] * 3,
        [said("👍🏽" * 2000), said("🎉", "assistant")],
        [said("```python\nraise SystemExit(1)\n```"), said("def f():\n\treturn 0\n" * 500, "assistant")],
        [said("This is terrible. " * 1700), said("I am sorry. " * 2600, "assistant"), said("a" * 32_000)],
        [said("Мой заказ не пришёл"), said("注文はどこですか"), said("أين طلبي"), said("Where is it?", "assistant")],
        [said("\u202eevil\u202c \ufeff\u200b \x07"), said("İıŞß ﬀ", "assistant")],
    ],
    ids=["empty", "nobody answers", "system", "one side", "emoji", "code", "long", "languages", "strange characters"],
)
async def test_whatever_comes_in_is_judged(bot: Bot, clock: TurnableClock, turns: list[dict[str, Any]]) -> None:
    stored = await bot.capture("c", *turns)
    if stored.status_code == 400:  # a message needs a word
        stored = await bot.capture("c", *(turn | {"content": " " + turn["content"]} for turn in turns))
    clock.passes(seconds=3)
    assert await analysis.judge_due(bot.owner.world.database) == 1
    found = await read(bot, stored)
    assert (found["analysis"]["status"], len(found["messages"])) == ("done", found["message_count"])
    for message in found["messages"]:
        assert message["sentiment"] is None or -1 <= message["sentiment"] <= 1


async def test_everything_is_judged_again_and_says_what_changed(bot: Bot, clock: TurnableClock) -> None:
    database, chatbot_id = bot.owner.world.database, ChatbotId(UUID(bot.id))
    stored = await bot.capture("a", said("This is terrible, I am so angry."))
    await bot.capture("b", said("Where is my order?"))
    clock.passes(seconds=3)
    await analysis.judge_due(database)
    async with database.transaction() as db:
        await db.run(
            "update conversation_judgements set judged_by = 'rules-1', sentiment = 1, outcome = null where chatbot_id = $1",
            chatbot_id,
        )
    clock.passes(minutes=1)
    job_id = new_id()
    async with database.transaction() as db:
        org_id: UUID = await db.value("select org_id from chatbots where id = $1", chatbot_id)
        await jobs.start(db, org_id, analysis.HANDLER, job_id=job_id, args={"chatbot_id": bot.id})
    while await jobs.run_next(database, HANDLERS):
        pass
    async with database.transaction() as db:
        state = await jobs.state_of(db, org_id, job_id)
        assert await analysis.judged_chatbots(db) == [chatbot_id]
    assert state
    assert (state.state, state.done) == ("done", 2)
    assert state.result
    before, after = state.result["before"], state.result["after"]
    assert (before["versions"], after["versions"]) == ({"rules-1": 2}, {"offline-4": 2})
    assert before["sentiment"] == 1
    assert after["sentiment"] < 0
    assert (await read(bot, stored))["analysis"]["judged_by"] == "offline-4"
    assert await analysis.judge_due(database) == 0, "each of them once"


async def test_what_a_person_reads_of_a_judged_conversation(bot: Bot, clock: TurnableClock) -> None:
    await bot.owner.client.patch(
        f"/api/v1/chatbots/{bot.id}",
        json={"settings": {"analysis": {"quality": False, "definitions": {"flags": {"legal": {"words": ["lawyer"]}}}}}},
    )
    stored = await bot.capture(
        "c",
        said("I want to cancel my subscription, my lawyer will call you."),
        said("I am sorry, I am unable to do that.", "assistant", tools=[{"name": "cancel"}]),
        said("Then let me speak to a manager, this is ridiculous!"),
    )
    clock.passes(seconds=3)
    await analysis.judge_due(bot.owner.world.database)
    found = await read(bot, stored)
    told = found["analysis"]
    assert {flag["name"] for flag in told["flags"]} == {"churn_risk", "legal", "frustrated_user"}
    assert (told["outcome"], told["escalated"], told["unanswered"], told["intent"]) == (
        "capability_failure", True, True, "cancel",
    )  # fmt: skip
    assert told["unresolved_probability"] > 0.5
    first, second, third = found["messages"]
    assert {flag["name"] for flag in first["flags"]} == {"churn_risk", "legal"}
    assert (second["outcome"], second["quality"], second["dissatisfaction"]) == ("capability_failure", None, None)
    assert third["dissatisfaction"] > first["dissatisfaction"]
