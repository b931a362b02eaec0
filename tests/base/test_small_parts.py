"""Ids, text, settings, secrets, language: small parts with sharp edges."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from noctule.base.clock import iso
from noctule.base.crypto import installation_secret, sign, signed_claims
from noctule.base.ids import new_id, parse_id
from noctule.base.language import detect
from noctule.base.reach import place_of
from noctule.base.settings import BadSetting, Rate, Settings, read_settings
from noctule.base.text import is_email, storable, unstorable_in


def test_ids_grow_and_are_version_7() -> None:
    with ThreadPoolExecutor(4) as pool:
        together = [one for many in pool.map(lambda _: [new_id() for _ in range(2000)], range(4)) for one in many]
    assert len(set(together)) == 8000
    ids = [new_id() for _ in range(5000)]
    assert ids == sorted(ids)
    assert {one.version for one in ids} == {7}
    assert {one.variant for one in ids} == {"specified in RFC 4122"}
    age = datetime.now(UTC) - datetime.fromtimestamp((ids[-1].int >> 80) / 1000, UTC)
    assert abs(age) < timedelta(seconds=10)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "{00000000-0000-7000-8000-000000000000}",
        "0" * 32,
        "\0",
        "urn:uuid:00000000-0000-7000-8000-000000000000",
        "é" * 36,
    ],
)
def test_only_the_canonical_form_is_an_id(text: str) -> None:
    assert parse_id(text) is None
    one = new_id()
    assert parse_id(str(one)) == parse_id(str(one).upper()) == one


def test_times_on_the_wire_are_utc() -> None:
    assert iso(datetime(2025, 3, 15, 14, 30, tzinfo=UTC)) == "2025-03-15T14:30:00Z"
    assert iso(datetime(2025, 3, 15, 14, 30, 0, 120000, timezone(timedelta(hours=2)))) == "2025-03-15T12:30:00.120Z"


@pytest.mark.parametrize("good", ["jane@example.com", "j@localhost", "jané@bücher.example", "a.b+c@x.test"])
def test_addresses(good: str) -> None:
    assert is_email(good)


@pytest.mark.parametrize(
    "bad", ["", "jane", "jane@", "@x", "a b@x.y", "a@b@c", "a@x\n", "a\0@x.y", "a" * 250 + "@x.example"]
)
def test_no_addresses(bad: str) -> None:
    assert not is_email(bad)


@given(some.text(some.characters(), max_size=50))
def test_what_is_storable_can_be_encoded_and_holds_no_nul(text: str) -> None:
    if storable(text) is None:
        assert b"\0" not in text.encode()
    else:
        assert "\0" in text or any("\ud800" <= character <= "\udfff" for character in text)


def test_the_path_of_what_cannot_be_stored() -> None:
    assert unstorable_in({"a": [1, {"b": "x\0"}]}, "") == ("a[1].b", "must not contain the character NUL")
    assert unstorable_in({"a": float("nan")}, "s") == ("s.a", "must be a finite number")
    assert unstorable_in({"\0": 1}, "s") == ("s", "a key must not contain the character NUL")
    assert unstorable_in({"a": [None, True, 1.5, "é"]}, "s") is None


def test_settings_are_read_from_the_environment() -> None:
    settings = read_settings(
        {
            "NOCTULE_PORT": "9000",
            "NOCTULE_OPEN_SIGNUP": "Yes",
            "NOCTULE_RATE_LIMIT": "10/second",
            "NOCTULE_TRUSTED_PROXIES": "10.0.0.1, 10.0.0.2",
            "PATH": "/bin",
        }
    )
    assert (settings.port, settings.open_signup, settings.rate_limit) == (9000, True, Rate(10, 1))
    assert settings.trusted_proxies == ("10.0.0.1", "10.0.0.2")
    assert settings.with_flags({"port": "1", "host": None}).port == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "x"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("OPEN_SIGNUP", "maybe"),
        ("RATE_LIMIT", "fast"),
        ("RATE_LIMIT", "0/minute"),
        ("PROT", "80"),
        ("PORT", "٣"),
        ("WORKERS", "-1"),
        ("WORKERS", "257"),
        ("HOST", ""),
        ("DATA_DIR", ""),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "mysql://a:hunter2@b"),
        ("DATABASE_URL", "postgresql://a:hunter2@b:99999/c"),
        ("DATABASE_URL", "postgresql://a:hunter2#x@b/c"),
        ("DATABASE_URL", "postgresql://a:hunter2[@b/c"),
    ],
)
def test_a_bad_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"NOCTULE_{name}") as caught:
        read_settings({f"NOCTULE_{name}": value})
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"), [("port", "99999"), ("port", "x"), ("workers", "-1"), ("database_url", "x"), ("host", "")]
)
def test_a_flag_is_read_as_the_environment_is(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"--{name.replace('_', '-')}"):
        Settings().with_flags({name: value})


@pytest.mark.parametrize(
    "url",
    ["", "postgresql://localhost/n", "postgres://u:p%40@db.example:5433/n?sslmode=require", "postgresql://u@/n?host=/tmp/x",
     "postgresql://u@[::1]:5432/n", "postgresql://a:1,b:2/n", "postgresql:///n"],
)  # fmt: skip
def test_addresses_of_databases(url: str) -> None:
    assert read_settings({"NOCTULE_DATABASE_URL": url}).database_url == url


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("postgresql://u:p%40@db.example:5433/n", "host db.example port 5433"),
        ("postgresql://u@/n?host=/tmp/x", "host /tmp/x port 5432"),
        ("postgresql://[::1]/n", "host [::1] port 5432"),
        ("postgresql://a:1,b/n?port=2", "host a port 1 or host b port 2"),
        ("postgresql:///n", "host localhost port 5432"),
    ],
)
def test_a_place_is_named_without_whom(url: str, place: str) -> None:
    assert place_of(url) == place


def test_a_misspelt_setting_is_guessed() -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings({"NOCTULE_PROT": "80"})
    assert str(caught.value).startswith(
        "NOCTULE_PROT is not a setting; did you mean NOCTULE_PORT? Known: NOCTULE_ALLOW_PRIVATE_HOSTS, "
    )


def test_the_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: installation_secret(folder), range(16)))
    assert len(secrets) == 1
    assert len(secrets.pop()) == 64
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret_key"]


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\xff", "eyJhbGciOiJub25lIn0.eyJzaWQiOiJ4In0."])
def test_only_our_own_tokens_say_anything(token: str) -> None:
    assert signed_claims(token, "s" * 32) is None
    ours = sign({"sid": "1"}, "s" * 32)
    assert signed_claims(ours, "s" * 32) == {"sid": "1"}
    assert signed_claims(ours, "t" * 32) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("How do I cancel my subscription?", "en"),
        ("Wie kann ich mein Abonnement kündigen?", "de"),
        ("¿Cómo puedo cancelar mi suscripción?", "es"),
        ("サブスクリプションを解約するにはどうすればいいですか", "ja"),
        ("Aboneliğimi nasıl iptal edebilirim?", "tr"),
        ("", None),
        ("12345 !!! 👍", None),
        ("How do I reset my password?", "en"),
        ("How do I export data?", "en"),
        ("Comment je peux changer mon mot de passe ?", "fr"),
        ("hi", "en"),
        ("hola", "es"),
        ("asdf", None),
    ],
)
def test_languages(text: str, code: str | None) -> None:
    found = detect(text)
    assert (found.code if found else None) == code
    assert found is None or 0 < found.confidence <= 1


def test_ids_are_plain_uuids() -> None:
    assert isinstance(new_id(), UUID)
