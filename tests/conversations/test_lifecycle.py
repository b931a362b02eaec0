"""Open, idle, closed, open again: by the hour, by the rules of the chatbot, by a word of the caller."""

from typing import Any

from noctule import analysis
from tests.conftest import Bot, TurnableClock, World, said


async def read(bot: Bot, name: str = "c") -> dict[str, Any]:
    return (await bot.owner.client.get(f"/api/v1/conversations/{name}", params={"chatbotId": bot.id})).json()


async def state(bot: Bot) -> tuple[str, int]:
    found = await read(bot)
    return found["state"], found["reopened"]


async def test_silence_makes_it_idle_then_closes_it_and_a_late_message_opens_it_again(
    bot: Bot, clock: TurnableClock
) -> None:
    await bot.capture("c", said("Hello", id="1"))
    assert await state(bot) == ("open", 0)
    clock.passes(minutes=10)
    assert await state(bot) == ("idle", 0)
    clock.passes(minutes=20)
    assert await state(bot) == ("closed", 0)
    await bot.capture("c", said("Hello", id="1"))
    assert await state(bot) == ("closed", 0), "a repeat is no new message"
    await bot.capture("c", said("Still there?", id="2"))
    assert await state(bot) == ("open", 1)


async def test_a_chatbot_has_rules_of_its_own(bot: Bot, clock: TurnableClock) -> None:
    rules = {"settings": {"lifecycle": {"idleAfterMinutes": 1, "closeAfterMinutes": 3}}}
    assert (await bot.owner.client.patch(f"/api/v1/chatbots/{bot.id}", json=rules)).status_code == 200
    await bot.capture("c", said("This is terrible."))
    clock.passes(minutes=2)
    assert await state(bot) == ("idle", 0)
    await analysis.judge_due(bot.owner.world.database)
    assert (await read(bot))["analysis"]["final"] is False
    clock.passes(minutes=1)
    assert await state(bot) == ("closed", 0)
    await analysis.judge_due(bot.owner.world.database)
    assert (await read(bot))["analysis"]["final"] is True


async def test_rules_that_make_no_sense_are_refused(bot: Bot) -> None:
    for lifecycle in (3, {"idleAfterMinutes": 0}, {"closeAfterMinutes": "5"}, {"closeAfterMinutes": True}):
        answer = await bot.owner.client.patch(f"/api/v1/chatbots/{bot.id}", json={"settings": {"lifecycle": lifecycle}})
        assert answer.status_code == 400
        assert answer.json()["details"][0]["field"].startswith("settings.lifecycle")


async def test_the_caller_may_end_it_and_its_last_judgement_follows(bot: Bot, clock: TurnableClock) -> None:
    database = bot.owner.world.database
    await bot.capture("c", said("This is terrible.", id="1"), ended=True)
    found = await read(bot)
    assert (found["state"], found["ended_at"] is not None) == ("closed", True)
    clock.passes(seconds=3)
    assert await analysis.judge_due(database) == 1
    assert (await read(bot))["analysis"]["final"] is True
    await bot.capture("c", said("This is terrible.", id="1"), ended=True)
    clock.passes(seconds=3)
    assert await analysis.judge_due(database) == 0, "the same word again changes nothing"
    await bot.capture("c", said("One more thing.", id="2"))
    assert await state(bot) == ("open", 1)
    assert (await read(bot))["ended_at"] is None


async def test_a_person_may_end_it_once(bot: Bot, clock: TurnableClock) -> None:
    database = bot.owner.world.database
    await bot.capture("c", said("This is terrible."))
    clock.passes(seconds=3)
    await analysis.judge_due(database)
    for _ in range(2):
        ended = await bot.owner.client.post("/api/v1/conversations/c/end", params={"chatbotId": bot.id})
        assert ended.json() == {"ok": True}
    assert await state(bot) == ("closed", 0)
    assert await analysis.judge_due(database) == 1
    assert (await read(bot))["analysis"]["final"] is True
    async with database.transaction() as db:
        assert await db.values("select action from audit_log where action like 'conversation.%'") == [
            "conversation.ended"
        ]


async def test_nobody_else_ends_it(world: World, bot: Bot) -> None:
    await bot.capture("c")
    stranger = await world.sign_up("eve@example.com", "Elsewhere")
    path = f"/api/v1/conversations/{(await read(bot))['id']}/end"
    assert (await stranger.client.post(path)).status_code == 404
    async with world.client() as nobody:
        assert (await nobody.post(path)).status_code == 401
    assert await state(bot) == ("open", 0)


async def test_a_request_with_a_key_of_its_own_is_stored_once(bot: Bot) -> None:
    async with bot.owner.world.client(authorization=f"Bearer {bot.key}") as client:
        body = {"conversationId": "c", "messages": [said("Hi"), said("Hi")]}
        stored = [
            (await client.post("/api/v1/capture", json=body, headers={"idempotency-key": key})).json()["messagesStored"]
            for key in ("a", "a", "b")
        ]
        other = {**body, "messages": [said("Other words"), said("Hi")]}
        changed = await client.post("/api/v1/capture", json=other, headers={"idempotency-key": "a"})
        long = await client.post("/api/v1/capture", json=body, headers={"idempotency-key": "k" * 257})
    assert stored == [2, 0, 2]
    assert changed.json()["messagesStored"] == 1, "other words are no repeat"
    assert (long.status_code, long.json()["details"][0]["field"]) == (400, "Idempotency-Key")
