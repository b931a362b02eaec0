"""docs/api/chats.md, played row by row, and what a table cannot say."""

import asyncio
from typing import Any

import httpx
import pytest

from noctule import analysis
from noctule.base.settings import Rate
from tests.conftest import Person, TurnableClock, World, running, services_on
from tests.scenarios import assert_matches, expand, scenarios

GROUPS = scenarios("chats.md")
_NO_KEY = "noctule_" + "0" * 40


class Callers:
    """Who may stand behind a request of the table, and the headers he sends."""

    def __init__(self, owner: Person, stranger: Person, key: str, chatbot_key: str) -> None:
        bearer = f"Bearer {owner.token}"
        self.headers: dict[str, dict[str, str]] = {
            "": {"x-organization-api-key": key},
            "organization key": {"x-organization-api-key": key},
            "both headers": {"x-organization-api-key": key, "authorization": key},
            "bearer key": {"authorization": f"Bearer {key}"},
            "bare key": {"authorization": key},
            "bearer session": {"authorization": bearer},
            "bare session": {"authorization": owner.token},
            "cookie": {"cookie": f"auth_token={owner.token}"},
            "key and foreign session": {"x-organization-api-key": key, "authorization": f"Bearer {stranger.token}"},
            "wrong key": {"x-organization-api-key": _NO_KEY},
            "wrong key and session": {"x-organization-api-key": _NO_KEY, "authorization": bearer},
            "chatbot key": {"authorization": f"Bearer {chatbot_key}"},
            "wrong session": {"authorization": "Bearer eyJ.eyJ.x"},
            "stranger": {"authorization": f"Bearer {stranger.token}"},
            "nobody": {},
        }


@pytest.mark.parametrize("rows", [rows for _, rows in GROUPS], ids=[case for case, _ in GROUPS])
async def test_the_documented_cases(rows: list[Any], owner: Person) -> None:
    stranger = await owner.world.sign_up("eve@example.com", "Elsewhere")
    bot = await owner.new_chatbot()
    callers = Callers(owner, stranger, await owner.new_key(), bot.key)
    chat = 0
    async with owner.world.client() as client:
        for row in rows:
            path = row.path.replace("{chat}", str(chat))
            answer = await client.request(
                row.method, path, content=expand(row.body).encode(), headers=callers.headers[row.caller]
            )
            assert answer.status_code == row.status, f"{row.case}: {answer.text}"
            assert_matches(row.answer, answer.json(), row.case)
            if answer.status_code >= 400:
                assert all(isinstance(value, str) for value in answer.json().values()), "strings only"
            chat = answer.json().get("chat_id", chat) if isinstance(answer.json(), dict) else chat
            assert await holdings(owner) == row.after, row.case


async def holdings(owner: Person) -> str:
    found = (await owner.client.get("/api/v1/analytics/overview")).json()
    chats, messages = found["totalConversations"], found["totalMessages"]
    counted = f"{chats} chat{'s' * (chats != 1)}"
    return f"{counted}, {messages} message{'s' * (messages != 1)}" if messages else counted


async def create(client: httpx.AsyncClient, **body: Any) -> int:
    answer = await client.post("/api/v1/chats", json={"title": "Refund", **body})
    assert answer.status_code == 201, answer.text
    return answer.json()["chat_id"]


async def test_what_the_caller_states_counts_before_what_we_judge(owner: Person, clock: TurnableClock) -> None:
    async with owner.world.client(**{"x-organization-api-key": await owner.new_key()}) as client:
        metadata = {
            "sentiment": "negative",
            "question_category": "refunds",
            "is_escalated": True,
            "language_code": "nl",
        }
        chat = await create(client, metadata=metadata, tags=["vip"], user_id=7)
        happy = {"role": "user", "content": "I love it, this is wonderful, thank you so much!"}
        await client.post(f"/api/v1/chats/{chat}/messages", json=happy)
    clock.passes(seconds=3)
    await analysis.judge_due(owner.world.database)
    (listed,) = (await owner.client.get("/api/v1/conversations")).json()["conversations"]
    read = (await owner.client.get(f"/api/v1/conversations/{listed['id']}")).json()
    judged = read["analysis"]
    assert (judged["sentiment"], judged["sentiment_label"], judged["judged_by"]) == (-0.4, "Negative", "caller")
    assert (judged["intent"], judged["escalated"], judged["language"]) == ("refunds", True, "nl")
    assert judged["by_caller"] == ["escalated", "intent", "language", "sentiment"]
    assert (read["title"], read["tags"], read["source"], read["external_user_id"]) == ("Refund", ["vip"], "chats", "7")
    overview = (await owner.client.get("/api/v1/analytics/overview")).json()
    assert overview["sentimentDistribution"]["Negative"] == 1
    assert overview["sentimentDistribution"]["Very Positive"] == 0, "the caller's word and not ours"
    trend = await owner.client.get("/api/v1/analytics/sentiment", params={"chatbotId": listed["chatbot_id"]})
    assert [day["avgScore"] for day in trend.json()["sentimentOverTime"]] == [-0.4]


async def test_words_that_say_nothing_of_a_feeling_are_kept_and_not_judged(owner: Person, clock: TurnableClock) -> None:
    async with owner.world.client(**{"x-organization-api-key": await owner.new_key()}) as client:
        for sentiment in ("string", "5", "nan", "0.7"):
            await create(client, metadata={"sentiment": sentiment})
    clock.passes(seconds=3)
    await analysis.judge_due(owner.world.database)
    overview = (await owner.client.get("/api/v1/analytics/overview")).json()
    assert sum(overview["sentimentDistribution"].values()) == overview["sentimentDistribution"]["Very Positive"] == 1


async def test_a_chat_without_messages_is_judged_and_shown(owner: Person, clock: TurnableClock) -> None:
    async with owner.world.client(**{"x-organization-api-key": await owner.new_key()}) as client:
        await create(client)
    clock.passes(seconds=3)
    await analysis.judge_due(owner.world.database)
    (listed,) = (await owner.client.get("/api/v1/conversations")).json()["conversations"]
    read = (await owner.client.get(f"/api/v1/conversations/{listed['id']}")).json()
    assert (read["analysis"]["status"], read["analysis"]["reason"]) == ("done", "The user has not said anything.")
    for path in (f"/b/{listed['chatbot_id']}/conversations", f"/b/{listed['chatbot_id']}/conversations/{listed['id']}"):
        page = await owner.client.get(path)
        assert (page.status_code, "Refund" in page.text) == (200, True)


async def test_a_revoked_key_stops_at_once(owner: Person) -> None:
    """Also while the server still remembers what it opened."""
    key = await owner.new_key()
    async with owner.world.client(**{"x-organization-api-key": key}) as client:
        chat = await create(client)
        listed = (await owner.client.get("/api/v1/orgs/me/apikeys")).json()
        await owner.client.delete(f"/api/v1/orgs/me/apikeys/{listed[0]['id']}")
        answers = [
            await client.post("/api/v1/chats", json={"title": "x"}),
            await client.post(f"/api/v1/chats/{chat}/messages", json={"role": "user", "content": "x"}),
            await client.get("/api/v1/chats"),
        ]
    assert [answer.status_code for answer in answers] == [401, 401, 401]


async def test_a_repeat_with_the_same_key_of_its_own_is_the_same_chat_and_message(owner: Person) -> None:
    key = {"x-organization-api-key": await owner.new_key(), "idempotency-key": "order-7"}
    async with owner.world.client(**key) as client:
        chats = {await create(client) for _ in range(3)}
        (chat,) = chats
        sent = [
            (await client.post(f"/api/v1/chats/{chat}/messages", json={"role": "user", "content": "Hi"})).json()
            for _ in range(3)
        ]
    assert len({answer["message_id"] for answer in sent}) == 1
    assert await holdings(owner) == "1 chat, 1 message"


async def test_the_first_chats_of_an_organization_come_at_the_same_moment(own_world: World) -> None:
    owner = await own_world.sign_up()
    async with own_world.client(**{"x-organization-api-key": await owner.new_key()}) as client:
        chats = await asyncio.gather(*(create(client) for _ in range(20)))
    assert len(set(chats)) == 20
    assert [bot["name"] for bot in (await owner.client.get("/api/v1/chatbots")).json()] == ["Chats"]


async def test_a_deleted_chatbot_is_made_again(owner: Person) -> None:
    async with owner.world.client(**{"x-organization-api-key": await owner.new_key()}) as client:
        await create(client)
        (bot,) = (await owner.client.get("/api/v1/chatbots")).json()
        await owner.client.delete(f"/api/v1/chatbots/{bot['id']}")
        owner.world.services.chat_ring.forget()  # what the notice of the deletion does in a server
        await create(client)
    assert await holdings(owner) == "1 chat"


async def test_a_foreign_page_cannot_use_the_cookie(owner: Person) -> None:
    answer = await owner.client.post(
        "/api/v1/chats", json={"title": "x"}, headers={"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    )
    assert answer.status_code == 403


async def test_too_many_requests_are_told_when_to_come_back(database) -> None:
    async with running(services_on(database, rate_limit=Rate(2, 60))) as world:
        owner = await world.sign_up()
        async with world.client(**{"x-organization-api-key": await owner.new_key()}) as client:
            answers = [await client.post("/api/v1/chats", json={"title": "x"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[2].json() == {"error": "Rate limit exceeded", "message": "Rate limit exceeded"}
    assert 1 <= int(answers[2].headers["retry-after"]) <= 60
