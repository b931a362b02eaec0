"""How much a request may send, and for how long, in the words of the face whose path it is."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from noctule.base.errors import Invalid
from noctule.web.bounds import GB, KB, BoundedBodies, Bounds
from tests.conftest import Bot, World

Refusal = dict[str, Any]


def large(field: str, size: str) -> Refusal:
    message = f"body: must not be larger than {size}"
    details = [{"field": "body", "message": f"must not be larger than {size}"}]
    return {"error": field or message, "message": message, "details": details}


@pytest.mark.parametrize(
    ("path", "size", "refusal"),
    [
        ("/api/v1/auth/login", 64 * KB, large("invalid_request", "64 KB")),
        ("/api/v1/auth/register", 64 * KB, large("invalid_request", "64 KB")),
        ("/api/v1/orgs/me/apikeys", 4096 * KB, large("invalid_request", "4 MB")),
        ("/api/v1/chatbots", 4096 * KB, {"ok": False} | large("", "4 MB")),
        ("/api/v1/capture", 4096 * KB, {"ok": False} | large("", "4 MB")),
        ("/v1/track", 4096 * KB, {"success": False} | large("", "4 MB")),
    ],
)
@pytest.mark.parametrize("stated", [True, False])
async def test_a_body_has_a_largest_size(bot: Bot, path: str, size: int, *, refusal: Refusal, stated: bool) -> None:
    key = bot.key if path.endswith(("capture", "track")) else bot.owner.token
    read = 0

    async def unstated(size: int) -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(size // KB):
            read += KB
            yield b" " * KB
        yield b"{}"

    async with bot.owner.world.client(authorization=f"Bearer {key}") as client:
        headers = {"content-type": "application/json"}
        content = b" " * (size - 1) + b"{}" if stated else unstated(1024 * size)
        answer = await client.post(path, content=content, headers=headers)
        assert (answer.status_code, answer.json()) == (400, refusal)
        assert read <= size + KB
        just = await client.post(path, content=b" " * (size - 2) + b"{}", headers=headers)
        assert just.status_code == 400
        assert "larger" not in just.text


async def test_a_page_says_so_too(world: World) -> None:
    answer = await world.client().post("/sign-in", data={"email": "a" * 64 * KB})
    assert answer.status_code == 400
    assert "must not be larger than 64 KB" in answer.text


async def test_a_stranger_learns_nothing_about_his_body(world: World) -> None:
    for path in ("/api/v1/chatbots", "/api/v1/capture"):
        answer = await world.client().post(path, content=b"x" * (4096 * KB + 1))
        assert answer.status_code == 401


@pytest.mark.parametrize("bounds", [Bounds(silence=0.2), Bounds(seconds=0.2)])
@pytest.mark.parametrize(
    ("path", "refusal"),
    [
        ("/api/v1/auth/login", {"error": "invalid_request", "message": "body: did not arrive in time"}),
        ("/api/v1/capture", {"ok": False, "error": "body: did not arrive in time"}),
        ("/api/v1/track", {"success": False, "error": "body: did not arrive in time"}),
    ],
)
async def test_a_body_that_never_ends_is_not_waited_for(
    bot: Bot, path: str, refusal: Refusal, *, bounds: Bounds
) -> None:
    async def slow() -> AsyncIterator[bytes]:
        for _ in range(400):
            yield b" "
            await asyncio.sleep(20 if bounds.silence < 1 else 0.05)

    app = BoundedBodies(bot.owner.world.app, {".*": bounds})
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    headers = {"authorization": f"Bearer {bot.key}", "content-type": "application/json"}
    async with asyncio.timeout(15), httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.post(path, content=slow(), headers=headers)
    assert answer.status_code == 400
    assert refusal.items() <= answer.json().items()
    assert answer.headers["connection"] == "close"


async def test_waiting_for_a_caller_to_leave_has_no_end() -> None:
    messages = iter([{"type": "http.request", "body": b"all", "more_body": False}, {"type": "http.disconnect"}])
    left: list[str] = []

    async def receive() -> Any:
        await asyncio.sleep(0.6)
        return next(messages)

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        left.extend([(await receive())["type"], (await receive())["type"]])

    async def send(_message: Any) -> None:
        pytest.fail("nothing was sent")

    await BoundedBodies(app, {".*": Bounds(seconds=1)})(
        {"type": "http", "method": "POST", "path": "/", "headers": []}, receive, send
    )
    assert left == ["http.request", "http.disconnect"]


@pytest.mark.parametrize(("size", "words"), [(10, "10 bytes"), (64 * KB, "64 KB"), (GB, "1 GB")])
async def test_the_size_is_said_in_plain_words(size: int, words: str) -> None:
    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        await receive()

    async def nothing(*_: Any) -> Any:
        pytest.fail("nothing is read or sent")

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [(b"content-length", b"9" * 30)]}
    with pytest.raises(Invalid, match=f"must not be larger than {words}"):
        await BoundedBodies(app, {"/": Bounds(size)})(scope, nothing, nothing)


async def test_what_comes_along_with_a_question_does_not_cut_off_its_answer(bot: Bot) -> None:
    await bot.capture()
    body = b"a" * (5 * 1024 * 1024)
    answer = await bot.owner.client.request("GET", f"/api/v1/export/{bot.id}", content=body)
    assert answer.status_code == 200
    assert '"conv-1"' in answer.text
