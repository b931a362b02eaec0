"""docs/api/transfer.md, played row by row."""

import pytest

from tests.api.test_chatbots import sign_in_as
from tests.conftest import Bot
from tests.scenarios import Row, assert_matches, expand, scenarios

GROUPS = scenarios("transfer.md")


@pytest.mark.parametrize("rows", [rows for _, rows in GROUPS], ids=[case for case, _ in GROUPS])
async def test_the_documented_cases(rows: list[Row], bot: Bot) -> None:
    for row in rows:
        client = await sign_in_as(row.caller, bot)
        path = row.path.replace("{id}", bot.id)
        answer = await client.request(row.method, path, content=expand(row.body))
        assert answer.status_code == row.status, f"{row.case}: {answer.text}"
        assert_matches(row.answer, answer.json(), row.case)
