"""/docs: every route of the API for people, from the same description that /openapi.json is. No script, no request out."""

import json
import re
from dataclasses import dataclass
from typing import Any, cast

from fastapi import APIRouter, Request, Response

from noctule.dashboard.rendering import render

router = APIRouter(include_in_schema=False)
_REFUSAL = "#/components/schemas/Error"
_NO_WORDS = "Successful Response"
_NAMED = 6  # fields of an answer, before it is opened
_PLAIN = re.compile(r'"([\w$ ]+)"')
_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Parameter:
    name: str
    rule: str  # `query, integer, required`
    description: str


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    summary: str
    description: str
    parameters: list[Parameter]
    body: str  # its schema as JSON, or nothing
    answers: list[tuple[str, str, str]]  # status, description, schema; a refusal has the schema of all refusals

    @property
    def anchor(self) -> str:
        return f"{self.method}-{self.path}".lower().replace("/", "-").replace("{", "").replace("}", "")


@dataclass(frozen=True)
class ReferencePage:
    title: str
    version: str
    groups: list[tuple[str, list[Operation]]]
    refusal: str  # the schema that every refusal has


@router.get("/docs")
async def reference(request: Request) -> Response:
    described = request.app.openapi()
    groups: dict[str, list[Operation]] = {}
    for path, item in described["paths"].items():
        for method in _METHODS:
            if method in item:
                tag = item[method].get("tags", ["other"])[0]
                groups.setdefault(tag, []).append(
                    _operation(described, method=method.upper(), path=path, item=item[method])
                )
    info = described["info"]
    page = ReferencePage(info["title"], info["version"], list(groups.items()), _shown(described, {"$ref": _REFUSAL}))
    return render(request, "reference.html", page)


def _operation(described: dict[str, Any], *, method: str, path: str, item: dict[str, Any]) -> Operation:
    body = item.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answers = [
        (status, _words_of(described, answer), _schema(described, answer))
        for status, answer in item.get("responses", {}).items()
    ]
    return Operation(
        method, path, item.get("summary", ""), item.get("description", ""),
        # The path itself says that it needs an id; only what is said beyond that stands here.
        [_parameter(one) for one in item.get("parameters", []) if one["in"] != "path" or one.get("description")],
        "" if body is None else _shown(described, body), answers,
    )  # fmt: skip


def _parameter(one: dict[str, Any]) -> Parameter:
    schema = one.get("schema", {})
    kinds = [kind.get("type", "any") for kind in schema.get("anyOf", [schema]) if kind.get("type") != "null"]
    rule = [one["in"], " or ".join(kinds), *(["required"] if one.get("required") else [])]
    return Parameter(one["name"], ", ".join(rule), one.get("description", ""))


def _words_of(described: dict[str, Any], answer: dict[str, Any]) -> str:
    """What comes back; the framework itself only knows that it was a success."""
    words = answer.get("description", "")
    if words != _NO_WORDS:
        return words
    content: dict[str, Any] = answer.get("content", {})
    schema = content.get("application/json", {}).get("schema")
    if not schema:
        return ", ".join(kind for kind in content if kind != "application/json") or "Nothing comes back"
    resolved = _resolved(described, schema, 0)
    listed = resolved.get("type") == "array"
    names = list((resolved.get("items", {}) if listed else resolved).get("properties", {}))
    shown = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
    return f"A list{', of each ' if shown else ''}{shown}" if listed else shown or "JSON"


def _schema(described: dict[str, Any], answer: dict[str, Any]) -> str:
    schema = answer.get("content", {}).get("application/json", {}).get("schema")
    return "" if not schema or schema.get("$ref") == _REFUSAL else _shown(described, schema)


def _shown(described: dict[str, Any], schema: dict[str, Any]) -> str:
    """Names and words without their quotes: it is read by people, and half of the page would be quotes."""
    return _PLAIN.sub(r"\1", json.dumps(_resolved(described, schema, 0), indent=1, ensure_ascii=False))


def _resolved(described: dict[str, Any], part: Any, depth: int) -> Any:
    """References replaced by what they name, without the noise of titles."""
    if isinstance(part, dict):
        named = cast("dict[str, Any]", part)
        if "$ref" in named and depth < 8:
            return _resolved(described, described["components"]["schemas"][named["$ref"].rsplit("/", 1)[1]], depth + 1)
        kept: dict[str, Any] = {key: value for key, value in named.items() if key != "title" or isinstance(value, dict)}
        return _joined({key: _resolved(described, value, depth + 1) for key, value in kept.items()})
    if isinstance(part, list):
        return [_resolved(described, value, depth) for value in cast("list[Any]", part)]
    return part


def _joined(schema: dict[str, Any]) -> dict[str, Any]:
    """Alternatives that are nothing but types, in one line: people read this, programs read openapi.json."""
    either: list[dict[str, Any]] = schema.get("anyOf", [])
    if not either or any(one.keys() != {"type"} for one in either):
        return schema
    return {
        "type": " or ".join(str(one["type"]) for one in either),
        **{k: v for k, v in schema.items() if k != "anyOf"},
    }
