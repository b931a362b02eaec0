"""The one way out, attacked: by redirects, odd hosts, names that change their minds, and bodies without end."""

import asyncio
import gzip
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import pytest

from noctule.base.egress import Egress, Fetched, NotFetched, may_reach

Answers = Callable[[str], bytes]


@asynccontextmanager
async def server(answers: Answers) -> AsyncGenerator[tuple[str, list[str]]]:
    """A web server of one answer for each path; its address, and what it was asked."""
    asked: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            asked.append(head)
            writer.write(answers(head.split()[1]))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}", asked


def ok(body: bytes, head: str = "content-type: text/html") -> bytes:
    return f"HTTP/1.1 200 OK\r\n{head}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


def to(location: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n".encode()


async def test_a_page_comes_with_its_address_and_keeps_the_name_of_its_host() -> None:
    async def local(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    async with server(lambda _path: ok(b"<p>Hello")) as (url, asked):
        named = url.replace("127.0.0.1", "docs.example")
        found = await Egress(allow_private=True, resolve=local).get(f"{named}/a?b=c#d")
    assert found == Fetched(f"{named}/a?b=c#d", "text/html", b"<p>Hello")
    assert asked[0].startswith("GET /a?b=c HTTP/1.1")
    assert f"host: {named.removeprefix('http://')}" in asked[0].lower()
    assert "cookie" not in asked[0].lower()


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "0177.0.0.1", "[::1]", "[::ffff:7f00:1]", "[::ffff:a9fe:a9fe]",
     "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fec0::1]", "[2001:0:7f00:1::]", "[fe80::1]", "10.0.0.1",
     "１２７.０.０.１", "①②⑦.0.0.1", "0.0.0.0", "[::]", "169.254.169.254", "100.100.100.200", "192.88.99.1", "224.0.0.1",
     "255.255.255.255", "192.168.1.1", "172.16.0.1", "100.64.0.1", "198.18.0.1", "[fd00:ec2::254]", "[fc00::1]"],
)  # fmt: skip
async def test_no_spelling_of_a_private_host_is_reached(host: str) -> None:
    async with server(lambda _path: ok(b"secret")) as (url, asked):
        port = url.rpartition(":")[2]
        found = await Egress().get(f"http://{host}:{port}/")
    assert found == NotFetched("leads to a private network")
    assert asked == []


@pytest.mark.parametrize(
    "url",
    ["http://good.example\\@127.0.0.1/", "http://good.example@127.0.0.1/", "http://[fe80::1%25eth0]/", "ftp://a.example/",
     "file:///etc/passwd", "gopher://127.0.0.1/", "http://", "http:///x", "//a.example", "http://a.example:22/",
     "http://a.example:99999/", "http://a\r\nb.example/", "http://a b.example/", "http://[::1", "javascript:alert(1)"],
)  # fmt: skip
async def test_an_address_that_can_be_read_in_two_ways_is_not_read(url: str) -> None:
    async def anywhere(_host: str, _port: int) -> list[str]:
        raise AssertionError("resolved")

    assert isinstance(await Egress(resolve=anywhere).get(url), NotFetched)


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "fe80::1", "::ffff:169.254.169.254"]
)
def test_secrets_of_clouds_stay_closed_in_networks_of_ones_own(address: str) -> None:
    assert not may_reach(address, allow_private=True)


def test_own_networks_open_by_choice_and_the_world_is_open() -> None:
    assert [may_reach(one, allow_private=True) for one in ("127.0.0.1", "10.1.2.3", "::1", "fc00::1")] == [True] * 4
    assert [may_reach(one, allow_private=False) for one in ("93.184.215.14", "2606:4700::1111")] == [True] * 2


async def test_a_redirect_into_a_private_network_is_not_followed() -> None:
    async def resolve(host: str, _port: int) -> list[str]:
        return ["127.0.0.1"] if host == "docs.example" else ["169.254.169.254"]

    async with server(lambda _path: to("http://metadata.example/latest")) as (url, asked):
        found = await Egress(allow_private=True, resolve=resolve).get(url.replace("127.0.0.1", "docs.example"))
    assert found == NotFetched("leads to a private network")
    assert len(asked) == 1


async def test_three_redirects_are_followed_and_no_more() -> None:
    def answers(path: str) -> bytes:
        return ok(b"end") if path == "/0" else to(f"/{int(path[1:]) - 1}")

    async with server(answers) as (url, _asked):
        egress = Egress(allow_private=True)
        assert await egress.get(f"{url}/3") == Fetched(f"{url}/0", "text/html", b"end")
        assert await egress.get(f"{url}/4") == NotFetched("redirects more than 3 times")


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "http://127.0.0.1\\@a.example/", "http://u:p@a.example/", "\x00"]
)
async def test_a_redirect_to_nonsense_is_not_followed(location: str) -> None:
    async with server(lambda _path: to(location)) as (url, _asked):
        assert isinstance(await Egress(allow_private=True).get(url), NotFetched)


async def test_a_meta_refresh_is_words_and_nothing_else() -> None:
    page = b'<meta http-equiv="refresh" content="0;url=http://169.254.169.254/"><p>Hello'
    async with server(lambda _path: ok(page)) as (url, asked):
        assert await Egress(allow_private=True).get(f"{url}/") == Fetched(f"{url}/", "text/html", page)
    assert len(asked) == 1


async def test_a_name_that_changes_its_mind_gains_nothing() -> None:
    """Judged once, resolved once: the second answer of the resolver is never asked for."""
    answers = iter([["203.0.113.7"], ["127.0.0.1"]])
    asked_resolver: list[str] = []

    async def flip(host: str, _port: int) -> list[str]:
        asked_resolver.append(host)
        return next(answers)

    async with server(lambda _path: ok(b"secret")) as (url, asked):
        found = await Egress(resolve=flip).get(url.replace("127.0.0.1", "rebind.example"))
    assert isinstance(found, NotFetched)
    assert asked == []
    assert asked_resolver == ["rebind.example"]


async def test_one_private_address_among_many_is_enough_to_refuse() -> None:
    async def both(_host: str, _port: int) -> list[str]:
        return ["93.184.215.14", "127.0.0.1"]

    assert await Egress(resolve=both).get("http://two.example/") == NotFetched("leads to a private network")


async def test_bodies_are_bounded_as_they_come_and_as_they_unfold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("noctule.base.egress._LARGEST", 100_000)
    bomb = gzip.compress(b"a" * 50_000_000)
    pages = {
        "/small": ok(gzip.compress(b"unfolded"), "content-encoding: gzip"),
        "/bomb": ok(bomb, "content-encoding: gzip"),
        "/large": b"HTTP/1.1 200 OK\r\n\r\n" + b"a" * 200_000,
        "/odd": ok(b"?", "content-encoding: br"),
        "/lie": ok(b"not gzip", "content-encoding: gzip"),
    }
    async with server(lambda path: pages[path]) as (url, _asked):
        found = {path: await Egress(allow_private=True).get(url + path) for path in pages}
    small = found.pop("/small")
    assert isinstance(small, Fetched)
    assert small.body == b"unfolded"
    assert [path for path, one in found.items() if not isinstance(one, NotFetched)] == []


async def test_a_server_that_never_ends_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("noctule.base.egress._SECONDS", 0.3)
    async with server(lambda _path: b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf") as (url, _asked):
        assert isinstance(await Egress(allow_private=True).get(url), NotFetched)


@pytest.mark.parametrize("status", ["404 Not Found", "500 Oops", "204 No Content"])
async def test_an_error_page_is_no_page(status: str) -> None:
    async with server(lambda _path: f"HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n".encode()) as (url, _asked):
        assert await Egress(allow_private=True).get(url) == NotFetched(f"answered {status[:3]}")
