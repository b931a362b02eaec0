"""Every operation that /openapi.json names, and every page, as a request that a test can make: the path filled in, a body
that fits.

A parameter of a path that `Things` does not know fails on purpose: whoever adds a route says what stands there.
"""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import httpx
from fastapi.routing import iter_route_contexts

from noctule.analysis import Topic, TopicId
from noctule.analysis.store.topics import save_topic
from noctule.base.ids import new_id
from noctule.chatbots import ChatbotId
from noctule.main.app import create_openapi, routes
from tests.conftest import Bot, said

_BODIES = {  # where the schema alone does not make a body that is understood
    "POST /api/v1/chatbots/{chatbot_id}/import": [{"conversationId": "c", "messages": [said("Hi")]}],
    "POST /api/v1/chatbots/{chatbot_id}/sources": {"kind": "text", "text": "We open at nine."},
    "PUT /api/v1/chatbots/{chatbot_id}/sources/{source_id}": {"text": "We open at ten."},
    "POST /api/v1/chatbots/{chatbot_id}/leads": {"email": "lead@example.com"},
    "POST /api/v1/chatbots/{chatbot_id}/webhooks": {"url": "http://127.0.0.1:1/"},
    "POST /api/v1/chatbots/{chatbot_id}/messages/{message_id}/feedback": {"feedback": "up"},
    "POST /api/v1/chat": {"chatbotId": "{chatbot_id}", "messages": [said("Hi")]},
    "POST /api/v1/create-chatbot": {"chatbotName": "New", "sourceText": "We open at nine."},
    "POST /api/v1/update-chatbot-data": {"chatbotId": "{chatbot_id}", "sourceText": "We open at ten."},
    "POST /api/v1/update-chatbot-settings": {"chatbotId": "{chatbot_id}", "temperature": 0.5},
    "DELETE /api/v1/delete-chatbot": {"chatbotId": "{chatbot_id}"},
    "POST /api/v1/chatbots/{chatbot_id}/contacts": {"contacts": [{"name": "Ann"}]},
    "POST /api/v1/chatbots/{chatbot_id}/custom-attributes": {"name": "tier", "type": "text"},
    "POST /api/v1/auth/register": {"email": "new@example.com", "password": "long enough"},
}
_QUERIES = {"GET /api/v1/chatbots/{chatbot_id}/search/messages": "q=parcel"}  # without which there is nothing to answer
_BY_TYPE: dict[str, Any] = {"string": "x", "integer": 1, "number": 1.5, "boolean": True, "null": None}


class Things(dict[str, str]):
    """What stands in the place of a parameter of a path, by its name."""

    def __missing__(self, name: str) -> str:
        raise AssertionError(f"say in tests/operations.py what stands for {{{name}}} in a path")


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    credentials: frozenset[str] = frozenset()  # each of which opens it; none: it is public, or a page
    query: frozenset[str] = frozenset()
    body: Any = None  # one that fits; None: it has none
    fields: tuple[str, ...] = ()  # that its body may have

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def names_something(self) -> bool:
        in_body = isinstance(self.body, dict) and "chatbotId" in self.body
        return "{" in self.path or in_body or "chatbotId" in self.query or self.path.endswith("/orgs/switch")

    def url(self, things: Things) -> str:
        url = self.path.format_map(things)
        if asked := _QUERIES.get(self.name):
            return f"{url}?{asked}"
        return f"{url}?chatbotId={things['chatbot_id']}" if "chatbotId" in self.query else url

    def content(self, things: Things) -> str | None:
        """The body, about the chatbot that there is."""
        return None if self.body is None else json.dumps(self.body).replace("{chatbot_id}", things["chatbot_id"])

    async def ask(self, client: httpx.AsyncClient, things: Things) -> httpx.Response:
        return await client.request(self.method, self.url(things), content=self.content(things))


async def things_of(bot: Bot) -> Things:
    """One of everything that an organization may have."""
    owner = bot.owner
    await bot.capture("x", said("Where is my parcel?"), user={"id": "u1"}, organization={"id": "o1"})
    invited = await owner.client.post(
        "/api/v1/orgs/me/invitations", json={"email": "new@example.com", "role": "member"}
    )
    await owner.client.post(f"/api/v1/chatbots/{bot.id}/fields", json={"key": "tier", "type": "string"})
    async with owner.world.client(authorization=f"Bearer {await owner.new_key('program')}") as program:
        chat = (await program.post("/api/v1/chats", json={"title": "Refund"})).json()["chat_id"]
        await program.post(f"/api/v1/chats/{chat}/messages", json=said("Where is my money?"))
    taught = await owner.client.post(
        f"/api/v1/chatbots/{bot.id}/sources", json={"kind": "text", "text": "We open at nine."}
    )
    await owner.client.post(f"/api/v1/chatbots/{bot.id}/custom-attributes", json={"name": "vip", "type": "boolean"})
    brought = await owner.client.post(f"/api/v1/chatbots/{bot.id}/import", json=[{"id": "c", "messages": [said("Hi")]}])
    asked = {"chatbotId": bot.id, "messages": [said("Hi")]}
    answer = (await owner.client.post("/api/v1/chat", json=asked)).json()["messageId"]
    webhook = await owner.client.post(f"/api/v1/chatbots/{bot.id}/webhooks", json={"url": "http://127.0.0.1:1/"})
    listed = (await owner.client.get("/api/v1/conversations", params={"chatbotId": bot.id})).json()["conversations"]
    noted = await owner.client.post(f"/api/v1/conversations/{listed[0]['id']}/notes", json={"text": "Call her."})
    view = await owner.client.post(f"/api/v1/chatbots/{bot.id}/views", json={"name": "Mine", "query": "range=7d"})
    return Things(
        chatbot_id=bot.id,
        conversation_id=listed[0]["id"],
        chat_id=str(chat),
        key_id=(await owner.client.get("/api/v1/orgs/me/apikeys")).json()[0]["id"],
        job_id=brought.json()["job"]["id"],
        slug=(await owner.client.get("/api/v1/users/me")).json()["organization"]["slug"],
        key="tier",
        person_id="u1",
        topic_id=await _topic_of(bot),
        contact_id="u1",
        message_id=answer,
        webhook_id=webhook.json()["id"],
        name="vip",
        source_id=taught.json()["sources"][0]["id"],
        organization_id="o1",
        user_id=(await owner.client.get("/api/v1/users/me")).json()["id"],
        invitation_id=invited.json()["invitation"]["id"],
        token="no-such-token",
        flag="churn_risk",
        part="outcomes",
        view_id=view.json()["id"],
        signal="sentiment",
        note_id=noted.json()["id"],
    )


async def _topic_of(bot: Bot) -> str:
    topic = Topic(TopicId(new_id()), ["parcel"], bytes(384), bot.owner.world.database.clock())
    async with bot.owner.world.database.transaction() as db:
        await save_topic(db, ChatbotId(UUID(bot.id)), topic)
    return str(topic.id)


@cache
def operations() -> list[Operation]:
    """In an order that spares the session: who signs out does it last."""
    described = create_openapi()
    found = [
        _operation(method.upper(), path, operation, described)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    assert len(found) > 40
    return sorted(found, key=lambda one: (one.path.endswith("/logout"), one.path.endswith("/delete-chatbot")))


@cache
def pages() -> list[Operation]:
    """What people see in a browser; a form is sent empty."""
    found = [
        Operation(method, context.path or "")
        for context in iter_route_contexts(routes().routes)
        if not getattr(context, "include_in_schema", True)  # a mount has none
        for method in sorted((context.methods or set()) - {"HEAD"})
    ]
    return sorted(found, key=lambda one: one.path == "/sign-out")


def _operation(method: str, path: str, operation: dict[str, Any], described: dict[str, Any]) -> Operation:
    credentials = frozenset(way for choice in operation.get("security", []) for way in choice)
    queried = frozenset(one["name"] for one in operation.get("parameters", []) if one["in"] == "query")
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        return Operation(method, path, credentials, queried)
    body = _BODIES.get(f"{method} {path}") or example(schema, described)
    fields = tuple(_resolved(schema, described).get("properties", ()))
    return Operation(method, path, credentials, queried, body, fields)


def example(schema: dict[str, Any], described: dict[str, Any]) -> Any:
    """The smallest value that fits."""
    schema = _resolved(schema, described)
    if "enum" in schema:
        return schema["enum"][0]
    if choices := schema.get("anyOf"):
        return example(choices[0], described)
    if schema.get("type") == "array":
        return [example(schema["items"], described) for _ in range(schema.get("minItems", 0))]
    if schema.get("type") == "object":
        return {name: example(schema["properties"][name], described) for name in schema.get("required", [])}
    return _BY_TYPE[schema["type"]]


def _resolved(schema: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    return described["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
