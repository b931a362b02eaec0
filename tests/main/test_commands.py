"""The commands that end by themselves."""

import asyncio
from pathlib import Path

import pytest

from noctule import accounts
from noctule.base.db import connect
from noctule.base.settings import Settings
from noctule.main import cli
from tests.conftest import running, services_on


@pytest.mark.parametrize(
    "command",
    [
        "serve",
        "demo",
        "worker",
        "migrate",
        "doctor",
        "backup",
        "restore",
        "export",
        "import",
        "reset-password",
        "check-config",
    ],
)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    assert ended.value.code == 0
    assert "--data-dir" in capsys.readouterr().out


def test_a_bad_setting_ends_with_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("NOCTULE_PROT", "80")
    assert cli.main(["check-config"]) == 2
    assert capsys.readouterr().err.startswith("noctule: NOCTULE_PROT is not a setting; did you mean NOCTULE_PORT?")


@pytest.mark.parametrize(
    "flag", [["--port", "99999"], ["--port=-1"], ["--workers", "many"], ["--database-url", "mysql://a/b"]]
)
@pytest.mark.parametrize("command", ["serve", "check-config"])
def test_a_bad_flag_ends_with_one_line(command: str, flag: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([command, *flag]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"noctule: {flag[0].partition('=')[0]} must ")
    assert said.count("\n") == 1


def test_values_are_shown_as_they_are_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"RATE_LIMIT": "10/hour", "TRUSTED_PROXIES": "10.0.0.1, 10.0.0.2", "OPEN_SIGNUP": "yes"}.items():
        monkeypatch.setenv(f"NOCTULE_{name}", value)
    assert cli.main(["check-config"]) == 0
    shown = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines() if " " in line)
    assert (shown["rate_limit"], shown["trusted_proxies"], shown["open_signup"]) == (
        "10/hour",
        "10.0.0.1,10.0.0.2",
        "true",
    )
    assert "base_url" not in shown  # its line ends with its name


def test_a_worker_needs_a_database(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["worker"]) == 2
    assert "NOCTULE_DATABASE_URL" in capsys.readouterr().err


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("NOCTULE_SECRET_KEY", "xxxx of nobody else on this wide earth")
    assert cli.main(["check-config", "--port", "9000"]) == 0
    shown = capsys.readouterr().out
    assert "xxxx" not in shown
    assert "9000" in shown


def test_a_wrong_mail_server_ends_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NOCTULE_SMTP_URL", "smtp://me:hunter2@mail.example.com/inbox")
    assert cli.main(["check-config"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("noctule: NOCTULE_SMTP_URL must look like smtps://")
    assert "hunter2" not in said


def test_the_address_in_mails_is_never_guessed_from_a_request() -> None:
    assert Settings(base_url="https://a.example/").address == "https://a.example"
    assert Settings(host="::1", port=9000).address == "http://[::1]:9000"


def test_an_operator_prints_a_link_for_a_new_password(own_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    async def make_account() -> None:
        async with connect(own_url) as database, running(services_on(database)) as world:
            await world.sign_up()

    async def use(token: str) -> None:
        async with connect(own_url) as database:
            await accounts.reset_password(database, token, "a new password")

    asyncio.run(make_account())
    assert cli.main(["reset-password", "--database-url", own_url, "Ines@example.com"]) == 0
    told = capsys.readouterr()
    address, _, token = told.out.strip().partition("?token=")
    assert address == "http://127.0.0.1:8000/reset"
    assert "say --port if yours has another one" in told.err
    asyncio.run(use(token))
    assert cli.main(["reset-password", "--database-url", own_url, "--port", "9000", "ines@example.com"]) == 0
    assert capsys.readouterr().out.startswith("http://127.0.0.1:9000/reset?token=")
    assert cli.main(["reset-password", "--database-url", own_url, "ghost@example.com"]) == 1
    assert "no account with the e-mail ghost@example.com" in capsys.readouterr().err


OF_AN_INSTALLATION = [
    ["backup", "copy"],
    ["export", "--chatbot", "any"],
    ["import", "--chatbot", "any", "any.json"],
    ["reset-password", "any@example.com"],
    ["reanalyse"],
    ["rebuild-rollups"],
    ["doctor"],
]


@pytest.mark.parametrize("command", OF_AN_INSTALLATION, ids=lambda one: one[0])
def test_where_there_is_no_installation_none_is_made(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong working directory in cron must not end in backups of nothing."""
    monkeypatch.chdir(tmp_path)
    assert cli.main(command) == 1
    assert cli.main([*command, "--data-dir", "typo"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        f"noctule: there is no installation in {tmp_path / name}; --data-dir names its folder"
        for name in (".noctule", "typo")
    ]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", OF_AN_INSTALLATION, ids=lambda one: one[0])
def test_an_empty_database_is_no_installation(
    command: list[str],
    empty_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main([*command, "--database-url", empty_url]) == 1
    said = capsys.readouterr().err
    assert said.startswith("noctule: there is no installation in the database of NOCTULE_DATABASE_URL, host ")
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", OF_AN_INSTALLATION[:-1], ids=lambda one: one[0])
def test_a_database_out_of_reach_is_one_line(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*command, "--database-url", "postgresql://me:a-secret-word@127.0.0.1:1/none"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("noctule: the database of NOCTULE_DATABASE_URL, host 127.0.0.1 port 1, is out of reach: ")
    assert (said.count("\n"), "a-secret-word" in said) == (1, False)
