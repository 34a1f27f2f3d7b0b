"""The ``tcp`` input as a client: connects to a server, reads what it sends, and connects again when that ends."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from atalaia.pipeline.network.handshake import HandshakeError, open_channel
from atalaia.pipeline.network.listening import Peer
from atalaia.pipeline.network.stopping import Stopping
from atalaia.pipeline.tcp.intake import Intake

_AGAIN: Final = 1.0
"""Seconds between the end of a connection, or an attempt at one, and the next; Logstash's."""
_CONNECT_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Target:
    """A server to connect to.

    Attributes:
        host: Its name or address.
        port: Its port.
        context: For TLS; ``None`` for none.
        prepare: Sets a socket's options.
    """

    host: str
    port: int
    context: ssl.SSLContext | None
    prepare: Callable[[socket.socket], None]


async def keep_reading(target: Target, intake: Intake, stopping: Stopping) -> None:
    """Connect and read, again and again, until the input ends."""
    while not stopping.is_set:
        try:
            await _read_once(target, intake, stopping)
        except (OSError, HandshakeError) as error:
            if not stopping.is_set:
                intake.complaints.say(f"tcp: {target.host}:{target.port} cannot be read, trying again", str(error))
        try:
            async with stopping.within(None):
                await asyncio.sleep(_AGAIN)
        except TimeoutError:
            return


async def _read_once(target: Target, intake: Intake, stopping: Stopping) -> None:
    with await _connected(target, stopping) as connection:
        target.prepare(connection)
        ip, port = connection.getpeername()[:2]
        channel = await open_channel(connection, target.context, stopping, server=target.host)
        await intake.take(channel, Peer(ip, port))


async def _connected(target: Target, stopping: Stopping) -> socket.socket:
    loop = asyncio.get_running_loop()
    async with stopping.within(_CONNECT_SECONDS):
        found = await loop.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = found[0]
        connection = socket.socket(family, kind, protocol)
        connection.setblocking(False)
        try:
            await loop.sock_connect(connection, address)
        except BaseException:
            connection.close()
            raise
    return connection
