"""Exports: complete, in order, in bounded pieces, and only for those who own the conversations."""

import csv
import importlib
import io
import json
import re

import pytest

from noctule import analysis
from tests.conftest import Bot, TurnableClock, said

exporting = importlib.import_module("noctule.transfer.export")  # the package offers the function of that name


async def file_of(bot: Bot, query: str = "") -> str:
    answer = await bot.owner.client.get(f"/api/v1/export/{bot.id}{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    return answer.text


async def talk(bot: Bot) -> None:
    await bot.capture(
        "conv-1",
        said("This is a terrible problem.", id="m1", sentAt="2025-03-15T14:30:00.123456Z"),
        said("Sorry", "assistant", sentAt="2025-03-15T14:30:30Z", reasoning="They are angry"),
        said("=1+1\n\"quoted\", 'and' ünï"),
        user={"id": "u1", "name": "Jane", "mrr": 12.5},
        organization={"id": "o1", "plan": "pro"},
        session={"pageUrl": "https://example.com/", "device": "mobile"},
        custom={"tier": "gold", "seats": 5, "code": "007", "number": "5", "beta": True},
        ended=True,
    )
    await bot.capture("conv-2", said("Hello", sentAt="2025-03-16T10:00:00Z"))


async def test_every_fact_is_in_a_line(bot: Bot) -> None:
    await talk(bot)
    first, second = (json.loads(line) for line in (await file_of(bot, "?format=jsonl")).splitlines())
    assert first["external_conversation_id"] == "conv-1"
    assert first["user"] == {"id": "u1", "name": "Jane", "mrr": 12.5}
    assert first["organization"] == {"id": "o1", "plan": "pro"}
    assert first["session"] == {"pageUrl": "https://example.com/", "device": "mobile"}
    assert first["custom"] == {"tier": "gold", "seats": 5, "code": "007", "number": "5", "beta": True}
    assert (first["state"], first["source"], first["reopened"], first["part"]) == ("closed", "capture", 0, 1)
    assert [one["role"] for one in first["messages"]] == ["user", "assistant", "user"]
    assert first["messages"][0]["external_message_id"] == "m1"
    assert first["messages"][0]["sent_at"] == "2025-03-15T14:30:00.123456Z"
    assert first["messages"][1]["evidence"] == {"tools": [], "reasoning": "They are angry"}
    assert first["messages"][2]["sent_at"] is None
    assert first["messages"][2]["received_at"]
    assert "analysis" not in first
    assert "sentiment" not in first["messages"][0]
    assert second["external_conversation_id"] == "conv-2"


async def test_json_is_one_document_with_the_same_conversations(bot: Bot) -> None:
    empty = json.loads(await file_of(bot))
    assert empty["chatbot"] == {"id": bot.id, "name": "Support Bot", "settings": {}}
    assert empty["conversations"] == []
    await talk(bot)
    lines = (await file_of(bot, "?format=jsonl")).splitlines()
    assert json.loads(await file_of(bot, "?format=json"))["conversations"] == [json.loads(line) for line in lines]


async def test_analysis_comes_when_it_is_asked_for(bot: Bot, clock: TurnableClock) -> None:
    await talk(bot)
    clock.passes(seconds=5)
    await analysis.judge_due(bot.owner.world.database)
    first = json.loads((await file_of(bot, "?format=jsonl&analysis=true")).splitlines()[0])
    assert first["analysis"]["status"] == "done"
    assert first["analysis"]["final"] is True
    assert first["messages"][0]["sentiment"] < 0
    assert first["messages"][0]["user_sentiments"][0]["text_chunk"]
    rows = list(csv.DictReader(io.StringIO(await file_of(bot, "?format=csv&analysis=true"))))
    assert rows[0]["analysis_status"] == "done"
    assert float(rows[0]["message_sentiment"]) < 0


async def test_csv_has_one_row_per_message_and_no_formulas(bot: Bot) -> None:
    await talk(bot)
    rows = list(csv.DictReader(io.StringIO(await file_of(bot, "?format=csv"))))
    assert [row["conversation_id"] for row in rows] == ["conv-1", "conv-1", "conv-1", "conv-2"]
    assert rows[0]["message_id"] == "m1"
    assert rows[0]["sent_at"] == "2025-03-15T14:30:00.123456Z"
    assert rows[2]["content"] == "'=1+1\n\"quoted\", 'and' ünï"
    assert rows[2]["sent_at"], "the time it was received"
    assert (rows[0]["user_mrr"], rows[0]["device"], rows[0]["organization_plan"]) == ("12.5", "mobile", "pro")
    custom = {key: value for key, value in rows[0].items() if key.startswith("custom.")}
    assert custom == {
        "custom.beta": "true", "custom.code": "007", "custom.number": '"5"', "custom.seats": "5", "custom.tier": "gold"
    }  # fmt: skip


async def test_only_what_was_said_in_the_window(bot: Bot) -> None:
    await talk(bot)
    await bot.capture("now", said("Hi"))

    async def names(query: str) -> list[str]:
        lines = (await file_of(bot, f"?format=jsonl&{query}")).splitlines()
        return [json.loads(line)["external_conversation_id"] for line in lines]

    assert await names("from=2025-03-16") == ["conv-1", "conv-2", "now"], "conv-1 has a message without a time"
    assert await names("to=2025-03-16") == ["conv-2"]
    assert await names("to=2025-03-16T10:00:00Z") == []
    assert await names("from=2025-03-16T10:00:00Z&to=2025-03-16T10:00:01Z") == ["conv-2"]


async def test_many_and_long_conversations_come_in_pieces(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "CONVERSATIONS", 2)
    monkeypatch.setattr(exporting, "PAGE", 3)
    monkeypatch.setattr(exporting, "LONGEST_PART", 4)
    told = {f"c{n}": n * 3 + 1 for n in range(5)}
    for name, count in told.items():
        await bot.capture(name, *(said(f"{name} says {n}", id=str(n)) for n in range(count)))
    lines = [json.loads(line) for line in (await file_of(bot, "?format=jsonl")).splitlines()]
    for name, count in told.items():
        parts = [line for line in lines if line["external_conversation_id"] == name]
        assert [part["part"] for part in parts] == list(range(1, -(-count // 4) + 1))
        words = [one["content"] for part in parts for one in part["messages"]]
        assert words == [f"{name} says {n}" for n in range(count)]


async def test_what_a_list_shows_is_what_its_file_holds(bot: Bot, clock: TurnableClock) -> None:
    """Whatever the address says: page and file agree, conversation by conversation."""
    client, feelings = bot.owner.client, ["This is terrible, awful.", "Thank you, great!", "Where?", "1"]
    for number in range(60):
        moment = f"2025-03-{10 + number % 10}T10:00:00Z"
        await bot.capture(
            f"c{number}", said(feelings[number % 4], sentAt=moment), custom={"tier": "gold" if number % 3 else "tin"}
        )
    await client.patch(f"/api/v1/chatbots/{bot.id}/fields/tier", json={"status": "accept"})
    clock.passes(seconds=5)
    while await analysis.judge_due(bot.owner.world.database):
        pass
    path = f"/b/{bot.id}/conversations"
    for query, least in (
        ("", 60), ("f=sentiment:is:negative", 1), ("f=sentiment:is:none", 1), ("from=2025-03-11&to=2025-03-13", 18),
        ("f=channel:is:capture&f=custom.tier:is:gold", 40), ("f=channel:is:track", 0), ("f=nonsense:is:x", 60),
        ("from=2025-03-11&to=2025-03-13&f=sentiment:is:negative&f=custom.tier:is:tin&f=messages:le:1", 1),
    ):  # fmt: skip
        shown: set[str] = set()
        following = f"?{query}"
        while following:
            page = (await client.get(f"{path}{following}")).text
            shown |= set(re.findall(r"[?&]c=([0-9a-f-]{36})", page.replace("&amp;", "&")))
            older = re.search(r'rel="next" href="(\?[^"]+)"', page)
            following = older[1].replace("&amp;", "&") if older else ""
        file = await client.get(f"{path}/export?{query}&kind=jsonl")
        told = [json.loads(line)["id"] for line in file.text.splitlines()]
        assert (len(told), set(told)) == (len(shown), shown), query
        assert len(told) >= least, query
    table = await client.get(f"{path}/export?f=sentiment:is:negative")
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert {row["conversation_sentiment_label"] for row in rows} <= {"Negative", "Very Negative"}
    assert table.headers["content-disposition"].endswith('.csv"')
    assert (await client.get(f"{path}/export?kind=exe")).status_code == 400
    some = (await client.get(f"/api/v1/export/{bot.id}?format=jsonl&f=sentiment:is:negative")).text.splitlines()
    assert len(some) == len(rows)
