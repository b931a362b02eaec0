"""Pages about agents: teaching one, talking with it and mending its answers, leads and contacts."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import httpx
import pytest

from noctule import knowledge
from noctule.base.embed import Embedder
from noctule.base.ids import new_id
from noctule.base.jobs import JobState
from noctule.dashboard.training import training_in
from tests.api.test_chatbots import join
from tests.conftest import Bot, TurnableClock
from tests.dashboard.test_pages import XSS, check, form
from tests.knowledge.test_train import teach, text, work

SHOP = "You may send goods back within 30 days. Our office is open from nine to five on weekdays."


async def see(bot: Bot, path: str) -> str:
    page = await bot.owner.client.get(f"/b/{bot.id}/{path}")
    assert page.status_code == 200, page.text
    assert check(page.text) == [], path
    return page.text


async def add(bot: Bot, **fields: str) -> httpx.Response:
    return await form(bot.owner.client, f"/b/{bot.id}/sources/new", **fields)


async def test_nothing_yet(bot: Bot) -> None:
    for path, words in (
        ("sources", "Nothing taught yet"), ("playground", "Nothing has been taught"), ("leads", "No lead yet"),
        ("contacts", "Add a contact"),
    ):  # fmt: skip
        assert words in await see(bot, path)
    assert check((await bot.owner.client.get(f"/b/{bot.id}/sources/new?kind=moon")).text) == []


async def test_sources_of_every_kind_are_added(bot: Bot, tmp_path: Path) -> None:
    assert (await add(bot, kind="text", title=XSS, text=SHOP)).status_code == 303
    assert (await add(bot, kind="qna", question="Do you ship?", answer="Yes.")).status_code == 303
    assert (await add(bot, kind="url", url="http://127.0.0.1:9999/")).status_code == 303
    file = await bot.owner.client.post(
        f"/b/{bot.id}/sources/new", data={"kind": "file"}, files={"file": ("hours.md", b"# Hours\nWe open at nine.")}
    )
    assert file.status_code == 303
    waiting = await see(bot, "sources")
    assert waiting.count("In training") == 4
    assert "data-poll" in waiting
    await work(bot, Embedder(tmp_path))
    ready = await see(bot, "sources")
    assert (ready.count("Ready"), 'data-poll="/b/' in ready) == (3, False)
    assert "leads to a private network" in ready
    assert "<script>alert" not in ready
    for source in set(re.findall(rf"/b/{bot.id}/sources/([0-9a-f-]{{36}})", ready)):
        page = await see(bot, f"sources/{source}")
        assert "It could not be read" in page or "Passages cut from it" in page


async def test_a_source_stands_beside_its_passages_and_goes(bot: Bot, tmp_path: Path) -> None:
    [source] = await teach(bot, text("shop", f"# Returns\n{SHOP}"))
    await work(bot, Embedder(tmp_path))
    page = await see(bot, f"sources/{source}")
    assert page.count("You may send goods back") == 2
    assert 'Returns</b> · <span class="num">10 to 99' in page
    assert (await form(bot.owner.client, f"/b/{bot.id}/train")).headers["location"].endswith("trained=1")
    assert "read again" in await see(bot, "sources?trained=1")
    assert (await form(bot.owner.client, f"/b/{bot.id}/sources/{source}/delete")).status_code == 303
    assert (await bot.owner.client.get(f"/b/{bot.id}/sources/{source}")).status_code == 404
    assert (await bot.owner.client.get(f"/b/{bot.id}/sources?after=x")).status_code == 400


async def test_a_training_is_watched_and_cancelled(bot: Bot, tmp_path: Path) -> None:
    await teach(bot, text("shop", SHOP), text("hours", "We open at nine."))
    page = await see(bot, "sources")
    assert "Training waits for its turn: 0 of 2 sources read." in page
    assert all(words in page for words in ('id="training"', "Cancel the training", "No version yet"))
    assert (await form(bot.owner.client, f"/b/{bot.id}/train/cancel")).status_code == 303
    page = await see(bot, "sources")
    assert "The last training was cancelled, with 0 of 2 sources read; Train again reads the rest" in page
    assert (page.count("The training was cancelled."), "Cancel the training" in page) == (2, False)
    notes = (await bot.owner.client.get("/api/v1/orgs/me/audit")).json()["entries"]
    assert [note["action"] for note in notes].count("job.cancelled") == 1
    assert (await form(bot.owner.client, f"/b/{bot.id}/train/cancel")).status_code == 303, "it stays as it is"
    await form(bot.owner.client, f"/b/{bot.id}/train")
    await work(bot, Embedder(tmp_path))
    assert "The last training is done, with 2 sources read" in await see(bot, "sources")


@pytest.mark.parametrize(
    ("handler", "state", "done", "waiting", "words"),
    [
        (knowledge.HANDLER, "queued", 0, 1, "Training waits for its turn: 0 of 2 sources read."),
        (knowledge.HANDLER, "running", 1, 3, "Training: 1 of 4 sources read."),
        (knowledge.HANDLER, "running", 2, 0, "A new version of the index is put together."),
        (
            knowledge.EMBED,
            "queued",
            2,
            0,
            "Everything is read and answers by its words. Now its meaning is worked out.",
        ),
        (knowledge.HANDLER, "done", 0, 0, "The last training is done"),
        (knowledge.HANDLER, "done", 1, 0, "The last training is done, with 1 source read"),
        (knowledge.HANDLER, "failed", 1, 1, "The last training failed: OSError: the disk is full"),
        (knowledge.EMBED, "cancelled", 2, 0, "The last training was cancelled, with 2 of 2 sources read"),
    ],
)
def test_every_state_of_a_training_has_its_words(
    handler: str,
    state: Literal["queued", "running", "done", "failed", "cancelled"],
    done: int,
    waiting: int,
    words: str,
) -> None:
    began = datetime(2026, 3, 1, tzinfo=UTC)
    job = JobState(new_id(), handler, state, done, 2, None, "OSError: the disk is full", began, None, {})
    assert training_in(job, waiting).words == words


async def test_going_back_to_the_version_before(bot: Bot, tmp_path: Path, clock: TurnableClock) -> None:
    back = f"/b/{bot.id}/train/rollback"
    for name in ("one", "two", "three"):
        await teach(bot, text(name, f"{SHOP} So says {name}."))
        await work(bot, Embedder(tmp_path))
        clock.passes(minutes=5)
        page = await see(bot, "sources")
        assert (page.count("Answers now"), page.count("Go back to this one")) == (1, name != "one")
    assert re.findall(r"<b>Version (\d)</b>", page) == ["3", "2"]
    assert re.findall(r"min ago", page[page.index('id="versions"') :]) == ["min ago"] * 2
    member = await bot.owner.world.sign_up("member@example.com", "Own")
    await join(member, bot.owner.org_id, "member")
    looked = (await member.client.get(f"/b/{bot.id}/sources")).text
    assert ("Kept" in looked, "Go back to this one" in looked) == (True, False)
    went = await form(bot.owner.client, back)
    page = await see(bot, went.headers["location"].removeprefix(f"/b/{bot.id}/"))
    assert "Answers come from the version before" in page
    assert re.findall(r"<b>Version (\d)</b>", page) == ["2"]
    assert (await form(bot.owner.client, back)).status_code == 404, "only one is kept"
    stranger = await bot.owner.world.sign_up("stranger@example.com", "Other")
    for path in ("train", "train/cancel", "train/rollback"):
        assert (await form(stranger.client, f"/b/{bot.id}/{path}")).status_code == 404


async def test_what_cannot_be_learned_is_said(bot: Bot) -> None:
    for fields, words in (
        ({"kind": "text", "text": " "}, "is required"),
        ({"kind": "text", "text": "a\0b"}, "NUL"),
        ({"kind": "qna", "question": "?"}, "is required"),
        ({"kind": "url", "url": "file:///etc/passwd"}, "http://"),
        ({"kind": "url", "url": "http://["}, "http://"),
        ({"kind": "file"}, "is required"),
    ):
        refused = await add(bot, **fields)
        assert refused.status_code == 422
        assert words in refused.text
        assert check(refused.text) == []


async def test_a_conversation_in_the_playground(bot: Bot, tmp_path: Path) -> None:
    await teach(bot, text("shop", SHOP))
    await work(bot, Embedder(tmp_path))
    path, client = f"/b/{bot.id}/playground", bot.owner.client
    first = await form(client, path, question="When is the office open?")
    page = await see(bot, first.headers["location"].removeprefix(f"/b/{bot.id}/"))
    assert "Why this answer" in page
    assert "Our office is open from nine to five" in page
    [name] = set(re.findall(r'name="c" value="([0-9a-f-]{36})"', page))
    await form(client, path, question="Why is the sky blue?", c=name)
    page = await see(bot, f"playground?c={name}")
    assert page.count('class="who"') == 4
    assert "Refused" in page
    [message, _] = dict.fromkeys(re.findall(r'name="message" value="([^"]+)"', page))
    for thumb, pressed in (("up", 1), ("none", 0), ("down", 1)):
        assert (await form(client, f"{path}/rate", c=name, message=message, thumb=thumb)).status_code == 303
        assert (await see(bot, f"playground?c={name}")).count('aria-pressed="true"') == pressed
    better = await form(client, f"{path}/revise", asked="Why is the sky blue?", answer="Because of the air.")
    assert better.headers["location"] == f"/b/{bot.id}/sources"
    await work(bot, Embedder(tmp_path))
    await form(client, path, question="Why is the sky blue?", c=name)
    assert "Because of the air." in await see(bot, f"playground?c={name}")
    assert (await form(client, path, question=" ")).status_code == 422
    assert (await client.get(f"{path}?c=00000000-0000-7000-8000-000000000000")).status_code == 404
    transcript = (await client.get(f"/b/{bot.id}/conversations")).text
    assert check(transcript) == []


async def test_how_it_answers_is_set_beside_the_conversation(bot: Bot) -> None:
    path, client = f"/b/{bot.id}/playground", bot.owner.client
    fields = {
        "refusal": "Please write to us.",
        "coverage": "80",
        "temperature": "0.2",
        "initial": "Hi!\n\n ",
        "suggested": "A?\nB?",
    }
    assert (await form(client, f"{path}/settings", **fields, public="on")).status_code == 303
    page = await see(bot, "playground?saved=1")
    assert all(words in page for words in ("Please write to us.", ">Hi!<", "A?", "checked", "Saved"))
    stored = (await client.get(f"/api/v1/chatbots/{bot.id}")).json()["settings"]["agent"]
    assert (stored["coverage"], stored["visibility"], stored["suggestedMessages"]) == (0.8, "public", ["A?", "B?"])
    for bad in ({"coverage": "lots"}, {"coverage": "10"}, {"temperature": "7"}, {"refusal": "a\0"}):
        refused = await form(client, f"{path}/settings", **bad)
        assert refused.status_code == 422, bad
        assert check(refused.text) == []


async def test_leads_and_contacts(bot: Bot) -> None:
    client, base = bot.owner.client, f"/api/v1/chatbots/{bot.id}"
    for number in range(51):
        assert (await client.post(f"{base}/leads", json={"name": XSS, "email": f"a{number}@example.com"})).is_success
    await client.post(f"{base}/leads", json={"phone": "123"})
    await client.post(f"{base}/custom-attributes", json={"name": "vip", "type": "boolean", "label": "VIP"})
    added = await form(client, f"/b/{bot.id}/contacts", name="Ann", external_id="u1")
    assert added.status_code == 303
    await client.patch(f"{base}/contacts/u1", json={"customAttributes": {"vip": True}})
    for path in ("leads", "leads?page=2", "contacts"):
        page = await see(bot, path)
        assert "<script>alert" not in page
    assert 'rel="next"' in await see(bot, "leads")
    [after] = re.findall(r'rel="next" href="/b/[^"]+/contacts\?after=([^"]+)"', await see(bot, "contacts"))
    second = await see(bot, f"contacts?after={after}")
    assert "Ann" in second
    assert "true" in second
    for bad in ({}, {"email": "nobody"}, {"email": "A1@example.com"}):
        refused = await form(client, f"/b/{bot.id}/contacts", **bad)
        assert refused.status_code == 422
        assert check(refused.text) == []
    for odd in ("contacts?after=x", "leads?page=0"):
        assert (await client.get(f"/b/{bot.id}/{odd}")).status_code == 400


async def test_members_look_and_talk(bot: Bot) -> None:
    member = await bot.owner.world.sign_up("member@example.com", "Own")
    await join(member, bot.owner.org_id, "member")
    for path in ("sources", "sources/new", "playground", "leads", "contacts"):
        page = await member.client.get(f"/b/{bot.id}/{path}")
        assert (page.status_code, check(page.text)) == (200, [])
    assert (await form(member.client, f"/b/{bot.id}/playground", question="Hello")).status_code == 303
    for path, fields in (
        ("sources/new", {"kind": "text", "text": "x"}), ("train", {}), ("train/cancel", {}), ("train/rollback", {}), ("playground/settings", {}),
        ("contacts", {"name": "x"}), ("playground/revise", {"asked": "a", "answer": "b"}),
    ):  # fmt: skip
        assert (await form(member.client, f"/b/{bot.id}/{path}", **fields)).status_code == 403, path
