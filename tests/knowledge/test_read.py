"""Sources that have to be read: pages through the one way out, files in their child; what fails says why and can be tried again."""

import base64
from pathlib import Path
from typing import Any

from noctule.base.embed import Embedder
from tests.base.test_documents import docx
from tests.base.test_egress import ok, server
from tests.conftest import Bot
from tests.knowledge.test_train import ask, teach, work


async def sources_of(bot: Bot) -> dict[str, dict[str, Any]]:
    found = await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}/sources")
    return {source["external_id"]: source for source in found.json()["sources"]}


async def test_pages_are_read_and_read_again(bot: Bot, tmp_path: Path) -> None:
    words = ["Goods may be sent back within thirty days."]

    def answers(path: str) -> bytes:
        page = f"<!doctype html><title>Returns</title><h1>Refunds</h1><p>{words[0]}</p>"
        return ok(page.encode()) if path == "/returns" else b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"

    async with server(answers) as (url, _asked):
        await teach(
            bot,
            {"kind": "url", "external_id": "page", "url": f"{url}/returns"},
            {"kind": "url", "external_id": "lost", "url": f"{url}/lost"},
        )
        await work(bot, Embedder(tmp_path), allow_private_hosts=True)
        found = await sources_of(bot)
        assert (found["page"]["status"], found["page"]["title"]) == ("ready", "Returns")
        assert (found["lost"]["status"], found["lost"]["error"]) == ("failed", "The address answered 404.")
        [hit] = await ask(bot, "send goods back")
        assert hit["url"] == f"{url}/returns"
        words[0] = "Nothing is taken back, ever."
        await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/train")
        await work(bot, Embedder(tmp_path), allow_private_hosts=True)
    assert await ask(bot, "thirty days") == []
    assert len(await ask(bot, "nothing ever")) == 1


async def test_a_page_of_a_private_network_is_not_read(bot: Bot, tmp_path: Path) -> None:
    async with server(lambda _path: ok(b"secret")) as (url, asked):
        await teach(bot, {"kind": "url", "external_id": "page", "url": url})
        await work(bot, Embedder(tmp_path))
    assert (await sources_of(bot))["page"]["error"] == "The address leads to a private network."
    assert asked == []


async def test_files_are_read_and_quoted_exactly(bot: Bot, tmp_path: Path) -> None:
    paragraph = "<w:p><w:r><w:t>Refunds take thirty days.</w:t></w:r></w:p>"
    contents = {"good": docx(paragraph), "bad": b"\x7fELF\0\0"}
    await teach(
        bot,
        *(
            {
                "kind": "file",
                "external_id": name,
                "filename": f"../{name}.docx",
                "content": base64.b64encode(content).decode(),
            }
            for name, content in contents.items()
        ),
    )
    await work(bot, Embedder(tmp_path))
    found = await sources_of(bot)
    assert found["bad"]["error"] == "The document is none of PDF, DOCX, HTML, Markdown and text."
    [hit] = await ask(bot, "refunds")
    detail = await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}/sources/{hit['source_id']}")
    assert detail.json()["text"][hit["start"] : hit["end"]] == hit["text"] == "Refunds take thirty days."
