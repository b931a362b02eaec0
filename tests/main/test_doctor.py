"""`noctule doctor`: what it says of nothing, of what came in, of pages that are empty, and of what is wrong."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from bench.server import Server
from noctule import analysis
from noctule.base.clock import utc_now
from noctule.base.db import connect
from noctule.main import cli
from tests.conftest import Bot, Person, running, said, services_on

LONG_AGO = (utc_now() - timedelta(days=40)).isoformat()
GERMAN = "Meine Bestellung ist immer noch nicht angekommen, wo bleibt sie denn?"
FRENCH = "Ma commande n'est toujours pas arrivée, je voudrais un remboursement."
ENGLISH = "My order has not arrived, and I would like my money back."


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "data"
    folder.mkdir()
    with Server(data_dir=folder, workers=0) as server:
        yield server


def doctor(server: Server) -> list[str]:
    command = [sys.executable, "-m", "noctule", "doctor", "--data-dir", str(server.data_dir)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert done.returncode == any(line.startswith("look") for line in lines)
    return lines


def test_it_says_why_pages_are_empty_and_what_came_in(server: Server) -> None:
    assert any("there is no chatbot yet" in line for line in doctor(server))
    chatbot_id, key = server.new_chatbot("Helper")
    assert f"look  Helper ({chatbot_id}): nothing was ever stored" in "\n".join(doctor(server))
    body = {"conversationId": "a", "messages": [{"role": "user", "content": "Where is it?", "id": "1"}]}
    for _ in range(2):
        assert server.ask("POST", "/api/v1/capture", body, key)[0] == 200
    until = time.monotonic() + 60
    while True:  # until the settling pause is over
        lines = doctor(server)
        if any("1 conversations wait to be judged" in line for line in lines):
            break
        assert time.monotonic() < until, lines
    assert any("2 accepted = 1 stored = 0 judged (1 repeated, 1 waiting)" in line for line in lines)
    assert any(line.startswith("ok    the database is of this version") for line in lines)


def test_an_older_database_is_told(own_url: str) -> None:
    async def age() -> None:
        connection = await asyncpg.connect(own_url)
        await connection.execute("delete from schema_migrations where name > '0030'")
        await connection.close()

    asyncio.run(age())
    command = [sys.executable, "-m", "noctule", "doctor", "--database-url", own_url]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    assert "migrations wait" in done.stdout


def test_a_newer_database_is_told(own_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    async def bring_to_a_newer_version() -> None:
        connection = await asyncpg.connect(own_url)
        await connection.execute("insert into schema_migrations (name, sha256) values ('9999_later.sql', 'x')")
        await connection.close()

    asyncio.run(bring_to_a_newer_version())
    code, lines = told(own_url, capsys)
    assert code == 1
    assert lines[0] == "look  the database was brought to a newer version of Noctule (9999_later.sql); use that one"


@pytest.mark.parametrize("command", ["doctor", "reanalyse", "rebuild-rollups"])
def test_a_database_out_of_reach_is_told_in_one_line(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([command, "--database-url", "postgresql://127.0.0.1:1/nowhere"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("noctule: the database of NOCTULE_DATABASE_URL, host 127.0.0.1 port 1, is out of reach: ")
    assert said.count("\n") == 1


def told(url: str, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, list[str]]:
    """Without what is said of the machine; the code is that of the command."""
    code = cli.main(["doctor", "--database-url", url, "--data-dir", "nowhere", *more])
    lines = capsys.readouterr().out.splitlines()
    assert code == any(line.startswith("look") for line in lines)
    return code, lines


def under(name: str, lines: list[str]) -> list[str]:
    """The lines about a chatbot."""
    first = next(number for number, line in enumerate(lines) if line[6:].startswith(f"{name} ("))
    rest = lines[first + 1 :]
    last = next((number for number, line in enumerate(rest) if not line[6:].startswith(" ")), len(rest))
    return [lines[first], *rest[:last]]


async def fill(url: str) -> None:
    """Chatbots named by why their pages are empty, and one that is well."""
    async with connect(url) as database, running(services_on(database)) as world:
        owner = await world.sign_up()
        switched_off = await owner.new_chatbot("Off")
        off = {"settings": {"userAnalysisEnabled": False, "assistantAnalysisEnabled": False}}
        assert (await owner.client.patch(f"/api/v1/chatbots/{switched_off.id}", json=off)).status_code == 200
        await hears(switched_off, ENGLISH)
        await hears(await owner.new_chatbot("Foreign"), GERMAN, GERMAN.replace("Bestellung", "Lieferung"), FRENCH)
        await hears(await owner.new_chatbot("Well"), ENGLISH, GERMAN)
        assert (await (await owner.new_chatbot("Old")).capture("a", said(ENGLISH, sentAt=LONG_AGO))).is_success
        await archived(owner, "Put away", ENGLISH)
        await archived(owner, "Never used")
    async with connect(url, clock=lambda: utc_now() + timedelta(minutes=1)) as database:  # the settling pause is over
        while await analysis.judge_due(database):
            pass


async def hears(bot: Bot, *texts: str) -> None:
    for number, text in enumerate(texts):
        assert (await bot.capture(f"conv-{number}", said(text))).is_success


async def archived(owner: Person, name: str, *texts: str) -> None:
    bot = await owner.new_chatbot(name)
    await hears(bot, *texts)
    assert (await owner.client.post(f"/api/v1/chatbots/{bot.id}/archive")).is_success


def test_why_pages_of_a_chatbot_are_empty(own_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(fill(own_url))
    code, lines = told(own_url, capsys)
    assert code == 1
    assert "the analysis of both sides is switched off" in "\n".join(under("Off", lines))
    foreign = "\n".join(under("Foreign", lines))
    assert (
        "note      3 of 3 conversations judged in 30 days are in a language that is not judged (German, French)"
        in foreign
    )
    old = "\n".join(under("Old", lines))
    assert "look      all of it began more than 30 days ago, and the overview shows 30 days" in old
    assert under("Put away", lines)[1].startswith("note      archived since ")
    assert under("Never used", lines)[0].startswith("note  Never used (")
    assert all(line.startswith("ok") for line in under("Well", lines))
    assert [line for line in lines if line.startswith("look")] == [under("Old", lines)[1]]


def test_many_chatbots_are_told_in_few_lines(own_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    async def make() -> str:
        async with connect(own_url) as database, running(services_on(database)) as world:
            owner = await world.sign_up()
            well = await owner.new_chatbot("Well")
            await hears(well, ENGLISH)
            for number in range(12):
                await owner.new_chatbot(f"Empty {number}")
            return well.id

    well = asyncio.run(make())
    code, lines = told(own_url, capsys)
    assert code == 1
    assert len([line for line in lines if "nothing was ever stored" in line]) == 10
    assert "look  and 3 more chatbots: `noctule doctor --chatbot ID` tells of one of them" in lines
    assert not any("Well" in line for line in lines)
    code, lines = told(own_url, capsys, "--chatbot", well)
    assert code == 0
    assert "1 conversations" in under("Well", lines)[0]
    assert not any("Empty" in line for line in lines)
    assert cli.main(["doctor", "--database-url", own_url, "--chatbot", "nobody"]) == 1
    assert capsys.readouterr().err == "noctule: There is no chatbot nobody.\n"
