"""Pages about topics."""

import re
from uuid import UUID

import pytest

from noctule.analysis.store.topics import save_topic
from noctule.analysis.topics.models import Topic, TopicId
from noctule.base.ids import new_id
from noctule.chatbots import ChatbotId
from noctule.dashboard.topicmap import Circle, topic_map
from tests.api.test_chatbots import sign_in_as
from tests.api.test_topics import Sorted, sorted_bot
from tests.conftest import Bot
from tests.dashboard.test_pages import XSS, check

__all__ = ["sorted_bot"]  # a fixture


async def test_no_topic_yet_says_why(bot: Bot) -> None:
    page = (await bot.owner.client.get(f"/b/{bot.id}/topics")).text
    assert check(page) == []
    assert "There are no conversations yet." in page


async def test_every_topic_leads_to_its_conversations(sorted_bot: Sorted) -> None:
    client, path = sorted_bot.bot.owner.client, f"/b/{sorted_bot.bot.id}/topics"
    listed = (await client.get(path)).text
    assert check(listed) == []
    assert re.findall(r'<b dir="auto">([^<]+)</b><span dir="auto">', listed) == ["Parcel", "Invoice"]
    assert "2 of 2 conversations analysed. 1 fit nowhere so far" in listed
    (evidence,) = set(re.findall(rf'href="([^"]+f=topic:is:{sorted_bot.parcel})"', listed))
    found = (await client.get(evidence.replace("&amp;", "&"))).text
    assert check(found) == []
    assert "Where is my parcel?" in found
    assert "meaning of life" not in found
    assert "Parcel" in found.partition('class="chips"')[2].partition("</div>")[0]
    one = (await client.get(f"{path}/{sorted_bot.parcel}")).text
    assert check(one) == []
    assert "Where is my parcel? It is late." in one
    assert "None is over yet" in one


@pytest.mark.parametrize("asked", ["range=7d", "range=moon", "hidden=1", "from=2026-01-01&to=2026-01-02"])
async def test_periods(sorted_bot: Sorted, asked: str) -> None:
    page = await sorted_bot.bot.owner.client.get(f"/b/{sorted_bot.bot.id}/topics?{asked}")
    assert page.status_code == 200
    assert check(page.text) == []
    assert "Parcel" in page.text


async def test_naming_pinning_and_hiding(sorted_bot: Sorted) -> None:
    client, path = sorted_bot.bot.owner.client, f"/b/{sorted_bot.bot.id}/topics"
    one = f"{path}/{sorted_bot.parcel}"
    saved = await client.post(one, data={"name": XSS})
    assert saved.status_code == 303
    page = (await client.get(saved.headers["location"])).text
    assert check(page) == []
    assert "Saved" in page
    assert "<script>alert" not in page
    long = await client.post(one, data={"name": "x" * 81})
    assert long.status_code == 422
    assert "must have at most 80 characters" in long.text.lower()
    assert check(long.text) == []
    await client.post(one, data={"name": "", "pinned": "0"})
    await client.post(one, data={"hidden": "1"})
    assert "Parcel" not in re.findall(r'<b dir="auto">([^<]+)</b>', (await client.get(path)).text)
    hidden = (await client.get(f"{path}?hidden=1")).text
    assert "Parcel" in re.findall(r'<b dir="auto">([^<]+)</b>', hidden)
    assert "Leave hidden ones out" in hidden


async def test_merging_dividing_and_grouping(sorted_bot: Sorted) -> None:
    client, path = sorted_bot.bot.owner.client, f"/b/{sorted_bot.bot.id}/topics"
    one = f"{path}/{sorted_bot.parcel}"
    assert (await client.post(f"{one}/merge", data={})).status_code == 422
    assert (await client.post(f"{one}/merge", data={"into": str(sorted_bot.parcel)})).status_code == 422
    merged = await client.post(f"{one}/merge", data={"into": str(sorted_bot.invoice)})
    assert merged.headers["location"].startswith(f"{path}/{sorted_bot.invoice}")
    ended = (await client.get(one)).text
    assert check(ended) == []
    assert "This topic ended." in ended
    assert f"{path}/{sorted_bot.invoice}" in ended
    assert "Came from" in (await client.get(f"{path}/{sorted_bot.invoice}")).text
    assert (await client.post(f"{path}/{sorted_bot.invoice}/split")).status_code == 303
    assert (await client.post(f"{path}/rebuild")).status_code == 303
    working = (await client.get(path)).text
    assert "Being grouped anew" in working
    assert check(working) == []
    assert (await client.get(f"{path}/x")).status_code == 404
    assert (await client.get(f"{path}/{sorted_bot.bot.id}")).status_code == 404


async def test_members_read_and_do_not_change(sorted_bot: Sorted) -> None:
    member = await sign_in_as("member", sorted_bot.bot)
    path = f"/b/{sorted_bot.bot.id}/topics"
    assert "Group anew" not in (await member.get(path)).text
    assert "Save name" not in (await member.get(f"{path}/{sorted_bot.parcel}")).text
    assert (await member.post(f"{path}/{sorted_bot.parcel}", data={"name": "x"})).status_code == 403
    assert (await member.post(f"{path}/rebuild")).status_code == 403


async def test_all_are_hidden(bot: Bot) -> None:
    topic = Topic(TopicId(new_id()), [], bytes(384), bot.owner.world.database.clock(), hidden=True)
    async with bot.owner.world.database.transaction() as db:
        await save_topic(db, ChatbotId(UUID(bot.id)), topic)
    page = (await bot.owner.client.get(f"/b/{bot.id}/topics")).text
    assert check(page) == []
    assert "All topics are hidden" in page


def test_the_map_is_for_the_eye_alone() -> None:
    circles = [Circle(f"/t/{place}", f"<b>{place}</b>" * 9, 10 * place + 1, 1.0, -1.0, "neg") for place in range(20)]
    drawn = topic_map(circles)
    assert drawn.count("<circle") == 20
    assert drawn.count("<text") == 12
    assert 'aria-hidden="true"' in drawn
    assert "<b>" not in drawn
    assert drawn.index("/t/19") < drawn.index("/t/0"), "small ones lie on large ones"
    assert "<circle" not in topic_map([])
