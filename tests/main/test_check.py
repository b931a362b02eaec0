"""What is unsafe about settings: the table in docs/settings.md, played; and how a process says it at its start."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.server import Server
from noctule.base.settings import BadSetting, read_settings
from noctule.main import check, cli

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "settings.md"
ROWS = re.findall(r"^\| (.+) \| (fine|note|warning|refused) \| (.*)\|$", DOCUMENT.read_text(), re.MULTILINE)


def environment_in(cell: str) -> dict[str, str]:
    return {name: value for name, _, value in (one.partition("=") for one in cell.strip("`").split()) if value}


def verdict_on(environment: dict[str, str]) -> tuple[str, list[str]]:
    try:
        settings = read_settings(environment)
    except BadSetting as error:
        return "refused", [str(error)]
    if warnings := check.warnings(settings):
        return "warning", warnings
    notes = check.notes(settings)
    return ("note" if notes else "fine"), notes


@pytest.mark.parametrize(("settings", "verdict", "words"), ROWS)
def test_what_the_document_says(settings: str, verdict: str, words: str) -> None:
    found, said = verdict_on(environment_in(settings))
    assert found == verdict, said
    assert len(said) == (verdict != "fine")
    assert words.strip() in "".join(said)


def test_the_document_has_every_verdict() -> None:
    assert {verdict for _, verdict, _ in ROWS} == {"fine", "note", "warning", "refused"}


def test_a_note_is_no_warning(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("NOCTULE_DATABASE_URL", "postgresql://localhost/noctule")
    assert cli.main(["check-config", "--workers", "0"]) == 0
    said = [line for line in capsys.readouterr().out.splitlines() if ": " in line]
    assert [line.partition(": ")[0] for line in said] == ["note", "note"]


def test_a_worker_warns_of_what_it_has_a_part_in() -> None:
    settings = read_settings(
        {"NOCTULE_SECRET_KEY": "abc", "NOCTULE_HOST": "0.0.0.0", "NOCTULE_ALLOW_PRIVATE_HOSTS": "yes"}
    )
    assert len(check.warnings(settings)) == 3
    assert [one.partition(" ")[0] for one in check.warnings_of_worker(settings)] == ["allow_private_hosts"]


def test_a_server_says_it_once_at_its_start(tmp_path: Path) -> None:
    settings = {"NOCTULE_SECRET_KEY": "abc", "NOCTULE_ALLOW_PRIVATE_HOSTS": "yes"}
    with Server(data_dir=tmp_path, workers=1, settings=settings) as server:
        server.new_chatbot("Helper")  # signs in, so the secret is used
    log = (tmp_path / "server.log").read_text().splitlines()
    lines = [json.loads(line) for line in log]  # nothing else stands there
    warned = [line["message"] for line in lines if line["level"] == "warning"]
    assert [one.partition(" ")[0] for one in warned] == ["secret_key", "allow_private_hosts"]


def test_a_worker_says_it_as_well(tmp_path: Path) -> None:
    """Before it looks for the database, which is nowhere."""
    command = [sys.executable, "-m", "noctule", "worker", "--database-url", "postgresql://127.0.0.1:1/n"]
    settings = {"NOCTULE_ALLOW_PRIVATE_HOSTS": "yes", "NOCTULE_DATA_DIR": str(tmp_path)}
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False, timeout=60)
    warned, error = done.stderr.splitlines()
    assert json.loads(warned)["message"].startswith("allow_private_hosts ")
    assert "is out of reach" in error


@pytest.mark.parametrize("name", ["NOCTULE_BASE_URL", "NOCTULE_TRUSTED_PROXIES", "noctule_host"])
def test_a_server_refuses_in_one_line(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "noctule", "serve", "--data-dir", str(tmp_path / "data")]
    done = subprocess.run(command, env={name: "foo"}, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert done.stderr.startswith(f"noctule: {name} ")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()
