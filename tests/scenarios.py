"""The tables in docs/api are both documentation and tests: this reads them and plays a row.

A table counts when its first two columns are `case` and `request`. A row whose case starts with "then" continues
with what the row before it left behind; every other row starts from an empty chatbot. In a body, the string
"{300×a}" is 300 letters, and "{101×message}" as the messages is as many messages. In an answer, "<any>" is anything,
"<uuid>" an id, "<number>" one that every client can hold, "<key>" an ingest key; objects may hold more than is written, lists may not.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from noctule.base.ids import parse_id

DOCS = Path(__file__).parent.parent / "docs" / "api"
_REPEAT = re.compile(r'"\{(\d+)×(.+?)\}"')


@dataclass(frozen=True)
class Row:
    case: str
    request: str  # `POST /api/v1/capture`, perhaps followed by ` as somebody`
    body: str
    status: int
    answer: Any
    after: str

    @property
    def method(self) -> str:
        return self.request.split()[0]

    @property
    def path(self) -> str:
        return self.request.split()[1]

    @property
    def caller(self) -> str:
        return self.request.partition(" as ")[2]


def scenarios(name: str) -> list[tuple[str, list[Row]]]:
    """Rows that belong together, under the case of the first."""
    groups: list[tuple[str, list[Row]]] = []
    for row in _rows((DOCS / name).read_text()):
        if row.case.startswith("then"):
            groups[-1][1].append(row)
        else:
            groups.append((row.case, [row]))
    assert groups, f"{name} holds no table of cases"
    return groups


def _rows(text: str) -> list[Row]:
    rows: list[Row] = []
    inside = False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if cells[:2] == ["case", "request"]:
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not line.startswith("|-"):
            case, request, body, status, answer, after = (cell.strip().strip("`") for cell in cells)
            rows.append(Row(case, request, body, int(status), json.loads(answer) if answer else None, after))
    return rows


def expand(body: str) -> str:
    def repeat(match: re.Match[str]) -> str:
        count, what = int(match[1]), match[2]
        if what == "message":
            return json.dumps([{"role": "user", "content": f"message {n}", "id": f"m{n}"} for n in range(count)])
        if what == "deep":
            return "[" * count + "]" * count
        if what == "tool":
            return json.dumps([{"name": "search"}] * count)
        return json.dumps(what * count, ensure_ascii=False)

    return _REPEAT.sub(repeat, body)


def assert_matches(expected: Any, actual: Any, path: str = "answer") -> None:
    if isinstance(expected, dict):
        assert isinstance(actual, dict), f"{path}: {actual!r} is no object"
        for key, value in expected.items():
            assert key in actual, f"{path}.{key} is missing in {actual!r}"
            assert_matches(value, actual[key], f"{path}.{key}")
    elif isinstance(expected, list):
        assert isinstance(actual, list), f"{path}: {actual!r} is no list"
        assert len(actual) == len(expected), f"{path}: {actual!r}"
        for index, value in enumerate(expected):
            assert_matches(value, actual[index], f"{path}[{index}]")
    elif expected == "<uuid>":
        assert parse_id(actual), f"{path}: {actual!r} is no id"
    elif expected == "<number>":
        assert isinstance(actual, int) and 0 < actual < 2**53, f"{path}: {actual!r} is no number"
    elif expected == "<key>":
        assert re.fullmatch(r"ob_live_[0-9a-f]{32}", actual), f"{path}: {actual!r} is no key"
    elif expected == "<prefix>":
        assert re.fullmatch(r"ob_live_[0-9a-f]{6}\.\.\.", actual), f"{path}: {actual!r} is no prefix"
    elif expected == "<time>":
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z", actual), f"{path}: {actual!r} is no time"
    elif expected != "<any>":
        assert actual == expected, f"{path}: {actual!r} is not {expected!r}"
