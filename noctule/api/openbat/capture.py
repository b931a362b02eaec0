"""POST /api/v1/capture: a chatbot sends what was said. Plain ASGI and msgspec, because this is the busiest route.

docs/api/capture.md is the table of requests and answers that tests play.
"""

from typing import Any

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send

from noctule.api.openbat.capture_body import CaptureBody, CaptureReply, decode
from noctule.api.openbat.errors import body_of
from noctule.base.errors import AppError, Invalid, MethodNotAllowed
from noctule.chatbots import KeyRevoked
from noctule.web.services import Services

PATH = "/api/v1/capture"
LARGEST_BODY = 4 * 1024 * 1024  # bytes

OPERATION: dict[str, Any] = {
    "tags": ["ingest"],
    "summary": "Record messages of a conversation",
    "security": [{"ingestKey": []}],
    "requestBody": {"required": True, "content": {"application/json": {"schema": CaptureBody}}},
    "responses": {"200": {"description": "Stored", "content": {"application/json": {"schema": CaptureReply}}}},
}


class CaptureFront:
    """Stands before the application and answers this one route; everything else goes through."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        try:
            reply = await self._capture(scope, receive)
        except AppError as error:
            extra = [(b"allow", b"POST")] if error.status == MethodNotAllowed.status else []
            if error.retry_after is not None:
                extra.append((b"retry-after", str(error.retry_after).encode()))
            await _answer(send, error.status, msgspec.json.encode(body_of(error)), extra=extra)
        else:
            await _answer(send, 200, msgspec.json.encode(reply), extra=[])

    async def _capture(self, scope: Scope, receive: Receive) -> CaptureReply:
        if scope["method"] != "POST":
            raise MethodNotAllowed(f"{scope['method']} is not possible here.")
        chatbot_id, key_hash = await self._services.key_ring.open(_key_in(scope))
        self._services.limiter.take(key_hash)
        body = await _read(scope, receive)
        capture = decode(body, chatbot_id, key_hash, received_at=self._services.database.clock())
        recorded = await self._services.recorder.record(capture)
        return CaptureReply(
            ok=True,
            conversationId=str(recorded.conversation_id),
            messagesStored=recorded.messages_stored,
            analysisQueued=recorded.analysis_queued,
            warnings=list(recorded.warnings),
        )


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


async def _read(scope: Scope, receive: Receive) -> bytes:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > LARGEST_BODY:
            raise Invalid.field("body", "must not be larger than 4 MB")
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Invalid.field("body", "ended before it was complete")
        part = message.get("body", b"")
        size += len(part)
        if size > LARGEST_BODY:
            raise Invalid.field("body", "must not be larger than 4 MB")
        parts.append(part)
        more = message.get("more_body", False)
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def _answer(send: Send, status: int, body: bytes, *, extra: list[tuple[bytes, bytes]]) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *extra]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
