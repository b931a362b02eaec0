"""A file of the project as the rules see it, and what a rule is: a look at each file, with its own proof."""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("noctule/**/*.py",)
ALL_PYTHON = ("noctule/**/*.py", "tests/**/*.py", "bench/**/*.py")


@dataclass(frozen=True)
class Source:
    path: str  # from the root of the project, with slashes
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def unit(self) -> str:
        """The package on the floor plan: `accounts` for noctule/accounts/store.py."""
        parts = self.path.split("/")
        return parts[1] if len(parts) > 2 and parts[0] == "noctule" else ""

    @property
    def is_store(self) -> bool:
        return self.path.endswith("/store.py") or "/store/" in self.path


@dataclass(frozen=True)
class Problem:
    name: str  # what an exception would be granted to: a function, a comment
    line: int
    text: str


# One for each thing looked at: None when it is fine. Counting them shows that a rule did look.
Verdicts = Iterator[Problem | None]
Example = tuple[str, str]  # a path and what stands in the file


@dataclass(frozen=True, repr=False)
class Rule:
    name: str
    where: Sequence[str]
    look: Callable[[Source], Verdicts]
    good: Sequence[Example]
    bad: Sequence[Example]
    least: int = 1  # things it must see in the project, so that it never passes by looking at nothing
    allowed: Mapping[str, str] = field(default_factory=dict[str, str])  # "path:name" → the reason

    def __repr__(self) -> str:
        return self.name


def sources(patterns: Sequence[str]) -> list[Source]:
    """What others wrote and we only ship (`vendor`) is not ours to shape."""
    paths = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    names = sorted(path.relative_to(ROOT).as_posix() for path in paths)
    return [Source(name, (ROOT / name).read_text()) for name in names if "/vendor/" not in name]


def python(path: str, *lines: str) -> Example:
    return path, "\n".join(lines) + "\n"
