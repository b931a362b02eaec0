"""/docs: every route of the API for people, from the same description that /openapi.json is. No script, no request out."""

import json
from dataclasses import dataclass
from typing import Any, cast

from fastapi import APIRouter, Request, Response

from noctule.dashboard.rendering import render

router = APIRouter(include_in_schema=False)
_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    summary: str
    description: str
    parameters: list[dict[str, Any]]
    body: str  # its schema as JSON, or nothing
    answers: list[tuple[str, str, str]]  # status, description, schema

    @property
    def anchor(self) -> str:
        return f"{self.method}-{self.path}".lower().replace("/", "-").replace("{", "").replace("}", "")


@dataclass(frozen=True)
class ReferencePage:
    title: str
    version: str
    groups: list[tuple[str, list[Operation]]]


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
    return render(request, "reference.html", ReferencePage(info["title"], info["version"], list(groups.items())))


def _operation(described: dict[str, Any], *, method: str, path: str, item: dict[str, Any]) -> Operation:
    body = item.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answers = [
        (status, answer.get("description", ""), _schema(described, answer))
        for status, answer in item.get("responses", {}).items()
    ]
    return Operation(
        method, path, item.get("summary", ""), item.get("description", ""), item.get("parameters", []),
        "" if body is None else _shown(described, body), answers,
    )  # fmt: skip


def _schema(described: dict[str, Any], answer: dict[str, Any]) -> str:
    schema = answer.get("content", {}).get("application/json", {}).get("schema")
    return "" if not schema else _shown(described, schema)


def _shown(described: dict[str, Any], schema: dict[str, Any]) -> str:
    return json.dumps(_resolved(described, schema, 0), indent=2, ensure_ascii=False)


def _resolved(described: dict[str, Any], part: Any, depth: int) -> Any:
    """References replaced by what they name, without the noise of titles."""
    if isinstance(part, dict):
        named = cast("dict[str, Any]", part)
        if "$ref" in named and depth < 8:
            return _resolved(described, described["components"]["schemas"][named["$ref"].rsplit("/", 1)[1]], depth + 1)
        kept: dict[str, Any] = {key: value for key, value in named.items() if key != "title" or isinstance(value, dict)}
        return {key: _resolved(described, value, depth + 1) for key, value in kept.items()}
    if isinstance(part, list):
        return [_resolved(described, value, depth) for value in cast("list[Any]", part)]
    return part
