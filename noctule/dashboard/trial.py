"""What other settings would change, in words: of the conversations they were tried on, those that would be judged differently."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from noctule.analysis import Tried
from noctule.chatbots import Chatbot

_LABELS = {"unresolved_probability": "Unresolved", "flags": "Flags", "behavior": "Behavior"}


@dataclass(frozen=True)
class TriedRow:
    href: str
    title: str
    changes: list[tuple[str, str, str]]  # what, before, after


@dataclass(frozen=True)
class Trial:
    tried: int
    rows: list[TriedRow]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """What would differ, and in how many conversations."""
        return Counter(name for row in self.rows for name, _, _ in row.changes).most_common()


def trial_of(chatbot: Chatbot, tried: list[Tried]) -> Trial:
    rows = [
        TriedRow(f"/b/{chatbot.id}/conversations/{one.id}", one.title or one.external_id, _changes(one))
        for one in tried
        if one.changed
    ]
    return Trial(len(tried), rows)


def _changes(one: Tried) -> list[tuple[str, str, str]]:
    names = [name for name in one.changed if name != "sentiment_label"]
    return [(_LABELS.get(name, name.capitalize()), _said(name, one.before), _said(name, one.after)) for name in names]


def _said(name: str, told: dict[str, Any]) -> str:
    value = told[name]
    if value is None:
        return "not judged"
    if name == "sentiment":
        return f"{told['sentiment_label']} {value:+.2f}".replace("-", "−")
    if name == "behavior":
        counted = Counter[str](value)
        return ", ".join(f"{_plain(one)} {many}" for one, many in counted.items()) or "none"
    if name == "flags":
        return ", ".join(map(_plain, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.0%}" if isinstance(value, float) else _plain(value)


def _plain(word: str) -> str:
    return word.replace("_", " ")
