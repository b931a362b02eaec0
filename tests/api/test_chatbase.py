"""docs/api/chatbase.md, played row by row, and what a table cannot say."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from noctule import agents
from noctule.base.embed import Embedder
from tests.api.test_chatbots import sign_in_as
from tests.conftest import Bot, TurnableClock, said
from tests.knowledge.test_train import teach, text, work
from tests.scenarios import Row, assert_matches, expand, scenarios

GROUPS = scenarios("chatbase.md")
SHOP = "You may send goods back within 30 days. Our office is open from nine to five on weekdays."
QUESTION = {"role": "user", "content": "When is the office open?"}


@pytest.mark.parametrize("rows", [rows for _, rows in GROUPS], ids=[case for case, _ in GROUPS])
async def test_the_documented_cases(rows: list[Row], bot: Bot, tmp_path: Path) -> None:
    no_model, clients = Embedder(tmp_path), dict[str, httpx.AsyncClient]()
    await teach(bot, text("shop", SHOP))
    await work(bot, no_model)
    stranger = await bot.owner.world.sign_up("eve@example.com", "Elsewhere")
    known = {"{id}": bot.id, "{theirs}": (await stranger.new_chatbot()).id}
    for row in rows:
        caller = {"": "organization key", "owner": ""}.get(row.caller, row.caller)
        client = clients[caller] = clients.get(caller) or await sign_in_as(caller, bot)
        body = expand(filled(row.body, known)).encode()
        answer = await client.request(row.method, filled(row.path, known), content=body)
        assert answer.status_code == row.status, f"{row.case}: {answer.text}"
        assert_matches(json.loads(filled(json.dumps(row.answer), known)), answer.json(), row.case)
        remember(known, answer.json())
        if row.after:
            name, _, turns = row.after.partition(": ")
            stored = (await bot.owner.client.get(f"/api/v1/conversations/{name}?chatbotId={bot.id}")).json()
            assert "".join(one["role"][0] for one in stored["messages"]) == turns, row.case
        await work(bot, no_model)


def filled(words: str, known: dict[str, str]) -> str:
    for name, value in known.items():
        words = words.replace(name, value)
    return words


def remember(known: dict[str, str], answer: Any) -> None:
    if isinstance(answer, dict):
        known["{made}"] = answer.get("chatbotId") or known.get("{made}", "")
        known["{cursor}"] = answer.get("nextCursor") or known.get("{cursor}", "")
        contacts = answer.get("data")
        if "{first}" not in known and isinstance(contacts, list) and contacts and "stripe_accounts" in contacts[0]:
            known["{first}"] = contacts[0]["id"]


async def program(bot: Bot) -> httpx.AsyncClient:
    return await sign_in_as("organization key", bot)


@pytest.mark.parametrize("name", [{"conversationId": "c1"}, {}])
async def test_a_question_that_is_sent_again_with_its_key_is_stored_once(bot: Bot, name: dict[str, str]) -> None:
    client, answers = await program(bot), list[dict[str, Any]]()
    history = [QUESTION, {"role": "assistant", "content": "At nine."}, {"role": "user", "content": "Also on Sundays?"}]
    for key, messages in [("a", [QUESTION]), ("b", history), ("a", [QUESTION]), ("b", history)]:
        body = {"chatbotId": bot.id, "messages": messages, **name}
        answers.append((await client.post("/api/v1/chat", json=body, headers={"idempotency-key": key})).json())
    assert answers[:2] == answers[2:]
    roles = ""
    for conversation in {one["conversationId"] for one in answers}:
        path = f"/api/v1/conversations/{conversation}?chatbotId={bot.id}"
        stored = (await bot.owner.client.get(path)).json()["messages"]
        roles += "".join(one["role"][0] for one in stored)
        assert {one["messageId"] for one in answers} & {one.get("external_message_id") for one in stored}
    assert sorted(roles) == sorted("ua" + "uaua")
    long = await client.post(
        "/api/v1/chat", json={"chatbotId": bot.id, "messages": [QUESTION]}, headers={"idempotency-key": "k" * 257}
    )
    assert (long.status_code, long.json()["issues"][0]["field"]) == (400, "Idempotency-Key")


async def test_a_stream_is_the_stored_answer(bot: Bot, tmp_path: Path) -> None:
    await teach(bot, text("shop", SHOP))
    await work(bot, Embedder(tmp_path))
    client, words = await program(bot), list[str]()
    body = {"chatbotId": bot.id, "conversationId": "Füchse\n1", "messages": [QUESTION], "stream": True}
    async with client.stream("POST", "/api/v1/chat", json=body) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["x-conversation-id"] == "F%C3%BCchse%0A1"
        assert answer.headers["x-accel-buffering"] == "no"
        words = [part async for part in answer.aiter_text()]
    found = (await client.get("/api/v1/get-conversations", params={"chatbotId": bot.id})).json()["data"]
    assert found[0]["id"] == "Füchse\n1"
    assert "".join(words) == found[0]["messages"][-1]["content"]
    async with client.stream("POST", "/api/v1/chat", json=body, headers={"accept": "text/event-stream"}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = [part async for part in answer.aiter_text()]
    lines = "".join(events).split("\n\n")
    assert lines[-2:] == ["data: [DONE]", ""]
    assert "".join(line.removeprefix("data: ") for line in lines[:-2]) == "".join(words)


async def test_an_unsaved_question_leaves_nothing_behind_also_as_a_stream(bot: Bot) -> None:
    client = await sign_in_as("key with unsaved_chats", bot)
    body = {"chatbotId": bot.id, "messages": [QUESTION], "stream": True}
    answer = await client.post("/api/v1/chat", json=body)
    assert answer.text
    name = answer.headers["x-conversation-id"]
    assert (await bot.owner.client.get(f"/api/v1/conversations/{name}?chatbotId={bot.id}")).status_code == 404
    async with bot.owner.world.database.transaction() as db:
        assert await db.value("select count(*) from messages") == 0
    entries = (await bot.owner.client.get("/api/v1/orgs/me/audit")).json()["entries"]
    assert {"label": "reports", "compatibility": "unsaved_chats"} in [one["details"] for one in entries]


async def test_a_client_that_leaves_stops_the_work(bot: Bot, tmp_path: Path) -> None:
    """The application is called as a server calls it: one word is taken, and then the client is gone."""
    await teach(bot, text("shop", SHOP))
    await work(bot, Embedder(tmp_path))
    key, taken = await bot.owner.new_key(), list[bytes]()
    body = json.dumps({"chatbotId": bot.id, "conversationId": "c1", "messages": [QUESTION], "stream": True})
    incoming = [{"type": "http.request", "body": body.encode(), "more_body": False}]

    async def receive() -> dict[str, Any]:
        return incoming.pop(0) if incoming else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message.get("body"):
            taken.append(message["body"])
            if len(taken) == 2:
                raise OSError("the client is gone")

    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1", "method": "POST",
        "path": "/api/v1/chat", "raw_path": b"/api/v1/chat", "query_string": b"", "root_path": "", "scheme": "http",
        "headers": [(b"authorization", f"Bearer {key}".encode())], "client": ("test", 1), "server": ("test", 80),
    }  # fmt: skip
    await bot.owner.world.app(scope, receive, send)
    for task in agents.last_words():
        await task
    stored = (await bot.owner.client.get(f"/api/v1/conversations/c1?chatbotId={bot.id}")).json()["messages"]
    assert len(taken) == 2, "no word was made for nobody"
    assert SHOP.startswith(stored[-1]["content"])
    assert len(stored[-1]["content"]) < len(SHOP)


async def test_a_long_history_is_stored_once(bot: Bot) -> None:
    """However long it is; of more than a thousand turns the latest count."""
    client = await program(bot)
    for count in (700, 1400):
        history = [said(f"turn {place}", "user" if place % 2 == 0 else "assistant") for place in range(count)]
        for _ in range(2):
            history.append(QUESTION)
            body = {"chatbotId": bot.id, "conversationId": f"c{count}", "messages": history}
            answer = await client.post("/api/v1/chat", json=body)
            history.append(said(answer.json()["text"], "assistant"))
        assert await turns_of(bot, f"c{count}") == [one["content"] for one in history][-1003:]


async def turns_of(bot: Bot, conversation: str) -> list[str]:
    async with bot.owner.world.database.transaction() as db:
        return await db.values(
            """
            select m.content
            from messages m
            join conversations c on c.chatbot_id = m.chatbot_id and c.id = m.conversation_id
            where c.external_id = $1
            order by m.placed_at, m.placed_rank, m.id
            """,
            conversation,
        )


async def test_who_asks_too_much_waits(bot: Bot) -> None:
    client = await program(bot)
    settings = {"chatbotId": bot.id, "ipLimit": 2, "ipLimitTimeframe": 60, "ipLimitMessage": "Slow down."}
    assert (await client.post("/api/v1/update-chatbot-settings", json=settings)).status_code == 200
    body = {"chatbotId": bot.id, "conversationId": "c1", "messages": [QUESTION]}
    statuses = [(await client.post("/api/v1/chat", json=body)).status_code for _ in range(2)]
    last = await client.post("/api/v1/chat", json=body)
    assert [*statuses, last.status_code] == [200, 200, 429]
    assert last.json() == {"error": "rate_limited", "message": "Slow down."}
    assert int(last.headers["retry-after"]) > 0
    assert (await client.post("/api/v1/chat", json={**body, "conversationId": "c2"})).status_code == 200
    nameless = {"chatbotId": bot.id, "messages": [QUESTION]}
    assert [(await client.post("/api/v1/chat", json=nameless)).status_code for _ in range(3)] == [200, 200, 429]


async def test_days_sources_and_pages(bot: Bot, clock: TurnableClock) -> None:
    clock.now = datetime(2026, 3, 15, 23, 59, 59, tzinfo=UTC)
    client = await program(bot)
    for number in range(5):
        await bot.capture(f"c{number}", said("Hi"), said("Hello", role="assistant"), said("Be nice.", role="system"))
        clock.now += timedelta(seconds=1 if number == 0 else 3600)

    async def names(**asked: str) -> list[str]:
        answer = await client.get("/api/v1/get-conversations", params={"chatbotId": bot.id, **asked})
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["data"]]

    assert await names() == ["c4", "c3", "c2", "c1", "c0"]
    assert await names(endDate="2026-03-15") == ["c0"]
    assert await names(startDate="2026-03-16", endDate="2026-03-16") == ["c4", "c3", "c2", "c1"]
    assert await names(size="2", page="2") == ["c2", "c1"]
    assert await names(filteredSources="slack, api") == ["c4", "c3", "c2", "c1", "c0"]
    assert await names(filteredSources="Widget or iframe") == []
    found = (await client.get("/api/v1/get-conversations", params={"chatbotId": bot.id, "size": "1"})).json()
    assert [one["role"] for one in found["data"][0]["messages"]] == ["user", "assistant"]


async def test_somebody_met_in_a_conversation_is_a_contact(bot: Bot) -> None:
    client = await program(bot)
    await bot.capture("c1", user={"email": "Ann@Example.com", "name": "Ann"})
    [ann] = (await client.get(f"/api/v1/chatbots/{bot.id}/contacts")).json()["data"]
    assert (ann["external_id"], ann["email"]) == (None, "ann@example.com")
    taken = {"contacts": [{"external_id": "u1", "email": "ann@example.com", "phone": "1"}]}
    [same] = (await client.post(f"/api/v1/chatbots/{bot.id}/contacts", json=taken)).json()["data"]
    assert (same["id"], same["name"], same["external_id"]) == (ann["id"], "Ann", "u1")
    await bot.capture("c2", user={"id": "u1", "plan": "pro"})
    again = (await client.get(f"/api/v1/chatbots/{bot.id}/contacts")).json()
    assert (again["total"], again["data"][0]["phone"]) == (1, "1")


async def test_a_contact_without_any_name_has_its_conversations(bot: Bot) -> None:
    client = await program(bot)
    path = f"/api/v1/chatbots/{bot.id}/contacts"
    [one] = (await client.post(path, json={"contacts": [{"phone": "1"}]})).json()["data"]
    body = {"chatbotId": bot.id, "contactId": one["id"], "conversationId": "c1", "messages": [QUESTION]}
    assert (await client.post("/api/v1/chat", json=body)).status_code == 200
    async with bot.owner.world.database.transaction() as db:
        assert str(await db.value("select person_id from conversations where external_id = 'c1'")) == one["id"]
    assert (await client.delete(f"{path}/{one['id']}")).status_code == 200
    async with bot.owner.world.database.transaction() as db:
        assert await db.value("select person_id from conversations where external_id = 'c1'") is None


async def test_whom_an_agent_talks_with_has_a_name(bot: Bot) -> None:
    """By the contact that the question names, or by the lead that comes of it."""
    client, path = await program(bot), f"/api/v1/chatbots/{bot.id}"
    contact = {"external_id": "u1", "name": "Ann", "email": "ann@example.com"}
    assert (await client.post(f"{path}/contacts", json={"contacts": [contact]})).status_code == 200
    for name in ("c1", "c2"):
        asked = {"chatbotId": bot.id, "conversationId": name, "messages": [QUESTION]}
        await client.post("/api/v1/chat", json={**asked, "contactId": "u1" if name == "c1" else None})
    lead = {"email": "ben@example.com", "phone": "123", "conversationId": "c2"}
    ben = (await client.post(f"{path}/leads", json=lead)).json()["user_id"]
    await client.post(f"{path}/leads", json={**lead, "conversationId": "c1"})
    found = (await client.get("/api/v1/get-conversations", params={"chatbotId": bot.id})).json()["data"]
    assert {one["id"]: one["customer"] for one in found} == {"c1": "ann@example.com", "c2": "ben@example.com"}
    assert (await client.get(f"{path}/contacts/{ben}")).json()["phone"] == "123"


async def test_leafing_misses_nobody_and_shows_nobody_twice(bot: Bot) -> None:
    client, path = await program(bot), f"/api/v1/chatbots/{bot.id}/contacts"
    names = [f"u{number:04}" for number in range(1001)]
    contacts = [{"external_id": name} for name in names]
    assert (await client.post(path, json={"contacts": contacts})).status_code == 400
    assert (await client.post(path, json={"contacts": contacts[:1000]})).status_code == 200
    seen, cursor = list[str](), ""
    while cursor is not None:
        page = (await client.get(path, params={"limit": "300", "cursor": cursor})).json()
        seen += [one["external_id"] for one in page["data"]]
        cursor = page["nextCursor"]
    assert seen == names[:1000]
