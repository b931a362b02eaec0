"""The list of conversations in another order: by its address, from page to page and back, under filters, in a view."""

import html
import random
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from noctule import analysis
from noctule.chatbots import ChatbotId
from tests.analysis.test_days import settle
from tests.api.test_chatbots import sign_in_as
from tests.conftest import Bot, TurnableClock, said
from tests.dashboard.test_pages import XSS, form

NAMES = {"score": "Sentiment score", "-messages": "Messages", "-custom.seats": "seats"}


async def some_conversations(bot: Bot, clock: TurnableClock, number: int) -> dict[str, dict[str, Any]]:
    """Over some days, with many alike; of some nothing is known. By title what is known of each."""
    chance, known = random.Random(7), dict[str, dict[str, Any]]()
    for one in range(number):
        sent_at = clock.now - timedelta(days=one % 5, minutes=chance.randrange(300))
        custom = {"seats": chance.choice([5, 7.5, 12]), "tier": chance.choice(["gold", "free"])}
        words = [said(f"Question {one:03}", sentAt=sent_at.isoformat())] + [said("Well?")] * chance.randrange(3)
        await bot.capture(f"c{one}", *words, custom=custom if one % 4 else {"tier": "gold"})
        known[f"{one:03}"] = {"messages": len(words), **custom, **({} if one % 4 else {"seats": None, "tier": "gold"})}
    await bot.owner.client.patch(f"/api/v1/chatbots/{bot.id}/fields/tier", json={"status": "accept"})
    await settle(bot.owner.world.database, clock)
    await analysis.rebuild(bot.owner.world.database)
    return known


def titles(page: str) -> list[str]:
    return re.findall(r"<b [^>]*>Question (\d+)", page)


async def walked(bot: Bot, query: str) -> list[str]:
    """To the end and back to the beginning; both ways are the same."""
    client, path = bot.owner.client, f"/b/{bot.id}/conversations"
    pages = [(await client.get(f"{path}?{query}")).text]
    while on := re.search(r'rel="next" href="([^"]+)"', pages[-1]):
        pages.append((await client.get(path + html.unescape(on[1]))).text)
    there, page = [titles(one) for one in pages], pages[-1]
    for expected in there[-2::-1]:
        back = re.search(r'rel="prev" href="([^"]+)"', page)
        assert back
        answer = await client.get(path + html.unescape(back[1]), follow_redirects=True)
        page = answer.text
        assert titles(page) == expected
    assert 'rel="prev"' not in page
    return [one for some in there for one in some]


async def test_every_order_is_walked_there_and_back(bot: Bot, clock: TurnableClock) -> None:
    known = await some_conversations(bot, clock, 70)
    for name in ("messages", "seats"):
        for sign in (1, -1):
            sort = ("-" if sign < 0 else "") + ("custom." if name == "seats" else "") + name
            found = await walked(bot, f"sort={sort}")
            assert sorted(found) == sorted(known)
            values = [known[one][name] for one in found]
            told = [one for one in values if one is not None]
            assert told == sorted(told, reverse=sign < 0)
            assert values == told + [None] * (len(values) - len(told))
    usual, oldest = await walked(bot, ""), await walked(bot, "sort=last")
    assert (len(usual), oldest) == (70, usual[::-1])
    gold = await walked(bot, "sort=-messages&f=custom.tier:is:gold&range=7d")
    assert gold == [one for one in await walked(bot, "sort=-messages") if known[one]["tier"] == "gold"]
    assert await walked(bot, "sort=last&f=custom.tier:is:gold") == [
        one for one in oldest if known[one]["tier"] == "gold"
    ]


async def test_heads_are_links_that_turn_the_order(bot: Bot, clock: TurnableClock) -> None:
    await some_conversations(bot, clock, 4)
    client, path = bot.owner.client, f"/b/{bot.id}/conversations"
    columns = "cols=score,messages,custom.seats,state,custom.tier,last"
    page = (await client.get(f"{path}?{columns}")).text
    head = re.search(r"<thead>.*?</thead>", page, re.DOTALL)
    assert head
    there = dict(re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', head[0]))
    assert {re.findall(r"sort=([^&]+)", one)[0]: name for one, name in there.items()} == NAMES | {
        "last": "Last message"
    }
    assert ("by " in page, 'aria-sort="descending" dir="auto"><a' in page, "data-poll=" in page) == (False, True, True)
    for sort, label in NAMES.items():
        page = (await client.get(f"{path}?sort={sort}&{columns}")).text
        (th,) = re.findall(r'<th [^>]*aria-sort="(\w+)"[^>]*><a href="([^"]+)"[^>]*>([^<]+)</a>', page)
        other = sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"
        assert (th[0], th[2]) == ("descending" if sort.startswith("-") else "ascending", label)
        assert f"sort={other}&" in html.unescape(th[1])
        assert f"by {label}, the " in page
        assert "data-poll=" not in page.partition('id="rows"')[2].partition(">")[0]
    page = (await client.get(f"{path}?sort=score&cols=state")).text
    assert "Sorted by</span> <b><bdi>Sentiment score, the worst first" in page
    assert "aria-sort" not in page


async def test_the_order_stays_whatever_else_is_asked_for(bot: Bot, clock: TurnableClock) -> None:
    await some_conversations(bot, clock, 30)
    client, path = bot.owner.client, f"/b/{bot.id}/conversations"
    page = html.unescape((await client.get(f"{path}?range=7d&sort=-custom.seats&add=messages")).text)
    lists = re.findall(rf'href="({path}\?[^"]*|\?[^"]*)"', page)
    others = {one for one in lists if "sort=" not in one and "kind=" not in one}
    assert others == {f"{path}?range=7d"}  # the usual order
    assert page.count('name="sort" value="-custom.seats"') == 2  # the days and the condition that is typed
    assert any("c=" in one and "sort=-custom.seats" in one for one in lists)
    read = next(one for one in lists if "c=" in one)
    assert titles((await client.get(read)).text)[:25] == titles(page)
    added = await client.get(f"{path}?sort=-custom.seats&add=messages&how=ge&value=2&after=gone")
    assert added.status_code == 400
    added = await client.get(f"{path}?sort=-custom.seats&add=messages&how=ge&value=2")
    assert added.headers["location"] == f"{path}?sort=-custom.seats&f=messages:ge:2"
    chosen = await form(client, f"{path}/columns", order="state", query="sort=score&range=7d", **{"on.state": "on"})
    assert chosen.headers["location"] == f"{path}?sort=score&range=7d&cols=state"
    shown = (await client.get(f"{path}?range=7d&sort=score")).text
    query = re.search(r'name="query" value="(range[^"]+)"', shown)
    assert query
    assert query[1] == "range=7d&amp;sort=score"
    saved = await form(
        client, f"/b/{bot.id}/views", page="conversations", name="Worst", query="range=7d&sort=score", shared="on"
    )
    member = await sign_in_as("member", bot)
    handed = (await member.get(saved.headers["location"])).text
    assert ("Sentiment score, the worst first" in handed, "Save view" in handed) == (True, False)
    assert titles(handed) == titles(shown)


@pytest.mark.parametrize(
    "sort", ["moon", "state", "--score", "-", "custom.tier", "custom.gone", "marks.clarity", "%00", XSS, "x" * 3000]
)
async def test_what_cannot_be_sorted_by_is_said(bot: Bot, sort: str) -> None:
    await bot.capture("c", custom={"tier": "gold"})
    place = "7.0_2026-11-01T10:00:00+00:00_00000000-0000-7000-8000-000000000000"
    for side in ("after", "before"):
        answer = await bot.owner.client.get(f"/b/{bot.id}/conversations", params={"sort": sort, side: place})
        assert answer.status_code == 200
        assert ("cannot be sorted by" in answer.text, XSS in answer.text, "data-poll" in answer.text) == (
            True,
            False,
            True,
        )


async def test_a_field_that_is_denied_takes_its_order_along(bot: Bot) -> None:
    """Also where it was the only column that somebody had chosen."""
    await bot.capture("c", custom={"seats": 3})
    client, path = bot.owner.client, f"/b/{bot.id}/conversations"
    await form(client, f"{path}/columns", order="", **{"on.custom.seats": "on"})
    shown = (await client.get(f"{path}?sort=-custom.seats")).text
    assert 'aria-sort="descending"' in shown
    await client.patch(f"/api/v1/chatbots/{bot.id}/fields/seats", json={"status": "deny"})
    for sort in ("-custom.seats", "score", ""):
        assert (await client.get(path, params={"sort": sort})).status_code == 200
    assert "cannot be sorted by" in (await client.get(f"{path}?sort=-custom.seats")).text


@pytest.mark.parametrize(
    "number", ["x", "1", "1e999", "nan", "inf", "1_0", " 1.0", "0x1", "٣.0", "00.5", "1.0_", "1.0_2026-01-01T00:00:00"]
)
@pytest.mark.parametrize("side", ["after", "before"])
async def test_a_place_that_is_none(bot: Bot, side: str, number: str) -> None:
    rest = "_2026-11-01T10:00:00+00:00_00000000-0000-7000-8000-000000000000"
    path = f"/b/{bot.id}/conversations"
    refused = await bot.owner.client.get(path, params={"sort": "score", side: number + rest})
    assert (refused.status_code, side in refused.text) == (400, True)
    swapped = await bot.owner.client.get(path, params={"sort": "last", side: f"0.5{rest}"})
    assert swapped.status_code == 400
    assert (await bot.owner.client.get(path, params={"sort": "-score", side: f"0.5{rest}"})).status_code in (200, 303)


async def test_the_end_of_time_is_a_place_too(bot: Bot) -> None:
    await bot.capture("c")
    path, one = f"/b/{bot.id}/conversations", "00000000-0000-7000-8000-000000000000"
    for moment in ("0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999999+00:00"):
        for number in ("", "-1.7976931348623157e+308", "5e-324"):
            for side in ("after", "before"):
                answer = await bot.owner.client.get(path, params={"sort": "messages", side: f"{number}_{moment}_{one}"})
                assert answer.status_code in (200, 303), (moment, number, side)


async def test_an_order_is_of_one_chatbot(bot: Bot, clock: TurnableClock) -> None:
    """What another one knows is not met, and a place of another list tells nothing."""
    await some_conversations(bot, clock, 3)
    other = await bot.owner.new_chatbot("Other")
    await other.capture("c", said("Question 999"))
    await settle(bot.owner.world.database, clock)
    async with bot.owner.world.database.transaction() as db:
        found = await analysis.ordered_after(
            db, ChatbotId(UUID(other.id)), analysis.Narrowing(), order=analysis.Order("messages"), place=None, limit=9
        )
    assert [one.conversation.external_id for one in found] == ["c"]
    assert await walked(other, "sort=messages") == ["999"]
