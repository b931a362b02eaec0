"""docs/api/agents.md, played row by row, and webhooks as a receiver sees them."""

import asyncio
import hmac
import json
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from noctule.base.embed import Embedder
from tests.api.test_chatbase import filled
from tests.api.test_chatbots import sign_in_as
from tests.conftest import Bot, TurnableClock, World, said
from tests.knowledge.test_train import teach, text, work
from tests.scenarios import Row, assert_matches, expand, scenarios

GROUPS = scenarios("agents.md")


@pytest.mark.parametrize("rows", [rows for _, rows in GROUPS], ids=[case for case, _ in GROUPS])
async def test_the_documented_cases(rows: list[Row], bot: Bot, tmp_path: Path) -> None:
    no_model, clients = Embedder(tmp_path), dict[str, httpx.AsyncClient]()
    await teach(bot, text("shop", "You may send goods back within 30 days."))
    await work(bot, no_model)
    asked = {"chatbotId": bot.id, "conversationId": "c1", "messages": [{"role": "user", "content": "Goods back?"}]}
    answered = (await bot.owner.client.post("/api/v1/chat", json=asked)).json()
    known = {"{id}": bot.id, "{answer}": answered["messageId"]}
    for row in rows:
        client = clients[row.caller] = clients.get(row.caller) or await sign_in_as(row.caller, bot)
        body = expand(filled(row.body, known)).encode()
        answer = await client.request(row.method, filled(row.path, known), content=body)
        assert answer.status_code == row.status, f"{row.case}: {answer.text}"
        assert_matches(json.loads(filled(json.dumps(row.answer), known)), answer.json(), row.case)
        if "webhooks" in row.path and "secret" in answer.json():
            known["{webhook}"] = answer.json()["id"]
        await work(bot, no_model)


class Receiver:
    """A team's own server, played by a small real one."""

    def __init__(self) -> None:
        self.statuses = [500, 200]  # what it answers, one after the other
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in head.split("\r\n")[1:] if line)
        }
        self.requests.append((headers, await reader.readexactly(int(headers["content-length"]))))
        writer.write(f"HTTP/1.1 {self.statuses.pop(0)} .\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@pytest_asyncio.fixture
async def receiver() -> AsyncGenerator[Receiver]:
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    yield receiver
    server.close()
    await server.wait_closed()


async def test_two_who_hand_over_at_once_tell_once(own_world: World) -> None:
    bot = await (await own_world.sign_up()).new_chatbot()
    client, path = bot.owner.client, f"/api/v1/chatbots/{bot.id}"
    await client.post(f"{path}/contacts", json={"contacts": [{"external_id": "u1", "email": "ann@example.com"}]})
    asked = {"chatbotId": bot.id, "conversationId": "c1", "contactId": "u1", "messages": [said("A person, please")]}
    await client.post("/api/v1/chat", json=asked)
    webhook = {"url": "https://example.com/", "events": ["conversation.escalated"]}
    assert (await client.post(f"{path}/webhooks", json=webhook)).status_code == 201
    answers = await asyncio.gather(*(client.post(f"{path}/conversations/c1/escalate") for _ in range(4)))
    assert {answer.status_code for answer in answers} == {200}
    async with own_world.database.transaction() as db:
        [told] = await db.values("select body from deliveries")
    assert json.loads(told)["payload"] == {
        "conversationId": "c1",
        "customerEmail": "ann@example.com",
        "customerName": "",
    }


async def test_a_webhook_is_signed_twice_and_tried_again(
    bot: Bot, receiver: Receiver, tmp_path: Path, clock: TurnableClock
) -> None:
    client, path, no_model = bot.owner.client, f"/api/v1/chatbots/{bot.id}", Embedder(tmp_path)
    url = f"http://127.0.0.1:{receiver.port}/hook"
    made = (await client.post(f"{path}/webhooks", json={"url": url})).json()
    await client.post(f"{path}/leads", json={"name": "Zoë", "email": "zoe@example.com", "conversationId": "c1"})
    await work(bot, no_model, allow_private_hosts=True)
    clock.passes(seconds=5)
    await work(bot, no_model, allow_private_hosts=True)
    (_, first), (headers, body) = receiver.requests
    assert (
        first
        == body
        == (
            f'{{"eventType":"leads.submit","chatbotId":"{bot.id}","payload":{{"conversationId":"c1",'
            '"customerEmail":"zoe@example.com","customerName":"Zoë","customerPhone":""}}'
        ).encode()
    )
    secret = made["secret"].encode()
    assert headers["x-chatbase-signature"] == hmac.new(secret, body, "sha1").hexdigest()
    seconds, ours = (part.split("=")[1] for part in headers["x-noctule-signature"].split(","))
    assert ours == hmac.new(secret, f"{seconds}.".encode() + body, "sha256").hexdigest()
    assert headers["content-type"] == "application/json"
    [told] = (await client.get(f"{path}/deliveries")).json()["deliveries"]
    assert (told["status"], told["attempts"], told["http_status"], told["error"]) == ("delivered", 2, 200, None)
    await work(bot, no_model, allow_private_hosts=True)
    assert len(receiver.requests) == 2


async def test_a_webhook_that_never_hears_is_given_up(
    bot: Bot, receiver: Receiver, tmp_path: Path, clock: TurnableClock
) -> None:
    client, path = bot.owner.client, f"/api/v1/chatbots/{bot.id}"
    receiver.statuses = [500] * 6
    await client.post(f"{path}/webhooks", json={"url": f"http://127.0.0.1:{receiver.port}/"})
    await client.post(f"{path}/leads", json={"name": "Zoë"})
    seen: list[tuple[str, int]] = []
    for _ in range(6):
        await work(bot, Embedder(tmp_path), allow_private_hosts=True)
        [told] = (await client.get(f"{path}/deliveries")).json()["deliveries"]
        seen.append((told["status"], told["attempts"]))
        clock.passes(seconds=60)
    assert seen == [("waiting", 1), ("waiting", 2), ("waiting", 3), ("waiting", 4), ("failed", 5), ("failed", 5)]


async def test_taking_over_is_told_once(bot: Bot, receiver: Receiver, tmp_path: Path) -> None:
    client, path = bot.owner.client, f"/api/v1/chatbots/{bot.id}"
    receiver.statuses = [204]
    url = f"http://127.0.0.1:{receiver.port}/"
    await client.post(f"{path}/webhooks", json={"url": url, "events": ["conversation.escalated"]})
    await bot.capture("c1", user={"email": "ann@example.com"})
    for _ in range(2):
        assert (await client.post(f"{path}/conversations/c1/escalate")).status_code == 200
    await client.post(f"{path}/leads", json={"email": "ann@example.com"})
    await work(bot, Embedder(tmp_path), allow_private_hosts=True)
    [(_, body)] = receiver.requests
    assert json.loads(body)["payload"] == {
        "conversationId": "c1", "customerEmail": "ann@example.com", "customerName": "",
    }  # fmt: skip


async def test_who_changed_what_stands_in_the_audit_log(bot: Bot) -> None:
    client, path = bot.owner.client, f"/api/v1/chatbots/{bot.id}"
    made = (await client.post(f"{path}/webhooks", json={"url": "https://example.com/"})).json()
    await client.delete(f"{path}/webhooks/{made['id']}")
    await client.post(f"{path}/contacts", json={"contacts": [{"external_id": "u1"}]})
    await client.patch(f"{path}/contacts/u1", json={"name": "Ann"})
    await client.delete(f"{path}/contacts/u1")
    async with bot.owner.world.database.transaction() as db:
        log = await db.rows("select action, details::text from audit_log order by id")
    assert [action for action, _ in log][-5:] == [
        "webhook.added", "webhook.removed", "contacts.added", "contact.changed", "contact.deleted",
    ]  # fmt: skip
    assert made["secret"] not in str(log)
