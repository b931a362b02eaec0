"""Precision and recall on labelled examples of flags, of asking for a person, and of the behaviours; and how often each is found
in real dialogues, which carry few flags.

    python -m bench.labelled [--sets DIR]

The examples stand in `tests/analysis/labelled`, in parts, each by another hand: nothing was learnt from them and nothing chosen by
them; `plain` are short and say it outright. Keep it so: what is missing belongs into `training/own`. Of the dialogues every other one is counted: from the others the nets have heard.
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from noctule.analysis.learnt import FLAGS
from noctule.analysis.pipeline import Asked, Work, judge
from noctule.conversations import ConversationId, Message, MessageId, Role

SETS = Path(__file__).parent.parent.parent / "shared" / "eval" / "dev"
FOLDER = Path(__file__).parent.parent / "tests" / "analysis" / "labelled"
PARTS = ("plain", "fresh", "unseen")
_NOT_TOLD = {"fresh": {"frustrated_user", "confused_user"}}  # labels that nobody gave there
_NOW = datetime(2025, 3, 15, tzinfo=UTC)


class Measured(NamedTuple):
    precision: float
    recall: float
    positive: int  # examples that carry the label
    examples: int

    @property
    def both(self) -> float:
        """F1."""
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)


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
    names = [name for name in FLAGS if name not in _NOT_TOLD.get(part, ())]
    return {name: _measured([(name in truth, name in found) for truth, found in said]) for name in names}


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
    columns = {part: found for part in PARTS if (found := measure(part))}
    print(f"{kind:<20}" + "".join(f"{part + ': precision, recall':>32}" for part in columns))
    for name in columns[PARTS[-1]]:
        cells = [
            f"{one.precision:.2f}, {one.recall:.2f} of {one.positive:>3}" if one else ""
            for one in (column.get(name) for column in columns.values())
        ]
        print(f"{name:<20}" + "".join(f"{cell:>32}" for cell in cells))
    means = [sum(one.both for one in column.values()) / len(column) for column in columns.values()]
    print(f"{'mean F1':<20}" + "".join(f"{mean:>32.2f}" for mean in means))


def dialogues(sets: Path) -> Iterator[list[tuple[Role, str]]]:
    for name in ("star_dev", "multidogo_dev"):
        with gzip.open(sets / f"{name}.jsonl.gz", "rt") as lines:
            for line in list(lines)[::2]:
                yield [(one["role"], one["text"]) for one in json.loads(line)["messages"] if one["text"].strip()]


def alarms(sets: Path) -> None:
    said = [text for turns in dialogues(sets) for role, text in turns if role == "user"]
    _tell_shares("messages", len(said), Counter(name for text in said for name in flags_in(text)))


def manners(sets: Path) -> None:
    works = [judged(*turns) for turns in dialogues(sets)]
    found = Counter(one.behavior.value for work in works for one in work.answers.values() if one.behavior)
    _tell_shares("answers", found.total(), found)


def _tell_shares(what: str, of: int, found: Counter[str]) -> None:
    print(f"of {of:,} {what} of real dialogues")
    for name, count in found.most_common():
        print(f"  {name:<20}{100 * count / of:>7.2f} %")


def tell(sets: Path) -> None:
    for kind in ("flags", "behaviors"):
        table(kind)
    if sets.exists():
        alarms(sets)
        manners(sets)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, default=SETS, help="folder of the dialogue sets")
    given = parser.parse_args()
    tell(given.sets)


if __name__ == "__main__":
    main()
