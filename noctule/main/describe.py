"""The description of the API, /openapi.json: FastAPI's own, what stands in front of it, and how each route refuses."""

from re import findall
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from noctule.api import DOORS
from noctule.web.ingest import Door

_SECURITY = {
    "session": {"type": "http", "scheme": "bearer", "description": "Token of a session, also as cookie auth_token."},
    "organizationKey": {"type": "http", "scheme": "bearer", "description": "Key of an organization."},
    "ingestKey": {"type": "http", "scheme": "bearer", "description": "Key of a chatbot, also as x-openbat-key."},
}
_ERROR = {
    "type": "object",
    "required": ["error", "message"],
    "properties": {
        "ok": {"type": "boolean", "const": False, "description": "On the paths that OpenBat's clients know."},
        "error": {"type": "string"},
        "message": {"type": "string"},
        "details": {
            "type": "array",
            "items": {"type": "object", "properties": {"field": {"type": "string"}, "message": {"type": "string"}}},
        },
    },
}
_REFUSALS = {
    "400": "The request cannot be read or breaks a limit; details name the fields",
    "401": "No valid credential",
    "403": "The credential may not do this",
    "404": "It does not exist, or belongs to somebody else",
    "409": "It exists already",
    "429": "Too many; Retry-After says when to come back",
    "503": "Nothing was changed; send it again",
}
_PEOPLE_ONLY = ("/api/v1/chatbots", "/api/v1/orgs", "/api/v1/users", "/api/v1/auth/logout")
_ALSO_PROGRAMS = (
    "/api/v1/conversations", "/api/v1/analytics", "/api/v1/chats", "/api/v1/orgs/{slug}/chats", "/api/v1/export",
    "/api/v1/jobs", "/api/v1/chatbots/{chatbot_id}/import", "/api/v1/chatbots/{chatbot_id}/users",
    "/api/v1/chatbots/{chatbot_id}/organizations", "/api/v1/chatbots/{chatbot_id}/sources",
    "/api/v1/chatbots/{chatbot_id}/train", "/api/v1/chatbots/{chatbot_id}/search",
    "/api/v1/chatbots/{chatbot_id}/topics", "/api/v1/chatbots/{chatbot_id}/privacy",
    "/api/v1/chatbots/{chatbot_id}/analysis",
    "/api/v1/chatbots/{chatbot_id}/train", "/api/v1/chatbots/{chatbot_id}/search", "/api/v1/create-chatbot",
    "/api/v1/update-chatbot-data", "/api/v1/update-chatbot-settings", "/api/v1/get-", "/api/v1/delete-chatbot",
    "/api/v1/chatbots/{chatbot_id}/agent", "/api/v1/chatbots/{chatbot_id}/messages/", "/api/v1/chatbots/{chatbot_id}/revise",
    "/api/v1/chatbots/{chatbot_id}/conversations/", "/api/v1/chatbots/{chatbot_id}/leads",
    "/api/v1/chatbots/{chatbot_id}/webhooks", "/api/v1/chatbots/{chatbot_id}/deliveries",
    "/api/v1/chatbots/{chatbot_id}/contacts", "/api/v1/chatbots/{chatbot_id}/custom-attributes",
)  # fmt: skip
_CHAT = "/api/v1/chat"  # many other paths begin so
_NAMES_CHATBOT = ("/api/v1/update-chatbot-", "/api/v1/delete-chatbot")  # in the body, as chat does
_INGEST_REFUSALS = ("400", "401", "403", "429", "503")
_FIELDS = "/api/v1/chatbots/{chatbot_id}/fields"  # programs read them, people change them
_BESIDES = {  # refusals that the shape of a path does not tell
    "/api/v1/auth/register": ("400", "403", "409"),
    "/api/v1/auth/login": ("400", "401", "403", "429"),
    "/api/v1/auth/forgot": ("400", "403", "429"),
    "/api/v1/auth/reset": ("400", "403", "404", "429"),
    "/api/v1/invitations/accept": ("400", "401", "403", "404", "409", "429"),
    "/api/v1/orgs/me/members/{user_id}": ("409",),
    "/api/v1/orgs/me/invitations": ("409", "429"),
    "/api/v1/users/me/password": ("429",),
    "/api/v1/chatbots/{chatbot_id}/views": ("409",),
    "/api/v1/conversations/{conversation_id}/notes": ("409",),
    "/api/v1/conversations/{conversation_id}/corrections": ("409",),
}


def describe(app: FastAPI) -> dict[str, Any]:
    described = get_openapi(title=app.title, version=app.version, routes=app.routes)
    paths: dict[str, dict[str, Any]] = described.setdefault("paths", {})
    for path, item in paths.items():
        for method, operation in item.items():
            _say_how_it_refuses(path, method, operation)
    components = described.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for path, door in DOORS.items():
        paths.setdefault(path, {})["post"] = _ingest(door, schemas)
    for path, item in paths.items():
        for operation in item.values():
            _name_what_stands_in_the_path(path, operation)
    schemas["Error"] = _ERROR
    components["securitySchemes"] = _SECURITY
    return described


def _name_what_stands_in_the_path(path: str, operation: dict[str, Any]) -> None:
    """Also what no function of ours takes, because it is looked at elsewhere."""
    known = {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}
    for name in findall(r"\{(\w+)\}", path):
        if name not in known:
            parameter = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            operation.setdefault("parameters", []).append(parameter)


def _say_how_it_refuses(path: str, method: str, operation: dict[str, Any]) -> None:
    """FastAPI documents a 422 that is never sent; what is sent follows from who may call and what is named."""
    responses: dict[str, Any] = operation["responses"]
    responses.pop("422", None)
    statuses = {"503", *_BESIDES.get(path, ())}
    for_programs = path == _CHAT or path.startswith(_ALSO_PROGRAMS)
    secured = for_programs or path.startswith(_PEOPLE_ONLY)
    if secured:
        both: list[dict[str, list[str]]] = [{"session": []}, {"organizationKey": []}]
        also_programs = not _said_by_people(path) and (for_programs or (path == _FIELDS and method == "get"))
        operation["security"] = both if also_programs else both[:1]
        statuses.add("401")
        if also_programs:
            statuses.add("429")
        if path == _FIELDS and method == "post":
            statuses.add("409")
        if method != "get" or path.startswith("/api/v1/orgs"):
            statuses.add("403")
        if "requestBody" in operation or operation.get("parameters"):
            statuses.add("400")
        if (
            "{" in path
            or path == _CHAT
            or path.startswith(_NAMES_CHATBOT)
            or any(parameter["name"] == "chatbotId" for parameter in operation.get("parameters", []))
        ):
            statuses.add("404")
    for status in sorted(statuses - set(responses)):
        responses[status] = _refusal(status)


def _said_by_people(path: str) -> bool:
    """A program ends a conversation; what people say of it, no program says for them."""
    return path.startswith("/api/v1/conversations/{conversation_id}/") and not path.endswith("/end")


def _refusal(status: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {"description": _REFUSALS[status], "content": content}


def _ingest(door: Door, schemas: dict[str, Any]) -> dict[str, Any]:
    """An operation that is not FastAPI's; its schemas join the others."""
    (body, reply), parts = msgspec.json.schema_components(
        (door.body, door.reply), ref_template="#/components/schemas/{name}"
    )
    schemas.update(parts)
    stored = {"description": "Stored", "content": {"application/json": {"schema": reply}}}
    return {
        "tags": ["chats" if door.shared else "ingest"],
        "summary": door.summary,
        "security": [{door.credential: []}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {str(door.status): stored} | {status: _refusal(status) for status in _INGEST_REFUSALS},
    }
