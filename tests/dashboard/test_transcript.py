"""The transcript page: what was said with its judgement, a stretch at a time."""

import re
from datetime import UTC, datetime
from uuid import UUID

from noctule import analysis
from noctule.analysis import ConversationJudgement, MessageJudgement
from noctule.analysis.store.judgements import save_judgements
from noctule.chatbots import ChatbotId
from noctule.conversations import ConversationId, MessageId
from noctule.dashboard.highlight import pieces_of
from noctule.dashboard.reading import evidence_of
from tests.api.test_chatbots import sign_in_as
from tests.conftest import Bot, TurnableClock, said
from tests.dashboard.test_pages import XSS, check, form


async def test_a_transcript_with_its_judgement(bot: Bot, clock: TurnableClock) -> None:
    stored = await bot.capture(
        "c",
        said("You are kind.", "system"),
        said(f"This is a terrible problem. {XSS}"),
        said(f"I am sorry. {XSS}", "assistant"),
        user={"name": XSS, "email": "jane@example.com"},
        organization={"name": XSS},
        custom={XSS: XSS},
    )
    path = f"/b/{bot.id}/conversations/{stored.json()['conversationId']}"
    pending = await bot.owner.client.get(path)
    assert "Not judged yet" in pending.text
    assert f'data-poll="{path}"' in pending.text
    clock.passes(seconds=5)
    await analysis.judge_due(bot.owner.world.database)
    judged = await bot.owner.client.get(path)
    assert "Very Negative" in judged.text or "Negative" in judged.text
    assert '<mark class="neg">This is a terrible problem.</mark>' in judged.text
    assert "data-poll=" not in judged.text
    for page in (pending, judged, await bot.owner.client.get(f"/b/{bot.id}/conversations")):
        assert "<script>alert" not in page.text
        assert "<img" not in page.text


async def test_a_judgement_that_failed_is_said_and_not_waited_for(bot: Bot) -> None:
    stored = (await bot.capture("c", said("Hello there"))).json()["conversationId"]
    judgement = ConversationJudgement(
        ConversationId(UUID(stored)), "failed", False, "rules-1", datetime.now(UTC), 0, 1, None, None, None, "It broke."
    )  # fmt: skip
    async with bot.owner.world.database.transaction() as db:
        await save_judgements(db, ChatbotId(UUID(bot.id)), [judgement])
    page = await bot.owner.client.get(f"/b/{bot.id}/conversations/{stored}")
    assert "It broke." in page.text
    assert "<dd>Failed</dd>" in page.text
    assert "data-poll" not in page.text


async def test_the_visitor_is_shown_as_headers_and_session_tell(bot: Bot) -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
    headers = {"user-agent": agent, "accept-language": "nl-BE", "cf-ipcountry": "BE", "cf-ipcity": XSS}
    stored = await bot.capture("c", headers=headers, session={"device": "tablet"})
    path = f"/b/{bot.id}/conversations/{stored.json()['conversationId']}"
    page = (await bot.owner.client.get(path)).text
    shown = dict(re.findall(r"<dt>([^<]*)</dt><dd[^>]*>([^<]*)</dd>", page.partition("<h2>Visitor</h2>")[2]))
    assert (shown["Browser"], shown["System"], shown["Country"]) == ("Firefox 133.0", "Linux", "Belgium")
    assert shown["City"].startswith("&lt;script&gt;")
    assert "Device" not in shown
    assert "<script>alert" not in page


async def test_details_are_shown_as_they_were_sent(bot: Bot) -> None:
    stored = await bot.capture("c", custom={"vip": True, "seats": 5, "tier": "gold"}, user={"name": "Noa", "mrr": 4200})
    page = await bot.owner.client.get(f"/b/{bot.id}/conversations/{stored.json()['conversationId']}")
    for shown in ('<dd dir="auto">true</dd>', '<dd dir="auto">5</dd>', '<dd dir="auto">gold</dd>', "1 message"):
        assert shown in page.text, shown


async def long_one(bot: Bot, count: int) -> str:
    """The path of a conversation whose messages arrive out of order: what was said first has the largest id."""
    stored = await bot.capture("long", said("Words 000", sentAt="2025-03-15T00:00:00Z"))
    for start in reversed(range(1, count, 100)):
        minutes = range(start, min(start + 100, count))
        messages = [
            said(f"Words {minute:03}", sentAt=f"2025-03-15T{minute // 60:02}:{minute % 60:02}:00Z")
            for minute in minutes
        ]
        stored = await bot.capture("long", *messages)
    return f"/b/{bot.id}/conversations/{stored.json()['conversationId']}"


async def test_a_long_transcript_is_read_in_stretches(bot: Bot) -> None:
    path = await long_one(bot, 450)
    client = bot.owner.client
    seen: list[list[int]] = []
    page = await client.get(path)
    assert "Words 000" in page.text.partition("<title>")[2].partition("</title>")[0]
    assert 'rel="prev"' not in page.text
    for _ in range(3):
        assert check(page.text) == []
        seen.append(words_on(page.text))
        if later := re.search(r'rel="next" href="([^"]+)"', page.text):
            page = await client.get(path + later[1])
    assert [len(part) for part in seen] == [200, 200, 50]
    assert [number for part in seen for number in part] == list(range(450))
    earlier = re.search(r'rel="prev" href="([^"]+)"', page.text)
    assert earlier
    back = await client.get(path + earlier[1])
    assert words_on(back.text) == seen[1]
    first = re.search(r'rel="prev" href="([^"]+)"', back.text)
    assert first
    assert words_on((await client.get(path + first[1], follow_redirects=True)).text) == seen[0]
    newest = await client.get(f"{path}?before=end")
    assert words_on(newest.text) == list(range(250, 450))
    assert 'rel="next"' not in newest.text
    assert f'data-poll="{path}?before=end"' in newest.text


def words_on(page: str) -> list[int]:
    return [int(number) for number in re.findall(r"Words (\d+)", page.partition('<ol class="thread"')[2])]


async def test_a_stretch_begins_at_a_message_of_the_conversation(bot: Bot) -> None:
    path = await long_one(bot, 3)
    other = (await bot.capture("other", said("Hi"))).json()["conversationId"]
    foreign = (await bot.owner.client.get(f"/api/v1/conversations/{other}")).json()["messages"][0]["id"]
    for query in (f"after={foreign}", f"before={foreign}", "after=x", "before=%00"):
        assert (await bot.owner.client.get(f"{path}?{query}")).status_code == 400, query
    assert words_on((await bot.owner.client.get(f"{path}?after=&before=")).text) == [0, 1, 2]


async def test_a_message_of_many_feelings_stays_light(bot: Bot, clock: TurnableClock) -> None:
    stored = await bot.capture(
        "c", said("This is truly terrible for all of us here today. " * 400), said("Great. " * 3)
    )
    path = f"/b/{bot.id}/conversations/{stored.json()['conversationId']}"
    clock.passes(seconds=5)
    await analysis.judge_due(bot.owner.world.database)
    page = (await bot.owner.client.get(path)).text
    assert page.count("<mark") == 53
    assert "<li>and 10 more</li>" in page
    api = (await bot.owner.client.get(f"/api/v1/conversations/{path.rsplit('/', 1)[1]}")).json()
    assert len(api["messages"][0]["user_sentiments"]) == 60


async def test_what_an_answer_came_with_is_there_to_open(bot: Bot) -> None:
    tools = [{"name": "lookup", "input": {"order": XSS}}]
    stored = await bot.capture("c", said("Hi"), said("Found it.", "assistant", tools=tools, reasoning="R" * 5000))
    page = (await bot.owner.client.get(f"/b/{bot.id}/conversations/{stored.json()['conversationId']}")).text
    assert "<summary>Tools, reasoning<" in page
    assert "&#34;name&#34;: &#34;lookup&#34;" in page
    assert "<script>alert" not in page
    assert "R" * 4000 in page
    assert "R" * 4001 not in page
    assert "1,000 more characters" in page
    assert check(page) == []


def test_empty_evidence_is_none() -> None:
    assert evidence_of(None) == evidence_of({"tools": [], "reasoning": None, "note": ""}) == []


def test_pieces_joined_are_the_text() -> None:
    def chunk(start: int, end: int) -> dict[str, object]:
        return {"start": start, "end": end, "score": 0.5, "reasoning": "x"}

    chunks = [chunk(3, 5), chunk(4, 9), chunk(7, 99), chunk(6, 8)]  # the second overlaps, the third leaves the text
    judged = MessageJudgement(ConversationId(UUID(int=1)), MessageId(UUID(int=2)), datetime.now(UTC), "x", 0.5, chunks)
    text = "abcdefghij"
    assert "".join(piece.text for piece in pieces_of(text, judged)) == text
    assert [piece.text for piece in pieces_of(text, judged) if piece.score is not None] == ["de", "gh"]
    assert [piece.text for piece in pieces_of(text, None)] == [text]
    assert pieces_of("", None) == []


async def test_reviewing_and_noting_without_a_script(bot: Bot) -> None:
    client = bot.owner.client
    stored = (await bot.capture("c", said("Hello there"))).json()["conversationId"]
    listing = f"/b/{bot.id}/conversations?c={stored}"
    path = f"/b/{bot.id}/conversations/{stored}"
    for shown in (listing, path):
        page = await client.get(shown)
        assert "Mark reviewed" in page.text
        done = await form(client, f"{path}/review", reviewed="on", next=shown)
        assert (done.status_code, done.headers["location"]) == (303, shown)
        page = await client.get(shown)
        assert "Reviewed by <bdi>ines</bdi>" in page.text
        assert (await form(client, f"{path}/review", next=shown)).status_code == 303
    await form(client, f"{path}/review", reviewed="on")
    assert 'title="Reviewed by ines, ' in (await client.get(f"/b/{bot.id}/conversations")).text
    done = await form(client, f"{path}/notes", text=f"Two\r\nlines {XSS}", next="//evil.example")
    assert done.headers["location"] == f"{path}#notes"
    page = (await client.get(path)).text
    assert "Two\nlines &lt;script&gt;" in page
    found = re.search(rf"{path}/notes/[0-9a-f-]+/delete", page)
    assert found
    assert (await form(client, found[0])).headers["location"] == f"{path}#notes"
    assert "Two" not in (await client.get(path)).text
    assert (await form(client, f"{path}/notes", text=" ")).status_code == 400


async def test_several_are_reviewed_at_once_or_none(bot: Bot) -> None:
    client, listing = bot.owner.client, f"/b/{bot.id}/conversations"
    ids = [(await bot.capture(name, said("Hello"))).json()["conversationId"] for name in "abc"]
    ticked, later = {f"on.{one}": "on" for one in ids[:2]}, f"{listing}?f=reviewed:is:false"
    done = await form(client, f"{listing}/review", reviewed="on", next=later, **ticked)
    assert (done.status_code, done.headers["location"]) == (303, later)
    assert (await client.get(listing)).text.count('title="Reviewed by') == 2
    assert 'id="total">2 of 3<' in (await client.get(f"{listing}?f=reviewed:is:true")).text
    for wrong in ({**ticked, "on.x": "on"}, {**ticked, f"on.{bot.id}": "on"}):
        assert (await form(client, f"{listing}/review", **wrong)).status_code == 404
    assert (await form(client, f"{listing}/review", reviewed="on")).status_code == 400
    assert (await client.get(listing)).text.count('title="Reviewed by') == 2
    member = await sign_in_as("member", bot)
    assert 'class="pick"' not in (await member.get(listing)).text
    assert (await form(member, f"{listing}/review", **ticked)).status_code == 403
    done = await form(client, f"{listing}/review", next="//evil.example", **ticked)
    assert done.headers["location"] == listing
    assert 'title="Reviewed by' not in (await client.get(listing)).text


async def test_members_read_what_others_noted(bot: Bot) -> None:
    stored = (await bot.capture("c", said("Hello there"))).json()["conversationId"]
    path = f"/b/{bot.id}/conversations/{stored}"
    await form(bot.owner.client, f"{path}/notes", text="Call her")
    await form(bot.owner.client, f"{path}/review", reviewed="on")
    member = await sign_in_as("member", bot)
    page = (await member.get(path)).text
    assert "Call her" in page
    assert "Reviewed by" in page
    assert "<button" not in page.partition("<main")[2].partition("</main>")[0]
    assert (await form(member, f"{path}/review")).status_code == 403


async def test_correcting_without_a_script(bot: Bot, clock: TurnableClock) -> None:
    client = bot.owner.client
    stored = (await bot.capture("c", said("This is a terrible problem and I am angry."))).json()["conversationId"]
    path, listing = f"/b/{bot.id}/conversations/{stored}", f"/b/{bot.id}/conversations?c={stored}"
    assert "Correct this judgement" not in (await client.get(path)).text
    clock.passes(seconds=5)
    await analysis.judge_due(bot.owner.world.database)
    page = await client.get(path)
    assert "Correct this judgement" in page.text
    fields = sent_by(page.text, f"{path}/corrections")
    unchanged = await client.post(f"{path}/corrections", data=fields | {"next": listing})
    assert (unchanged.status_code, unchanged.headers["location"]) == (303, listing)
    assert "Corrected by" not in (await client.get(path)).text
    fields |= {"sentiment": "Positive", "escalated": "yes", "language": "de", "flags.churn_risk": "on"}
    assert (await client.post(f"{path}/corrections", data=fields)).status_code == 303
    for shown in (listing, path):
        text = (await client.get(shown)).text
        assert text.count("Corrected by <bdi>ines</bdi>, the analyser said") == 4
        assert re.search(r"the analyser said (Very )?Negative", text)
    taken = await form(client, f"{path}/corrections/sentiment/take-back", next=listing)
    assert taken.headers["location"] == listing
    assert (await client.get(path)).text.count("Corrected by") == 3
    assert (await form(client, f"{path}/corrections/sentiment/take-back")).status_code == 404
    wrong = await client.post(f"{path}/corrections", data={"language": "German", "language:was": "de"})
    assert wrong.status_code == 400
    member = await sign_in_as("member", bot)
    assert "Take back" not in (await member.get(path)).text
    assert (await member.post(f"{path}/corrections", data=fields)).status_code == 403


def sent_by(page: str, action: str) -> dict[str, str]:
    """What a browser sends of a form when nobody has touched it."""
    inside = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    sent = dict(re.findall(r'<input[^>]* name="([^"]+)"(?: type="hidden")? value="([^"]*)"', inside))
    sent |= dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inside))
    sent |= dict.fromkeys(re.findall(r'name="([^"]+)" type="checkbox" checked', inside), "on")
    for name, options in re.findall(r'<select[^>]* name="([^"]+)">(.*?)</select>', inside, re.DOTALL):
        sent[name] = re.findall(r'value="([^"]*)" selected', options)[0]
    return sent
