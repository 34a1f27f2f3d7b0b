"""From a connected socket to a channel, with TLS when there is to be TLS."""

from __future__ import annotations

import socket
import ssl
from typing import Final

from anyio import BrokenResourceError
from anyio.streams.tls import TLSAttribute, TLSStream

from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.network.stopping import Stopping
from atalaia.pipeline.network.streams import Channel, SocketStream

HANDSHAKE_SECONDS: Final = 10.0


class HandshakeError(PipelineError):
    """There is no TLS on a connection; the socket is reset."""


async def open_channel(
    connection: socket.socket,
    context: ssl.SSLContext | None,
    stopping: Stopping,
    *,
    seconds: float = HANDSHAKE_SECONDS,
    server: str | None = None,
) -> Channel:
    """Return the channel of a connection.

    Args:
        connection: The socket.
        context: For TLS; ``None`` for none.
        stopping: Cuts the handshake short.
        seconds: How long the handshake may take.
        server: The server's name, on the client's side.

    Raises:
        HandshakeError: When the handshake fails or takes too long.
    """
    transport = SocketStream(connection)
    if context is None:
        return Channel(transport, transport)
    try:
        async with stopping.within(seconds):
            stream = await TLSStream.wrap(
                transport, server_side=server is None, hostname=server, ssl_context=context, standard_compatible=True
            )
    except (OSError, BrokenResourceError) as error:
        transport.abort()
        raise HandshakeError(_reason(error, seconds)) from error
    return Channel(stream, transport, stream.extra(TLSAttribute.peer_certificate))  # noqa: S610 - anyio's, not Django's


def _reason(error: Exception, seconds: float) -> str:
    if isinstance(error, TimeoutError):
        return f"the handshake was not done in {seconds:g} s"
    if isinstance(error, ssl.SSLError):
        return str(error.reason or error)
    return "the peer went away during the handshake"
