"""Saved views on pages: saving what is shown, finding it above the list, renaming and deleting without a script."""

import re

from tests.api.test_chatbots import sign_in_as
from tests.conftest import Bot
from tests.dashboard.test_pages import XSS, form


async def test_a_view_is_saved_found_renamed_and_deleted(bot: Bot) -> None:
    client = bot.owner.client
    await bot.capture("c")
    path = f"/b/{bot.id}/conversations"
    assert "Save view" not in (await client.get(path)).text
    narrowed = (await client.get(f"{path}?f=sentiment:is:negative&range=7d&after=")).text
    query = re.search(r'name="query" value="([^"]+)"', narrowed)
    assert query
    assert query[1] == "range=7d&amp;f=sentiment:is:negative"
    asked = query[1].replace("&amp;", "&")
    done = await form(client, f"/b/{bot.id}/views", page="conversations", name=f"Angry {XSS}", query=asked)
    assert (done.status_code, done.headers["location"]) == (303, f"{path}?{asked}")
    shown = (await client.get(done.headers["location"])).text
    assert 'aria-current="true"><svg' in shown
    assert "Save view" not in shown
    assert "<script>alert" not in shown
    member = await sign_in_as("member", bot)
    assert "Angry" not in (await member.get(path)).text
    views = (await client.get(f"/b/{bot.id}/views")).text
    found = re.search(rf'action="(/b/{bot.id}/views/[0-9a-f-]+)"', views)
    assert found
    assert (await form(client, found[1], name="Angry ones", shared="on")).status_code == 303
    assert "<bdi>Angry ones</bdi>" in (await member.get(path)).text
    read = (await member.get(f"/b/{bot.id}/views")).text
    assert ("Angry ones" in read, found[1] in read) == (True, False)
    assert (await form(member, found[1], name="Mine")).status_code == 403
    assert (await form(client, found[1], name="")).status_code == 400
    assert (await form(client, f"{found[1]}/delete")).status_code == 303
    assert "No view yet" in (await client.get(f"/b/{bot.id}/views")).text
    assert (await form(client, f"{found[1]}/delete")).status_code == 404


async def test_a_view_of_the_overview(bot: Bot) -> None:
    client, path = bot.owner.client, f"/b/{bot.id}/overview"
    await bot.capture("c")
    assert "Save view" not in (await client.get(path)).text
    assert "Save view" in (await client.get(f"{path}?range=7d&metric=negative")).text
    done = await form(client, f"/b/{bot.id}/views", page="overview", name="Week", query="range=7d", shared="on")
    assert done.headers["location"] == f"{path}?range=7d"
    assert "Save view" not in (await client.get(f"{path}?range=7d")).text
    assert "<bdi>Week</bdi>" in (await client.get(path)).text
    assert "Week" not in (await client.get(f"/b/{bot.id}/conversations")).text
