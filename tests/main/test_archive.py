"""What pg_dump and pg_restore are told, and what others on the machine can read of it."""

import pytest

from noctule.main.archive import without_password


@pytest.mark.parametrize(
    ("url", "shown", "password"),
    [
        ("postgresql://me:a%2Fb@db:5432/bots", "postgresql://me@db:5432/bots", "a/b"),
        ("postgresql://db/bots?user=me&password=a%2Fb+c", "postgresql://db/bots?user=me", "a/b c"),
        ("postgresql://db/bots?pass%77ord=x&sslmode=require", "postgresql://db/bots?sslmode=require", "x"),
        ("postgresql://me:one@db/bots?password=two", "postgresql://me@db/bots", "one"),
        ("postgresql:///bots?host=/run/pg&password=x", "postgresql:///bots?host=/run/pg", "x"),
        ("postgresql://noctule@/bots?host=/run/pg", "postgresql://noctule@/bots?host=/run/pg", ""),
    ],
)
def test_a_password_is_no_argument(url: str, shown: str, password: str) -> None:
    assert without_password(url) == (shown, password)
