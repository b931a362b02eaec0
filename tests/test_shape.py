"""The code obeys its own architecture. Each rule is proven on lines that it must accept and lines that it must refuse.

The rules stand in tests/shape/, one file per concern, each beside its examples and its exceptions.
"""

import pytest

from tests.shape import comment_rules, floor_rules, migration_rules, size_rules, sql_rules
from tests.shape.source import Example, Problem, Rule, Source, sources

RULES = [
    *size_rules.RULES,
    *floor_rules.RULES,
    *sql_rules.RULES,
    *migration_rules.RULES,
    *comment_rules.RULES,
]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_project_obeys(rule: Rule) -> None:
    seen, found, used = 0, list[str](), set[str]()
    for source in sources(rule.where):
        for verdict in rule.look(source):
            seen += 1
            key = f"{source.path}:{verdict.name}" if verdict else ""
            if verdict and key in rule.allowed:
                used.add(key)
            elif verdict:
                found.append(f"{source.path}:{verdict.line} {verdict.name}: {verdict.text}")
    assert found == [], "\n".join(["", *found])
    assert seen >= rule.least, f"the rule saw {seen} of at least {rule.least}: does it still look at the right place?"
    assert used == set(rule.allowed), f"exceptions that nothing needs any more: {sorted(set(rule.allowed) - used)}"


def _problems(rule: Rule, example: Example) -> tuple[int, list[Problem]]:
    verdicts = list(rule.look(Source(*example)))
    return len(verdicts), [verdict for verdict in verdicts if verdict]


@pytest.mark.parametrize(
    ("rule", "number"), [(rule, number) for rule in RULES for number in range(len(rule.good))], ids=str
)
def test_a_good_example_is_accepted(rule: Rule, number: int) -> None:
    seen, problems = _problems(rule, rule.good[number])
    assert seen > 0
    assert problems == []


@pytest.mark.parametrize(
    ("rule", "number"), [(rule, number) for rule in RULES for number in range(len(rule.bad))], ids=str
)
def test_a_bad_example_is_refused(rule: Rule, number: int) -> None:
    assert _problems(rule, rule.bad[number])[1] != []


def test_every_rule_has_both_kinds_of_example() -> None:
    assert [rule.name for rule in RULES if not rule.good or not rule.bad] == []


def test_an_exception_has_a_reason() -> None:
    assert [key for rule in RULES for key, reason in rule.allowed.items() if len(reason.split()) < 4] == []


def test_migrations_are_numbered_without_gaps() -> None:
    assert migration_rules.numbers() == list(range(1, len(migration_rules.numbers()) + 1))
