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
    assert capsys.readouterr().err.startswith("noctule: NOCTULE_PROT is not a setting.")


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
