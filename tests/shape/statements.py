"""The SQL statements in our code: string literals, with the function they stand in, and what they name."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.shape.source import Source

_STATEMENT = re.compile(r"\s*(select|insert|update|delete|with|merge|truncate|create|alter|drop|lock|copy)\s")
_OF_A_TABLE = re.compile(
    r"\s*(select\b.+\bfrom\s|insert\s+into\s|update\s+\w+(\s+(as\s+)?\w+)?\s+set\s|delete\s+from\s|merge\s+into\s"
    r"|with\s+(recursive\s+)?\w+\s*(\([^)]*\)\s*)?as\s*(not\s+)?(materialized\s*)?\("
    r"|truncate\s+\w+|create\s+(unique\s+)?(table|index)\s|alter\s+table\s|drop\s+(table|index)\s|lock\s+table\s)",
    re.DOTALL,
)
_NO_ALIAS = (
    r"(?!(?:join|left|right|full|inner|cross|natural|on|using|where|set|values|select|order|group|limit|for|returning"
    r"|union|having|offset|window|do)\b)"
)
_ONE = rf"[a-z_]\w*(?:\s+(?:as\s+)?{_NO_ALIAS}[a-z_]\w*)?"
_NAMED = re.compile(rf"\b(?:from|join|into|update|using)\s+(?:only\s+)?({_ONE}(?:\s*,\s*{_ONE})*)")


@dataclass(frozen=True)
class Statement:
    function: str
    line: int
    text: str
    whole: bool  # written in one piece, not put together

    def tables(self, known: set[str]) -> list[str]:
        """The known tables it names, each as often as it is named."""
        named = [part.split()[0] for match in _NAMED.finditer(self.text) for part in match[1].split(",")]
        return [name for name in named if name in known]

    def constrains(self, column: str) -> int:
        """How often it compares the column, joins by it or fills it: once per table that it names is right."""
        name = rf"(?:\w+\.)?\b{column}\b"
        compared = re.findall(rf"{name}\s*(?:=|in\b)|=\s*{name}|\({name}\s*,[^()]*\)\s*(?:=|in\b)", self.text)
        joined = re.findall(rf"\busing\s*\([^)]*\b{column}\b", self.text)
        return len(compared) + len(joined) + self._fills(column)

    def is_given(self, column: str) -> bool:
        """Whether the column comes from outside: a parameter, an inserted value, a parameter made into rows."""
        name = rf"\b{column}\b"
        given = re.search(
            rf"{name}\s*=\s*(any\s*\(\s*)?\$\d|{name}\s+in\b|\((\w+\.)?{name}\s*,[^()]*\)\s*in\b", self.text
        )
        return bool(given) or self._fills(column) > 0 or bool(re.search(r"\bunnest\s*\(\s*\$\d", self.text))

    def _fills(self, column: str) -> int:
        return len(re.findall(rf"\binto\s+\w+(?:\s+as\s+\w+)?\s*\([^)]*\b{column}\b", self.text))


def statements(source: Source) -> list[Statement]:
    return list(_visit(source, source.tree, ""))


def _visit(source: Source, node: ast.AST, function: str) -> Iterator[Statement]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        function = node.name
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    text = _text(node)
    if text is not None and _is_sql(text, anything=source.is_store):
        yield Statement(function, getattr(node, "lineno", 1), _plain(text), whole=isinstance(node, ast.Constant))
        return
    for child in ast.iter_child_nodes(node):
        yield from _visit(source, child, function)


def _text(node: ast.AST) -> str | None:
    """What a piece of code says as a string, with `x` for what only running it would tell. None: no string."""
    match node:
        case ast.Constant(value=str(value)):
            return value
        case ast.JoinedStr(values=values):
            return "".join(_text(value) or "x" for value in values)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return f"{_text(left) or 'x'}{_text(right) or 'x'}"
        case ast.BinOp(left=left, op=ast.Mod()):
            return _text(left)
        case ast.Call(func=ast.Attribute(value=value, attr="format" | "join" | "replace")):
            return _text(value)
        case _:
            return None


def _is_sql(text: str, *, anything: bool) -> bool:
    """In a store every statement counts; elsewhere those that speak of a table. Prose begins with a capital."""
    words = _plain(text).split(maxsplit=1)
    if not words or not (words[0].islower() or words[0].isupper()):
        return False
    return bool((_STATEMENT if anything else _OF_A_TABLE).match(_plain(text).lower()))


def _plain(text: str) -> str:
    """Without comments."""
    return re.sub(r"--[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL).strip() + " "
