"""docs/api/views.md, played row by row; the log, and how many there may be."""

import pytest

from noctule.chatbots.views import MOST_VIEWS
from tests.api.test_remarks import Team
from tests.conftest import Bot
from tests.scenarios import Row, assert_matches, scenarios

GROUPS = scenarios("views.md")


@pytest.mark.parametrize("rows", [rows for _, rows in GROUPS], ids=[case for case, _ in GROUPS])
async def test_the_documented_cases(rows: list[Row], bot: Bot) -> None:
    team, last = Team(bot), ""
    for row in rows:
        path = row.path.replace("{id}", bot.id).replace("{view}", last)
        answer = await (await team.client(row.caller)).request(row.method, path, content=row.body)
        assert answer.status_code == row.status, f"{row.case}: {answer.text}"
        assert_matches(row.answer, answer.json(), row.case)
        last = answer.json().get("id", last)
        left = len((await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}/views")).json()["views"])
        assert f"{left} view{'s' * (left != 1)}" == row.after, row.case


async def test_every_change_is_in_the_audit_log(bot: Bot) -> None:
    client, path = bot.owner.client, f"/api/v1/chatbots/{bot.id}/views"
    view = (await client.post(path, json={"name": "Angry", "query": "range=7d"})).json()["id"]
    await client.patch(f"{path}/{view}", json={"name": "Calm"})
    await client.patch(f"{path}/{view}", json={"name": "Calm"})  # changes nothing
    await client.delete(f"{path}/{view}")
    log = (await client.get("/api/v1/orgs/me/audit?action=view")).json()["entries"]
    assert [one["action"] for one in log[::-1]] == ["view.saved", "view.changed", "view.deleted"]
    assert {one["target"] for one in log} == {view}


async def test_a_person_has_so_many_at_most(bot: Bot) -> None:
    for number in range(MOST_VIEWS):
        await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/views", json={"name": f"{number}", "query": ""})
    answer = await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/views", json={"name": "x", "query": ""})
    assert answer.status_code == 409
