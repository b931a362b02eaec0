"""What the learnt nets say: floors on labelled examples, chances of any text, and the clause that carries a flag."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from bench import labelled
from bench.labelled import judged
from noctule.analysis import learnt
from training.sets import own

# What F1 may not fall below, on examples that nothing was learnt from; what is reached stands in docs/analysis-quality.md.
FLAGS, PLAIN, BEHAVIORS = 0.65, 0.85, 0.85


def test_flags_of_words_that_were_never_seen() -> None:
    found = labelled.measure_flags("unseen")
    assert len(found) == 7
    assert sum(one.both for one in found.values()) / len(found) >= FLAGS
    for name, one in found.items():
        assert one.precision >= 0.6, (name, one)
        assert one.recall >= 0.35, (name, one)


def test_what_is_said_outright_is_heard() -> None:
    found = labelled.measure_flags("plain")
    assert sum(one.both for one in found.values()) / len(found) >= PLAIN
    assert min(one.both for one in found.values()) >= 0.75


def test_behaviors_of_answers_that_were_never_seen() -> None:
    found = labelled.measure_behaviors("unseen")
    assert len(found) == 9
    assert sum(one.both for one in found.values()) / len(found) >= BEHAVIORS
    assert min(one.both for one in found.values()) >= 0.7


def test_nothing_is_learnt_from_what_is_measured() -> None:
    for kind in ("flags", "behaviors"):
        learnt = {_said(one) for one in own(kind)}
        measured = [_said(one) for part in labelled.PARTS for one in labelled.examples(kind, part)]
        assert not learnt & set(measured)


def _said(one: dict[str, Any]) -> tuple[str, str]:
    return (one.get("text") or one["user"]).strip().lower(), one.get("assistant", "").strip().lower()


some_text = some.one_of(
    some.text(max_size=300),
    some.sampled_from(["", "cancel my plan " * 9000, "👩‍👩‍👧" * 50, "```\nx\n```", "\x00\n\n;;", "\t" * 100, "ÄÖ ß İ"]),
)


@given(some_text)
def test_whatever_is_said_has_chances_and_a_clause_that_carries_a_flag(text: str) -> None:
    chances = learnt.model().chances(text)
    assert set(chances) == set(learnt.FLAGS)
    assert all(0 <= chance <= 1 for chance in chances.values())
    assert learnt.model().carrier(text, "churn_risk") in text


def test_a_flag_names_the_clause_that_carries_it() -> None:
    said = (
        "Hi there, the lamps came on Monday and are fine. We won't renew our plan next year, it isn't worth the money."
    )
    (flag,) = judged(("user", said)).flags
    assert (flag.name, flag.reason) == ("churn_risk", "Says “We won't renew our plan next year”.")
    assert 0.8 <= flag.confidence <= 1


def test_of_a_long_clause_those_words_are_told_that_carry_the_flag() -> None:
    said = "good morning hope you are well today i was wondering about your shop please tell me what the team plan would cost us per year"
    (flag,) = judged(("user", said)).flags
    assert flag.name == "buying_signal"
    assert "team plan would cost" in flag.reason
    assert len(flag.reason) < 80
