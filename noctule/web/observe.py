"""What every answer carries and leaves behind: a request id, security headers, a count, and a line in the log.

Pure ASGI around the whole application. A stored ingest request is counted but not logged: at thousands a second the
log would cost more than the work; refused ones are logged like everything else.
"""

import logging
import re
import secrets
from functools import lru_cache
from time import perf_counter

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_requests = Counter("noctule_requests_total", "Answered requests.", ["area", "method", "status"])
_seconds = Histogram("noctule_request_seconds", "Seconds from request to answer.", ["area"])
_log = logging.getLogger("noctule.access")
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_TOKEN = re.compile(r"^(/invitations/).+")  # a link is not for the log
_METHODS = {"GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"}
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (
        b"content-security-policy",
        (
            b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            b"font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
    ),
]


class Observed:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status, answered = perf_counter(), 500, False
        request_id = _request_id(scope)
        scope["request_id"] = request_id.decode()

        async def send_with_headers(message: Message) -> None:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                status, answered = message["status"], True
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id), *_HEADERS]
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            if not answered:
                raise
            # Starlette raises again what it has answered with a 500; the server would write it down without the id.
            _log.exception(
                "unexpected error", extra={"request_id": scope["request_id"], "path": _TOKEN.sub(r"\1…", scope["path"])}
            )
        finally:
            _note(scope, status, perf_counter() - started)


def _request_id(scope: Scope) -> bytes:
    """The caller's own id when it looks like one, so that both sides can speak of the same request."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            return value
    return secrets.token_hex(8).encode()


def _note(scope: Scope, status: int, seconds: float) -> None:
    path, method = scope["path"], scope["method"]
    area = _area(scope)
    requests, durations = _counters(area, method if method in _METHODS else "other", status)
    requests.inc()
    durations.observe(seconds)
    if area == "ingest" and status < 300:
        return
    _log.log(
        logging.ERROR if status >= 500 else logging.INFO,
        "request",
        extra={
            "request_id": scope["request_id"], "method": method, "path": _TOKEN.sub(r"\1…", path), "status": status,
            "ms": round(seconds * 1000, 1),
        },
    )  # fmt: skip


@lru_cache(maxsize=1024)
def _counters(area: str, method: str, status: int) -> tuple[Counter, Histogram]:
    return _requests.labels(area, method, status), _seconds.labels(area)


def _area(scope: Scope) -> str:
    """A few words, not one per path: labels must stay few."""
    if scope.get("ingest"):  # `IngestFront` says so
        return "ingest"
    path: str = scope["path"]
    if path.startswith(("/api/", "/v1/")):
        return "api"
    return "static" if path.startswith("/static/") else "page"
