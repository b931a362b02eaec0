"""docs/api/analysis.md, played row by row, and what the settings do to what is judged next."""

from dataclasses import dataclass
from uuid import UUID

import pytest
import pytest_asyncio

from noctule import analysis
from noctule.analysis.parked import ATTEMPTS
from noctule.analysis.store import judgements
from noctule.base.jobs import run_next
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId
from noctule.main.recurring import HANDLERS
from tests.api.test_remarks import Team
from tests.conftest import Bot, TurnableClock, said
from tests.scenarios import Row, assert_matches, scenarios

GROUPS = scenarios("analysis.md")
FAILED = "The analyser failed on this conversation (ZeroDivisionError)."


@dataclass
class Judged:
    """A chatbot with a conversation that was judged, and one that could not be."""

    bot: Bot
    good: str
    bad: str

    @property
    def path(self) -> str:
        return f"/api/v1/chatbots/{self.bot.id}/analysis"


@pytest_asyncio.fixture
async def judged(bot: Bot, clock: TurnableClock) -> Judged:
    turns = said("I want to cancel my subscription, this is terrible."), said("Done, it is cancelled.", "assistant")
    good = (await bot.capture("conv-1", *turns)).json()["conversationId"]
    clock.passes(seconds=3)
    assert await analysis.judge_due(bot.owner.world.database) == 1
    bad = (await bot.capture("bad", *turns)).json()["conversationId"]
    async with bot.owner.world.database.transaction() as db:
        await db.run("update conversations set analysis_due_at = null where external_id = 'bad'")
        for _ in range(ATTEMPTS):
            await judgements.count_attempt(
                db, ChatbotId(UUID(bot.id)), ConversationId(UUID(bad)), judged_by=analysis.JUDGE, reason=FAILED
            )
    return Judged(bot, good, bad)


@pytest.mark.parametrize("rows", [rows for _, rows in GROUPS], ids=[case for case, _ in GROUPS])
async def test_the_documented_cases(rows: list[Row], judged: Judged) -> None:
    bot, team = judged.bot, Team(judged.bot)
    if "{archived}" in rows[0].path:
        assert (await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/archive")).status_code == 200
    for row in rows:
        path = row.path.replace("{id}", bot.id).replace("{archived}", bot.id)
        body = row.body.replace("{bad}", judged.bad).replace("{conv-1}", judged.good)
        headers = {"content-type": "application/json"} if body else {}
        answer = await (await team.client(row.caller)).request(row.method, path, content=body, headers=headers)
        assert answer.status_code == row.status, f"{row.case}: {answer.text}"
        assert_matches(row.answer, answer.json(), row.case)


async def test_every_change_is_in_the_audit_log(judged: Judged) -> None:
    client = judged.bot.owner.client
    await client.post(f"{judged.path}/parked/retry", json={"conversation_ids": None})
    await client.post(f"{judged.path}/parked/retry", json={"conversation_ids": None})  # changes nothing
    await client.post(f"{judged.path}/reanalyse")
    await client.post(f"{judged.path}/try", json={"settings": {}})
    log = (await client.get("/api/v1/orgs/me/audit?action=analysis")).json()["entries"]
    assert [one["action"] for one in log[::-1]] == ["analysis.tried_again", "analysis.reanalysed"]
    assert {one["target"] for one in log} == {judged.bot.id}


async def test_one_that_is_tried_again_is_judged(judged: Judged, clock: TurnableClock) -> None:
    client, database = judged.bot.owner.client, judged.bot.owner.world.database
    assert (await client.get(f"/api/v1/conversations/{judged.bad}")).json()["analysis"]["status"] == "failed"
    assert await analysis.judge_due(database) == 0
    await client.post(f"{judged.path}/parked/retry", json={"conversation_ids": [judged.bad]})
    clock.passes(seconds=1)
    assert await analysis.judge_due(database) == 1
    found = (await client.get(f"/api/v1/conversations/{judged.bad}")).json()["analysis"]
    assert (found["status"], found["outcome"]) == ("done", "fully_resolved")


async def test_what_is_switched_off_is_null_and_says_so(judged: Judged, clock: TurnableClock) -> None:
    client, database = judged.bot.owner.client, judged.bot.owner.world.database
    settings = {"analysis": {"sentiment": False, "dissatisfaction": False, "flags": False, "outcome": False}}
    await client.patch(f"/api/v1/chatbots/{judged.bot.id}", json={"settings": settings})
    before = (await client.get(f"/api/v1/conversations/{judged.good}")).json()["analysis"]
    assert before["sentiment"] < 0, "what was judged stays until it is judged again"
    await client.post(f"{judged.path}/reanalyse")
    clock.passes(minutes=1)
    while await run_next(database, HANDLERS):
        pass
    found = (await client.get(f"/api/v1/conversations/{judged.good}")).json()
    told = found["analysis"]
    off = (
        "sentiment",
        "sentiment_label",
        "dissatisfaction",
        "outcome",
        "unresolved_probability",
        "escalated",
        "unanswered",
    )
    assert {told[name] for name in off} == {None}
    assert (told["flags"], told["reason"]) == ([], "Sentiment is switched off for this chatbot.")
    assert told["switched_off"] == ["sentiment", "dissatisfaction", "flags", "outcome"]
    assert {message["sentiment"] for message in found["messages"]} == {None}
    job = (await client.get(judged.path)).json()["job"]
    assert (job["status"], job["done"]) == ("done", 2)
    assert job["result"]["before"]["sentiment"] < 0
    assert job["result"]["after"]["sentiment"] is None


async def test_thresholds_of_a_chatbot_hold_everywhere(judged: Judged, clock: TurnableClock) -> None:
    client, database = judged.bot.owner.client, judged.bot.owner.world.database
    strict = {"veryNegative": -0.99995, "negative": -0.9999}
    await client.patch(f"/api/v1/chatbots/{judged.bot.id}", json={"settings": {"analysis": {"thresholds": strict}}})
    tried = (await client.post(f"{judged.path}/try", json={"settings": {"analysis": {"thresholds": None}}})).json()
    assert [one["before"]["sentiment_label"] for one in tried["conversations"]] == ["Neutral"] * 2
    assert "Neutral" not in [one["after"]["sentiment_label"] for one in tried["conversations"]]
    await judged.bot.capture("conv-1", said("It is still terrible."))
    clock.passes(seconds=3)
    await analysis.judge_due(database)
    found = (await client.get(f"/api/v1/conversations/{judged.good}")).json()
    assert found["analysis"]["sentiment_label"] == "Neutral"
    assert [message["user_sentiments"] for message in found["messages"] if message["role"] == "user"] == [[], []]
    listed = await client.get(f"/api/v1/conversations?chatbotId={judged.bot.id}&f=sentiment:is:neutral")
    assert listed.json()["total"] == 1


async def test_another_chatbot_has_none_of_it(judged: Judged) -> None:
    owner = judged.bot.owner
    other = await owner.new_chatbot("Another")
    path = f"/api/v1/chatbots/{other.id}/analysis"
    assert (await owner.client.get(f"{path}/parked")).json() == {"conversations": [], "total": 0}
    released = await owner.client.post(f"{path}/parked/retry", json={"conversation_ids": [judged.bad]})
    assert released.json() == {"released": 0}
    assert (await owner.client.post(f"{path}/try", json={"settings": {}})).json()["conversations"] == []


async def test_without_topics_no_conversation_waits_for_one(judged: Judged, clock: TurnableClock) -> None:
    client, database, bot = judged.bot.owner.client, judged.bot.owner.world.database, judged.bot
    await client.patch(f"/api/v1/chatbots/{bot.id}", json={"settings": {"analysis": {"topics": False}}})
    before = (await client.get(f"/api/v1/chatbots/{bot.id}/topics")).json()["coverage"]
    await bot.capture("new", said("Where is my parcel?"))
    clock.passes(seconds=3)
    assert await analysis.judge_due(database) == 1
    after = (await client.get(f"/api/v1/chatbots/{bot.id}/topics")).json()["coverage"]
    assert (after["total"], after["waiting"]) == (before["total"] + 1, before["waiting"])
