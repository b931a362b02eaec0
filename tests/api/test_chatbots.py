"""docs/api/chatbots.md, played row by row, and what a table cannot say."""

import asyncio
from uuid import UUID

import httpx
import pytest

from noctule.accounts import OrgId
from noctule.chatbots import ChatbotId
from noctule.chatbots.store import chatbots as store
from noctule.conversations import Recorded
from noctule.conversations.record import record
from tests.conftest import Bot, Person, World, said
from tests.conversations.test_record import capture
from tests.scenarios import Row, assert_matches, expand, scenarios

GROUPS = scenarios("chatbots.md")


async def sign_in_as(role: str, bot: Bot) -> httpx.AsyncClient:
    """A client of somebody in the role, in the organization of the chatbot, or of somebody else."""
    world, owner = bot.owner.world, bot.owner
    match role:
        case "":
            return owner.client
        case "nobody":
            return world.client()
        case "forged":
            return world.client(authorization=f"Bearer {owner.token[:-4]}AAAA")
        case "organization key":
            return world.client(authorization=f"Bearer {await owner.new_key()}")
        case _ if role.startswith("key with "):
            key = await owner.new_key(compatibility=[role.removeprefix("key with ")])
            return world.client(authorization=f"Bearer {key}")
        case "chatbot key":
            return world.client(authorization=f"Bearer {bot.key}")
        case "stranger":
            return (await world.sign_up("stranger@example.com", "Elsewhere")).client
        case _:
            person = await world.sign_up(f"{role}@example.com", "Own")
            await join(person, owner.org_id, role)
            return person.client


async def join(person: Person, org_id: str, role: str) -> None:
    async with person.world.database.transaction() as db:
        await db.run(
            "insert into members (org_id, user_id, role, created_at) values ($1, $2, $3, $4)",
            org_id, person.user_id, role, db.now,
        )  # fmt: skip
        await db.run("update sessions set org_id = $1 where user_id = $2", org_id, person.user_id)


@pytest.mark.parametrize("rows", [rows for _, rows in GROUPS], ids=[case for case, _ in GROUPS])
async def test_the_documented_cases(rows: list[Row], bot: Bot) -> None:
    for row in rows:
        client = await sign_in_as(row.caller, bot)
        path = row.path.replace("{id}", bot.id)
        headers = {"content-type": "application/json"} if row.body else {}
        answer = await client.request(row.method, path, content=expand(row.body), headers=headers)
        assert answer.status_code == row.status, f"{row.case}: {answer.text}"
        assert_matches(row.answer, answer.json(), row.case)
        left = len((await bot.owner.client.get("/api/v1/chatbots")).json())
        assert f"{left} chatbot{'s' * (left != 1)}" == row.after, row.case


async def test_the_key_is_shown_once_and_kept_as_a_hash(bot: Bot) -> None:
    listed = await bot.owner.client.get("/api/v1/chatbots")
    assert bot.key not in listed.text
    assert listed.json()[0]["api_key_prefix"] == bot.key[:14] + "..."
    async with bot.owner.world.database.transaction() as db:
        rows = await db.rows("select key_prefix, key_hash from chatbots")
    assert rows[0][0] == bot.key[:14]
    assert bot.key.encode() not in rows[0][1]


async def test_two_changes_at_once_both_stay(own_world: World) -> None:
    bot = await (await own_world.sign_up()).new_chatbot()
    changes = [{"settings": {"nested": {f"key{n}": n}}} for n in range(20)]
    answers = await asyncio.gather(
        *(bot.owner.client.patch(f"/api/v1/chatbots/{bot.id}", json=change) for change in changes)
    )
    assert {answer.status_code for answer in answers} == {200}
    settings = (await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}")).json()["settings"]
    assert settings == {"nested": {f"key{n}": n for n in range(20)}}


async def test_deleting_takes_everything_along(bot: Bot) -> None:
    await bot.capture("c", said("Hi"), said("Hello", "assistant"), custom={"plan": "pro"})
    assert (await bot.owner.client.delete(f"/api/v1/chatbots/{bot.id}")).json() == {"ok": True}
    async with bot.owner.world.database.transaction() as db:
        for table in ("chatbots", "conversations", "messages", "custom_fields"):
            assert await db.value(f"select count(*) from {table}") == 0, table
    assert (await bot.capture("c", said("Hi"))).status_code == 401


async def test_every_change_is_in_the_audit_log(bot: Bot) -> None:
    client = bot.owner.client
    await client.patch(f"/api/v1/chatbots/{bot.id}", json={"name": "Renamed"})
    await client.post(f"/api/v1/chatbots/{bot.id}/rotate-key")
    for verb in ("archive", "archive", "restore", "restore"):  # a second time changes nothing
        await client.post(f"/api/v1/chatbots/{bot.id}/{verb}")
    await bot.owner.new_key("reports")
    key_id = (await client.get("/api/v1/orgs/me/apikeys")).json()[0]["id"]
    await client.delete(f"/api/v1/orgs/me/apikeys/{key_id}")
    await client.delete(f"/api/v1/chatbots/{bot.id}")
    await client.post("/api/v1/auth/logout")
    async with bot.owner.world.database.transaction() as db:
        rows = await db.rows("select action, actor_kind, actor_id::text, details::text from audit_log order by id")
    assert [row[0] for row in rows] == [
        "organization.created", "chatbot.created", "chatbot.changed", "chatbot.key_rotated", "chatbot.archived",
        "chatbot.restored", "organization_key.created", "organization_key.revoked", "chatbot.deleted", "session.ended",
    ]  # fmt: skip
    assert {(kind, actor) for _, kind, actor, _ in rows} == {("session", bot.owner.user_id)}
    assert "ob_live_" not in str(rows)


async def test_archiving_holds_for_requests_on_their_way(own_world: World) -> None:
    """While many record as fast as they can, one archives: after its answer not one more is stored."""
    bot = await (await own_world.sign_up()).new_chatbot()
    statuses: list[int] = []
    under_way = asyncio.Event()

    async def keep_sending(sender: int) -> None:
        for number in range(40):
            statuses.append((await bot.capture(f"c{sender}-{number}")).status_code)
            if len(statuses) == 40:
                under_way.set()

    async def archive() -> int:
        await under_way.wait()
        assert (await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/archive")).status_code == 200
        return await count()

    async def count() -> int:
        return (await bot.owner.client.get("/api/v1/conversations")).json()["total"]

    *_, when_archived = await asyncio.gather(*(keep_sending(sender) for sender in range(8)), archive())
    assert when_archived == await count() == statuses.count(200)
    assert set(statuses) == {200, 403}


async def test_archiving_waits_for_a_recording_that_is_under_way(own_world: World) -> None:
    bot = await (await own_world.sign_up()).new_chatbot()
    await bot.capture("it is active already")
    archive = bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/archive")
    async with own_world.database.transaction() as db:
        outcomes = await record(db, [capture(ChatbotId(UUID(bot.id)), "c")])
        waiting = asyncio.create_task(archive)
        await asyncio.wait([waiting], timeout=0.5)
        assert not waiting.done()
    assert (await waiting).status_code == 200
    assert [type(outcome) for outcome in outcomes] == [Recorded]


async def test_a_recording_waits_for_archiving_that_is_under_way_and_is_refused(own_world: World) -> None:
    bot = await (await own_world.sign_up()).new_chatbot()
    chatbot_id, org_id = ChatbotId(UUID(bot.id)), OrgId(UUID(bot.owner.org_id))
    async with own_world.database.transaction() as db:
        await store.hold_chatbot(db, org_id, chatbot_id)
        await store.update_archived(db, org_id, chatbot_id, archived_at=db.now)
        waiting = asyncio.create_task(bot.capture())
        await asyncio.wait([waiting], timeout=0.5)
        assert not waiting.done()
    assert (await waiting).status_code == 403


async def test_the_first_conversation_of_many_at_once_makes_it_active_once(own_world: World) -> None:
    bot = await (await own_world.sign_up()).new_chatbot()
    answers = await asyncio.gather(*(bot.capture(f"c{number}") for number in range(30)))
    assert {answer.status_code for answer in answers} == {200}
    status = (await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}/status")).json()
    assert status["status"] == "active"
    async with own_world.database.transaction() as db:
        first = await db.value("select ctid::text from chatbots")
    await bot.capture("later")
    assert (await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}/status")).json() == status
    async with own_world.database.transaction() as db:
        assert await db.value("select ctid::text from chatbots") == first, "an active chatbot is not written"
