"""What an import shows: its line among the jobs, and conversations that were left unjudged by choice."""

import json
import re

from noctule.dashboard.chatbots import _some
from tests.conftest import Bot
from tests.dashboard.test_pages import check
from tests.transfer.test_import import OPENBAT, bring


async def test_a_job_says_whose_it_is_and_what_came_of_it(bot: Bot) -> None:
    await bring(bot, json.dumps(OPENBAT))
    await bring(bot, json.dumps(OPENBAT), "?analyse=false")
    page = (await bot.owner.client.get("/jobs")).text
    assert check(page) == []
    lines = re.findall(rf'<a href="/b/{bot.id}/conversations"><b>Importing conversations</b><span>(.*?)</span>', page)
    assert ["openbat file" in line for line in lines] == [True, True]
    assert "known already" in lines[0]
    assert "left unjudged" in lines[0]
    assert "messages stored" in lines[1]
    assert "left unjudged" not in lines[1]


async def test_what_was_left_unjudged_says_so_and_is_not_waited_for(bot: Bot) -> None:
    await bring(bot, json.dumps(OPENBAT), "?analyse=false")
    listed = (await bot.owner.client.get(f"/b/{bot.id}/conversations")).text
    (path,) = re.findall(rf'href="(/b/{bot.id}/conversations[^"]+)"><b', listed)
    whole = path.replace("?c=", "/")
    for address in (path, whole):
        page = (await bot.owner.client.get(address)).text
        assert "Left unjudged" in page
        assert "Not judged yet" not in page
        assert re.findall(r'id="verdict"[^>]*data-poll', page) == []


def test_a_number_that_is_not_counted_to_its_end_agrees_with_what_is_known() -> None:
    assert _some(10_000) == "10,000"
    assert _some(10_001) == "10k+"
    assert _some(10_001, 50_010) == "50k+"
