"""Runs the ``http`` input's server."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from atalaia.pipeline.http_server.desk import Desk
from atalaia.pipeline.http_server.exchange import Exchange
from atalaia.pipeline.http_server.patience import Patience
from atalaia.pipeline.http_server.service import Service, Terms
from atalaia.pipeline.inputs.running import Reading
from atalaia.pipeline.network.complaints import Complaints
from atalaia.pipeline.network.handshake import HandshakeError, open_channel
from atalaia.pipeline.network.listening import Peer, Server, listen, most_connections
from atalaia.pipeline.network.settling import LoopCalls
from atalaia.pipeline.network.stopping import Stopping

_LOGGER: Final = logging.getLogger(__name__)
_SEND_BUFFER: Final = 1 << 14
"""Bytes of answers that may wait in the system for a client that does not read them."""
_FULL: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n"
    b"Content-Type: text/plain\r\nContent-Length: 28\r\n\r\nthere are many clients here\n"
)


@dataclass(frozen=True, slots=True)
class HttpServer:
    """The server of one ``http`` input.

    Attributes:
        host: The address to listen on.
        port: The port.
        tls: For TLS; ``None`` for none.
        handshake: Seconds a TLS handshake may take.
        terms: On what terms requests are taken.
        threads: How many bodies are decoded at a time.
        pending: Requests that may wait for a thread.
        patience: How long it waits.
        connections: How many there may be; ``None`` for as many as the process may well have.
    """

    host: str
    port: int
    tls: ssl.SSLContext | None
    handshake: float
    terms: Terms
    threads: int
    pending: int
    patience: Patience = field(default_factory=Patience)
    connections: int | None = None

    def run(self, reading: Reading) -> None:
        """See :data:`~atalaia.pipeline.inputs.running.Run`."""
        threads = ThreadPoolExecutor(self.threads, thread_name_prefix="http-input")
        unpacking = ThreadPoolExecutor(1, thread_name_prefix="http-input-unpacking")
        try:
            asyncio.run(self._serve(reading, threads, unpacking))
        finally:
            for pool in (threads, unpacking):
                pool.shutdown(wait=True, cancel_futures=True)

    async def _serve(self, reading: Reading, threads: ThreadPoolExecutor, unpacking: Executor) -> None:
        calls, stopping = LoopCalls(asyncio.get_running_loop()), Stopping()
        desk = Desk(reading.emit, threads, self.threads + self.pending, self.patience.moment)
        service = Service(self.terms, self.patience, desk, calls, stopping, unpacking)
        complaints = Complaints(_LOGGER)

        async def handle(connection: socket.socket, peer: Peer) -> None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
            try:
                channel = await open_channel(connection, self.tls, stopping, seconds=self.handshake)
            except HandshakeError as error:
                complaints.say(f"http: no TLS, {error}", str(peer))
            else:
                await Exchange(channel, peer.ip, service).run()

        listener = listen("http", self.host, self.port)
        most = self.connections or most_connections()
        try:
            await Server("http", listener, handle, self._refuse, most).run(reading.stop, stopping)
        finally:
            calls.end()

    def _refuse(self, connection: socket.socket) -> None:
        """Say that there are too many connections, as far as that can be said without waiting."""
        with connection:
            if self.tls is None:
                connection.setblocking(False)
                with suppress(OSError):
                    connection.send(_FULL)
