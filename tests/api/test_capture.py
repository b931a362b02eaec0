"""docs/api/capture.md and track.md, played row by row, and what a table cannot say."""

import asyncio

import pytest

from noctule.api.openbat.capture import moment
from noctule.base.clock import iso
from noctule.base.errors import Invalid
from noctule.base.settings import Rate
from tests.conftest import Bot, Person, World, running, said, services_on
from tests.scenarios import Row, assert_matches, expand, scenarios

GROUPS = scenarios("capture.md") + scenarios("track.md")

BROWSER = {
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
    "accept-language": "nl-BE",
}
FORWARDING = {
    "user-agent": "python-httpx/0.28.1",
    "x-original-user-agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "x-original-referer": "https://example.com/docs",
    "accept-language": "fr",
    "x-forwarded-for": "198.51.100.4, 10.0.0.1",
    "x-vercel-ip-country": "FR",
    "x-vercel-ip-city": "Orl%C3%A9ans",
}


def headers_of(row: Row, bot: Bot) -> dict[str, str]:
    match row.caller:
        case "nobody":
            return {}
        case "wrong key":
            return {"authorization": "Bearer ob_live_" + "0" * 32}
        case "garbage key":
            return {"authorization": "Bearer \xff\xfe"}
        case "session":
            return {"authorization": f"Bearer {bot.owner.token}"}
        case "x-openbat-key":
            return {"x-openbat-key": bot.key}
        case "bearer and wrong x-openbat-key":
            return {"authorization": f"Bearer {bot.key}", "x-openbat-key": "ob_live_" + "0" * 32}
        case "a browser":
            return {"authorization": f"Bearer {bot.key}", **BROWSER}
        case "a forwarding server":
            return {"authorization": f"Bearer {bot.key}", **FORWARDING}
        case _:
            return {"authorization": f"Bearer {bot.key}"}


@pytest.mark.parametrize("rows", [rows for _, rows in GROUPS], ids=[case for case, _ in GROUPS])
async def test_the_documented_cases(rows: list[Row], bot: Bot) -> None:
    async with bot.owner.world.client() as client:
        for row in rows:
            headers = [(name.encode(), value.encode("latin-1")) for name, value in headers_of(row, bot).items()]
            answer = await client.request(
                row.method, row.path.replace("{id}", bot.id), content=expand(row.body), headers=headers
            )
            assert answer.status_code == row.status, f"{row.case}: {answer.text}"
            assert_matches(row.answer, answer.json(), row.case)
            assert await holdings(bot) == row.after, row.case


async def holdings(bot: Bot) -> str:
    overview = await bot.owner.client.get("/api/v1/analytics/overview", params={"chatbotId": bot.id})
    conversations, messages = overview.json()["totalConversations"], overview.json()["totalMessages"]
    return f"{conversations} conversation{'s' * (conversations != 1)}, {messages} message{'s' * (messages != 1)}"


async def test_invalid_utf_8_is_a_400(bot: Bot) -> None:
    async with bot.owner.world.client(authorization=f"Bearer {bot.key}") as client:
        body = b'{"conversationId": "c", "messages": [{"role": "user", "content": "\xff\xfe"}]}'
        answer = await client.post("/api/v1/capture", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"] == "body: is not valid JSON in UTF-8"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2025-03-15T14:30:00Z", "2025-03-15T14:30:00Z"),
        ("2025-03-15 14:30", "2025-03-15T14:30:00Z"),
        ("2025-03-15t14:30:00.1234567z", "2025-03-15T14:30:00.123Z"),
        ("2025-03-15T14:30:00,5+01", "2025-03-15T13:30:00.500Z"),
        ("2025-03-15T14:30-0130", "2025-03-15T16:00:00Z"),
        ("2025-03-15T14:30:59+23:59", "2025-03-14T14:31:59Z"),
        ("2025-03-15", "2025-03-15T00:00:00Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ("2999-12-31T23:59:59Z", "2999-12-31T23:59:59Z"),
    ],
)
def test_times_that_are_understood(text: str, meant: str) -> None:
    assert iso(moment(text, "sentAt")) == meant


@pytest.mark.parametrize(
    "text",
    [
        "", "now", "2025-03-15Q14:30", "2025-03-15T", "2025-03-15T14", "2025-03-15T24:00", "2025-03-15T14:60", "20250315T1430",
        "2025-W11-6", "2025-074", "2025-03-15T14:30:60Z", "2025-03-15T14:30Z ", "2025-03-15T14:30+24:00", "2025-03-15Z",
        "2025-02-30", "٢٠٢٥-03-15", "2025-03-15T14:30:00.Z", "2025-03-15T14:30:00+01:00:30", "1742049000", "1969-12-31T23:59Z",
        "3000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    ],
)  # fmt: skip
def test_times_that_are_not(text: str) -> None:
    with pytest.raises(Invalid, match="sentAt"):
        moment(text, "sentAt")


@pytest.mark.parametrize("end", ["-infinity", "infinity"])
async def test_times_at_the_ends_of_the_calendar_that_were_stored_are_read(bot: Bot, end: str) -> None:
    """They were accepted once, and PostgreSQL keeps them as its infinities."""
    stored = (await bot.capture("c", said("Hi", sentAt="2025-03-15T14:30:00Z"))).json()
    async with bot.owner.world.database.transaction() as db:
        await db.run("update conversations set first_message_at = $1::text::timestamptz", end)
        await db.run("update conversations set last_message_at = $1::text::timestamptz", end)
        await db.run("update messages set sent_at = $1::text::timestamptz, placed_at = $1::text::timestamptz", end)
    paths = (
        "/api/v1/conversations", f"/api/v1/conversations/{stored['conversationId']}", "/api/v1/analytics/overview", "/",
        f"/api/v1/analytics/sentiment?chatbotId={bot.id}", f"/b/{bot.id}/conversations",
        f"/b/{bot.id}/conversations/{stored['conversationId']}", f"/b/{bot.id}/connect",
    )  # fmt: skip
    for path in paths:
        assert (await bot.owner.client.get(path)).status_code == 200, path
    assert (await bot.capture("c", said("Hello again"), user={"name": "Jane"})).status_code == 200


async def test_metadata_are_merged_and_the_last_value_wins(bot: Bot) -> None:
    await bot.capture(
        "c", user={"id": "u1", "name": "Jane", "plan": "free"}, session={"country": "NL"}, custom={"a": 1}
    )
    first = await bot.capture("c", user={"plan": "pro"}, organization={"name": "Acme"}, custom={"b": True})
    read = (await bot.owner.client.get(f"/api/v1/conversations/{first.json()['conversationId']}")).json()
    assert read["user"] == {"id": "u1", "name": "Jane", "plan": "pro"}
    assert read["organization"] == {"name": "Acme"}
    assert read["session"] == {"country": "NL"}
    assert read["custom"] == {"a": 1, "b": True}
    assert read["external_user_id"] == "u1"


async def test_new_names_win_over_deprecated_ones(bot: Bot) -> None:
    answer = await bot.capture(
        "c", user={"id": "new"}, userId="old", custom={"k": "new"}, metadata={"k": "old", "list": [1, {"x": None}]}
    )
    read = (await bot.owner.client.get(f"/api/v1/conversations/{answer.json()['conversationId']}")).json()
    assert read["external_user_id"] == "new"
    assert read["custom"] == {"k": "new", "list": '[1,{"x":null}]'}


async def test_custom_and_metadata_have_at_most_256_names_each(bot: Bot) -> None:
    most = {f"key{n}": n for n in range(256)}
    assert (await bot.capture("c", custom=most, metadata=most)).status_code == 200
    for field in ("custom", "metadata"):
        answer = await bot.capture("d", **{field: {**most, "another": 1}})
        assert answer.json()["error"] == f"{field}: must have at most 256 keys"


async def test_one_request_keeps_the_order_of_its_array(bot: Bot) -> None:
    words = [f"word {n}" for n in range(40)]
    answer = await bot.capture("c", *(said(word, "assistant" if n % 3 else "user") for n, word in enumerate(words)))
    read = (await bot.owner.client.get(f"/api/v1/conversations/{answer.json()['conversationId']}")).json()
    assert [message["content"] for message in read["messages"]] == words


async def test_requests_are_ordered_by_time_and_the_user_comes_first_at_equal_times(bot: Bot) -> None:
    at = "2025-03-15T14:30:00Z"
    await bot.capture("c", said("later", sentAt="2025-03-15T14:31:00Z"))
    await bot.capture("c", said("answer", "assistant", sentAt=at))
    await bot.capture("c", said("question", sentAt=at))
    answer = await bot.capture("c", said("b", "assistant", sentAt=at, id="1"), said("a", sentAt=at, id="2"))
    read = (await bot.owner.client.get(f"/api/v1/conversations/{answer.json()['conversationId']}")).json()
    assert [message["content"] for message in read["messages"]] == ["question", "answer", "b", "a", "later"]


async def test_a_rotated_key_stops_at_once(owner: Person, bot: Bot) -> None:
    assert (await bot.capture()).status_code == 200
    new_key = (await owner.client.post(f"/api/v1/chatbots/{bot.id}/rotate-key")).json()["apiKey"]
    assert (await bot.capture()).status_code == 401
    bot.key = new_key
    assert (await bot.capture()).status_code == 200


async def test_too_many_requests_are_told_when_to_come_back(database) -> None:
    async with running(services_on(database, rate_limit=Rate(3, 60))) as world:
        bot = await (await world.sign_up()).new_chatbot()
        answers = [await bot.capture(f"c{n}") for n in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].json() == {"ok": False, "error": "Rate limit exceeded", "message": "Rate limit exceeded"}
    assert 1 <= int(answers[3].headers["retry-after"]) <= 60


async def test_a_new_key_has_no_new_allowance(database) -> None:
    async with running(services_on(database, rate_limit=Rate(2, 3600))) as world:
        bot = await (await world.sign_up()).new_chatbot()
        before = [(await bot.capture()).status_code for _ in range(3)]
        rotated = await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/rotate-key")
        bot.key = rotated.json()["apiKey"]
        assert (*before, (await bot.capture()).status_code) == (200, 200, 429, 429)
        other = await bot.owner.new_chatbot("Other")
        assert (await other.capture()).status_code == 200


async def test_switched_off_analysis_is_not_queued(owner: Person, bot: Bot) -> None:
    await owner.client.patch(f"/api/v1/chatbots/{bot.id}", json={"settings": {"userAnalysisEnabled": False}})
    assert (await bot.capture("c", said("Hi"))).json()["analysisQueued"] is False
    assert (await bot.capture("c", said("Hi", "assistant"))).json()["analysisQueued"] is True
    await owner.client.patch(f"/api/v1/chatbots/{bot.id}", json={"settings": {"userAnalysisEnabled": None}})
    assert (await bot.capture("c", said("Hi"))).json()["analysisQueued"] is True
    await owner.client.patch(f"/api/v1/chatbots/{bot.id}", json={"settings": {"assistantAnalysisEnabled": False}})
    assert (await bot.capture("c", said("Hi", "assistant"))).json()["analysisQueued"] is False


async def test_the_same_request_from_many_callers_at_once_is_stored_once(own_world: World) -> None:
    bot = await (await own_world.sign_up()).new_chatbot()
    messages = [said(f"message {n}", id=f"m{n}") for n in range(10)]
    answers = await asyncio.gather(*(bot.capture("c", *messages) for _ in range(40)))
    assert {answer.status_code for answer in answers} == {200}
    assert sum(answer.json()["messagesStored"] for answer in answers) == 10
    assert len({answer.json()["conversationId"] for answer in answers}) == 1
    assert await holdings(bot) == "1 conversation, 10 messages"


async def test_an_undeclared_key_is_remembered_as_discovered(bot: Bot) -> None:
    await bot.capture("c", custom={"plan": "pro", "seats": 3, "trial": False})
    async with bot.owner.world.database.transaction() as db:
        rows = await db.rows("select key, type, status from custom_fields order by key")
    assert rows == [
        ("plan", "string", "discovered"),
        ("seats", "number", "discovered"),
        ("trial", "boolean", "discovered"),
    ]
    again = await bot.capture("c", custom={"plan": 1})
    assert again.json()["warnings"] == ["Custom field 'plan' not in schema"]


async def test_a_declared_field_of_another_type_warns(bot: Bot) -> None:
    async with bot.owner.world.database.transaction() as db:
        await db.run(
            "insert into custom_fields (chatbot_id, key, type, status, created_at) values ($1, 'seats', 'number', 'track', $2)",
            bot.id, db.now,
        )  # fmt: skip
    answer = await bot.capture("c", custom={"seats": "three"}, metadata={"other": 1})
    assert answer.json()["warnings"] == [
        "Custom field 'other' not in schema",
        "Custom field 'seats' expected number, got string",
    ]
    assert (await bot.capture("c", metadata={"seats": [3]})).json()["warnings"] == [
        "Custom field 'seats' expected number, got array"
    ]


async def test_track_at_the_same_moment_from_many_callers_is_stored_once(own_world: World) -> None:
    bot = await (await own_world.sign_up()).new_chatbot()
    messages = [said(f"turn {n % 3}", "assistant" if n % 2 else "user") for n in range(12)]

    async def track(length: int) -> int:
        async with own_world.client(authorization=f"Bearer {bot.key}") as client:
            answer = await client.post("/v1/track", json={"conversationId": "c", "messages": messages[:length]})
        return answer.status_code

    assert set(await asyncio.gather(*(track(12) for _ in range(10)), track(5), track(8))) == {200}
    assert await holdings(bot) == "1 conversation, 12 messages"


async def test_what_track_sends_is_read_like_everything_else(bot: Bot) -> None:
    async with bot.owner.world.client(authorization=f"Bearer {bot.key}") as client:
        body = {
            "conversationId": "c", "messages": [said("Hi"), said("Hello", "assistant")], "user": {"id": "u1", "name": "Jane"},
            "organization": {"id": "o1"}, "metadata": {"plan": "pro", "tags": ["a"]},
        }  # fmt: skip
        await client.post("/v1/track", json=body)
    read = (await bot.owner.client.get("/api/v1/conversations/c", params={"chatbotId": bot.id})).json()
    assert [message["content"] for message in read["messages"]] == ["Hi", "Hello"]
    assert (read["source"], read["external_user_id"], read["organization"]) == ("track", "u1", {"id": "o1"})
    assert read["custom"] == {"plan": "pro", "tags": '["a"]'}
    async with bot.owner.world.database.transaction() as db:
        assert await db.values("select key from custom_fields order by key") == ["plan", "tags"]


async def test_what_headers_tell_is_kept_and_the_session_counts_more(bot: Bot) -> None:
    told = {**FORWARDING, "user-agent": FORWARDING["x-original-user-agent"], "cf-ipcountry": "FR"}
    await bot.capture("c", session={"device": "tablet"}, headers=told)
    await bot.capture("c", session={"country": "AT"}, headers={"accept-language": "de"})
    read = (await bot.owner.client.get("/api/v1/conversations/c", params={"chatbotId": bot.id})).json()
    assert read["session"] == {"device": "tablet", "country": "AT"}
    assert "device" not in read["enrichment"]
    assert (read["enrichment"]["browser"], read["enrichment"]["language"]) == ("Chrome", "de")


async def test_nothing_is_known_of_who_comes_with_a_program(bot: Bot) -> None:
    await bot.capture("c")
    read = (await bot.owner.client.get("/api/v1/conversations/c", params={"chatbotId": bot.id})).json()
    assert read["enrichment"] == {}


async def test_track_reads_headers_too(bot: Bot) -> None:
    async with bot.owner.world.client(authorization=f"Bearer {bot.key}", **FORWARDING) as client:
        await client.post("/v1/track", json={"conversationId": "c", "messages": [said("Hi")]})
    read = (await bot.owner.client.get("/api/v1/conversations/c", params={"chatbotId": bot.id})).json()
    assert (read["enrichment"]["os"], read["enrichment"]["city"]) == ("Windows", "Orléans")
