"""docs/api/knowledge.md, played row by row, and what a table cannot say."""

from pathlib import Path

import httpx
import pytest

from noctule.base.embed import Embedder
from tests.api.test_chatbots import sign_in_as
from tests.conftest import Bot
from tests.knowledge.test_train import HOURS, ask, teach, text, work
from tests.scenarios import Row, assert_matches, expand, scenarios

GROUPS = scenarios("knowledge.md")


@pytest.mark.parametrize("rows", [rows for _, rows in GROUPS], ids=[case for case, _ in GROUPS])
async def test_the_documented_cases(rows: list[Row], bot: Bot, tmp_path: Path) -> None:
    no_model, source, clients = Embedder(tmp_path), "", dict[str, httpx.AsyncClient]()
    if "{archived}" in rows[0].path:
        assert (await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/archive")).status_code == 200
    for row in rows:
        client = clients[row.caller] = clients.get(row.caller) or await sign_in_as(row.caller, bot)
        path = row.path.replace("{id}", bot.id).replace("{archived}", bot.id).replace("{source}", source)
        headers = {"content-type": "application/json"} if row.body else {}
        body = expand(row.body.replace("\\|", "|")).encode()
        answer = await client.request(row.method, path, content=body, headers=headers)
        assert answer.status_code == row.status, f"{row.case}: {answer.text}"
        assert_matches(row.answer, answer.json(), row.case)
        source = source or next((one["id"] for one in answer.json().get("sources", [])), "")
        await work(bot, no_model)


async def test_what_is_taught_is_found_by_its_own_chatbot_only(bot: Bot, tmp_path: Path) -> None:
    other = await bot.owner.new_chatbot("Another")
    mine, theirs = await teach(bot, text("hours", HOURS)), await teach(other, text("hours", HOURS))
    await work(bot, Embedder(tmp_path))
    assert [hit["source_id"] for hit in await ask(bot, "telephone")] == mine
    assert [hit["source_id"] for hit in await ask(other, "telephone")] == theirs
    assert (await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}/sources/{theirs[0]}")).status_code == 404
    assert (await bot.owner.client.delete(f"/api/v1/chatbots/{bot.id}/sources/{theirs[0]}")).status_code == 404


async def test_every_change_is_in_the_audit_log(bot: Bot, tmp_path: Path) -> None:
    client, path = bot.owner.client, f"/api/v1/chatbots/{bot.id}"
    [source] = await teach(bot, text("hours", HOURS))
    await work(bot, Embedder(tmp_path))
    await client.put(f"{path}/sources/{source}", json=text("hours", "Never."))
    await client.post(f"{path}/train")
    await work(bot, Embedder(tmp_path))
    await client.post(f"{path}/train/rollback")
    await client.delete(f"{path}/sources/{source}")
    async with bot.owner.world.database.transaction() as db:
        actions = await db.values("select action from audit_log where target in ($1, $2) order by id", bot.id, source)
    assert actions[1:] == [
        "sources.added", "source.replaced", "knowledge.trained", "knowledge.rolled_back", "source.deleted",
    ]  # fmt: skip
