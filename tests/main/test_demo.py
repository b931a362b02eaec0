"""`noctule demo` as somebody starts it who wants to see the pages: open to a visitor, full after a moment, and only once."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.server import Server
from noctule import demo


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "data"
    folder.mkdir()
    with Server(data_dir=folder, command="demo") as server:
        yield server


def sign_in(server: Server) -> None:
    body = {"email": demo.VISITOR.email, "password": demo.VISITOR.password}
    status, answer = server.ask("POST", "/api/v1/auth/login", body)
    assert status == 200, answer
    server.token = answer["token"]


def overview(server: Server) -> dict[str, Any]:
    return server.ask("GET", "/api/v1/analytics/overview")[1]


def test_a_demo_fills_itself_once(server: Server) -> None:
    sign_in(server)
    deadline = time.monotonic() + 120
    while overview(server)["totalConversations"] < 3000:
        assert time.monotonic() < deadline, "it was not loaded in time"
        time.sleep(0.5)
    once = overview(server)["totalMessages"]
    server.stop()
    server.start()
    sign_in(server)
    assert overview(server)["totalConversations"] == 3000
    assert overview(server)["totalMessages"] == once
    assert server.ask("POST", "/api/v1/chatbots", {"name": "Mine"})[0] == 403
