"""The address of a server, taken before anything else is started: a port that is in use costs nobody a database."""

import errno
import resource
import socket
from contextlib import ExitStack
from typing import Any

_SAID = {
    errno.EADDRINUSE: "is in use by another program; choose another with --port or NOCTULE_PORT",
    errno.EACCES: "may not be used by this user; choose one above 1023 with --port or NOCTULE_PORT",
    errno.EADDRNOTAVAIL: "is not to be had: this machine has no such address",
}


_FILES = 65_536  # a connection is a file to the system, which as a rule allows a process 1,024 until it asks for more


class CannotListen(Exception):
    """The address cannot be taken; the text names port, host and reason."""


def take(host: str, port: int) -> list[socket.socket]:
    """Bound, but refusing until the server is ready: one socket for each address that the host has (`localhost` has two). Raises CannotListen."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise CannotListen(f"host {host} has no address: {error.strerror}") from error
    with ExitStack() as stack:
        taken: list[socket.socket] = []
        for family, address in dict.fromkeys((family, address) for family, _, _, _, address in found):
            one = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            _bind(one, address, host=host, port=port)
            taken.append(one)
            if port == 0:
                break  # a free one, and not another one for each address
        stack.pop_all()
    return taken


def allow_many() -> None:
    """As many connections as this machine lets us have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _bind(one: socket.socket, address: Any, *, host: str, port: int) -> None:
    try:
        one.bind(address)
    except OSError as error:
        reason = _SAID.get(error.errno or 0, f"cannot be used: {error.strerror}")
        raise CannotListen(f"port {port} on {host} {reason}") from error
