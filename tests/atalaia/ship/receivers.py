"""Raw TCP receivers that behave as a test says."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.atalaia.ship.shippers import DEADLINE


@dataclass
class Receiving:
    """A server.

    Attributes:
        port: Its port.
        bodies: What each connection brought, in the order of their ends.
    """

    port: int
    bodies: list[bytes] = field(default_factory=list)


Handle = Callable[[socket.socket, int], bytes]
"""What is done with a connection, given how many came before it; returns what it brought."""


def read_all(connection: socket.socket, _number: int) -> bytes:
    """Read up to the client's end, as a receiver in order does."""
    body = b""
    while data := connection.recv(1 << 16):
        body += data
    return body


def reset(connection: socket.socket, _number: int) -> bytes:
    """Read a little, and reset the connection."""
    body = connection.recv(10)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return body


def end_early(connection: socket.socket, _number: int) -> bytes:
    """Say at once that nothing more will be said, while lines are on their way: no word that they were read."""
    connection.shutdown(socket.SHUT_WR)
    time.sleep(0.3)
    return b""


@contextmanager
def receiving(handle: Handle, context: ssl.SSLContext | None = None, buffer: int = 0) -> Iterator[Receiving]:
    """Run a server; with a ``buffer`` of so many bytes, its machine acknowledges little that it has not read."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        if buffer:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        listener.settimeout(0.05)
        server = Receiving(listener.getsockname()[1])
        stop = threading.Event()

        def serve() -> None:
            number = 0
            while not stop.is_set():
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    continue
                connection.settimeout(DEADLINE)
                with connection:
                    _serve_one(server, connection, number)
                number += 1

        def _serve_one(server: Receiving, connection: socket.socket, number: int) -> None:
            try:
                if context is None:
                    server.bodies.append(handle(connection, number))
                    return
                with context.wrap_socket(connection, server_side=True, suppress_ragged_eofs=False) as wrapped:
                    server.bodies.append(handle(wrapped, number))
                    wrapped.unwrap()
            except OSError:
                return

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server
        finally:
            stop.set()
            thread.join(DEADLINE)
