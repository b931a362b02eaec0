"""Addresses that lead home: by every way an address comes in, in every spelling, by redirects and by names that change.

`tests/base/test_egress.py` attacks the one way out itself; here the whole application is attacked from outside.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from noctule import agents, knowledge
from noctule.base import jobs
from noctule.base.egress import Egress
from noctule.base.embed import Embedder
from tests.base.test_egress import ok, server, to
from tests.conftest import Bot
from tests.knowledge.test_train import work

HOSTS = (
    "127.0.0.1", "localhost", "2130706433", "0x7f.1", "0x7f000001", "127.1", "0177.0.0.1", "017700000001", "0.0.0.0",
    "[::1]", "[::]", "[::ffff:7f00:1]", "[::ffff:a9fe:a9fe]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::1]",
    "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fec0::1]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]",
    "１２７.０.０.１", "①②⑦.0.0.1", "127。0。0。1", "169.254.169.254", "100.100.100.200", "192.88.99.1", "10.0.0.1",
    "172.16.0.1", "192.168.1.1", "100.64.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
)  # fmt: skip
TWOFOLD = (  # which one reader may understand as one host and another as another
    "http://good.example\\@127.0.0.1:{port}/", "http://good.example@127.0.0.1:{port}/", "http://127.0.0.1:{port}\\@good.example/",
    "http://[fe80::1%25eth0]:{port}/", "http://127.0.0.1%2f:{port}/", "http://127.0.0.1:{port}#@good.example/", "http:127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/", "//127.0.0.1:{port}/", "http://127.0.0.1:0{port}/", "file:///etc/passwd", "gopher://127.0.0.1:{port}/x",
    "dict://127.0.0.1:{port}/", "ftp://127.0.0.1:{port}/", "jar:http://127.0.0.1:{port}/!/", "data:text/html,secret",
)  # fmt: skip


async def by_source(bot: Bot, url: str) -> None:
    await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/sources", json={"kind": "url", "url": url})


async def by_sources(bot: Bot, url: str) -> None:
    body = {"sources": [{"kind": "text", "text": "Tulips."}, {"kind": "url", "url": url}]}
    await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/sources", json=body)


async def by_scrape(bot: Bot, url: str) -> None:
    await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/sources", json={"urlsToScrape": [url]})


async def by_create_chatbot(bot: Bot, url: str) -> None:
    body = {"chatbotName": "New", "sourceText": "Tulips.", "urlsToScrape": [url]}
    await bot.owner.client.post("/api/v1/create-chatbot", json=body)


async def by_update_chatbot(bot: Bot, url: str) -> None:
    await bot.owner.client.post("/api/v1/update-chatbot-data", json={"chatbotId": bot.id, "urlsToScrape": [url]})


async def by_form(bot: Bot, url: str) -> None:
    await bot.owner.client.post(f"/b/{bot.id}/sources/new", data={"kind": "url", "url": url})


async def by_webhook(bot: Bot, url: str) -> None:
    path = f"/api/v1/chatbots/{bot.id}"
    await bot.owner.client.post(f"{path}/webhooks", json={"url": url})
    await bot.owner.client.post(f"{path}/leads", json={"email": "ann@example.com"})


WAYS = (by_source, by_sources, by_scrape, by_create_chatbot, by_update_chatbot, by_form, by_webhook)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_no_address_that_comes_in_reaches_a_private_host(
    way: Callable[..., Any], bot: Bot, tmp_path: Path
) -> None:
    limit = 20 if way is by_webhook else None  # as many webhooks as a chatbot may have
    async with server(lambda _path: ok(b"<p>secret of the house")) as (url, asked):
        port = url.rpartition(":")[2]
        urls = [f"http://{host}:{port}/" for host in HOSTS] + [one.format(port=port) for one in TWOFOLD]
        for one in urls[:limit]:
            await way(bot, one)
        await work(bot, Embedder(tmp_path), calibrated=False)
    assert asked == []
    async with bot.owner.world.database.transaction() as db:
        kept = await db.rows("select url, problem, text from sources where kind = 'url'")
        told = await db.rows("select url, d.problem from deliveries d join webhooks w on w.id = d.webhook_id")
    assert [one for one in kept if one[1] is None or "secret" in one[2]] == []
    tried = {one[0] for one in kept} | {one[0] for one in told}
    assert len(tried) >= (1 if way is by_update_chatbot else limit or len(HOSTS)), "what is taught anew replaces"
    assert [one for one in told if one[1] is None] == []


def reading(egress: Egress, folder: Path) -> dict[str, jobs.Handler]:
    return {
        knowledge.HANDLER: knowledge.training(Embedder(folder), knowledge.Reader(egress)),
        agents.DELIVER: agents.delivering(egress),
    }


async def run(bot: Bot, egress: Egress, folder: Path) -> None:
    while await jobs.run_next(bot.owner.world.database, reading(egress, folder)):
        pass


async def problems(bot: Bot) -> list[str | None]:
    answer = await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}/sources")
    return [one["error"] for one in answer.json()["sources"]]


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
async def test_a_page_that_redirects_home_is_not_followed(status: str, bot: Bot, tmp_path: Path) -> None:
    async def resolve(host: str, _port: int) -> list[str]:
        return ["127.0.0.1"] if host == "docs.example" else ["169.254.169.254"]

    answer = to("http://metadata.example/latest/meta-data/").replace(b"302 Found", status.encode())
    async with server(lambda _path: answer) as (url, asked):
        await by_source(bot, url.replace("127.0.0.1", "docs.example"))
        await run(bot, Egress(allow_private=True, resolve=resolve), tmp_path)
    assert await problems(bot) == ["The address leads to a private network."]
    assert len(asked) == 1


@pytest.mark.parametrize(
    "page",
    [
        '<meta http-equiv="refresh" content="0;url={secret}">', '<link rel="canonical" href="{secret}">',
        '<base href="{secret}">', '<iframe src="{secret}"></iframe>', '<img src="{secret}">', '<script src="{secret}"></script>',
        '<link rel="stylesheet" href="{secret}">', '<!DOCTYPE html SYSTEM "{secret}">',
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "{secret}">]><html><body>&x;</body></html>',
    ],
)  # fmt: skip
async def test_a_page_that_names_a_private_address_is_words_and_nothing_else(
    page: str, bot: Bot, tmp_path: Path
) -> None:
    async with server(lambda _path: ok(b"secret of the house")) as (secret, secrets):
        content = page.format(secret=secret).encode() + b"<p>Hello, this page has some words.</p>"
        async with server(lambda _path: ok(content)) as (url, asked):
            await by_source(bot, f"{url}/page")
            await run(bot, Egress(allow_private=True), tmp_path)
    assert len(asked) == 1
    assert secrets == []


async def test_a_webhook_follows_no_redirect(bot: Bot, tmp_path: Path) -> None:
    async with (
        server(lambda _path: ok(b"secret")) as (secret, secrets),
        server(lambda _path: to(secret)) as (url, asked),
    ):
        await by_webhook(bot, url)
        await run(bot, Egress(allow_private=True), tmp_path)
    assert (len(asked), secrets) == (1, [])
    [told] = (await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}/deliveries")).json()["deliveries"]
    assert told["error"] == "The address answered 302."


@pytest.mark.parametrize("way", [by_source, by_webhook])
async def test_a_name_that_flips_between_two_answers_is_asked_once(
    way: Callable[..., Any], bot: Bot, tmp_path: Path
) -> None:
    """First the world, then home: what was judged is what is connected to, so home is never reached."""
    answers = ["203.0.113.7", "127.0.0.1"] * 10
    asked_for: list[str] = []

    async def flip(host: str, _port: int) -> list[str]:
        asked_for.append(host)
        return [answers[len(asked_for) - 1]]

    async with server(lambda _path: ok(b"secret")) as (url, asked):
        await way(bot, url.replace("127.0.0.1", "rebind.example"))
        await jobs.run_next(bot.owner.world.database, reading(Egress(resolve=flip), tmp_path))
    assert asked == []
    assert asked_for == ["rebind.example"]


async def test_the_other_way_round_is_refused_at_once(bot: Bot, tmp_path: Path) -> None:
    async def home_first(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1", "203.0.113.7"]

    async with server(lambda _path: ok(b"secret")) as (url, asked):
        await by_source(bot, url.replace("127.0.0.1", "rebind.example"))
        await run(bot, Egress(resolve=home_first), tmp_path)
    assert (asked, await problems(bot)) == ([], ["The address leads to a private network."])


async def test_what_a_delivery_is_answered_is_not_told(bot: Bot, tmp_path: Path) -> None:
    """Else a webhook would read what stands in a network that is open to us."""
    async with server(lambda _path: ok(b'{"secret": "of the house"}')) as (url, _asked):
        await by_webhook(bot, url)
        await run(bot, Egress(allow_private=True), tmp_path)
    told = (await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}/deliveries")).json()
    assert told["deliveries"][0]["status"] == "delivered"
    assert "of the house" not in json.dumps(told)
