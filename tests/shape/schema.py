"""The tables as the migration files describe them, read as text: columns, keys, and who refers to whom."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.shape.source import sources

_CREATE = re.compile(r"create\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?(\w+)\s*\((.*)\)", re.DOTALL)
_ALTER = re.compile(r"alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?(\w+)\s+(.*)", re.DOTALL)
_INDEX = re.compile(r"create\s+unique\s+index\s+.*?\bon\s+(?:only\s+)?(\w+)\s*(?:using\s+\w+\s*)?\((.*?)\)", re.DOTALL)
_REFERENCE = re.compile(r"references\s+(\w+)\s*(?:\(([^)]*)\))?")
_CONSTRAINTS = {"primary", "unique", "foreign", "constraint", "check", "exclude"}
TENANT = "chatbot_id"


@dataclass
class Table:
    name: str
    columns: set[str] = field(default_factory=set[str])
    primary_key: list[str] | None = None
    unique: list[list[str]] = field(default_factory=list[list[str]])
    references: list[tuple[list[str], str, list[str]]] = field(default_factory=list[tuple[list[str], str, list[str]]])


def tables_in(sql: str, known: dict[str, Table] | None = None) -> dict[str, Table]:
    """Those that a text creates or changes; a changed one starts with what is `known` of its columns."""
    found: dict[str, Table] = {}
    for statement in statements_in(sql):
        if match := _CREATE.match(statement):
            table, items = found.setdefault(match[1], Table(match[1])), _split(match[2])
        elif match := _ALTER.match(statement):
            columns = set(known[match[1]].columns) if known and match[1] in known else set[str]()
            table = found.setdefault(match[1], Table(match[1], columns, primary_key=[TENANT]))
            added = [re.sub(r"^add\s+(column\s+)?(if\s+not\s+exists\s+)?", "", one) for one in _split(match[2])]
            items = [new for new, old in zip(added, _split(match[2]), strict=True) if new != old]
        elif match := _INDEX.match(statement):
            columns = set(known[match[1]].columns) if known and match[1] in known else set[str]()
            table, items = found.setdefault(match[1], Table(match[1], columns, primary_key=[TENANT])), []
            table.unique.append(_words(match[2]))
        else:
            continue
        for item in items:
            _add(table, item)
    return found


def statements_in(sql: str) -> list[str]:
    plain = re.sub(r"--[^\n]*", "", sql.lower())
    plain = re.sub(r"'(?:[^']|'')*'", "''", plain)
    return [statement.strip() for statement in plain.split(";") if statement.strip()]


def _add(table: Table, item: str) -> None:
    item = re.sub(r"^constraint\s+\w+\s+", "", item)
    first = item.split()[0].split("(")[0]
    own = _words(item[item.index("(") + 1 : item.index(")")]) if first in _CONSTRAINTS and "(" in item else [first]
    if first not in _CONSTRAINTS:
        table.columns.add(first)
    if re.search(r"\bprimary\s+key\b", item):
        table.primary_key = own
    if re.search(r"\bunique\b", item):
        table.unique.append(own)
    if match := _REFERENCE.search(item):
        table.references.append((own, match[1], _words(match[2] or "")))


def _split(body: str) -> list[str]:
    """At the commas that stand outside parentheses."""
    return [part.strip() for part in _parts(body) if part.strip()]


def _parts(body: str) -> Iterator[str]:
    depth, start = 0, 0
    for place, character in enumerate(body):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            yield body[start:place]
            start = place + 1
    yield body[start:]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def project_tables() -> dict[str, Table]:
    """All tables, with the columns that later files add."""
    tables: dict[str, Table] = {}
    for source in sources(["noctule/migrations/[0-9]*.sql"]):
        for name, table in tables_in(source.text, tables).items():
            if name in tables:
                tables[name].columns |= table.columns
            else:
                tables[name] = table
    return tables
