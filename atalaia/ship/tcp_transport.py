"""Lines over TCP, also through TLS: one connection for a batch, whose orderly end is the receiver's word.

TCP tells nobody what the other program has read. What can be told is this: after everything was sent, this side says
that nothing more comes, and the receiver closes its own side when it has read up to there. Its end counts only when
all that was sent, our end included, was acknowledged before it: then it cannot be the end of a receiver that was
stopped while lines were on their way. The kernel tells that by the socket's state (Linux, ``TCP_INFO``; RFC 9293, 3.6).
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Sequence
from typing import Final

from anyio import BrokenResourceError, EndOfStream
from anyio.abc import ByteStream
from anyio.streams.tls import TLSStream

from atalaia.pipeline.network.streams import READ, SocketStream
from atalaia.ship.destination import Destination
from atalaia.ship.outcome import Delivered, Failed, Outcome
from atalaia.ship.trouble import trouble

_CONNECT_SECONDS: Final = 10.0
_TCP_CLOSE: Final = 7
"""Both sides have ended, each end acknowledged (``TCP_CLOSE`` in linux/tcp_states.h)."""


class _EndedStream(SocketStream):
    """A socket whose sending side ends with the next bytes that are sent, once that was asked for.

    Attributes:
        last: Whether it was.
    """

    last = False

    async def send(self, item: bytes) -> None:
        """See :meth:`SocketStream.send`."""
        await super().send(item)
        if self.last:
            await self.send_eof()


class TcpTransport:
    """Opens a connection for each batch.

    Args:
        destination: Where to, and how.
    """

    utf_8_only = False

    def __init__(self, destination: Destination) -> None:
        self._destination = destination

    async def deliver(self, lines: Sequence[bytes]) -> Outcome:
        """See :meth:`Transport.deliver`."""
        where = self._destination.where
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                connection = await self._connected()
        except TimeoutError:
            return Failed(f"{where} was not reached in {_CONNECT_SECONDS:g} s")
        except OSError as error:
            return trouble(where, error)
        try:
            return await self._deliver(connection, b"\n".join(lines) + b"\n")
        except TimeoutError:
            return Failed(f"{where} did not say in time that it has read everything")
        except EndOfStream:
            return Failed(f"{where} ended the connection before it had everything")
        except (OSError, BrokenResourceError) as error:
            return trouble(where, error)
        finally:
            connection.close()

    async def close(self) -> None:
        """Do nothing: every connection has ended with its batch."""

    async def _connected(self) -> socket.socket:
        """Return a connection to the first address that answers.

        Raises:
            OSError: When none does.
        """
        loop = asyncio.get_running_loop()
        host, port = self._destination.host, self._destination.port
        refusal = OSError(f"{host} has no address")
        for family, kind, protocol, _, address in await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            connection = socket.socket(family, kind, protocol)
            connection.setblocking(False)
            try:
                await loop.sock_connect(connection, address)
            except OSError as error:
                connection.close()
                refusal = error
            except BaseException:
                connection.close()
                raise
            else:
                return connection
        raise refusal

    async def _deliver(self, connection: socket.socket, body: bytes) -> Outcome:
        transport = _EndedStream(connection)
        stream = await self._opened(transport)
        async with asyncio.timeout(self._destination.timeout):
            await stream.send(body)
            if isinstance(stream, TLSStream):
                transport.last = True
                await stream.unwrap()  # its closing message, our end, and the receiver's closing message
            else:
                await transport.send_eof()
            await _read_end(transport)
        if _ended_in_order(connection):
            return Delivered()
        return Failed(f"{self._destination.where} ended the connection before it had everything")

    async def _opened(self, transport: _EndedStream) -> ByteStream:
        if self._destination.tls is None:
            return transport
        async with asyncio.timeout(_CONNECT_SECONDS):
            return await TLSStream.wrap(
                transport,
                server_side=False,
                hostname=self._destination.host,
                ssl_context=self._destination.tls,
                standard_compatible=True,
            )


async def _read_end(transport: SocketStream) -> None:
    """Read until the receiver's end; what it says before, nobody asked for.

    Raises:
        BrokenResourceError: When the connection is reset.
    """
    while True:
        try:
            await transport.receive(READ)
        except EndOfStream:
            return


def _ended_in_order(connection: socket.socket) -> bool:
    """Tell whether everything that was sent, our end included, was acknowledged before the receiver's end came."""
    error = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    (state,) = struct.unpack("B", connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1))
    return error == 0 and state == _TCP_CLOSE
