"""The whole thing as an operator runs it: `noctule serve` in a process of its own, with its analysers and PostgreSQL."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.server import Server, free_port
from noctule.main import listen


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "data"
    folder.mkdir()
    with Server(data_dir=folder) as server:
        yield server


def capture(
    server: Server, key: str, name: str = "conv-1", words: str = "This is terrible, I am so angry."
) -> dict[str, Any]:
    body = {"conversationId": name, "messages": [{"role": "user", "content": words, "id": "m1"}]}
    status, answer = server.ask("POST", "/api/v1/capture", body, key=key)
    assert status == 200, answer
    return answer


def wait_until(condition, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def test_from_nothing_to_a_judged_conversation(server: Server) -> None:
    _, key = server.new_chatbot()
    stored = capture(server, key)
    path = f"/api/v1/conversations/{stored['conversationId']}"
    wait_until(lambda: server.ask("GET", path)[1]["analysis"]["status"] == "done")
    read = server.ask("GET", path)[1]
    assert read["analysis"]["sentiment_label"] == "Very Negative"
    assert b"noctule_analysis_due 0.0" in server.ask("GET", "/metrics")[1]


def test_a_page_hears_of_what_is_stored_and_judged_and_keeps_no_server_from_stopping(server: Server) -> None:
    chatbot_id, key = server.new_chatbot()
    with socket.create_connection(("127.0.0.1", server.port), 30) as page:
        page.sendall(
            f"GET /b/{chatbot_id}/live HTTP/1.1\r\nhost: x\r\ncookie: auth_token={server.token}\r\n\r\n".encode()
        )
        heard = b""
        while b"retry" not in heard:
            heard += page.recv(4096)
        assert b"content-type: text/event-stream" in heard
        capture(server, key)
        while heard.count(b"event: changed") < 2:  # that it was stored, and that it was judged
            heard += page.recv(4096)
        assert server.process
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(20) == 0


def test_a_second_server_on_the_same_folder_says_so(server: Server) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "noctule", "serve", "--port", "1", "--data-dir", str(server.data_dir)],
        capture_output=True, timeout=30, check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert str(server.data_dir) in second.stderr.decode()
    assert b"Traceback" not in second.stderr
    assert server.healthy()


def test_a_port_that_is_taken_costs_nobody_a_database(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        second = run("serve", "--port", str(port), "--data-dir", str(tmp_path / "other"))
    assert second.returncode == 1
    assert second.stderr.startswith(f"noctule: port {port} on 127.0.0.1 is in use")
    assert second.stderr.count("\n") == 1
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1"])
def test_an_address_that_is_not_ours_is_one_clear_line(host: str, tmp_path: Path) -> None:
    second = run("serve", "--host", host, "--port", "0", "--data-dir", str(tmp_path / "other"))
    assert second.returncode == 1
    assert host in second.stderr
    assert second.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_a_database_out_of_reach_is_named_without_its_password(command: str) -> None:
    port = free_port()
    flags = ["--port", "0"] if command == "serve" else []
    done = run(command, *flags, "--database-url", f"postgresql://ines:hunter2@127.0.0.1:{port}/noctule")
    assert done.returncode == 1
    assert done.stderr.startswith("noctule: the database of NOCTULE_DATABASE_URL, host 127.0.0.1 port")
    assert str(port) in done.stderr
    assert "hunter2" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_localhost_is_every_address_it_has() -> None:
    port = free_port()
    sockets = listen.take("localhost", port)
    assert {one.getsockname()[1] for one in sockets} == {port}
    for one in sockets:
        one.close()
    (only,) = listen.take("127.0.0.1", 0)
    assert only.getsockname()[1] > 0
    only.close()


def test_as_many_connections_as_the_machine_allows() -> None:
    asked = (
        "import resource; from noctule.main import listen; kind = resource.RLIMIT_NOFILE;"
        "resource.setrlimit(kind, (256, 2048)); listen.allow_many(); print(*resource.getrlimit(kind))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, timeout=60, check=True, text=True)
    assert done.stdout.split() == ["2048", "2048"]


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "noctule", *arguments], capture_output=True, timeout=60, check=False, text=True
    )


def test_the_log_has_ids_and_no_secrets(server: Server) -> None:
    _, key = server.new_chatbot()
    capture(server, key)
    server.ask("POST", "/api/v1/capture", {"conversationId": 1}, key=key)
    server.ask("POST", "/api/v1/auth/login", {"email": "owner@example.com", "password": "a wrong password"})
    log = (server.data_dir / "server.log").read_text()
    lines = [json.loads(line) for line in log.splitlines()]
    refused = [line for line in lines if line.get("path") == "/api/v1/capture"]
    assert [line["status"] for line in refused] == [400]
    assert all(line["request_id"] for line in refused)
    for secret in (key, server.token, "a long password", "a wrong password", "angry"):
        assert secret not in log


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /api/v1/conversations/%ff%fe?chatbotId=%ff HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET /%00%ff HTTP/1.1\r\nhost: x\r\n\r\n",
        b"POST /api/v1/capture HTTP/1.1\r\nhost: x\r\nauthorization: Bearer \xff\r\ncontent-length: 0\r\n\r\n",
        b"GET /api/v1/chatbots HTTP/1.1\r\nhost: x\r\ncookie: auth_token=\xff\xfe; auth_token\r\n\r\n",
        b"BREW /health HTTP/1.1\r\nhost: x\r\n\r\n",
        b"HEAD /health HTTP/1.1\r\nhost: x\r\n\r\n",
        b"POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: \xff;;=\r\ncontent-length: 2\r\n\r\n{}",
        b"POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-length: -5\r\n\r\n{}",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_strange_bytes_are_never_a_500(shared_server: Server, request_bytes: bytes) -> None:
    with socket.create_connection(("127.0.0.1", shared_server.port), 10) as connection:
        connection.sendall(request_bytes)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(65536)
    assert b" 500 " not in answer[:20]
    assert shared_server.healthy()


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(data_dir=tmp_path_factory.mktemp("data"), workers=0) as server:
        yield server


def test_a_body_that_is_too_large_is_refused_at_once(shared_server: Server) -> None:
    _, key = shared_server.new_chatbot()
    with socket.create_connection(("127.0.0.1", shared_server.port), 10) as connection:
        head = f"POST /api/v1/capture HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\ncontent-length: 999999999\r\n\r\n"
        connection.sendall(head.encode() + b"x" * 1000)
        assert connection.recv(65536).startswith(b"HTTP/1.1 400")
