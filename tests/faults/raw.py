"""A connection that behaves as no client should."""

import asyncio
import socket
import struct
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress


class Raw:
    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    async def send(self, data: bytes) -> None:
        await asyncio.get_running_loop().sock_sendall(self._connection, data)

    async def send_slowly(self, data: bytes) -> None:
        """A byte a second, as long as somebody takes them."""
        with suppress(ConnectionError):
            for byte in data:
                await self.send(bytes([byte]))
                await asyncio.sleep(1)

    async def receive(self, size: int = 65536) -> bytes:
        return await asyncio.get_running_loop().sock_recv(self._connection, size)

    async def take_slowly(self) -> None:
        """A byte a second."""
        while await self.receive(1):
            await asyncio.sleep(1)

    async def until_closed(self) -> bytes:
        """What was answered meanwhile."""
        heard = b""
        with suppress(ConnectionResetError):
            while data := await self.receive():
                heard += data
        return heard

    def reset_on_close(self) -> None:
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@asynccontextmanager
async def connected(port: int, *, takes: int = 0) -> AsyncGenerator[Raw]:
    """`takes` is how many bytes the system shall take in that nobody has read; 0: as many as it likes."""
    with socket.socket() as connection:
        connection.setblocking(False)
        if takes:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, takes)
        await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", port))
        yield Raw(connection)
