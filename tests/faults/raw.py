"""A connection that behaves as no client should."""

import asyncio
import socket
import struct
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class Raw:
    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    async def send(self, data: bytes) -> None:
        await asyncio.get_running_loop().sock_sendall(self._connection, data)

    async def send_slowly(self, data: bytes) -> None:
        """A byte a second, until the other end has had enough."""
        closed = asyncio.create_task(self.until_closed())
        for byte in data:
            if closed.done():
                return
            await self.send(bytes([byte]))
            await asyncio.wait([closed], timeout=1)

    async def receive(self) -> bytes:
        return await asyncio.get_running_loop().sock_recv(self._connection, 65536)

    async def until_closed(self) -> bytes:
        """What was answered meanwhile."""
        heard = b""
        while data := await self.receive():
            heard += data
        return heard

    def reset_on_close(self) -> None:
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@asynccontextmanager
async def connected(port: int) -> AsyncGenerator[Raw]:
    with socket.socket() as connection:
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", port))
        yield Raw(connection)
