"""Settings are merged, never replaced by accident; custom fields warn in the words that clients know."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from noctule.base.errors import Invalid
from noctule.chatbots import ChatbotId, Ingest, analysis_in, warnings_for
from noctule.chatbots.company import company_in
from noctule.chatbots.fields import drawn
from noctule.chatbots.settings import check_settings, check_size, merge

scalars = some.none() | some.booleans() | some.integers() | some.text(max_size=5)
objects = some.recursive(
    scalars | some.lists(scalars, max_size=3),
    lambda inner: some.dictionaries(some.sampled_from("abc"), inner, max_size=3),
)
settings = some.dictionaries(some.sampled_from("abc"), objects, max_size=3)


@given(settings)
def test_merging_nothing_or_the_same_changes_nothing(one: dict[str, Any]) -> None:
    assert merge(one, {}) == one
    assert merge({}, one) == one
    assert merge(one, one) == one


@given(settings, settings)
def test_the_new_wins_and_the_rest_stays(old: dict[str, Any], new: dict[str, Any]) -> None:
    before = repr(old)
    merged = merge(old, new)
    assert repr(old) == before, "the old one is left alone"
    assert merge(merged, new) == merged
    assert set(merged) == set(old) | set(new)
    for key, value in new.items():
        if not (isinstance(value, dict) and isinstance(old.get(key), dict)):
            assert merged[key] == value
    for key in set(old) - set(new):
        assert merged[key] == old[key]


def test_the_limit_is_64_kilobytes_of_json() -> None:
    check_size({"a": "x" * (64 * 1024 - 8)})
    with pytest.raises(Invalid, match="64 KB"):
        check_size({"a": "x" * (64 * 1024 - 7)})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\0", "\ud800", {"\0": 1}, [["\0"]]])
def test_what_cannot_be_stored_is_named(value: Any) -> None:
    with pytest.raises(Invalid) as caught:
        check_settings({"outer": {"inner": value}})
    assert caught.value.problems[0].field.startswith("settings.outer")


INGEST = Ingest(
    ChatbotId(UUID(int=1)), b"", True, True, archived=False, activated=True, occurrences={}, unseen=[], lifecycle=None, analysis=None,
    fields={"seats": "number", "plan": "string", "trial": "boolean", "denied": None},
)  # fmt: skip


@pytest.mark.parametrize(
    ("custom", "warnings"),
    [
        ({"seats": 3, "plan": "pro", "trial": True}, []),
        ({"seats": 2.5}, []),
        ({"seats": True}, ["Custom field 'seats' expected number, got boolean"]),
        ({"plan": 1}, ["Custom field 'plan' expected string, got number"]),
        ({"trial": "yes"}, ["Custom field 'trial' expected boolean, got string"]),
        ({"trial": None}, ["Custom field 'trial' expected boolean, got null"]),
        ({"denied": 3}, []),
        ({"plan": {"a": 1}}, ["Custom field 'plan' expected string, got object"]),
        ({"it's": 1, "": 2}, ["Custom field 'it's' not in schema", "Custom field '' not in schema"]),
    ],
)
def test_warnings(custom: dict[str, Any], warnings: list[str]) -> None:
    assert warnings_for(custom, INGEST) == warnings


@given(some.integers(0, 2000), some.integers(0, 1999))
def test_a_small_count_is_exact(occurrences: int, so_far: int) -> None:
    assert drawn(occurrences, so_far) == occurrences


def test_a_large_count_is_right_on_average_and_seldom_written() -> None:
    """Counted to 100,000 in batches of 20, several times over."""
    counts: list[int] = []
    writes = 0
    for _ in range(10):
        count = 0
        for _ in range(5000):
            more = drawn(20, count)
            count += more
            writes += more > 0
        counts.append(count)
    assert abs(sum(counts) / len(counts) - 100_000) < 5_000
    assert all(abs(count - 100_000) < 20_000 for count in counts)
    assert writes < 10 * 5000 * 0.7


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (3, "settings.analysis"),
        ({"sentiment": "off"}, "settings.analysis.sentiment"),
        ({"definitions": {"flags": {"Bad Name": {}}}}, "settings.analysis.definitions.flags.Bad Name"),
        ({"definitions": {"flags": {"x": {"words": [""]}}}}, "settings.analysis.definitions.flags.x.words"),
        ({"definitions": {"flags": {f"f{n}": {} for n in range(101)}}}, "settings.analysis.definitions.flags"),
    ],
)
def test_what_is_asked_of_the_analysers_is_checked(asked: Any, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_settings({"analysis": asked})
    assert caught.value.problems[0].field == field


def test_null_asks_for_what_holds_without_it() -> None:
    check_settings({"analysis": None})
    check_settings({"analysis": {"sentiment": None, "definitions": {"flags": {"x": None}}, "notes": "the team's own"}})
    assert analysis_in("nonsense") == analysis_in(None)


@pytest.mark.parametrize(
    ("company", "field"),
    [
        ([], "settings.company"),
        ("Acme", "settings.company"),
        ({"product": 5}, "settings.company.product"),
        ({"industry": "a" * 101}, "settings.company.industry"),
        ({"website": "example.com"}, "settings.company.website"),
        ({"documentation": "https://[half"}, "settings.company.documentation"),
        ({"website": "https://a b"}, "settings.company.website"),
    ],
)
def test_a_company_that_cannot_be(company: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_settings({"company": company})
    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_company_may_leave_out_what_it_likes() -> None:
    check_settings({"company": {"product": None, "website": "http://intranet", "anything": [1]}})
    check_settings({"company": None})
    assert company_in({"product": "A", "website": None, "industry": 5, "more": "x"}) == {"product": "A"}
    assert company_in("Acme") == {}
