"""How much a request may send and how long it may take: measured while its body is read, whoever reads it.

Plain ASGI in front of the application. Nothing is looked at before somebody reads, so a credential is judged first; what is
too much is an `Invalid` that comes out of `receive`, so the face of the path words it.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from noctule.base.errors import Invalid

KB, MB, GB = 1024, 1024**2, 1024**3


@dataclass(frozen=True, slots=True)
class Bounds:
    size: int = 4 * MB
    seconds: float = 60  # for all of it
    silence: float = 30  # seconds without a byte


_ORDINARY = Bounds()
# Nobody reads a body there; while an answer streams, what comes is looked at to see whether the caller has left.
_BODILESS = {"GET", "HEAD"}


class BoundedBodies:
    def __init__(self, app: ASGIApp, bounds: Mapping[str, Bounds]) -> None:
        """`bounds` are for paths that match a pattern as a whole, the first that fits; other paths have the ordinary ones."""
        self._app = app
        self._bounds = [(re.compile(pattern), bound) for pattern, bound in bounds.items()]
        self._bounds_of = lru_cache(maxsize=1024)(self._look_up)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _BODILESS:
            await self._app(scope, receive, send)
            return
        body = _Body(scope, receive, self._bounds_of(scope["path"]))

        async def send_and_part(message: Message) -> None:
            """Whoever did not send in time is not waited for any more."""
            if body.late and message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
            await send(message)

        await self._app(scope, body.receive, send_and_part)

    def _look_up(self, path: str) -> Bounds:
        return next((bound for pattern, bound in self._bounds if pattern.fullmatch(path)), _ORDINARY)


class _Body:
    """One request's body on its way in."""

    def __init__(self, scope: Scope, receive: Receive, bounds: Bounds) -> None:
        self._scope = scope
        self._receive = receive
        self._bounds = bounds
        self._size = 0
        self._until: float | None = None  # by the clock of the event loop; nobody has read yet
        self._complete = False
        self.late = False

    async def receive(self) -> Message:
        """Raises Invalid when it is too large or too slow."""
        if self._complete:
            return await self._receive()  # waits for the caller to leave, as long as it takes
        now = asyncio.get_running_loop().time()
        if self._until is None:
            self._until = now + self._bounds.seconds
            self._measure(_stated_size(self._scope))
        try:
            async with asyncio.timeout_at(min(self._until, now + self._bounds.silence)):
                message = await self._receive()
        except TimeoutError:
            self.late = True
            raise Invalid.field("body", "did not arrive in time") from None
        self._size += len(message.get("body", b""))
        self._measure(self._size)
        self._complete = not message.get("more_body", False)
        return message

    def _measure(self, size: int) -> None:
        if size > self._bounds.size:
            raise Invalid.field("body", f"must not be larger than {_words(self._bounds.size)}")


def _stated_size(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:20])
    return 0


def _words(size: int) -> str:
    unit, name = next((unit, name) for unit, name in ((GB, "GB"), (MB, "MB"), (KB, "KB"), (1, "bytes")) if size >= unit)
    return f"{size // unit} {name}"
