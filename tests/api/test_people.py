"""docs/api/people.md, played row by row."""

from typing import Any

import pytest

from noctule import analysis
from tests.api.test_chatbots import sign_in_as
from tests.conftest import Bot, TurnableClock, said
from tests.scenarios import Row, assert_matches, scenarios

GROUPS = scenarios("people.md")
ACME: dict[str, Any] = {"id": "o1", "name": "Acme", "plan": "team", "industry": "Toys", "mrr": 900}
ANN: dict[str, Any] = {"id": "u1", "name": "Ann", "plan": "pro", "mrr": 40.5, "createdAt": "2024-01-01T00:00:00Z"}
BEN: dict[str, Any] = {"id": "u2", "name": "Ben", "plan": "free", "mrr": 0}


async def three_users(bot: Bot, clock: TurnableClock) -> None:
    for day, name, words, about in (
        (15, "a", "This is wonderful, I love it. Thank you so much!", {"user": ANN, "organization": ACME}),
        (16, "b", "This is terrible and I hate it.", {"user": BEN, "organization": {"id": "o1"}}),
        (17, "c", "Where is the invoice?", {"user": {"name": "Cy", "email": "cy@example.com"}}),
        (18, "d", "Where is the parcel?", {"user": {"email": "CY@example.com"}}),
    ):
        said_at = f"2025-03-{day}T10:00:00Z"
        assert (await bot.capture(name, said(words, sentAt=said_at), **about)).status_code == 200
    clock.passes(seconds=5)
    database = bot.owner.world.database
    while await analysis.judge_due(database) + await analysis.renew_due(database):
        pass


@pytest.mark.parametrize("rows", [rows for _, rows in GROUPS], ids=[case for case, _ in GROUPS])
async def test_the_documented_cases(rows: list[Row], bot: Bot, clock: TurnableClock) -> None:
    await three_users(bot, clock)
    base = f"/api/v1/chatbots/{bot.id}"
    first = (await bot.owner.client.get(f"{base}/users?limit=2")).json()
    known = {
        "{id}": bot.id,
        "{next}": first["next"],
        "{user}": (await bot.owner.client.get(f"{base}/users/u1")).json()["id"],
        "{organization}": (await bot.owner.client.get(f"{base}/organizations/o1")).json()["id"],
    }
    for row in rows:
        path = row.path
        for name, value in known.items():
            path = path.replace(name, value)
        answer = await (await sign_in_as(row.caller, bot)).request(row.method, path)
        assert answer.status_code == row.status, f"{row.case}: {answer.text}"
        assert_matches(row.answer, answer.json(), row.case)


async def test_every_user_is_on_one_page(bot: Bot) -> None:
    names = [f"u{n:02}" for n in range(23)]
    for name in names:
        await bot.capture(name, user={"id": name})
    for sort in ("last_seen", "-last_seen", "sentiment", "-mrr", "-conversations", "messages", "-first_seen"):
        seen: list[str] = []
        after = ""
        while True:
            page = (
                await bot.owner.client.get(
                    f"/api/v1/chatbots/{bot.id}/users", params={"sort": sort, "limit": "5", "after": after}
                )
            ).json()
            seen += [user["external_id"] for user in page["users"]]
            if page["next"] is None:
                break
            after = page["next"]
        assert sorted(seen) == names, sort
