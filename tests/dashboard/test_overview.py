"""The overview, the list with its conditions and the pane beside it, the palette as a page, and jobs."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest

from noctule import analysis
from noctule.base import jobs
from noctule.base.ids import new_id
from tests.conftest import Bot, Person, TurnableClock, said
from tests.dashboard.test_pages import XSS, check

GLAD, PLAIN, CROSS = "I love this, it is wonderful!", "Where is it?", "This is terrible, I am so angry."


async def spoken(bot: Bot, clock: TurnableClock) -> dict[str, str]:
    """Four conversations of the last days, judged: their ids by name."""
    ids: dict[str, str] = {}
    for ago, (name, words) in enumerate(
        {"glad": GLAD, "plain": PLAIN, "cross": CROSS, "crosser": CROSS + " Awful!"}.items()
    ):
        moment = (clock.now - timedelta(days=ago)).isoformat()
        ids[name] = (await bot.capture(name, said(words, sentAt=moment), user={"id": "u1"})).json()["conversationId"]
    clock.passes(seconds=5)
    await analysis.judge_due(bot.owner.world.database)
    return ids


async def read(person: Person, path: str) -> str:
    answer = await person.client.get(path)
    assert answer.status_code == 200, path
    assert check(answer.text) == [], path
    return answer.text


async def test_figures_are_counted_and_lead_on(bot: Bot, clock: TurnableClock) -> None:
    await spoken(bot, clock)
    page = await read(bot.owner, f"/b/{bot.id}/overview?range=7d")
    values = re.findall(r'fig-l">([^<]+)</span>\s*<span class="fig-v[^>]*>([^<]+)<', page)
    assert values == [
        ("Conversations", "4"), ("Users", "1"), ("Messages", "4"), ("Positive", "25.0"), ("Negative", "50.0"), ("Judged", "100.0"),
    ]  # fmt: skip
    assert f'href="/b/{bot.id}/overview?range=7d&amp;metric=negative"' in page
    assert "4 conversations</span>" in page
    shares = [unescape(href) for href in re.findall(r'<li><a href="([^"]+)"><i class="(?:pos|neg|none)"', page)]
    counts = [1, 2, 0]
    for href, count in zip(shares, counts, strict=True):
        listed = await read(bot.owner, href)
        assert f'id="total">{count} of 4<' in listed, href


async def test_the_chart_follows_the_chosen_figure(bot: Bot, clock: TurnableClock) -> None:
    await spoken(bot, clock)
    page = await read(bot.owner, f"/b/{bot.id}/overview?range=7d&metric=negative")
    assert "Share of negative conversations" in page
    assert "4 of 4 conversations are judged" in page
    assert 'name="metric" value="negative"' in page
    assert f"/b/{bot.id}/conversations?range=7d&amp;f=sentiment:is:negative" in page
    assert "Conversations per day" in await read(bot.owner, f"/b/{bot.id}/overview?metric=nonsense")


async def test_what_felt_worst_stands_first_and_opens_beside_its_list(bot: Bot, clock: TurnableClock) -> None:
    ids = await spoken(bot, clock)
    page = await read(bot.owner, f"/b/{bot.id}/overview")
    attention = page.partition('id="attention"')[2].partition("</ol>")[0]
    assert re.findall(r"c=([0-9a-f-]{36})", attention)[0] in (ids["crosser"], ids["cross"])
    assert attention.count("<li>") == 2
    href = re.search(r'<li><a href="([^"]+)"', attention)
    assert href
    reader = await read(bot.owner, unescape(href[1]))
    assert 'id="read-title"' in reader
    assert reader.count('aria-current="true"><b') == 1


async def test_an_overview_of_nothing(bot: Bot, clock: TurnableClock) -> None:
    page = await read(bot.owner, f"/b/{bot.id}/overview")
    assert "No conversation yet" in page
    assert f'data-poll="/b/{bot.id}/overview" data-reload' in page
    await bot.capture("c", said(CROSS))
    page = await read(bot.owner, f"/b/{bot.id}/overview")
    assert "Not judged yet" in page
    assert "1 conversation now" in page
    later = await read(bot.owner, f"/b/{bot.id}/overview?from=2020-01-01&to=2020-01-31")
    assert "No conversation began in these days" in later


@pytest.mark.parametrize(
    "query", ["range=1y", "from=x", "compare=moon", "from=9999-12-31&to=9999-12-31", "range=%00", "metric=%00"]
)
async def test_a_strange_address_is_a_notice_and_no_fault(bot: Bot, query: str) -> None:
    await bot.capture("c")
    page = await read(bot.owner, f"/b/{bot.id}/overview?{query}")
    assert ('class="notice slim warn"' in page) == (not query.startswith("metric"))


async def test_a_bad_turn_is_a_finding(bot: Bot, clock: TurnableClock) -> None:
    for number in range(70):
        words = CROSS if number >= 50 else GLAD
        moment = (clock.now - timedelta(days=2 if number >= 35 else 9)).isoformat()
        await bot.capture(f"c{number}", said(words, sentAt=moment))
    clock.passes(seconds=5)
    while await analysis.judge_due(bot.owner.world.database):
        pass
    page = await read(bot.owner, f"/b/{bot.id}/overview?range=7d")
    assert "More conversations feel bad" in page
    assert "0% → 57%, 20 conversations" in page
    assert "More conversations feel bad" not in await read(bot.owner, f"/b/{bot.id}/overview?range=7d&compare=off")


async def test_conditions_are_chips_that_can_be_taken_away(bot: Bot, clock: TurnableClock) -> None:
    await spoken(bot, clock)
    path = f"/b/{bot.id}/conversations"
    page = await read(bot.owner, f"{path}?range=7d&f=sentiment:is:negative&f=channel:is:capture&f=moon:is:full")
    assert re.findall(r'class="chip">.*?<b><bdi>([^<]+)</bdi></b>', page) == ["Last 7 days", "Negative", "Capture API"]
    assert f'href="{path}?range=7d&amp;f=channel:is:capture" aria-label="Remove Sentiment"' in page
    assert "A condition of this address is not known" in page
    assert "2 of 4" in page
    nothing = await read(bot.owner, f"{path}?f=channel:is:track")
    assert "Nothing fits" in nothing
    assert f'<a class="btn" href="{path}">Show all</a>' in nothing


async def test_a_narrowed_list_keeps_its_conditions_from_page_to_page(bot: Bot, clock: TurnableClock) -> None:
    for number in range(60):
        await bot.capture(f"c{number:02}", said("Where is it?", sentAt=f"2026-03-15T14:{number:02}:00Z"))
    path = f"/b/{bot.id}/conversations?f=sentiment:is:none"
    seen, page = list[str](), ""
    for _ in range(3):
        page = (await bot.owner.client.get(path)).text
        seen += re.findall(r"c=([0-9a-f-]{36})", page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        path = f"/b/{bot.id}/conversations{unescape(older[1])}" if older else path
    assert (len(seen), len(set(seen))) == (60, 60)
    newer = re.search(r'rel="prev" href="([^"]+)"', page)
    assert newer
    assert "f=sentiment:is:none" in newer[1]
    back = await bot.owner.client.get(f"/b/{bot.id}/conversations{unescape(newer[1])}", follow_redirects=True)
    assert re.findall(r"c=([0-9a-f-]{36})", back.text) == seen[25:50]


async def test_the_pane_is_of_this_chatbot_alone(owner: Person, bot: Bot) -> None:
    mine = (await bot.capture("c")).json()["conversationId"]
    other = await owner.new_chatbot("Other")
    theirs = (await other.capture("c")).json()["conversationId"]
    assert 'id="read"' in await read(owner, f"/b/{bot.id}/conversations?c={mine}")
    for strange in (theirs, "x", "%00", "00000000-0000-7000-8000-000000000000"):
        assert (await owner.client.get(f"/b/{bot.id}/conversations?c={strange}")).status_code == 404


async def test_strangers_see_none_of_it(owner: Person, bot: Bot) -> None:
    stranger = await owner.world.sign_up("stranger@example.com", "Elsewhere")
    await stranger.new_chatbot("Of the stranger")
    for path in (f"/b/{bot.id}/overview", f"/b/{bot.id}/conversations?c=x", "/b/abc/overview"):
        assert (await stranger.client.get(path)).status_code == 404
        assert (await owner.world.client().get(path)).status_code == 303
    found = await read(stranger, f"/find?b={bot.id}")
    assert bot.id not in found.partition("<main")[2].partition("</main>")[0]
    assert "Support Bot" not in found


async def test_finding_pages_and_chatbots(owner: Person, bot: Bot) -> None:
    for wanted, expected in (
        ("over", ["Overview"]),
        ("sup bot", ["Support Bot"]),
        ("CHAT", ["All chatbots", "New chatbot"]),
        ("zebra", []),
    ):
        main = (
            (await read(owner, f"/find?b={bot.id}&q={wanted}")).partition('<div id="found">')[2].partition("</main>")[0]
        )
        assert re.findall(r'<span dir="auto">([^<]+)</span>', main) == expected, wanted
    assert "Nothing here is called “zebra”" in await read(owner, "/find?q=zebra")
    strange = await read(owner, "/find?q=" + "%3Cscript%3E" + "x" * 300)
    assert "<script>x" not in strange
    assert "&lt;script&gt;" in strange
    await read(owner, "/find?q=%00&b=%00")


async def test_jobs_are_shown_in_the_frame_and_on_their_page(owner: Person) -> None:
    assert "No jobs" in await read(owner, "/jobs")
    other = await owner.world.sign_up("other@example.com", "Elsewhere")
    for job_id in (new_id(), new_id()):
        async with owner.world.database.transaction() as db:
            await jobs.start(db, UUID(owner.org_id), "import_conversations", job_id=job_id, args={}, total=1902)
    page = await read(owner, "/jobs")
    assert "Importing conversations and 1 more" in page
    assert page.count("0 of 1,902") == 2
    assert 'id="jobline" data-poll="/jobs"' in page
    assert "Importing" not in await read(other, "/jobs")
    async with owner.world.database.transaction() as db:
        await jobs.cancel(db, UUID(owner.org_id), job_id)
        job = await jobs.lease(db, {"import_conversations"})
        assert job
        await jobs.fail(db, job, XSS, hopeless=True)
    over = await read(owner, "/jobs")
    assert "data-poll" not in over
    assert "Failed" in over


async def test_hostile_words_stay_words(owner: Person, bot: Bot, clock: TurnableClock) -> None:
    person: dict[str, Any] = {"id": XSS, "name": XSS}
    stored = await bot.capture(XSS[:200], said(XSS + " This is terrible!"), user=person, organization={"name": XSS})
    clock.passes(seconds=5)
    await analysis.judge_due(bot.owner.world.database)
    await owner.new_chatbot(XSS[:100])
    for path in (
        "/",
        "/find",
        f"/b/{bot.id}/overview",
        f"/b/{bot.id}/conversations?c={stored.json()['conversationId']}",
    ):
        page = await read(owner, path)
        assert "<script>alert" not in page, path
        assert "<img" not in page, path


async def test_pages_are_packed_for_those_who_unpack(owner: Person) -> None:
    packed = await owner.client.get("/", headers={"accept-encoding": "gzip"})
    plain = await owner.client.get("/", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert packed.headers["vary"] == plain.headers["vary"] == "accept-encoding"
