"""Adding a condition, step by step: what can be asked about, its values with how many have them, or a form."""

import re
from html import unescape

import pytest
import pytest_asyncio

from noctule.dashboard.named import country_name, field_name, language_name, value_name
from tests.api.test_analytics import MAY, two_days
from tests.conftest import Bot, TurnableClock
from tests.dashboard.test_overview import read


@pytest_asyncio.fixture
async def judged(bot: Bot, clock: TurnableClock) -> Bot:
    return await two_days(bot, clock)


def links(page: str) -> dict[str, str]:
    """Of the menu, by their words with the number behind them."""
    menu = page[page.index("data-adding") :]
    menu = menu[: menu.index("</details>")]
    found = re.findall(
        r'<a href="([^"]+)"[^>]*><span dir="auto">([^<]+)</span>(?:<svg.*?</svg>)?(?:<small[^>]*>([\d,]+))?', menu
    )
    return {f"{words} {count}".strip(): unescape(href) for href, words, count in found}


@pytest.mark.parametrize("path", ["conversations", "went/intents"])
async def test_a_country_is_chosen_in_two_steps(judged: Bot, path: str) -> None:
    page = await read(judged.owner, f"/b/{judged.id}/{path}?{MAY}")
    step = await read(judged.owner, links(page)["Country"])
    assert "data-adding open" in step
    chosen = await read(judged.owner, links(step)["Belgium 2"])
    assert "data-adding open" not in chosen
    assert "<b><bdi>Belgium</bdi></b>" in chosen
    assert "2 of 2 conversations analysed" in chosen or 'id="total">2 of' in chosen
    without = re.search(r'<a href="([^"]+)" aria-label="Remove Country"', chosen)
    assert without
    assert "Belgium</bdi>" not in await read(judged.owner, unescape(without[1]))


async def test_each_number_is_as_many_conversations_as_its_link_lists(judged: Bot) -> None:
    seen = 0
    for asked in ("", f"?{MAY}", f"?{MAY}&f=country:is:BE"):
        page = await read(judged.owner, f"/b/{judged.id}/conversations{asked}")
        for field, step in links(page).items():
            if asked.endswith("BE") and field == "Country":
                continue  # another one would be an alternative
            for words, href in links(await read(judged.owner, step)).items():
                number = re.search(r" (\d+)$", words)
                if number:
                    total = re.search(r'id="total">(\d+)', await read(judged.owner, href))
                    assert total, words
                    assert total[1] == number[1], (words, href)
                    seen += 1
    assert seen >= 30


async def test_what_is_not_and_taking_it_back(judged: Bot) -> None:
    path = f"/b/{judged.id}/conversations?{MAY}"
    refused = await read(judged.owner, links(await read(judged.owner, f"{path}&add=country&how=not"))["Belgium 2"])
    assert "Country</span> is not <b><bdi>Belgium" in refused
    assert 'id="total">1 of' in refused
    again = links(await read(judged.owner, f"{path}&f=country:not:BE&add=country&how=not"))
    assert "f=" not in next(href for words, href in again.items() if words.startswith("Belgium"))


async def test_what_is_typed(judged: Bot) -> None:
    client, path = judged.owner.client, f"/b/{judged.id}/conversations"
    form = await read(judged.owner, f"{path}?{MAY}&f=country:is:BE&add=messages")
    assert 'name="f" value="country:is:BE"' in form
    assert 'name="from" value="2025-05-01"' in form
    sent = await client.get(f"{path}?{MAY}&f=country:is:BE&add=messages&how=ge&value=+3+")
    assert sent.status_code == 303
    page = await read(judged.owner, sent.headers["location"])
    assert "Messages</span> is at least <b><bdi>3</bdi>" in page
    assert "data-adding open" not in page
    for strange in (
        "add=messages&how=moon&value=x",
        "add=moon&value=1",
        "add=tags&how=is&value=%00",
        "add=custom.&value=1",
    ):
        sent = await client.get(f"{path}?{strange}")
        assert "was left out" in await read(judged.owner, sent.headers["location"]), strange
    await read(judged.owner, f"{path}?add=moon&how=moon")


async def test_fields_of_the_team_stand_in_the_menu(judged: Bot) -> None:
    fields = f"/api/v1/chatbots/{judged.id}/fields"
    for key, kind in (("tier", "string"), ("seats", "number"), ("vip", "boolean")):
        body = {"key": key, "type": kind}
        assert (await judged.owner.client.post(fields, json=body)).status_code == 201
        accepted = await judged.owner.client.patch(f"{fields}/{key}", json={"status": "accept"})
        assert accepted.status_code == 200
    path = f"/b/{judged.id}/conversations"
    page = await read(judged.owner, path)
    assert set(links(page)) >= {"Tier", "Seats", "Vip"}
    assert 'type="number"' in await read(judged.owner, links(page)["Seats"])
    assert "Yes" in links(await read(judged.owner, links(page)["Vip"]))
    assert "data-adding open" not in await read(judged.owner, f"{path}?add=custom.gone")


def test_codes_have_names() -> None:
    assert (language_name("de"), language_name("pt-BR"), language_name("xx")) == ("German", "Portuguese (BR)", "xx")
    assert (country_name("be"), country_name("ZZ")) == ("Belgium", "ZZ")
    assert (field_name("custom.plan_tier"), field_name("marks.accuracy")) == ("Plan tier", "Accuracy")
    assert (value_name("flags", "churn_risk"), value_name("tags", "churn_risk")) == ("Churn risk", "churn_risk")
    assert (value_name("source", "capture"), value_name("escalated", "true")) == ("Capture API", "Yes")


async def test_the_list_takes_any_two_dates(judged: Bot) -> None:
    path = f"/b/{judged.id}/conversations"
    page = await read(judged.owner, f"{path}?f=country:is:BE")
    form = page[page.rindex("<form", 0, page.index('<input id="from"')) :]
    assert 'name="f" value="country:is:BE"' in form
    assert "range" not in form[: form.index("</form>")]
    shown = await read(judged.owner, f"{path}?f=country:is:BE&from=2025-04-30&to=2025-04-30")
    assert 'id="total">1 of' in shown
    assert 'name="from" type="date" value="2025-04-30"' in shown
