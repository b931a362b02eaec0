"""The doors through which chatbots send what was said. Plain ASGI and msgspec, because these are the busiest routes.

A door is who may come in, how a body becomes a `Capture`, and how what came of it is worded; everything else is the same
for all.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from starlette.types import ASGIApp, Receive, Scope, Send

from noctule.accounts import OrgId
from noctule.base.errors import AppError, Invalid, MethodNotAllowed
from noctule.chatbots import ChatbotId
from noctule.conversations import Capture, Recorded
from noctule.web.services import Services

_log = logging.getLogger(__name__)


class Origin(Struct, frozen=True):
    """Where a request comes from: for which chatbot, when, and with which key, that of the chatbot or of its organization."""

    chatbot_id: ChatbotId
    received_at: datetime
    key_hash: bytes | None = None
    organization_key: tuple[OrgId, UUID] | None = None
    repeat_key: str | None = None  # the request's Idempotency-Key
    headers: Sequence[tuple[bytes, bytes]] = ()  # of the request, as they came


@dataclass(frozen=True)
class Door:
    summary: str
    body: type[Struct]
    reply: type[Struct]
    admit: Callable[[Services, Scope], Awaitable[Origin]]  # raises what is told to somebody who may not come in
    read: Callable[[bytes, Origin], Capture]
    answer: Callable[[Capture, Recorded], Struct]
    refuse: Callable[[AppError], dict[str, Any]]
    credential: str = "ingestKey"  # its name in the description of the API
    status: int = 200  # of what has been stored
    shared: bool = False  # with ordinary routes, which have the other methods of the path


class IngestFront:
    """Stands before the application and answers these routes; everything else goes through, with the services."""

    def __init__(self, app: ASGIApp, services: Services, doors: Mapping[str, Door]) -> None:
        """`doors` by their path, in which `{name}` stands for one part."""
        self._app = app
        self._services = services
        self._doors = {path: door for path, door in doors.items() if "{" not in path}
        self._patterns = [
            (re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)), door)
            for path, door in doors.items()
            if "{" in path
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = self._door_of(scope) if scope["type"] == "http" else None
        if door is None or (door.shared and scope["method"] != "POST"):
            scope.setdefault("state", {})["services"] = self._services
            await self._app(scope, receive, send)
            return
        scope["ingest"] = True
        try:
            reply = await self._record(door, scope, receive)
        except Exception as trouble:
            error = trouble if isinstance(trouble, AppError) else AppError("Something went wrong on our side.")
            if error is not trouble:
                _log.exception("unexpected error", extra={"path": scope["path"], "request_id": scope.get("request_id")})
            extra = [(b"allow", b"POST")] if error.status == MethodNotAllowed.status else []
            if error.retry_after is not None:
                extra.append((b"retry-after", str(error.retry_after).encode()))
            await _answer(send, error.status, msgspec.json.encode(door.refuse(error)), extra=extra)
        else:
            await _answer(send, door.status, msgspec.json.encode(reply), extra=[])

    def _door_of(self, scope: Scope) -> Door | None:
        door = self._doors.get(scope["path"])
        if door is None and scope["path"].startswith("/api/v1/orgs/"):
            for pattern, other in self._patterns:
                if match := pattern.fullmatch(scope["path"]):
                    scope["path_params"] = match.groupdict()
                    return other
        return door

    async def _record(self, door: Door, scope: Scope, receive: Receive) -> Struct:
        if scope["method"] != "POST":
            raise MethodNotAllowed(f"{scope['method']} is not possible here.")
        origin = await door.admit(self._services, scope)
        body = await _read(receive)
        capture = door.read(body, origin)
        return door.answer(capture, await self._services.recorder.record(capture))


def repeat_key_in(scope: Scope) -> str | None:
    """Raises Invalid."""
    for name, value in scope["headers"]:
        if name == b"idempotency-key":
            if not 1 <= len(value) <= 256:
                raise Invalid.field("Idempotency-Key", "must have 1 to 256 characters")
            return value.decode("latin-1")
    return None


async def _read(receive: Receive) -> bytes:
    """How much may come and for how long, `BoundedBodies` watches."""
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Invalid.field("body", "ended before it was complete")
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def _answer(send: Send, status: int, body: bytes, *, extra: list[tuple[bytes, bytes]]) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *extra]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
