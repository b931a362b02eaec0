"""Pages about users and organizations."""

import re

from tests.api.test_people import three_users
from tests.conftest import Bot, Person, TurnableClock
from tests.dashboard.test_pages import XSS, check


async def test_nobody_yet(bot: Bot) -> None:
    for what in ("users", "organizations"):
        page = await bot.owner.client.get(f"/b/{bot.id}/{what}")
        assert "yet" in page.text
        assert check(page.text) == []


async def test_a_user_leads_to_the_conversations(bot: Bot, clock: TurnableClock) -> None:
    await three_users(bot, clock)
    listed = await bot.owner.client.get(f"/b/{bot.id}/users?sort=sentiment")
    assert check(listed.text) == []
    assert re.findall(r'<b dir="auto">(\w+)</b><span><bdi>', listed.text) == ["Ben", "Cy", "Ann"]
    (ben,) = re.findall(rf'href="(/b/{bot.id}/users/[^"]+)"><b dir="auto">Ben', listed.text)
    page = (await bot.owner.client.get(ben)).text
    assert check(page) == []
    assert "Acme" in page
    (everything,) = set(re.findall(rf'href="(/b/{bot.id}/conversations\?f=user:is:[^"&]+)"', page))
    found = (await bot.owner.client.get(everything)).text
    assert check(found) == []
    assert "This is terrible" in found
    assert "This is wonderful" not in found
    assert "Ben" in found.partition('class="chips"')[2].partition("</div>")[0]
    (acme,) = set(re.findall(rf'href="(/b/{bot.id}/organizations/[^"]+)"', page))
    owner = (await bot.owner.client.get(acme)).text
    assert check(owner) == []
    assert all(name in owner for name in ("Ann", "Ben", "This is wonderful", "900"))
    assert "Cy" not in owner


async def test_words_and_pages(bot: Bot) -> None:
    for number in range(30):
        await bot.capture(f"c{number}", user={"id": f"u{number:02}", "name": XSS})
    path = f"/b/{bot.id}/users"
    first = (await bot.owner.client.get(path)).text
    assert "<script>alert" not in first
    (on,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = (await bot.owner.client.get(on.replace("&amp;", "&"))).text
    assert len(re.findall("<tr>", first)) + len(re.findall("<tr>", second)) == 32
    assert "u07" in (await bot.owner.client.get(f"{path}?q=U07")).text
    none = await bot.owner.client.get(f"{path}?q=nobody")
    assert "Nobody fits" in none.text
    assert check(none.text) == []
    for odd in ("sort=shoes", "q=%00", "q=" + "x" * 5000):
        assert (await bot.owner.client.get(f"{path}?{odd}")).status_code == 200
    assert (await bot.owner.client.get(f"{path}?after=x")).status_code == 400


async def test_what_belongs_to_others(owner: Person, bot: Bot, clock: TurnableClock) -> None:
    await three_users(bot, clock)
    stranger = await owner.world.sign_up("stranger@example.com", "Elsewhere")
    theirs = await stranger.new_chatbot()
    known = (await owner.client.get(f"/api/v1/chatbots/{bot.id}/users/u1")).json()["id"]
    owned = (await owner.client.get(f"/api/v1/chatbots/{bot.id}/organizations/o1")).json()["id"]
    for path in ("users", "organizations", f"users/{known}", f"organizations/{owned}"):
        assert (await owner.client.get(f"/b/{bot.id}/{path}")).status_code == 200
        assert (await stranger.client.get(f"/b/{bot.id}/{path}")).status_code == 404
    assert (await stranger.client.get(f"/b/{theirs.id}/users/{known}")).status_code == 404
    assert (await owner.client.get(f"/b/{bot.id}/users/x")).status_code == 404
