"""Columns of the list of conversations: chosen by a form, kept for a person, told by the address, and exported as they are shown."""

import csv
import html
import re

import pytest

from noctule.dashboard.columns import read, written
from tests.api.test_chatbots import sign_in_as
from tests.conftest import Bot, said
from tests.dashboard.test_pages import XSS, form

USUAL = ["State", "Messages", "Last message"]


def heads(page: str) -> list[str]:
    """Of the columns after the face and the conversation."""
    found = re.search(r"<thead>(.*?)</thead>", page, re.DOTALL)
    assert found
    return [html.unescape(one) for one in re.findall(r"<th[^>]*>(?:<a[^>]*>)?([^<]*)(?:</a>)?</th>", found[1])][1:]


async def choose(bot: Bot, *ticked: str, order: str = "", **more: str) -> str:
    fields = {f"on.{one}": "on" for one in ticked} | more
    answer = await form(bot.owner.client, f"/b/{bot.id}/conversations/columns", order=order, **fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def test_columns_are_chosen_moved_kept_and_reset(bot: Bot) -> None:
    client, path = bot.owner.client, f"/b/{bot.id}/conversations"
    await bot.capture("c", custom={"tier, or so": "gold", "seats": 12, "paid": True})
    assert heads((await client.get(path)).text) == USUAL
    there = await choose(
        bot, "state", "custom.tier, or so", "custom.seats", order="state,messages,last", query="range=7d"
    )
    assert there == f"{path}?range=7d&cols=state,custom.tier%252C+or+so,custom.seats"
    page = (await client.get(there)).text
    assert heads(page) == ["State", "tier, or so", "seats"]
    assert ("<bdi>gold</bdi>" in page, "<bdi>12</bdi>" in page) == (True, True)
    assert heads((await client.get(path)).text) == ["State", "tier, or so", "seats"]
    member = await sign_in_as("member", bot)
    assert heads((await member.get(path)).text) == USUAL
    (order,) = re.findall(r'name="order" value="([^"]*)"', page)
    moved = await choose(bot, "state", "custom.tier, or so", "custom.seats", order=order, up="custom.seats")
    assert "edit=columns" in moved
    again = (await client.get(moved)).text
    assert (heads(again), "data-columns open" in again) == (["State", "seats", "tier, or so"], True)
    assert await choose(bot, "state", order="state", down="state", reset="1") == f"{path}?edit=columns"
    assert heads((await client.get(path)).text) == USUAL


async def test_every_column_shows_something_or_a_dash(bot: Bot) -> None:
    await bot.capture(
        "one", said("Terrible, I want to cancel. Can I talk to a human?"), tags=["a", "b"], session={"country": "BE"},
        user={"id": "u", "plan": "gold"}, custom={"paid": False},
    )  # fmt: skip
    await bot.capture("two", said("Hello"))
    page = (await bot.owner.client.get(f"/b/{bot.id}/conversations")).text
    names = [html.unescape(one) for one in re.findall(r'name="on\.([^"]+)"', page)]
    assert len(names) > 19
    shown = (await bot.owner.client.get(f"/b/{bot.id}/conversations", params={"cols": written(names[:20])})).text
    assert ("Belgium" in shown, "gold" in shown, "Capture API" in shown) == (True, True, True)


@pytest.mark.parametrize(
    ("cols", "columns", "problem"),
    [
        ("nonsense,state", ["State"], "not known here"),
        ("nonsense", USUAL, "not known here"),
        ("custom.gone,custom.", USUAL, "not known here"),
        ("state,state", ["State"], ""),
        (",".join(f"x{number}" for number in range(500)), USUAL, "not known here"),
        ("%00,\ud800".encode("utf-8", "replace").decode(), USUAL, "not known here"),
        (XSS, USUAL, "not known here"),
    ],
)
async def test_what_is_not_known_is_said(bot: Bot, cols: str, columns: list[str], problem: str) -> None:
    await bot.capture("c")
    page = await bot.owner.client.get(f"/b/{bot.id}/conversations", params={"cols": cols})
    assert page.status_code == 200
    assert (heads(page.text), problem in page.text, XSS in page.text) == (columns, True, False)


async def test_more_than_fit_are_cut(bot: Bot) -> None:
    await bot.capture("c", custom={f"k{number:02}": number for number in range(30)})
    names = written(f"custom.k{number:02}" for number in range(30))
    page = (await bot.owner.client.get(f"/b/{bot.id}/conversations?cols={names}")).text
    assert (len(heads(page)), "At most 20 columns" in page) == (20, True)
    await choose(bot, *(f"custom.k{number:02}" for number in range(30)))
    assert len(heads((await bot.owner.client.get(f"/b/{bot.id}/conversations")).text)) == 20
    refused = await form(bot.owner.client, f"/b/{bot.id}/conversations/columns", **{"on.\0": "on"})
    assert refused.status_code == 400


def test_names_go_into_an_address_and_come_out() -> None:
    names = ["state", "custom.a,b", "custom.50%", "custom.%2C", "custom.ünï"]
    assert read(written(names)) == names


async def test_the_file_has_the_columns_that_are_shown(bot: Bot) -> None:
    await bot.capture("c", said("Where is it?"), custom={"tier": "=1+1"}, user={"id": "u", "name": "@Ines"})
    await bot.capture("d", said("Hello"), organization={"name": "Acme"})
    path = f"/b/{bot.id}/conversations/export?kind=table"
    answer = await bot.owner.client.get(f"{path}&cols=messages,custom.tier")
    assert answer.headers["content-disposition"].endswith(f'conversations-{bot.id}.csv"')
    rows = list(csv.reader(answer.text.splitlines()))
    assert rows == [
        ["Sentiment", "Conversation", "With", "Messages", "tier"],
        ["", "Where is it?", "'@Ines", "1", "'=1+1"],
        ["", "Hello", "Visitor · Acme", "1", ""],
    ]
    await choose(bot, "id", "began")
    kept = list(csv.reader((await bot.owner.client.get(path)).text.splitlines()))
    assert [row[3] for row in kept] == ["Id", "c", "d"]
    assert kept[1][4].endswith("Z")
    narrowed = await bot.owner.client.get(f"{path}&f=sentiment:is:positive")
    assert len(narrowed.text.splitlines()) == 1
