"""Word by word through nginx as it is installed: nothing but `proxy_pass`. Without nginx these are left out."""

import asyncio
import shutil
import socket
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from noctule import agents
from noctule.agents import Exchange
from noctule.base.embed import Embedder
from noctule.conversations import Recorder
from tests.api.test_chatbase import QUESTION, SHOP
from tests.conftest import Bot
from tests.knowledge.test_train import teach, text, work

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin") or ""
pytestmark = pytest.mark.skipif(not NGINX, reason="there is no nginx here: apt-get install nginx")
CONFIGURATION = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://127.0.0.1:{behind}; }} }}
}}
"""


def bound() -> socket.socket:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    return listening


def configure(folder: Path, *, port: int, behind: int) -> None:
    folder.mkdir()
    (folder / "nginx.conf").write_text(CONFIGURATION.format(folder=folder, port=port, behind=behind))


@asynccontextmanager
async def behind_nginx(app: Any, folder: Path) -> AsyncGenerator[str]:
    """The address of nginx, behind which the application is served as it is in life."""
    listening, free = bound(), bound()
    port = free.getsockname()[1]
    free.close()
    configure(folder, port=port, behind=listening.getsockname()[1])
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve([listening]))
    nginx = await asyncio.create_subprocess_exec(
        NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log"), stderr=DEVNULL
    )
    try:
        async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=8)) as client:
            assert (await client.get(f"http://127.0.0.1:{port}/health")).status_code == 200
        yield f"http://127.0.0.1:{port}"
    finally:
        nginx.terminate()
        await nginx.wait()
        server.should_exit = True
        await serving


@pytest.fixture
def go_on(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """After its first word each answer waits for this; and it is set when no more words are made."""
    event, words_of = asyncio.Event(), Exchange.stream

    async def waiting(self: Exchange, recorder: Recorder) -> AsyncGenerator[str]:
        words = words_of(self, recorder)
        try:
            yield await anext(words)
            await event.wait()
            async for word in words:
                yield word
        finally:
            await words.aclose()
            event.set()

    monkeypatch.setattr(Exchange, "stream", waiting)
    return event


async def asked(bot: Bot, folder: Path) -> dict[str, Any]:
    await teach(bot, text("shop", SHOP))
    await work(bot, Embedder(folder))
    body = {"chatbotId": bot.id, "conversationId": "c1", "messages": [QUESTION], "stream": True}
    return {"json": body, "headers": {"authorization": f"Bearer {await bot.owner.new_key()}"}}


async def stored(bot: Bot) -> str:
    read = await bot.owner.client.get("/api/v1/conversations/c1", params={"chatbotId": bot.id})
    return read.json()["messages"][-1]["content"]


async def test_the_first_word_arrives_before_the_last_is_made(bot: Bot, tmp_path: Path, go_on: asyncio.Event) -> None:
    question = await asked(bot, tmp_path)
    async with (
        behind_nginx(bot.owner.world.app, tmp_path / "nginx") as url,
        httpx.AsyncClient() as client,
        client.stream("POST", f"{url}/api/v1/chat", **question) as answer,
    ):
        pieces = answer.aiter_text()
        first = await anext(pieces)
        assert SHOP.startswith(first), "and it is here, while no other word has been made"
        go_on.set()
        rest = [piece async for piece in pieces]
    assert first + "".join(rest) == await stored(bot)


async def test_who_leaves_behind_a_proxy_stops_the_work(bot: Bot, tmp_path: Path, go_on: asyncio.Event) -> None:
    question = await asked(bot, tmp_path)
    async with behind_nginx(bot.owner.world.app, tmp_path / "nginx") as url:
        async with httpx.AsyncClient() as client, client.stream("POST", f"{url}/api/v1/chat", **question) as answer:
            first = await anext(answer.aiter_text())
        await go_on.wait()
        await asyncio.gather(*agents.last_words())
    assert await stored(bot) == first
