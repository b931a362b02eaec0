"""How it went: every tab is valid, and every number on it is as many conversations as its link lists."""

import re
from html import unescape

import pytest
import pytest_asyncio

from tests.api.test_analytics import MAY, two_days
from tests.conftest import Bot, TurnableClock
from tests.dashboard.test_overview import read

PARTS = ("outcomes", "intents", "behaviors", "quality", "flags", "frustrations", "audience")
_NUMBER = re.compile(r'<a class="over" href="([^"]+)"[^>]*>([\d,]+)</a>')


@pytest_asyncio.fixture
async def judged(bot: Bot, clock: TurnableClock) -> Bot:
    return await two_days(bot, clock)


@pytest.mark.parametrize(
    "also", ["", "&compare=off", "&f=country:is:BE", "&f=sentiment:not:positive&f=channel:is:capture"]
)
async def test_each_number_is_as_many_conversations_as_its_link_lists(judged: Bot, also: str) -> None:
    seen = 0
    for part in PARTS:
        page = await read(judged.owner, f"/b/{judged.id}/went/{part}?{MAY}{also}")
        for href, number in _NUMBER.findall(page):
            listed = await read(judged.owner, unescape(href))
            total = re.search(r'id="total">(\d+) of', listed)
            assert total, href
            assert total[1] == number, href
            seen += 1
    assert seen >= 10


async def test_a_row_shows_its_line_and_narrows_every_tab(judged: Bot) -> None:
    page = await read(judged.owner, f"/b/{judged.id}/went/audience?{MAY}&show=country:BE")
    assert "Belgium: conversations per day" in page
    narrow = re.search(r'<a href="([^"]+)">Only these</a>', page)
    assert narrow
    narrowed = await read(judged.owner, unescape(narrow[1]))
    assert "2 of 2 conversations analysed" in narrowed
    assert f'href="/b/{judged.id}/went/flags?from=2025-05-01&amp;to=2025-05-02&amp;f=country:is:BE"' in narrowed
    without = re.search(r'<a href="([^"]+)" aria-label="Remove Country"', narrowed)
    assert without
    assert "3 of 3 conversations analysed" in await read(judged.owner, unescape(without[1]))


async def test_what_is_said_and_by_whom(judged: Bot) -> None:
    page = await read(judged.owner, f"/b/{judged.id}/went/frustrations?{MAY}")
    assert "No! Wrong again. This is useless!" in page
    assert "Says “This is useless!”." in page
    assert "Jane" in page
    outcomes = await read(judged.owner, f"/b/{judged.id}/went?{MAY}")
    assert "few conversations" in outcomes
    assert "Share that was resolved, of those that are over" in outcomes
    assert "Share that wanted or got a person" in await read(judged.owner, f"/b/{judged.id}/went?{MAY}&show=escalated")


async def test_nothing_and_nonsense(bot: Bot) -> None:
    for part in PARTS:
        assert "Nothing to tell" in await read(bot.owner, f"/b/{bot.id}/went/{part}")
    for strange in (
        "show=x:y",
        "show=quality:%00",
        "f=moon:is:full",
        "f=sentiment:is:none",
        "range=moon",
        "to=0001-01-01",
    ):
        await read(bot.owner, f"/b/{bot.id}/went/quality?{strange}")
    assert (await bot.owner.client.get(f"/b/{bot.id}/went/moon")).status_code == 404
