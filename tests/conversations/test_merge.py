"""Resent arrays: growing, windows, repeats. Letters stand for turns; the table says what is appended."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from noctule.conversations.merge import Said, already_stored


def turns(letters: str) -> list[Said]:
    return [("user" if letter.islower() else "assistant", letter) for letter in letters]


@pytest.mark.parametrize(
    ("case", "stored", "incoming", "appended"),
    [
        ("the first request", "", "aB", "aB"),
        ("growing", "aB", "aBcD", "cD"),
        ("growing by one", "aB", "aBc", "c"),
        ("equal", "aBcD", "aBcD", ""),
        ("shorter: an earlier state sent late", "aBcD", "aB", ""),
        ("a run from the middle", "aBcDe", "Bc", ""),
        ("a sliding window", "aBcD", "cDeF", "eF"),
        ("a window that slid by its whole length", "aBcD", "eF", "eF"),
        ("a window of one", "aB", "B", ""),
        ("a lone new turn", "aB", "c", "c"),
        ("an edited middle is a new array", "aBcD", "aXcDe", "aXcDe"),
        ("an edited end", "aBc", "aBx", "aBx"),
        ("an earlier beginning comes late", "cD", "aBcD", "aBcD"),
        ("repeated equal turns grow", "aa", "aaa", "a"),
        ("repeated equal turns stay", "aaa", "aa", ""),
        ("a repeat at the seam", "aBaB", "aBaBaB", "aB"),
        ("a window over repeats", "aBaB", "aBc", "c"),
        ("another role is another turn", "a", "A", "A"),
        ("nothing", "aB", "", ""),
    ],
)
def test_what_is_appended(case: str, stored: str, incoming: str, appended: str) -> None:
    kept = already_stored(turns(stored), turns(incoming))
    assert incoming[kept:] == appended, case


def test_150_turns_sent_after_each_turn_are_stored_once() -> None:
    conversation = [("user" if n % 2 == 0 else "assistant", f"turn {n % 7}") for n in range(150)]
    stored: list[Said] = []
    for length in range(1, 151):
        incoming = conversation[:length]
        stored += incoming[already_stored(stored, incoming) :]
    assert stored == conversation


letters = some.text("ab", max_size=12).map(turns)


@given(letters, letters)
def test_sending_the_same_again_appends_nothing(stored: list[Said], incoming: list[Said]) -> None:
    once = stored + incoming[already_stored(stored, incoming) :]
    assert once[: len(stored)] == stored, "nothing is deleted or moved"
    assert already_stored(once, incoming) == len(incoming)


@given(letters, letters)
def test_it_is_the_longest_overlap_or_a_run(stored: list[Said], incoming: list[Said]) -> None:
    overlap = max(n for n in range(len(incoming) + 1) if n == 0 or stored[-n:] == incoming[:n])
    runs = [stored[start : start + len(incoming)] for start in range(len(stored))]
    expected = len(incoming) if incoming in runs else overlap
    assert already_stored(stored, incoming) == expected


@given(letters, some.integers(0, 12))
def test_a_growing_array_is_stored_as_it_is(whole: list[Said], cut: int) -> None:
    earlier = whole[:cut]
    assert earlier + whole[already_stored(earlier, whole) :] == whole
