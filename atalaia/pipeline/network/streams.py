"""A connected socket as a stream that reads only when it is asked to, so that a connection's memory is bounded."""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import dataclass
from typing import Final

from anyio import BrokenResourceError, EndOfStream
from anyio.abc import ByteStream

from atalaia.pipeline.network.subject import Certificate

READ: Final = 1 << 14
"""Bytes taken from a socket at once; what one connection holds before they are looked at."""
_RESET: Final = struct.pack("ii", 1, 0)
_IN_ORDER: Final = struct.pack("ii", 0, 0)


class SocketStream(ByteStream):
    """The stream.

    Args:
        connection: A connected socket; made non-blocking.
    """

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        self._socket = connection

    async def receive(self, max_bytes: int = READ) -> bytes:
        """Return what has come in, at least one byte.

        Raises:
            EndOfStream: When the peer sends nothing more.
            BrokenResourceError: When the connection is broken.
        """
        await asyncio.sleep(0)  # a peer that always has bytes waiting must not keep the others waiting
        while True:
            try:
                data = self._socket.recv(min(max_bytes, READ))
            except BlockingIOError:
                await self._readable()
                continue
            except OSError as error:
                raise BrokenResourceError from error
            if not data:
                raise EndOfStream
            return data

    async def _readable(self) -> None:
        """Wait until there is something to read; who gives up waiting has taken nothing that would be lost."""
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        loop.add_reader(self._socket, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._socket)

    async def send(self, item: bytes) -> None:
        """Send all of it.

        Raises:
            BrokenResourceError: When the connection is broken.
        """
        try:
            await asyncio.get_running_loop().sock_sendall(self._socket, item)
        except OSError as error:
            raise BrokenResourceError from error

    async def send_eof(self) -> None:
        """Tell the peer that nothing more comes.

        Raises:
            BrokenResourceError: When the connection is broken.
        """
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError as error:
            raise BrokenResourceError from error

    async def aclose(self) -> None:
        """Close it in order: the peer reads an end."""
        if self._socket.fileno() >= 0:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _IN_ORDER)
        self._socket.close()

    def abort(self) -> None:
        """See :func:`abort`."""
        abort(self._socket)


def reset_unless_closed(connection: socket.socket) -> None:
    """Have a connection reset by whatever ends it but :meth:`SocketStream.aclose`: also when the process is killed.

    The kernel closes a killed process's connections in order otherwise, as if everything had been done with them.
    """
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


def abort(connection: socket.socket) -> None:
    """Reset a connection: the peer gets an error, not an end."""
    if connection.fileno() >= 0:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    connection.close()


@dataclass(frozen=True, slots=True)
class Channel:
    """A connection, in the clear or through TLS.

    Attributes:
        stream: Where bytes are read and written.
        transport: The socket below.
        certificate: The peer's certificate, when one was asked for and checked.
    """

    stream: ByteStream
    transport: SocketStream
    certificate: Certificate | None = None

    async def close(self, seconds: float = 2.0) -> None:
        """Close in order, through TLS with its closing handshake; a peer that does not take part is reset."""
        try:
            async with asyncio.timeout(seconds):
                await self.stream.aclose()
        except (OSError, BrokenResourceError):
            self.transport.abort()
