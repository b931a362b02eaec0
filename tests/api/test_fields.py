"""docs/api/fields.md, played row by row, and what a table cannot say."""

import asyncio
import json
import random

import httpx
import pytest

from noctule.chatbots.declare import MOST_DECLARED
from noctule.chatbots.fields import LONGEST_SAMPLE, MOST_DISCOVERED
from noctule.conversations.record import record
from tests.api.test_chatbots import sign_in_as
from tests.conftest import Bot, TurnableClock, World, said
from tests.conversations.test_record import capture, chatbot_of
from tests.scenarios import Row, assert_matches, expand, scenarios

GROUPS = scenarios("fields.md")


async def client_of(row: Row, bot: Bot) -> httpx.AsyncClient:
    if row.caller == "stranger's key":
        stranger = await bot.owner.world.sign_up("stranger@example.com", "Elsewhere")
        return bot.owner.world.client(authorization=f"Bearer {await stranger.new_key()}")
    return await sign_in_as(row.caller, bot)


@pytest.mark.parametrize("rows", [rows for _, rows in GROUPS], ids=[case for case, _ in GROUPS])
async def test_the_documented_cases(rows: list[Row], bot: Bot) -> None:
    for row in rows:
        client = await client_of(row, bot)
        headers = {"content-type": "application/json"} if row.body else {}
        path = row.path.replace("{id}", bot.id)
        answer = await client.request(row.method, path, content=expand(row.body).encode(), headers=headers)
        assert answer.status_code == row.status, f"{row.case}: {answer.text}"
        assert_matches(row.answer, answer.json(), row.case)
        left = len(await fields_of(bot))
        assert f"{left} field{'s' * (left != 1)}" == row.after, row.case


async def fields_of(bot: Bot) -> dict[str, dict[str, object]]:
    found = await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}/fields")
    return {field["key"]: field for field in found.json()["fields"]}


async def test_every_change_is_in_the_audit_log(bot: Bot) -> None:
    client, path = bot.owner.client, f"/api/v1/chatbots/{bot.id}/fields"
    await client.post(path, json={"key": "plan", "type": "string"})
    await client.patch(f"{path}/plan", json={"status": "accept", "label": "Plan"})
    await client.patch(f"{path}/plan", json={"status": "accept"})  # changes nothing
    async with bot.owner.world.database.transaction() as db:
        rows = await db.rows(
            "select action, target, details::text from audit_log where action like 'field.%' order by id"
        )
    assert [(action, target) for action, target, _ in rows] == [
        ("field.declared", bot.id),
        ("field.changed", bot.id),
    ]
    assert json.loads(rows[1][2]) == {"key": "plan", "label": "Plan", "status": "accept"}


async def test_ids_in_keys_do_not_fill_the_table(bot: Bot) -> None:
    for start in (0, 150, 300):
        await bot.capture("c", custom={f"k{start + n:03}": n for n in range(150)})
    assert len(await fields_of(bot)) == MOST_DISCOVERED
    read = await bot.owner.client.get("/api/v1/conversations/c", params={"chatbotId": bot.id})
    assert len(read.json()["custom"]) == 450, "the values are stored all the same"


async def test_declared_fields_have_a_limit(bot: Bot) -> None:
    async with bot.owner.world.database.transaction() as db:
        await db.run(
            """
            insert into custom_fields (chatbot_id, key, type, status, created_at)
            select $1, 'k' || n, 'string', 'track', $2 from generate_series(1, $3::int) n
            """,
            bot.id, db.now, MOST_DECLARED,
        )  # fmt: skip
    answer = await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/fields", json={"key": "more", "type": "string"})
    assert (answer.status_code, answer.json()["error"]) == (409, "A chatbot may have at most 500 declared fields.")


async def test_a_sample_is_short(bot: Bot) -> None:
    custom = {"long": "語" * 300, "deep": {"a": ["b"] * 100}, "digits": int("1" * 300)}
    await bot.capture("c", metadata=custom)
    samples = {key: str(field["sample"]) for key, field in (await fields_of(bot)).items()}
    assert {len(sample) for sample in samples.values()} == {LONGEST_SAMPLE}
    assert samples["deep"].startswith('{"a":["b","b"')


async def test_a_field_is_seen_again_after_a_minute(bot: Bot, clock: TurnableClock) -> None:
    """A count beyond the exact ones is drawn and mostly not written; the last sight of it is nevertheless."""
    await bot.capture("c", custom={"plan": "pro"})
    async with bot.owner.world.database.transaction() as db:
        await db.run("update custom_fields set occurrences = 1000000000000")
    before = (await fields_of(bot))["plan"]
    await bot.capture("c", custom={"plan": "pro"})
    assert (await fields_of(bot))["plan"] == before, "no row is written for each request for ever"
    clock.passes(seconds=61)
    await bot.capture("c", custom={"plan": "pro"})
    after = (await fields_of(bot))["plan"]
    assert after["occurrences"] == before["occurrences"]
    assert after["last_seen_at"] != before["last_seen_at"]


async def test_an_organization_of_programs_filters_only_its_own(bot: Bot, world: World) -> None:
    await bot.capture("mine", custom={"plan": "pro"})
    other = await (await world.sign_up("other@example.com", "Elsewhere")).new_chatbot()
    await other.capture("theirs", custom={"plan": "pro"})
    for one in (bot, other):
        await one.owner.client.patch(f"/api/v1/chatbots/{one.id}/fields/plan", json={"status": "accept"})
        found = await one.owner.client.get("/api/v1/conversations", params={"chatbotId": one.id, "custom.plan": "pro"})
        assert [item["chatbot_id"] for item in found.json()["conversations"]] == [one.id]
        assert found.json()["total"] == 1


async def test_batches_that_see_the_same_keys_in_different_order_never_deadlock(own_world: World) -> None:
    """A recorder would repeat what deadlocks; here each batch is a transaction of its own, and none may fail."""
    bots = [await chatbot_of(own_world, f"{n}@example.com") for n in range(3)]
    rng = random.Random(11)
    keys = [f"k{n}" for n in range(30)]

    async def store(batch: int) -> None:
        captures = [
            capture(bot, f"{batch}", custom=dict.fromkeys(rng.sample(keys, len(keys)), batch))
            for bot in rng.sample(bots, len(bots))
        ]
        async with own_world.database.transaction() as db:
            await record(db, captures)

    await asyncio.gather(*(store(batch) for batch in range(80)))
    async with own_world.database.transaction() as db:
        rows = await db.rows("select chatbot_id, key, occurrences from custom_fields order by chatbot_id, key")
        pending = await db.value("select count(*) from chatbots where activated_at is null")
    assert rows == [(bot, key, 80) for bot in sorted(bots) for key in sorted(keys)]
    assert pending == 0


async def test_a_denied_field_stays_out_of_what_is_added_later(bot: Bot) -> None:
    await bot.capture("c", said("Hi"), custom={"plan": "pro", "email": "a@b.c"})
    await bot.owner.client.patch(f"/api/v1/chatbots/{bot.id}/fields/email", json={"status": "deny"})
    again = await bot.capture("c", said("Hi again"), custom={"plan": "free", "email": "d@e.f"})
    assert again.json()["warnings"] == ["Custom field 'plan' not in schema"]
    read = await bot.owner.client.get("/api/v1/conversations/c", params={"chatbotId": bot.id})
    assert read.json()["custom"] == {"plan": "free", "email": "a@b.c"}
