"""Bodies that no honest client sends, to every operation that reads one and to every path by every method: the answer is
always JSON, names what is wrong, and is never a failure of ours.
"""

import json
from typing import Any

import httpx
import pytest

from tests.conftest import Bot
from tests.operations import Operation, Things, operations, things_of

DEEP = 5000
BAD_BODIES: dict[str, bytes] = {
    "nothing": b"",
    "spaces": b" \r\n ",
    "null": b"null",
    "a list": b"[]",
    "a list of nothing": b"[null]",
    "a text": b'"text"',
    "a number": b"1e999",
    "true": b"true",
    "half an object": b'{"a": ',
    "two objects": b"{} {}",
    "NaN": b'{"title": NaN, "name": NaN, "messages": Infinity}',
    "invalid UTF-8": b'{"\xff\xfe": "\xc3"}',
    "another encoding": '{"title": "a", "name": "a"}'.encode("utf-16"),
    "NUL bytes": b"\0\0\0\0",
    "a deep list": b"[" * DEEP + b"]" * DEEP,
    "a deep object": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "an open deep list": b"[" * DEEP,
    "a form": b"title=a&name=b",
    "too much": b'{"title": "' + b"a" * (4 * 1024 * 1024) + b'"}',
}
# Each takes the place of each field of a body that fits, one after the other.
BAD_VALUES: dict[str, str] = {
    "null": "null",
    "a number": "7",
    "a number without end": "1" + "0" * 400,
    "a large number": str(2**80),
    "a small number": "-1e308",
    "a text": '"text"',
    "no text": '""',
    "NUL": '"a\\u0000b"',
    "half a surrogate pair": '"\\ud83d"',
    "a long text": json.dumps("a" * 40_000),
    "true": "true",
    "a list": '[["a"], null, 5]',
    "a list of objects": '[{"role": {"a": 1}, "content": []}]',
    "an object": '{"": {"\\u0000": "\\udfff"}}',
    "no number": "NaN",
    "numbers that are none": '{"a": NaN, "b": [-Infinity, 1e999]}',
    "a deep value": "[" * DEEP + "]" * DEEP,
}
REFUSED = {400, 401, 403, 404, 405, 409}
UNDERSTOOD = {200, 201, 202}
BELOW_A_NAME = "/api/v1/conversations/{conversation_id}/"  # by other methods a conversation whose name ends so


async def clients(bot: Bot) -> dict[str, httpx.AsyncClient]:
    world = bot.owner.world
    return {
        "session": bot.owner.client,
        "organizationKey": world.client(authorization=f"Bearer {await bot.owner.new_key()}"),
        "ingestKey": world.client(authorization=f"Bearer {bot.key}"),
        "nobody": world.client(),
    }


def who(one: Operation, known: dict[str, httpx.AsyncClient]) -> httpx.AsyncClient:
    """Somebody who may."""
    return known[next((way for way in ("session", "organizationKey", "ingestKey") if way in one.credentials), "nobody")]


def reading() -> list[Operation]:
    return [one for one in operations() if one.body is not None]


def complaint(answer: httpx.Response, allowed: set[int]) -> str | None:
    """What is wrong with an answer."""
    if answer.status_code not in allowed:
        return f"{answer.status_code} {answer.text[:200]}"
    streamed = "x-conversation-id" in answer.headers  # an answer that was asked for word by word
    if streamed and answer.status_code == 200:
        return None
    if answer.headers["content-type"].split(";")[0] != "application/json":
        return f"{answer.status_code} {answer.headers['content-type']}"
    said: Any = answer.json()
    if answer.status_code >= 400 and not (isinstance(said["error"], str) and isinstance(said["message"], str)):
        return answer.text[:200]
    return None


@pytest.mark.parametrize("kind", BAD_BODIES)
async def test_a_body_that_is_none(kind: str, bot: Bot) -> None:
    things, known = await things_of(bot), await clients(bot)
    wrong: dict[str, str] = {}
    for one in reading():
        headers = {"content-type": "application/x-www-form-urlencoded"} if kind == "a form" else {}
        answer = await who(one, known).request(one.method, one.url(things), content=BAD_BODIES[kind], headers=headers)
        if found := complaint(answer, UNDERSTOOD | {400} if lenient(one, kind) else {400}):
            wrong[one.name] = found
    assert wrong == {}


@pytest.mark.parametrize("kind", BAD_VALUES)
async def test_a_field_that_holds_something_else(kind: str, bot: Bot) -> None:
    things, known = await things_of(bot), await clients(bot)
    wrong: dict[str, str] = {}
    for one in reading():
        for field, body in spoilt(one, BAD_VALUES[kind], things):
            answer = await who(one, known).request(one.method, one.url(things), content=body)
            if found := complaint(answer, UNDERSTOOD | REFUSED):
                wrong[f"{one.name} {field}"] = found
    assert wrong == {}


def lenient(one: Operation, kind: str) -> bool:
    """A change may name what nobody knows, Python reads more than JSON, and a file may hold no conversation."""
    reads_more = kind == "another encoding" or (one.method == "PATCH" and kind == "NaN")
    return reads_more or (one.path.endswith("/import") and kind in {"nothing", "spaces", "a list"})


def spoilt(one: Operation, value: str, things: Things) -> list[tuple[str, bytes]]:
    """The body with one field after the other replaced, those too that may be left out."""
    mark = '"<here>"'
    found: list[tuple[str, bytes]] = []
    for field in one.fields:
        whole = {**(one.body if isinstance(one.body, dict) else {}), field: "<here>"}
        body = json.dumps(whole).replace("{chatbot_id}", things["chatbot_id"])
        found.append((field, body.replace(mark, value).encode()))
    return found


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data", "nonsense", ""])
async def test_a_body_counts_whatever_it_is_called(content_type: str, bot: Bot) -> None:
    things, known = await things_of(bot), await clients(bot)
    wrong: dict[str, str] = {}
    for one in reading():
        answer = await who(one, known).request(
            one.method, one.url(things), content=one.content(things), headers={"content-type": content_type}
        )
        if found := complaint(answer, UNDERSTOOD | REFUSED):
            wrong[one.name] = found
    assert wrong == {}


async def test_other_methods(bot: Bot) -> None:
    """405 with the methods that there are; never a page, never a failure."""
    things = await things_of(bot)
    there: dict[str, set[str]] = {}
    for one in operations():
        there.setdefault(one.path, set()).add(one.method)
    wrong: dict[str, str] = {}
    for path, methods in there.items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - methods:
            answer = await bot.owner.client.request(method, path.format_map(things))
            if path.startswith(BELOW_A_NAME):
                assert answer.status_code in {404, 405}
            elif found := complaint(answer, {405}):
                wrong[f"{method} {path}"] = found
            elif not set(answer.headers["allow"].replace(" ", "").split(",")) & methods:
                wrong[f"{method} {path}"] = f"allow: {answer.headers['allow']}"
    assert wrong == {}


async def test_queries(bot: Bot) -> None:
    """Nonsense in every parameter of every operation."""
    things, known = await things_of(bot), await clients(bot)
    wrong: dict[str, str] = {}
    for one in operations():
        for parameter in one.query:
            for value in ("", "%00", "%ff", "%ed%a0%80", "-1", "9" * 400, "x" * 10_000, "[]", "null", "%F0%9F%98%80"):
                url = f"{one.path.format_map(things)}?{parameter}={value}"
                content = one.content(things)
                answer = await who(one, known).request(one.method, url, content=content)
                fine = answer.status_code in UNDERSTOOD
                if not fine and (found := complaint(answer, REFUSED)):
                    wrong[f"{one.name} {parameter}={value[:10]}"] = found
    assert wrong == {}


async def test_ids(bot: Bot) -> None:
    """Nonsense in the place of every parameter of a path names nothing."""
    real, known = await things_of(bot), await clients(bot)
    wrong: dict[str, str] = {}
    for one in operations():
        for name in (name for name in real if f"{{{name}}}" in one.path):
            for value in ("%00", "%ff", "%ed%a0%80", "-1", "9" * 400, "x" * 5_000, "%F0%9F%98%80", "%2e%2e%2f"):
                url = one.path.format_map(Things({**real, name: value}))
                content = one.content(Things({**real, name: value}) if name == "chatbot_id" else real)
                answer = await who(one, known).request(one.method, url, content=content)
                if found := complaint(answer, {404, 403} if name == "slug" else {404, 405}):
                    wrong[f"{one.name} {name}={value[:10]}"] = found
    assert wrong == {}
