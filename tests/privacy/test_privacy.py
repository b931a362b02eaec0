"""Forgetting: nothing of whoever was erased is left in any table, and what is too old goes in the night."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from noctule import analysis
from noctule.base import jobs
from noctule.chatbots import ChatbotId
from noctule.main.recurring import HANDLERS
from tests.api.test_chatbots import sign_in_as
from tests.api.test_privacy import judge
from tests.conftest import Bot, TurnableClock, said
from tests.dashboard.test_pages import XSS, check, form

MARK = "zebrafish"  # in everything that one person says or is


async def run_jobs(bot: Bot) -> None:
    while await jobs.run_next(bot.owner.world.database, HANDLERS):
        pass


async def rows_with(bot: Bot, word: str) -> dict[str, int]:
    """In every table there is, by its name; also as part of a vector of words, and of bytes."""
    async with bot.owner.world.database.transaction() as db:
        tables = await db.values("select table_name from information_schema.tables where table_schema = 'public'")
        ask: Any = db.value  # the names of the tables come from the catalogue
        counts = {
            one: await ask(
                f"select count(*) from {one} t where position($1 in lower(t::text)) > 0 or position($2 in t::text) > 0",
                word,
                word.encode().hex(),
            )
            for one in tables
        }
    return {table: count for table, count in counts.items() if count}


async def say_everything(bot: Bot, clock: TurnableClock) -> str:
    """Of one person, in every place that keeps something. The id of the person."""
    client, base = bot.owner.client, f"/api/v1/chatbots/{bot.id}"
    await client.post(f"{base}/webhooks", json={"url": "http://127.0.0.1:1/", "events": ["leads.submit"]})
    person = {"id": f"{MARK}-1", "name": f"Ann {MARK}", "email": f"{MARK}@example.com", "plan": MARK}
    for number in range(3):
        await bot.capture(
            f"{MARK}-{number}", said(f"This is a terrible {MARK}!", sentAt=f"2025-03-1{number}T10:00:00Z"),
            user=person, custom={"pet": MARK}, session={"pageUrl": f"https://example.com/{MARK}"}, tags=[MARK],
        )  # fmt: skip
    await client.post(f"{base}/leads", json={"email": person["email"].upper(), "name": MARK, "phone": f"+{MARK}"})
    await bot.capture(
        "other", said("Thank you, I love it!", sentAt="2025-03-10T10:00:00Z"), user={"id": "u2"}, custom={"pet": "dog"}
    )
    await judge(bot, clock)
    listed = (await client.get(f"/api/v1/conversations?chatbotId={bot.id}")).json()["conversations"]
    for one in listed:
        if one["external_conversation_id"] == f"{MARK}-1":
            await client.post(f"/api/v1/conversations/{one['id']}/notes", json={"text": f"A {MARK}"})
    return (await client.get(f"{base}/users/{MARK}-1")).json()["id"]


async def test_nothing_is_left_of_whoever_was_erased(bot: Bot, clock: TurnableClock) -> None:
    person_id = await say_everything(bot, clock)
    await run_jobs(bot)
    known = await rows_with(bot, MARK)
    assert {"conversations", "messages", "message_words", "people", "leads", "deliveries", "custom_fields"} <= set(
        known
    )
    assert {"conversation_facts", "day_columns"} <= set(known)
    answer = await bot.owner.client.delete(f"/api/v1/chatbots/{bot.id}/privacy/users/{MARK}-1")
    assert answer.status_code == 202
    await run_jobs(bot)
    await judge(bot, clock)
    await run_jobs(bot)
    assert await rows_with(bot, MARK) == {}
    assert await rows_with(bot, person_id) == {"audit_log": 1, "jobs": 1}
    async with bot.owner.world.database.transaction() as db:
        first = clock.now.replace(year=2025, month=3, day=10).date()
        days = await analysis.days_between(db, [ChatbotId(UUID(bot.id))], first=first, last=first + timedelta(days=5))
        assert [(one.day, one.conversations) for one in days] == [(first, 1)]
        assert (
            await db.value("select count(*) from day_figures where chatbot_id = $1 and value = $2", UUID(bot.id), MARK)
            == 0
        )
    (job,) = [one for one in await owned(bot) if one.handler == "erase_person"]
    assert (job.state, job.done, job.total) == ("done", 3, 3)


async def owned(bot: Bot) -> list[jobs.JobState]:
    async with bot.owner.world.database.transaction() as db:
        return await jobs.jobs_of(db, UUID(bot.owner.org_id), limit=20)


async def test_what_is_too_old_goes_in_the_night(bot: Bot, clock: TurnableClock) -> None:
    database, base = bot.owner.world.database, f"/b/{bot.id}/settings/privacy"
    await bot.capture("old", said("This is terrible", sentAt="2025-03-15T10:00:00Z"), user={"id": "u"}, custom={"a": 1})
    await bot.capture("kept", said("Thank you"), custom={"a": 1})
    await bot.capture("revived", said("Thank you", sentAt="2025-03-15T10:00:00Z"))
    await bot.capture("revived", said("Again"))
    await judge(bot, clock)

    async def night() -> set[str]:
        async with database.transaction() as db:
            await jobs.enqueue(db, "expire_conversations")
        await run_jobs(bot)
        async with database.transaction() as db:
            return set(await db.values("select external_id from conversations"))

    assert await night() == {"old", "kept", "revived"}
    asked = await form(bot.owner.client, base, days="30")
    assert (asked.status_code, "This would delete 1 conversation<" in asked.text, check(asked.text)) == (200, True, [])
    assert await night() == {"old", "kept", "revived"}
    assert (await form(bot.owner.client, base, days="30", seen="30")).status_code == 303
    assert await night() == {"kept", "revived"}
    log = (await bot.owner.client.get("/settings/audit")).text
    assert ("Conversations expired" in log, "conversations: 1" in log, "The server" in log) == (True, True, True)
    async with database.transaction() as db:
        assert await db.values("select day::text from day_figures where name = 'all'") == ["2025-03-15"]
    assert (await form(bot.owner.client, base, days="")).status_code == 303
    assert "Saved" in (await bot.owner.client.get(f"{base}?saved=1")).text


async def test_people_of_whom_nothing_is_left_go_too(bot: Bot, clock: TurnableClock) -> None:
    database, base = bot.owner.world.database, f"/api/v1/chatbots/{bot.id}"
    for name in ("gone", "left", "added", "here"):
        mail = {"id": name, "name": name, "email": f"{name}@example.com"}
        await bot.capture(f"old-{name}", said("Hi", sentAt="2025-03-15T10:00:00Z"), user=mail)
    await bot.capture("new", said("Hi"), user={"id": "here"})
    await bot.owner.client.post(f"{base}/leads", json={"email": "LEFT@example.com", "name": "Left"})
    async with database.transaction() as db:
        await db.run(
            "update people set changed_at = $2 where chatbot_id = $1 and handle like 'added@%'", UUID(bot.id), db.now
        )
        await db.run(
            "update chatbots set settings = $2 where id = $1", UUID(bot.id), {"privacy": {"retentionDays": 30}}
        )

    async def night() -> set[str]:
        async with database.transaction() as db:
            await jobs.enqueue(db, "expire_conversations")
        await run_jobs(bot)
        await judge(bot, clock)
        async with database.transaction() as db:
            return set(await db.values("select external_id from people where chatbot_id = $1", UUID(bot.id)))

    await judge(bot, clock)
    assert await night() == {"gone", "left", "added", "here"}  # their figures are counted after it
    assert await night() == {"left", "added", "here"}
    assert "people: 1" in (await bot.owner.client.get("/settings/audit")).text


async def test_the_page_says_what_cannot_be(bot: Bot) -> None:
    base = f"/b/{bot.id}/settings/privacy"
    for days in ("0", "x", "99999", "-1"):
        answer = await form(bot.owner.client, base, days=days)
        assert (answer.status_code, 'aria-invalid="true"' in answer.text, check(answer.text)) == (422, True, [])
    await bot.capture("old", said("Hi", sentAt="2025-03-15T10:00:00Z"))
    changed = await form(bot.owner.client, base, days="60", seen="30")
    assert "This would delete 1 conversation<" in changed.text
    member = await sign_in_as("member", bot)
    assert "Kept for good" in (await member.get(base)).text
    assert (await form(member, base, days="5")).status_code == 403


async def test_a_person_is_exported_and_erased_from_their_page(bot: Bot, clock: TurnableClock) -> None:
    client = bot.owner.client
    await bot.capture("a", said("Hello"), user={"id": "u1", "name": f"Ann  {XSS}"})
    await judge(bot, clock)
    person = (await client.get(f"/api/v1/chatbots/{bot.id}/users/u1")).json()["id"]
    path = f"/b/{bot.id}/users/{person}"
    page = (await client.get(path)).text
    assert (f'href="{path}/everything.json" download' in page, f'href="{path}/erase"' in page) == (True, True)
    told = await client.get(f"{path}/everything.json")
    assert told.json()["conversations"][0]["external_conversation_id"] == "a"
    assert re.search(r'filename="user-[0-9a-f-]+\.json"', told.headers["content-disposition"])
    asked = await client.get(f"{path}/erase")
    assert (check(asked.text), XSS in asked.text) == ([], False)
    wrong = await form(client, f"{path}/erase", typed="Ann")
    assert (wrong.status_code, "what they are called here" in wrong.text, check(wrong.text)) == (422, True, [])
    member = await sign_in_as("member", bot)
    assert "Erase…" not in (await member.get(path)).text
    assert "Owners and admins" in (await member.get(f"{path}/erase")).text
    assert (await member.get(f"{path}/everything.json")).status_code == 403
    assert (await form(member, f"{path}/erase", typed=f"Ann {XSS}")).status_code == 403
    done = await form(client, f"{path}/erase", typed=f"Ann {XSS}")
    assert (done.status_code, done.headers["location"]) == (303, "/jobs")
    await run_jobs(bot)
    assert "Erasing a person" in (await client.get("/jobs")).text
    for gone in (path, f"{path}/erase", f"{path}/everything.json"):
        assert (await client.get(gone)).status_code == 404
