"""The doors through which chatbots send what was said. Plain ASGI and msgspec, because these are the busiest routes.

A door is how a body becomes a `Capture`, and how what came of it is worded; everything else is the same for all.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from starlette.types import ASGIApp, Receive, Scope, Send

from noctule.base.errors import AppError, Invalid, MethodNotAllowed
from noctule.chatbots import ChatbotId, KeyRevoked
from noctule.conversations import Capture, Recorded
from noctule.web.services import Services

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from: for which chatbot, with which key, and when."""

    chatbot_id: ChatbotId
    key_hash: bytes
    received_at: datetime
    repeat_key: str | None = None  # the request's Idempotency-Key


@dataclass(frozen=True)
class Door:
    summary: str
    body: type[Struct]
    reply: type[Struct]
    read: Callable[[bytes, Origin], Capture]
    answer: Callable[[Capture, Recorded], Struct]
    refuse: Callable[[AppError], dict[str, Any]]


class IngestFront:
    """Stands before the application and answers these routes; everything else goes through."""

    def __init__(self, app: ASGIApp, services: Services, doors: Mapping[str, Door]) -> None:
        self._app = app
        self._services = services
        self._doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = self._doors.get(scope["path"]) if scope["type"] == "http" else None
        if door is None:
            await self._app(scope, receive, send)
            return
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
            await _answer(send, 200, msgspec.json.encode(reply), extra=[])

    async def _record(self, door: Door, scope: Scope, receive: Receive) -> Struct:
        if scope["method"] != "POST":
            raise MethodNotAllowed(f"{scope['method']} is not possible here.")
        chatbot_id, key_hash = await self._services.key_ring.open(_key_in(scope))
        self._services.limiter.take(chatbot_id.bytes)  # not by the key: a new one would begin anew
        body = await _read(receive)
        origin = Origin(chatbot_id, key_hash, self._services.database.clock(), _repeat_key_in(scope))
        capture = door.read(body, origin)
        return door.answer(capture, await self._services.recorder.record(capture))


def _key_in(scope: Scope) -> str:
    """The bearer token, or else the header x-openbat-key. Raises KeyRevoked when there is neither."""
    other = ""
    for name, value in scope["headers"]:
        if name == b"authorization" and value[:7].lower() == b"bearer ":
            return value[7:].strip().decode("latin-1")
        if name == b"x-openbat-key":
            other = value.strip().decode("latin-1")
    if not other:
        raise KeyRevoked("Missing API key")
    return other


def _repeat_key_in(scope: Scope) -> str | None:
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
