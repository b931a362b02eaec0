"""The commands that end by themselves."""

import pytest

from noctule.base.settings import Settings
from noctule.main import check, cli


@pytest.mark.parametrize("command", ["serve", "demo", "worker", "migrate", "export", "import", "check-config"])
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
    monkeypatch.setenv("NOCTULE_SECRET_KEY", "x" * 40)
    assert cli.main(["check-config", "--port", "9000"]) == 0
    shown = capsys.readouterr().out
    assert "xxxx" not in shown
    assert "9000" in shown


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        (Settings(host="0.0.0.0"), "base_url"),
        (Settings(secret_key="short"), "secret_key"),
        (Settings(host="0.0.0.0", open_signup=True), "open_signup"),
        (Settings(trusted_proxies=("*",)), "trusted_proxies"),
        (Settings(workers=0), "workers"),
    ],
)
def test_unsafe_settings_are_warned_of(settings: Settings, word: str) -> None:
    assert any(word in warning for warning in check.warnings(settings))


def test_the_defaults_are_safe() -> None:
    assert check.warnings(Settings()) == []
