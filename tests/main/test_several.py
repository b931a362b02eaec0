"""Several servers and workers, each with a folder of its own, on one PostgreSQL over TCP: to callers they are one."""

import asyncio
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bench.server import Server, free_port
from tests.api.test_proxy import NGINX, configure
from tests.main.test_serve import wait_until
from tests.postgres import PostgresOverTcp

OPERATE = Path(__file__).parent.parent.parent / "docs" / "operate.md"
RATE = 200  # a day, so that nothing grows back meanwhile
CONVERSATIONS = 60


@dataclass
class House:
    url: str
    first: Server
    second: Server
    workers: "list[subprocess.Popen[bytes]]"

    def ask(self, sql: str) -> Any:
        async def connect_and_ask() -> Any:
            connection: Any = await asyncpg.connect(self.url)
            try:
                return await connection.fetchval(sql)
            finally:
                await connection.close()

        return asyncio.run(connect_and_ask())


@pytest.fixture
def house(tmp_path: Path, model_folder: Path) -> Iterator[House]:
    """All of them start at once, on a database that is empty."""
    with ExitStack() as stack:
        postgres = stack.enter_context(PostgresOverTcp(tmp_path / "postgres", 16))
        settings = {"NOCTULE_DATABASE_URL": postgres.url, "NOCTULE_SECRET_KEY": "the same secret on each of the hosts"}
        folders = [tmp_path / name for name in ("one", "two", "three", "four")]
        for folder in folders:
            folder.mkdir()
            (folder / "models").symlink_to(model_folder / "models")
        workers = [stack.enter_context(worker(folder, settings)) for folder in folders[2:]]
        for one in workers:
            stack.callback(one.terminate)
        first, second = (
            Server(data_dir=folder, workers=0, rate_limit=f"{RATE}/day", settings=settings) for folder in folders[:2]
        )
        stack.callback(first.stop)
        stack.callback(second.stop)
        with ThreadPoolExecutor() as together:
            list(together.map(Server.start, (first, second)))
        yield House(postgres.url, first, second, workers)


def worker(folder: Path, settings: dict[str, str]) -> "subprocess.Popen[bytes]":
    environment = {"PATH": "/usr/bin:/bin", "NOCTULE_DATA_DIR": str(folder), "OPENBLAS_NUM_THREADS": "1", **settings}
    command = [sys.executable, "-m", "noctule", "worker"]
    with (folder / "worker.log").open("wb") as log:
        return subprocess.Popen(command, env=environment, stderr=log, start_new_session=True)


def capture(server: Server, key: str, name: str) -> int:
    body = {"conversationId": name, "messages": [{"role": "user", "content": "This is terrible.", "id": "m1"}]}
    return server.ask("POST", "/api/v1/capture", body, key=key)[0]


def test_several_servers_and_workers_are_one(house: House) -> None:
    chatbot_id, key = house.first.new_chatbot()
    sessions_are_valid_on_both(house)
    pages_of_one_hear_what_comes_through_the_other(house, chatbot_id, key)
    everything_is_judged_once(house, key)
    limits_hold_over_both(house)
    a_rotated_key_is_refused_by_both(house, chatbot_id, key)
    if NGINX:
        nginx_shares_requests_out(house)
    assert [one.poll() for one in house.workers] == [None, None], "no worker has died meanwhile"


def sessions_are_valid_on_both(house: House) -> None:
    house.second.sign_up()  # there is an account: signs in
    token = house.second.token
    for server in (house.first, house.second):
        assert server.ask("GET", "/api/v1/users/me", key=token)[1]["email"] == "owner@example.com"
    assert house.first.ask("POST", "/api/v1/auth/logout", key=token)[0] == 200
    assert house.second.ask("GET", "/api/v1/users/me")[0] == 401


def pages_of_one_hear_what_comes_through_the_other(house: House, chatbot_id: str, key: str) -> None:
    with socket.create_connection(("127.0.0.1", house.first.port), 30) as page:
        head = f"GET /b/{chatbot_id}/live HTTP/1.1\r\nhost: x\r\ncookie: auth_token={house.first.token}\r\n\r\n"
        page.sendall(head.encode())
        heard = b""
        while b"retry" not in heard:
            heard += page.recv(4096)
        assert capture(house.second, key, "heard") == 200
        while b"event: changed" not in heard:
            heard += page.recv(4096)


def everything_is_judged_once(house: House, key: str) -> None:
    for number in range(CONVERSATIONS):
        assert capture((house.first, house.second)[number % 2], key, f"conv-{number}") == 200
    judged = "select count(*) from conversation_judgements where status = 'done'"
    wait_until(lambda: house.ask(judged) == CONVERSATIONS + 1, 60)
    written = "select n_tup_ins + n_tup_upd from pg_stat_user_tables where relname = 'conversation_judgements'"
    wait_until(lambda: house.ask(written) >= CONVERSATIONS + 1)
    assert house.ask(written) == CONVERSATIONS + 1


def limits_hold_over_both(house: House) -> None:
    _, key = house.first.new_chatbot("limited")
    with ThreadPoolExecutor(8) as together:
        answers = list(
            together.map(
                lambda number: capture((house.first, house.second)[number % 2], key, f"c{number}"), range(RATE + 60)
            )
        )
    assert (answers.count(200), answers.count(429)) == (RATE, 60)
    assert (
        house.ask("select count(*) from messages m join chatbots c on c.id = m.chatbot_id where name = 'limited'")
        == RATE
    )


def nginx_shares_requests_out(house: House) -> None:
    """Configured as docs/operate.md shows it, but for TLS."""
    through, folder = copy(house.first), house.first.data_dir / "nginx"
    through.port = free_port()
    configure(folder, port=through.port, behind=0)
    shown = re.findall(r"```nginx\n(.*?)```", OPERATE.read_text(), re.DOTALL)[0]
    shown = re.sub(r"^ *(ssl_|server_name).*\n", "", shown, flags=re.MULTILINE)
    ports = {"443 ssl": f"127.0.0.1:{through.port}", "8001": str(house.first.port), "8002": str(house.second.port)}
    for said, here in ports.items():
        assert said in shown
        shown = shown.replace(said, here)
    around = (folder / "nginx.conf").read_text().partition("    server {")[0]
    (folder / "nginx.conf").write_text(around + shown + "}")
    with subprocess.Popen([NGINX, "-p", folder, "-c", "nginx.conf", "-e", "error.log"]) as nginx:
        try:
            wait_until(through.healthy)
            _, key = house.first.new_chatbot("behind")
            before = [ingested(server) for server in (house.first, house.second)]
            assert {capture(through, key, f"c{number}") for number in range(20)} == {200}
            after = [ingested(server) for server in (house.first, house.second)]
            assert all(now > then for now, then in zip(after, before, strict=True)), "both had to do"
            assert through.ask("GET", "/metrics")[0] == 403
        finally:
            nginx.terminate()


def ingested(server: Server) -> float:
    text = server.ask("GET", "/metrics")[1].decode()
    return float(text.partition('noctule_requests_total{area="ingest",method="POST",status="200"} ')[2].split("\n")[0])


def a_rotated_key_is_refused_by_both(house: House, chatbot_id: str, key: str) -> None:
    assert capture(house.second, key, "before") == 200
    answer = house.first.ask("POST", f"/api/v1/chatbots/{chatbot_id}/rotate-key")[1]
    assert capture(house.second, key, "after") == 401
    assert capture(house.second, answer["apiKey"], "after") == 200
