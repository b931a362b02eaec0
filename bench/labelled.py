"""Precision and recall on our own labelled examples of flags, of asking for a person, and of the behaviours.

    python -m bench.labelled

The examples stand in `tests/analysis/labelled`, in four parts: the `first`, on which rules were widened; later ones, of which a
half was `looked at` when rules were mended and a half was to be held out, but has been seen since (a fifth of the rules matches
nothing else); and `fresh` ones by another hand, by which no rule has been made. Only these say what unseen words will give.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from noctule.analysis.pipeline import Asked, Work, judge
from noctule.conversations import ConversationId, Message, MessageId, Role

FOLDER = Path(__file__).parent.parent / "tests" / "analysis" / "labelled"
FLAGS = ("churn_risk", "buying_signal", "competitor_mention", "urgent_request", "escalation")
PARTS = ("first", "looked at", "held out")
FRESH = "fresh"  # never mend a rule by these: write others instead
_NOW = datetime(2025, 3, 15, tzinfo=UTC)


class Measured(NamedTuple):
    precision: float
    recall: float
    positive: int  # examples that carry the label
    examples: int


def examples(name: str, part: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text().splitlines()]
    return [one for one in found if one["part"] == part]


def judged(*turns: tuple[Role, str], asked: Asked | None = None) -> Work:
    messages = [
        Message(ConversationId(UUID(int=1)), MessageId(UUID(int=at + 1)), at, role, text, None, None, _NOW, None)
        for at, (role, text) in enumerate(turns)
    ]
    return judge(Work(messages, asked or Asked()))


def flags_in(text: str) -> Iterator[str]:
    work = judged(("user", text), ("assistant", "One moment."))
    yield from (flag.name for flag in work.flags)
    if work.ending and work.ending.escalated:
        yield "escalation"


def behavior_in(one: dict[str, Any]) -> str:
    work = judged(("user", "Hello, I have a question."), ("user", one["user"]), ("assistant", one["assistant"]))
    (answer,) = work.answers.values()
    return answer.behavior.value if answer.behavior else ""


def measure_flags(part: str) -> dict[str, Measured]:
    said = [(set(one["labels"]), set(flags_in(one["text"]))) for one in examples("flags", part)]
    return {name: _measured([(name in truth, name in found) for truth, found in said]) for name in FLAGS}


def measure_behaviors(part: str) -> dict[str, Measured]:
    said = [(one["behavior"], behavior_in(one)) for one in examples("behaviors", part)]
    names = sorted({truth for truth, _ in said})
    return {name: _measured([(truth == name, found == name) for truth, found in said]) for name in names}


def _measured(pairs: list[tuple[bool, bool]]) -> Measured:
    counted = Counter(pairs)
    right, wrong, missed = counted[True, True], counted[False, True], counted[True, False]
    return Measured(right / max(1, right + wrong), right / max(1, right + missed), right + missed, len(pairs))


def table(kind: str) -> None:
    measure = measure_flags if kind == "flags" else measure_behaviors
    columns = {part: measure(part) for part in (*PARTS, FRESH)}
    print(f"{kind:<20}" + "".join(f"{part + ': precision, recall':>32}" for part in columns))
    for name in columns["first"]:
        cells = [
            f"{one.precision:.2f}, {one.recall:.2f} of {one.positive:>3}"
            for one in (column.get(name, Measured(0, 0, 0, 0)) for column in columns.values())
        ]
        print(f"{name:<20}" + "".join(f"{cell:>32}" for cell in cells))


def main() -> None:
    for kind in ("flags", "behaviors"):
        table(kind)


if __name__ == "__main__":
    main()
