"""The page of the ledger: every message that was accepted is accounted for."""

import re

from noctule import analysis
from tests.analysis.test_ledger import make_due
from tests.conftest import Bot, said
from tests.dashboard.test_pages import check


def numbers_of(page: str) -> list[str]:
    """Of the first hour, or of both when one has just begun."""
    row = page[page.rindex('<th scope="row"') :]
    return re.findall(r'<td class="r num">([\d,]+)</td>', row)


async def test_what_came_is_accounted_for(bot: Bot) -> None:
    path = f"/b/{bot.id}/ledger"
    nothing = (await bot.owner.client.get(path)).text
    assert check(nothing) == []
    assert "Nothing came in the last 24 hours" in nothing

    await bot.capture("a", said("Where is my parcel?", id="1"), said("On its way.", "assistant", id="2"))
    await bot.capture("a", said("Where is my parcel?", id="1"))
    page = (await bot.owner.client.get(path)).text
    assert check(page) == []
    assert numbers_of(page) == ["3", "2", "0"]
    assert "1 repeated, 2 waiting" in page

    await make_due(bot.owner.world.database)
    await analysis.judge_due(bot.owner.world.database)
    page = (await bot.owner.client.get(path)).text
    assert numbers_of(page) == ["3", "2", "2"]
    assert "1 repeated" in page
    assert "2 waiting" not in page
    assert "Does not add up" not in page


async def test_it_is_found_and_belongs_to_its_organization(bot: Bot) -> None:
    assert f'href="/b/{bot.id}/ledger"' in (await bot.owner.client.get(f"/b/{bot.id}/connect")).text
    stranger = await bot.owner.world.sign_up("stranger@example.com")
    assert (await stranger.client.get(f"/b/{bot.id}/ledger")).status_code == 404
