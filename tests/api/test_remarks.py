"""docs/api/remarks.md, played row by row; what people said stays when they go, and is in the audit log."""

from datetime import date
from uuid import UUID

import httpx
import pytest

from noctule import analysis
from noctule.base.jobs import run_next
from noctule.chatbots import ChatbotId
from noctule.conversations.remarks import MOST_NOTES
from noctule.main.recurring import HANDLERS
from tests.api.test_chatbots import sign_in_as
from tests.conftest import Bot, TurnableClock, said
from tests.scenarios import Row, assert_matches, expand, scenarios

GROUPS = scenarios("remarks.md")


async def conversation_of(bot: Bot, clock: TurnableClock) -> str:
    """Judged: its id."""
    stored = await bot.capture("conv-1", said("This is a terrible problem and I am really frustrated with you."))
    clock.passes(seconds=5)
    assert await analysis.judge_due(bot.owner.world.database) == 1
    return stored.json()["conversationId"]


class Team:
    """Each role signs up once."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._clients: dict[str, httpx.AsyncClient] = {}

    async def client(self, role: str) -> httpx.AsyncClient:
        if role not in self._clients:
            self._clients[role] = await sign_in_as(role, self._bot)
        return self._clients[role]


@pytest.mark.parametrize("rows", [rows for _, rows in GROUPS], ids=[case for case, _ in GROUPS])
async def test_the_documented_cases(rows: list[Row], bot: Bot, clock: TurnableClock) -> None:
    conversation_id, team, last = await conversation_of(bot, clock), Team(bot), ""
    for row in rows:
        path = row.path.replace("{id}", bot.id).replace("{conv-1}", conversation_id).replace("{note}", last)
        answer = await (await team.client(row.caller)).request(row.method, path, content=expand(row.body))
        assert answer.status_code == row.status, f"{row.case}: {answer.text}"
        assert_matches(row.answer, answer.json(), row.case)
        last = answer.json().get("id", last) if row.method == "POST" else last
        await renew(bot)


async def renew(bot: Bot) -> None:
    """What workers do."""
    while await run_next(bot.owner.world.database, HANDLERS):
        pass


async def test_every_change_is_in_the_audit_log(bot: Bot, clock: TurnableClock) -> None:
    client, path = bot.owner.client, f"/api/v1/conversations/{await conversation_of(bot, clock)}"
    for reviewed in (True, True, False):
        await client.post(f"{path}/review", json={"reviewed": reviewed})
    written = (await client.post(f"{path}/notes", json={"text": "Secret words"})).json()["id"]
    await client.delete(f"{path}/notes/{written}")
    log = (await client.get("/api/v1/orgs/me/audit?action=conversation")).json()["entries"]
    assert [one["action"].partition(".")[2] for one in log[::-1]] == ["reviewed", "unreviewed", "noted", "note_deleted"]
    assert log[1]["details"] == {"note": written}


async def test_a_correction_outlives_being_judged_again_and_the_caller(bot: Bot, clock: TurnableClock) -> None:
    database, client = bot.owner.world.database, bot.owner.client
    conversation_id = await conversation_of(bot, clock)
    path = f"/api/v1/conversations/{conversation_id}"
    await client.post(f"{path}/corrections", json={"sentiment": "Very Positive", "flags": {"urgent_request": True}})
    async with database.transaction() as db:
        await db.run(
            "update conversations set stated = $1, analysis_due_at = $2",
            {"sentiment": "neutral", "language": "de"},
            db.now,
        )
    clock.passes(seconds=5)
    assert await analysis.judge_due(database) == 1
    said = (await client.get(path)).json()["analysis"]
    assert (said["sentiment_label"], said["language"], said["by_human"]) == (
        "Very Positive",
        "de",
        ["flags.urgent_request", "sentiment"],
    )
    assert "urgent_request" in {flag["name"] for flag in said["flags"]}
    taken = await client.delete(f"{path}/corrections/sentiment")
    assert [one["was"] for one in taken.json()["corrections"]] == [False]
    assert (await client.get(path)).json()["analysis"]["sentiment_label"] == "Neutral", "as the caller says"


async def test_what_is_not_judged_yet_cannot_be_corrected(bot: Bot) -> None:
    stored = (await bot.capture("c", said("Hi"))).json()["conversationId"]
    answer = await bot.owner.client.post(f"/api/v1/conversations/{stored}/corrections", json={"sentiment": "Neutral"})
    assert (answer.status_code, answer.json()["error"]) == (409, "This conversation is not judged yet.")


async def test_figures_of_days_follow_a_correction(bot: Bot, clock: TurnableClock) -> None:
    stored = await bot.capture("c", said("This is terrible.", sentAt="2025-03-15T10:00:00Z"))
    clock.passes(seconds=5)
    await analysis.judge_due(bot.owner.world.database)
    clock.passes(seconds=10)
    await renew(bot)
    day, chatbot_id = date(2025, 3, 15), ChatbotId(UUID(bot.id))

    async def felt() -> tuple[int, int]:
        async with bot.owner.world.database.transaction() as db:
            (found,) = await analysis.days_between(db, [chatbot_id], first=day, last=day)
        return found.positive, found.negative

    assert await felt() == (0, 1)
    path = f"/api/v1/conversations/{stored.json()['conversationId']}/corrections"
    await bot.owner.client.post(path, json={"sentiment": "Positive"})
    assert await felt() == (1, 0), "counted when asked, before the job"
    clock.passes(seconds=10)
    await renew(bot)
    assert await felt() == (1, 0)


async def test_who_wrote_a_note_takes_it_away_also_with_a_lower_role(bot: Bot, clock: TurnableClock) -> None:
    path = f"/api/v1/conversations/{await conversation_of(bot, clock)}"
    admin = await sign_in_as("admin", bot)
    written = (await admin.post(f"{path}/notes", json={"text": "Mine"})).json()
    await bot.owner.client.patch(f"/api/v1/orgs/me/members/{written['by']['id']}", json={"role": "member"})
    assert (await admin.post(f"{path}/notes", json={"text": "Another"})).status_code == 403
    assert (await admin.delete(f"{path}/notes/{written['id']}")).status_code == 200


async def test_what_was_said_stays_when_they_are_gone(bot: Bot, clock: TurnableClock) -> None:
    path = f"/api/v1/conversations/{await conversation_of(bot, clock)}"
    admin = await sign_in_as("admin", bot)
    await admin.post(f"{path}/review", json={"reviewed": True})
    await admin.post(f"{path}/notes", json={"text": "Mine"})
    async with bot.owner.world.database.transaction() as db:
        await db.run("delete from users where email = 'admin@example.com'")
    read = (await bot.owner.client.get(path)).json()
    assert read["reviewed"]["by"] == {"id": None, "name": None}
    assert [(one["text"], one["by"]["name"]) for one in read["notes"]] == [("Mine", None)]
    page = await bot.owner.client.get(f"/b/{bot.id}/conversations/{read['id']}")
    assert "Somebody who is gone" in page.text


async def test_a_conversation_is_full_of_notes_one_day(bot: Bot, clock: TurnableClock) -> None:
    path = f"/api/v1/conversations/{await conversation_of(bot, clock)}/notes"
    for _ in range(MOST_NOTES):
        await bot.owner.client.post(path, json={"text": "x"})
    assert (await bot.owner.client.post(path, json={"text": "x"})).status_code == 409
