"""Imports: everything or nothing, through the one door, never doubled, with their first times."""

import csv
import io
import json
import threading
from typing import Any
from uuid import UUID

import httpx
import pytest

from noctule.base import jobs
from noctule.main.recurring import HANDLERS
from noctule.transfer import intake
from noctule.transfer.check import Check
from tests.conftest import Bot, TurnableClock, said
from tests.transfer.test_export import file_of, talk


async def send(bot: Bot, content: str | bytes, query: str = "") -> httpx.Response:
    return await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/import{query}", content=content)


async def bring(bot: Bot, content: str | bytes, query: str = "") -> dict[str, Any]:
    """The finished job."""
    answer = await send(bot, content, query)
    assert answer.status_code == 202, answer.text
    while await jobs.run_next(bot.owner.world.database, HANDLERS):
        pass  # also days are counted, of which earlier imports told
    job = (await bot.owner.client.get(f"/api/v1/jobs/{answer.json()['job']['id']}")).json()
    assert job["status"] == "done", job
    assert await left_chunks(bot) == 0
    return job


async def left_chunks(bot: Bot) -> int:
    async with bot.owner.world.database.transaction() as db:
        return await db.value("select count(*) from import_chunks")


async def conversations(bot: Bot) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (await file_of(bot, "?format=jsonl")).splitlines()]


MADE_ANEW = {"id", "number", "chatbot_id", "created_at"}


def facts(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What an import keeps: all but what every chatbot gives anew."""
    kept: list[dict[str, Any]] = []
    for document in sorted(documents, key=lambda one: one["external_conversation_id"]):
        messages = [
            {name: value for name, value in one.items() if name != "id"}
            | {"external_message_id": one["external_message_id"] or one["id"]}
            for one in document["messages"]
        ]
        kept.append({name: document[name] for name in document if name not in MADE_ANEW} | {"messages": messages})
    return kept


@pytest.mark.parametrize("kind", ["json", "jsonl"])
async def test_an_export_comes_in_as_it_went_out(bot: Bot, clock: TurnableClock, kind: str) -> None:
    await talk(bot)
    clock.passes(seconds=30)
    await bot.capture("conv-2", said("Is anybody there?"), said("Is anybody there?"))
    clock.passes(days=3)
    file = await file_of(bot, f"?format={kind}")
    other = await bot.owner.new_chatbot("Other")
    job = await bring(other, file)
    assert (job["done"], job["total"], job["error"]) == (2, 2, None)
    assert job["result"]["mapping"]["format"] == "noctule"
    assert job["result"]["messages_stored"] == 6
    assert facts(await conversations(other)) == facts(await conversations(bot))


@pytest.mark.parametrize("kind", ["json", "jsonl", "csv"])
async def test_a_second_import_stores_nothing_nor_does_one_where_it_came_from(bot: Bot, kind: str) -> None:
    await talk(bot)
    await bot.capture("conv-3", said("ok"), said("ok"), said("ok"))
    before = await conversations(bot)
    file = await file_of(bot, f"?format={kind}&analysis=true")
    assert (await bring(bot, file))["result"]["messages_stored"] == 0
    assert facts(await conversations(bot)) == facts(before)
    other = await bot.owner.new_chatbot("Other")
    assert (await bring(other, file))["result"]["messages_stored"] == 7
    first = await conversations(other)
    assert (await bring(other, file))["result"]["messages_repeated"] == 7
    assert facts(await conversations(other)) == facts(first)


async def test_csv_keeps_words_times_people_and_the_types_of_custom_fields(bot: Bot) -> None:
    await talk(bot)
    other = await bot.owner.new_chatbot("Other")
    file = await file_of(bot, "?format=csv")
    job = await bring(other, "\ufeff" + file.replace("user_name", "User Name"))
    assert job["result"]["mapping"] == {"format": "csv", "columns": job["result"]["mapping"]["columns"]}
    assert job["result"]["mapping"]["columns"]["User Name"] == "user_name"
    for ours, theirs in zip(await conversations(bot), await conversations(other), strict=True):
        for name in ("user", "organization", "session", "custom", "external_conversation_id", "message_count"):
            assert theirs[name] == ours[name]
        for one, copy in zip(ours["messages"], theirs["messages"], strict=True):
            assert (copy["role"], copy["content"]) == (one["role"], one["content"])
            assert copy["sent_at"] == one["sent_at"] or copy["sent_at"] == one["received_at"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
async def test_a_table_of_scattered_rows_without_ids_and_times(bot: Bot, delimiter: str) -> None:
    table = [["conversation_id", "role", "content"], ["a", "USER", "ok"], ["b", "user", "ok"], ["a", "user", "ok"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(table)
    assert (await bring(bot, text.getvalue()))["result"]["messages_stored"] == 3
    assert (await bring(bot, text.getvalue()))["result"]["messages_stored"] == 0
    assert sorted(one["message_count"] for one in await conversations(bot)) == [1, 2]


HEADER = "conversation_id,role,content,user_mrr\n"


async def test_a_name_that_was_made_up_is_nobodys_id(bot: Bot) -> None:
    await bring(bot, "conversation_id,role,content,message_id\na,user,Hi,\na,user,there,mine")
    (document,) = await conversations(bot)
    one = (await bot.owner.client.get(f"/api/v1/conversations/{document['id']}")).json()
    assert [message.get("external_message_id") for message in one["messages"]] == [None, "mine"]


CAPTURES = [
    {"conversationId": "c1", "messages": [said("Hi"), said("ok"), said("ok")], "user": {"id": "u"}, "custom": {"n": 1}},
    {"conversationId": "c1", "messages": [said("ok", "assistant", reasoning="so")], "ended": True},
    {"conversationId": "c2", "messages": [said("Hi", sentAt="2024-01-01T00:00:00Z", id="m")], "userId": "v"},
]
CHATBASE = {
    "data": [
        {
            "id": "cb1", "chatbot_id": "x", "source": "Widget or Iframe", "created_at": "2024-05-01T10:00:00.000Z",
            "customer": "Jane", "country": "DE",
            "messages": [
                {"role": "assistant", "content": "Hi! How can I help?"},
                {"role": "user", "content": "ok"}, {"role": "user", "content": "ok"}, {"role": "assistant", "content": ""},
                {"role": "user", "content": "Bye", "createdAt": 1714558000, "id": "m9", "score": 0.5},
            ],
        }
    ]
}  # fmt: skip
CHATLOGGER = {
    "organization_id": 1, "export_date": "2024-05-02T10:00:00Z", "export_type": "all",
    "chats": [
        {
            "id": 7, "organization_id": 1, "user_id": 42, "title": "Refund", "created_at": "2024-05-01T09:00:00Z",
            "tags": '["a", "b"]', "metadata": '{"browser": "Firefox", "sentiment": "negative", "country_code": "DE"}',
            "messages": [
                {"id": 70, "chat_id": 7, "role": "user", "content": "Hi", "created_at": "2024-05-01T10:00:00Z",
                 "metadata": {"token_count": 3}},
                {"id": 71, "chat_id": 7, "role": "assistant", "content": "Hello", "created_at": "2024-05-01T10:00:01Z"},
            ],
        },
        {"id": 8, "title": "Empty", "tags": [], "metadata": None, "messages": None},
    ],
}  # fmt: skip
OPENBAT = {
    "conversations": [
        {
            "id": "5f0d", "external_conversation_id": "ob1", "external_user_id": "u1", "message_count": 2,
            "messages": [
                {"id": "a1", "role": "user", "content": "Hi", "created_at": "2024-05-01T10:00:00+00:00",
                 "external_message_id": "m1", "user_sentiments": []},
                {"id": "a2", "role": "assistant", "content": "Hello", "created_at": "2024-05-01T10:00:01+00:00"},
            ],
        }
    ]
}  # fmt: skip


async def test_bodies_of_capture(bot: Bot) -> None:
    for file in (json.dumps(CAPTURES), "\n".join(json.dumps(body) for body in CAPTURES)):
        other = await bot.owner.new_chatbot("Other")
        assert (await bring(other, file))["result"] | {"mapping": None} == {
            "mapping": None, "conversations": 3, "messages_stored": 5, "messages_repeated": 0
        }  # fmt: skip
        assert (await bring(other, file))["result"]["messages_stored"] == 0
        first, second = await conversations(other)
        assert [one["content"] for one in first["messages"]] == ["Hi", "ok", "ok", "ok"]
        assert first["messages"][3]["evidence"]["reasoning"] == "so"
        assert (first["user"], first["custom"], first["state"], first["source"]) == (
            {"id": "u"},
            {"n": 1},
            "closed",
            "import",
        )
        assert (second["external_user_id"], second["first_message_at"]) == ("v", "2024-01-01T00:00:00Z")


async def test_an_export_of_chatbase_also_a_later_one_with_more(bot: Bot) -> None:
    await bring(bot, json.dumps(CHATBASE))
    (first,) = await conversations(bot)
    assert (first["source"], first["user"], first["session"]) == (
        "Widget or Iframe",
        {"name": "Jane"},
        {"country": "DE"},
    )
    words = ["Hi! How can I help?", "ok", "ok", "Bye"]
    assert [one["content"] for one in first["messages"]] == words
    assert first["messages"][3]["sent_at"] == "2024-05-01T10:06:40Z"
    assert first["first_message_at"].startswith("2024-05-01T10:0")
    assert first["state"] == "closed"
    later = json.loads(json.dumps(CHATBASE))
    later["data"][0]["messages"] += [{"role": "user", "content": "ok"}]
    assert (await bring(bot, json.dumps(later)))["result"]["messages_stored"] == 1


@pytest.mark.parametrize(
    ("under", "extra"),
    [
        ("data", {}),
        ("data", {"metadata": 5}),
        ("conversations", {"chatbotId": "x"}),
        ("conversations", {"source": "API"}),
    ],
)
async def test_an_export_of_chatbase_with_what_chatlogger_has_too(bot: Bot, under: str, extra: dict[str, Any]) -> None:
    chat = {"id": "cb", "title": "Refund", "user_id": 5, "tags": "x", "messages": [said("Hi")], **extra}
    job = await bring(bot, json.dumps({under: [chat]}))
    assert job["result"]["mapping"]["format"] == "chatbase"
    (one,) = await conversations(bot)
    assert (one["title"], one["user"]) == ("Refund", {"id": "5"})


async def test_exports_of_chatlogger(bot: Bot) -> None:
    await bring(bot, json.dumps(CHATLOGGER))
    first, second = await conversations(bot)
    assert (first["external_conversation_id"], first["title"], first["tags"]) == ("7", "Refund", ["a", "b"])
    assert (first["user"], first["custom"]) == ({"id": "42"}, {"browser": "Firefox"})
    assert (first["stated"], first["session"]) == ({"sentiment": "negative"}, {"country": "DE"})
    assert first["messages"][0]["evidence"] == {"tokens": 3}
    assert (first["message_count"], second["message_count"], second["title"]) == (2, 0, "Empty")
    table = (
        "Chat ID,Organization ID,User ID,Title,Created At,Message ID,Role,Content,Timestamp,Token Count,Latency\n"
        "9,1,42,Refund,2024-05-01T09:00:00Z,90,user,Hi,2024-05-01T10:00:00Z,3,0.5\n"
    )
    assert (await bring(bot, table))["result"]["mapping"]["format"] == "chatlogger csv"
    third = (await conversations(bot))[2]
    assert (third["title"], third["organization"], third["messages"][0]["evidence"]) == (
        "Refund", {}, {"tokens": 3, "latency": 0.5},
    )  # fmt: skip


async def test_an_export_of_openbat(bot: Bot) -> None:
    await bring(bot, json.dumps(OPENBAT))
    (first,) = await conversations(bot)
    assert first["external_user_id"] == "u1"
    assert [one["external_message_id"] for one in first["messages"]] == ["m1", "a2"]
    assert first["last_message_at"] == "2024-05-01T10:00:01Z"


async def due(bot: Bot) -> list[Any]:
    async with bot.owner.world.database.transaction() as db:
        return await db.values("select analysis_due_at from conversations order by id")


async def test_an_import_is_judged_unless_it_should_not_and_not_before_what_is_said_now(
    bot: Bot, clock: TurnableClock
) -> None:
    await bring(bot, json.dumps(OPENBAT), "?analyse=false")
    assert await due(bot) == [None]
    other = await bot.owner.new_chatbot("Other")
    await bring(other, json.dumps(OPENBAT))
    assert [moment > clock.now for moment in (await due(bot))[1:]] == [True]


async def test_nothing_is_stored_of_a_file_with_a_mistake(bot: Bot) -> None:
    good = json.dumps(CAPTURES[2])
    bad = '{"conversationId": "x", "messages": [{"role": "robot", "content": "Hi"}]}'
    file = f"{good}\n{bad}\n{good}\n{{\n{good}"
    answer = await send(bot, file)
    assert answer.status_code == 400
    assert answer.json()["error"] == (
        "The file has 2 problems and nothing was stored. "
        "line 2: messages[0].role: must be assistant, system or user"
    )  # fmt: skip
    assert [one["field"] for one in answer.json()["details"]] == ["line 2: messages[0].role", "line 4: body"]
    assert await conversations(bot) == []
    assert await left_chunks(bot) == 0
    looked = (await send(bot, file, "?dry_run=true")).json()
    assert (looked["conversations"], looked["problems_total"]) == (3, 2)
    assert looked["problems"][1] == {"place": "line 4", "field": "body", "message": "is not valid JSON in UTF-8"}


@pytest.mark.parametrize("query", ["", "?dry_run=true"])
async def test_a_file_is_looked_through_beside_the_requests_in_small_pieces(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    fed: list[tuple[threading.Thread, int]] = []
    feed = Check.feed

    def noted(check: Check, piece: bytes) -> None:
        fed.append((threading.current_thread(), len(piece)))
        feed(check, piece)

    monkeypatch.setattr(Check, "feed", noted)
    file = "\n".join(json.dumps(body) for body in CAPTURES * 500)
    assert (await send(bot, file, query)).is_success
    assert sum(size for _, size in fed) == len(file)
    assert all(size <= 32 * 1024 and thread is not threading.main_thread() for thread, size in fed)


async def test_a_hundred_problems_are_told_and_the_rest_counted(bot: Bot) -> None:
    rows = ["conversation_id,role,content", *[f"c,user,{'' if n else 'Hi'}" for n in range(150)]]
    looked = (await send(bot, "\n".join(rows), "?dry_run=1")).json()
    assert (len(looked["problems"]), looked["problems_total"], looked["messages"]) == (100, 149, 1)
    assert looked["problems"][0] == {"place": "line 3", "field": "content", "message": "is required"}


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        ("\0" * 30_000 + ",role", {"place": "line 1", "field": "\ufffd" * 79 + "…"}),
        (f"{HEADER}c,{'x' * 100_000},Hi,\n", {"field": "role", "message": "must be assistant, system or user"}),
        (f"{HEADER}c,user,Hi,dear\n", {"field": "user_mrr", "message": "must be a number"}),
        (f"{HEADER}c,user,{'x' * 32_001},\n", {"field": "content", "message": "must have at most 32000 characters"}),
        (f"conversation_id,role,content,custom.{'k' * 257}\n", {"field": f"custom.{'k' * 72}…"}),
        (
            f'[{{"external_conversation_id": "c", "messages": [], "custom": {{"{"a" * 9000}": "\\u0000"}}}}]',
            {"field": f"custom.{'a' * 72}…"},
        ),
    ],
)
async def test_what_was_sent_is_told_again_in_short_and_in_our_words(
    bot: Bot, file: str, problem: dict[str, str]
) -> None:
    looked = await send(bot, file, "?dry_run=true")
    assert problem.items() <= looked.json()["problems"][0].items()
    refused = await send(bot, file)
    assert refused.status_code == 400
    assert max(len(looked.text), len(refused.text)) < 3000


async def test_a_job_that_was_broken_off_goes_on_without_doubles(
    bot: Bot, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "LARGEST_BATCH", 10)
    file = "\n".join(
        json.dumps({"conversationId": f"c{n}", "messages": [said("ok"), said("ok"), said(f"number {n}")]})
        for n in range(20)
    )
    answer = await send(bot, file)
    database, seen = bot.owner.world.database, 0
    tell = intake.Intake._store

    async def dies(self: intake.Intake, db: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == 4:
            raise ConnectionResetError("the worker was killed")
        return await tell(self, db)

    monkeypatch.setattr(intake.Intake, "_store", dies)
    assert await jobs.run_next(database, HANDLERS)
    path = f"/api/v1/jobs/{answer.json()['job']['id']}"
    half = (await bot.owner.client.get(path)).json()
    assert (half["status"], half["done"], half["total"]) == ("queued", 9, 20)
    clock.passes(minutes=1)
    assert await jobs.run_next(database, HANDLERS)
    whole = (await bot.owner.client.get(path)).json()
    assert (whole["status"], whole["done"], whole["result"]["messages_stored"]) == ("done", 20, 60)
    assert whole["result"]["messages_repeated"] == 0
    assert [one["message_count"] for one in await conversations(bot)] == [3] * 20


async def test_a_long_conversation_comes_in_pieces_and_stays_one(bot: Bot, clock: TurnableClock) -> None:
    messages = [said(f"message {n}", id=str(n), sentAt=f"2024-01-01T{n // 60:02}:{n % 60:02}:00Z") for n in range(1200)]
    job = await bring(bot, json.dumps([{"conversationId": "long", "messages": messages}]))
    assert job["result"]["messages_stored"] == 1200
    parts = await conversations(bot)
    assert [part["part"] for part in parts] == [1, 2, 3, 4, 5]
    assert [one["content"] for part in parts for one in part["messages"]] == [f"message {n}" for n in range(1200)]
    other = await bot.owner.new_chatbot("Other")
    await bring(other, await file_of(bot, "?format=json"))
    assert facts(await conversations(other)) == facts(await conversations(bot))


async def test_a_long_conversation_counts_once(bot: Bot) -> None:
    rows = "\n".join(f"{name},user,message {n}" for name in "ab" for n in range(500 if name == "a" else 501))
    job = await bring(bot, f"conversation_id,role,content\n{rows}")
    assert (job["done"], job["total"], job["result"]["messages_stored"]) == (2, 2, 1001)
    job = await bring(bot, await file_of(bot, "?format=jsonl"))
    assert (job["done"], job["total"], job["result"]["messages_stored"]) == (2, 2, 0)


async def test_a_cancelled_job_stores_nothing_more(bot: Bot) -> None:
    answer = await send(bot, json.dumps(OPENBAT))
    path = f"/api/v1/jobs/{answer.json()['job']['id']}"
    cancelled = (await bot.owner.client.post(f"{path}/cancel")).json()
    assert (cancelled["status"], cancelled["done"]) == ("cancelled", 0)
    assert not await jobs.run_next(bot.owner.world.database, HANDLERS)
    assert (await bot.owner.client.post(f"{path}/cancel")).json() == cancelled
    assert await left_chunks(bot) == 1
    await sweep(bot)
    assert await left_chunks(bot) == 0


async def sweep(bot: Bot) -> None:
    async with bot.owner.world.database.transaction() as db:
        await jobs.enqueue(db, "sweep_uploads")
    assert await jobs.run_next(bot.owner.world.database, HANDLERS)


async def test_a_job_that_is_cancelled_while_it_runs_stops_at_its_next_batch(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = await send(bot, json.dumps(OPENBAT))
    path = f"/api/v1/jobs/{answer.json()['job']['id']}"
    store = intake.Intake.store

    async def store_late(self: intake.Intake) -> None:
        await bot.owner.client.post(f"{path}/cancel")
        await store(self)

    monkeypatch.setattr(intake.Intake, "store", store_late)
    assert await jobs.run_next(bot.owner.world.database, HANDLERS)
    assert (await bot.owner.client.get(path)).json()["status"] == "cancelled"
    assert await conversations(bot) == []


async def test_a_job_of_a_deleted_chatbot_fails_at_once(bot: Bot) -> None:
    answer = await send(bot, json.dumps(OPENBAT))
    async with bot.owner.world.database.transaction() as db:
        await db.run("alter table import_chunks drop constraint import_chunks_chatbot_id_fkey")
    await bot.owner.client.delete(f"/api/v1/chatbots/{bot.id}")
    assert await jobs.run_next(bot.owner.world.database, HANDLERS)
    job = (await bot.owner.client.get(f"/api/v1/jobs/{answer.json()['job']['id']}")).json()
    assert (job["status"], job["error"]) == ("failed", "The chatbot is gone.")


async def test_uploads_that_were_broken_off_are_swept_after_a_day(bot: Bot, clock: TurnableClock) -> None:
    async with bot.owner.world.database.transaction() as db:
        await db.run(
            "insert into import_chunks (chatbot_id, job_id, number, content, created_at) values ($1, $1, 0, 'x', $2)",
            bot.id, clock.now,
        )  # fmt: skip
    await send(bot, json.dumps(OPENBAT))
    await sweep_only(bot)
    assert await left_chunks(bot) == 2
    clock.passes(days=1, seconds=1)
    await sweep_only(bot)
    assert await left_chunks(bot) == 1, "the one whose job waits"


async def sweep_only(bot: Bot) -> None:
    await HANDLERS["sweep_uploads"](bot.owner.world.database, jobs.Job(UUID(int=0), "sweep_uploads", {}, 1))


async def test_the_template_has_the_columns_of_the_chatbot(bot: Bot) -> None:
    await talk(bot)
    answer = await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}/import/template.csv")
    assert answer.text.startswith("conversation_id,message_id,role,content,sent_at,user_id,")
    assert answer.text.endswith("country,custom.beta,custom.code,custom.number,custom.seats,custom.tier,custom\r\n")
    looked = (await send(bot, answer.text, "?dry_run=true")).json()
    assert looked["problems"] == [{"place": "the file", "field": "", "message": "holds no conversations"}]
