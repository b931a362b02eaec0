"""docs/api/transfer.md, played row by row."""

import pytest

from tests.api.test_chatbots import sign_in_as
from tests.conftest import Bot
from tests.scenarios import Row, assert_matches, expand, scenarios

GROUPS = scenarios("transfer.md")


WAITING = '{"conversationId": "c", "messages": [{"role": "user", "content": "Hi"}]}'


@pytest.mark.parametrize("rows", [rows for _, rows in GROUPS], ids=[case for case, _ in GROUPS])
async def test_the_documented_cases(rows: list[Row], bot: Bot) -> None:
    job = ""
    if "{job}" in rows[0].path:
        brought = await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/import", content=WAITING)
        job = brought.json()["job"]["id"]
    if "{archived}" in rows[0].path:
        assert (await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/archive")).status_code == 200
    for row in rows:
        client = await sign_in_as(row.caller, bot)
        path = row.path.replace("{id}", bot.id).replace("{archived}", bot.id).replace("{job}", job)
        answer = await client.request(row.method, path, content=expand(row.body))
        assert answer.status_code == row.status, f"{row.case}: {answer.text}"
        if row.answer is not None:
            assert_matches(row.answer, answer.json(), row.case)
