"""What strangers send is shown as the text that it is, on every page there is, and runs in no spreadsheet."""

import csv
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest

from noctule import analysis
from noctule.analysis import Topic, TopicId
from noctule.analysis.store.topics import save_topic
from noctule.base import jobs
from noctule.base.ids import new_id
from noctule.chatbots import ChatbotId
from noctule.main.recurring import HANDLERS
from tests.conftest import Bot, TurnableClock, said
from tests.dashboard.test_pages import XSS, form
from tests.operations import pages, things_of

LINK = "javascript:alert(1)//"
FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1"]


class Harm(HTMLParser):
    """What of a page would run, or fetch what a stranger wants."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("img", "iframe", "object", "embed", "style") or (tag == "script" and "src" not in given):
            self.found.append(self.get_starttag_text() or tag)
        for name, value in attrs:
            runs = name.startswith("on") or (value or "").strip().lower().startswith(
                ("javascript:", "data:", "vbscript:")
            )
            if runs and (name.startswith("on") or name in ("href", "src", "action", "formaction")):
                self.found.append(self.get_starttag_text() or tag)


async def poison(bot: Bot) -> None:
    """Every field that somebody else may fill, by every door."""
    client, base = bot.owner.client, f"/api/v1/chatbots/{bot.id}"
    person = {"id": XSS, "name": XSS, "email": "eve@example.com", "plan": XSS, "industry": XSS}
    body: dict[str, Any] = {
        "conversationId": XSS[:200],
        "messages": [
            said(f"This is a terrible needle. {XSS}", id=XSS),
            said(XSS, "assistant", tools=[{"name": XSS[:60], "input": {XSS: XSS}}]),
            said(LINK),
        ],
        "user": person,
        "organization": {"id": XSS, "name": XSS, "plan": XSS},
        "custom": {XSS: XSS, LINK: LINK},
        "session": {"pageUrl": LINK, "referrer": f"https://x/{XSS}", "device": "mobile", "country": "BE"},
        "tags": [XSS[:50]],
    }
    headers = {"authorization": f"Bearer {bot.key}", "user-agent": XSS, "accept-language": XSS, "cf-ipcity": XSS}
    async with bot.owner.world.client(**headers) as stranger:
        sent = await stranger.post("/api/v1/capture", json=body)
        assert sent.status_code == 200, sent.text
    listed = (await client.get(f"/api/v1/conversations?chatbotId={bot.id}")).json()["conversations"]
    poisoned = next(one["id"] for one in listed if one["external_conversation_id"] == XSS[:200])
    done = [
        await client.post(f"/api/v1/conversations/{poisoned}/notes", json={"text": XSS}),
        await client.post(f"{base}/leads", json={"name": XSS, "email": "eve@example.com", "phone": XSS[:60]}),
        await client.post(f"{base}/views", json={"name": XSS[:100], "query": f"f=channel:is:{quote(XSS)}", "shared": True}),
        await client.post(f"{base}/fields", json={"key": f"own {XSS}", "label": XSS[:100], "type": "string"}),
        await client.post(f"{base}/sources", json={"kind": "text", "title": XSS, "text": f"{XSS} {XSS}"}),
        await client.post(f"/b/{bot.id}/sources/new", data={"kind": "file"}, files={"file": (f"{XSS}.txt", XSS.encode())}),
        await client.post(f"{base}/custom-attributes", json={"name": "harm", "type": "text", "label": XSS[:50]}),
        await client.post(f"{base}/contacts", json={"contacts": [{"name": XSS, "phone": XSS[:60], "attributes": {"harm": XSS}}]}),
        await client.post("/api/v1/orgs/me/apikeys", json={"label": XSS[:100]}),
        await form(client, f"/b/{bot.id}/settings/company", product=XSS[:100], description=XSS),
    ]  # fmt: skip
    assert [one.status_code for one in done if one.status_code >= 400] == [], [one.text for one in done]
    async with bot.owner.world.database.transaction() as db:
        topic = Topic(TopicId(new_id()), [XSS, LINK], bytes(384), db.now, given_name=XSS)
        await save_topic(db, ChatbotId(UUID(bot.id)), topic)


async def settle(bot: Bot, clock: TurnableClock) -> None:
    clock.passes(seconds=10)
    while await analysis.judge_due(bot.owner.world.database) + await analysis.renew_due(bot.owner.world.database):
        pass
    clock.passes(seconds=10)
    while await jobs.run_next(bot.owner.world.database, HANDLERS):
        pass


@pytest.mark.filterwarnings("ignore::UserWarning")
async def test_what_strangers_send_is_text_on_every_page(bot: Bot, clock: TurnableClock) -> None:
    things = await things_of(bot)
    await poison(bot)
    await settle(bot, clock)
    client, base = bot.owner.client, f"/b/{bot.id}"
    listed = (await client.get(f"/api/v1/conversations?chatbotId={bot.id}")).json()["conversations"]
    person = (await client.get(f"/api/v1/chatbots/{bot.id}/users?q=eve")).json()["users"][0]
    company = (await client.get(f"/api/v1/chatbots/{bot.id}/organizations")).json()["organizations"]
    columns = quote(f"topic,tags,plan,device,id,custom.{quote(XSS)},custom.{quote(LINK)}")
    addresses = [one.url(things) for one in pages() if one.method == "GET" and not one.path.endswith("/live")]
    addresses += [f"{base}/conversations?c={one['id']}" for one in listed]
    addresses += [f"{base}/conversations/{one['id']}" for one in listed]
    addresses += [
        f"{base}/users/{person['id']}",
        f"{base}/users/{person['id']}/erase",
        f"{base}/conversations?cols={columns}",
    ]
    addresses += [f"{base}/organizations/{one['id']}" for one in company]
    addresses += [f"{base}/search?q=needle", f"{base}/search?q={quote(XSS)}", f"/find?b={bot.id}&q={quote(XSS)}"]
    addresses += [f"{base}/conversations?f=channel:is:{quote(XSS)}&f=custom.{quote(XSS)}:is:{quote(XSS)}"]
    said_on: set[str] = set()
    for address in addresses:
        answer = await client.get(address, follow_redirects=True)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        assert answer.status_code < 500, address
        assert Harm(answer.text).found == [], address
        if "&lt;script&gt;alert(1)" in answer.text:
            said_on.add(address.partition("?")[0].removeprefix(base))
    shown = {
        "/conversations",
        "/users",
        "/organizations",
        "/leads",
        "/contacts",
        "/sources",
        "/topics",
        "/views",
        "/overview",
    }
    assert shown | {"/settings/fields", "/settings/company", "/settings/keys", "/search"} <= said_on
    assert f"/users/{person['id']}" in said_on


async def test_no_export_holds_a_formula(bot: Bot, clock: TurnableClock) -> None:
    for number, formula in enumerate(FORMULAS):
        await bot.capture(
            f"{formula}{number}", said(formula, id=f"{formula}{number}"), said(formula, "assistant"),
            user={"id": f"{formula}{number}", "name": formula, "plan": formula}, tags=[formula],
            organization={"id": formula, "name": formula}, custom={formula.strip(): formula, "rest": formula},
            session={"pageUrl": formula, "referrer": formula},
        )  # fmt: skip
    await settle(bot, clock)
    client, columns = bot.owner.client, quote(",".join(f"custom.{quote(one.strip())}" for one in FORMULAS))
    listing = f"/b/{bot.id}/conversations/export"
    files = [
        await client.get(f"{listing}?kind=csv"),
        await client.get(f"{listing}?kind=table&cols=id,tags,plan,custom.rest,{columns}"),
        await client.get(f"/api/v1/export/{bot.id}?format=csv&analysis=true"),
        await client.get(f"/api/v1/chatbots/{bot.id}/import/template.csv"),
    ]
    for file in files:
        assert dangerous(file) == [], file.url
    assert "'=1+1" in files[1].text


def dangerous(file: httpx.Response) -> list[str]:
    """Cells that a spreadsheet would run; a number is no formula."""
    assert file.status_code == 200
    cells = [cell for row in csv.reader(file.text.splitlines(keepends=True)) for cell in row]
    assert len(cells) > 10
    return [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not is_number(cell)]


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
