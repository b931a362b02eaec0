"""The page of deep search, and the way from what was found into the transcript."""

import re
from html import unescape
from typing import Any

import pytest

from tests.api.test_search import judge_all, three_conversations
from tests.conftest import Bot, TurnableClock, said
from tests.dashboard.test_overview import read
from tests.dashboard.test_pages import XSS


async def test_what_was_found_is_marked_and_leads_to_its_place(bot: Bot, clock: TurnableClock) -> None:
    await three_conversations(bot, clock)
    page = await read(bot.owner, f"/b/{bot.id}/search?q=refund")
    assert "3 messages</p>" in page
    assert re.findall(r'<mark class="hit">([^<]+)</mark>', page) == ["refunded", "Refunds", "refund"]
    first = re.search(r'<li><a href="([^"]+)#(m-[^"]+)">', page)
    assert first
    assert f'id="{first[2]}"' in await read(bot.owner, unescape(first[1]))
    exact = await read(bot.owner, f"/b/{bot.id}/search?q=refund&mode=exact&role=user&range=90d")
    assert "Nobody said that" in exact


async def test_a_message_far_down_is_shown_with_what_led_to_it(bot: Bot, clock: TurnableClock) -> None:
    words: list[Any] = [said(f"word{number}", id=str(number)) for number in range(100)]
    for some in (words[:50], words[50:]):
        await bot.capture("c", *some)
        clock.passes(seconds=1)
    await judge_all(bot, clock)
    page = await read(bot.owner, f"/b/{bot.id}/search?q=word60")
    href = re.search(r'<li><a href="([^"#]+)#', page)
    assert href
    around = await read(bot.owner, unescape(href[1]))
    assert "word60" in around
    assert "word56" in around
    assert "word40" not in around
    start = await read(bot.owner, f"/b/{bot.id}/search?q=word3")
    assert "word0" in await read(bot.owner, unescape(re.findall(r'<li><a href="([^"#]+)#', start)[0]))


async def test_pages_follow_each_other(bot: Bot, clock: TurnableClock) -> None:
    for number in range(25):
        await bot.capture(f"c{number:02}", said(f"parcel {number:02}", sentAt=f"2025-03-15T10:00:{number:02}Z"))
    await judge_all(bot, clock)
    page = await read(bot.owner, f"/b/{bot.id}/search?q=parcel")
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older
    rest = await read(bot.owner, unescape(older[1]))
    assert rest.count("<q ") == 5
    assert "25 messages" in rest


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%21", "q=" + "x" * 600, "q=a&range=moon&mode=moon&role=moon", "", "q=" + "a+" * 40]
)
async def test_a_strange_question_is_no_fault(bot: Bot, query: str) -> None:
    await read(bot.owner, f"/b/{bot.id}/search?{query}")


async def test_what_was_said_is_text(bot: Bot, clock: TurnableClock) -> None:
    await bot.capture("c", said(f"needle {XSS}"))
    await judge_all(bot, clock)
    assert XSS not in await read(bot.owner, f"/b/{bot.id}/search?q=needle")
    assert (await bot.owner.client.get(f"/b/{bot.id}/search?q=needle&after=x")).status_code == 400
