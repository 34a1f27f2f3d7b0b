"""Runs the ``tcp`` input, as a server or as a client."""

from __future__ import annotations

import asyncio
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.inputs.feed import Feed
from atalaia.pipeline.inputs.running import Reading
from atalaia.pipeline.network.handshake import HandshakeError, open_channel
from atalaia.pipeline.network.listening import Peer, Server, listen, most_connections
from atalaia.pipeline.network.settling import LoopCalls
from atalaia.pipeline.network.stopping import Stopping
from atalaia.pipeline.network.streams import abort, reset_unless_closed
from atalaia.pipeline.tcp.client import Target, keep_reading
from atalaia.pipeline.tcp.intake import Intake, Wiring
from atalaia.pipeline.tcp.peer import origin_describer


def wire(feed: Feed, ecs: EcsCompatibility, separator: bytes, *, proxied: bool, look_up: bool) -> Wiring:
    """Return how lines become events; see :class:`Wiring`."""
    return Wiring(feed, origin_describer(ecs), separator, proxied, look_up)


@dataclass(frozen=True, slots=True)
class TcpInput:
    """One ``tcp`` input.

    Attributes:
        host: The address to listen on, or the host to connect to.
        port: The port.
        server: Whether it listens.
        tls: For TLS; ``None`` for none.
        keep_alive: Whether the system probes idle connections.
        wiring: How its lines become events.
    """

    host: str
    port: int
    server: bool
    tls: ssl.SSLContext | None
    keep_alive: bool
    wiring: Wiring

    def run(self, reading: Reading) -> None:
        """See :data:`~atalaia.pipeline.inputs.running.Run`."""
        thread = ThreadPoolExecutor(1, thread_name_prefix="tcp-input")
        try:
            asyncio.run(self._serve(reading, thread))
        finally:
            thread.shutdown(wait=True, cancel_futures=True)

    async def _serve(self, reading: Reading, thread: ThreadPoolExecutor) -> None:
        calls, stopping = LoopCalls(asyncio.get_running_loop()), Stopping()
        intake = Intake(self.wiring, reading.emit, calls, stopping, thread)
        try:
            if self.server:
                await self._listen(reading, intake, stopping)
            else:
                await self._connect(reading, intake, stopping)
        finally:
            calls.end()

    async def _listen(self, reading: Reading, intake: Intake, stopping: Stopping) -> None:
        async def handle(connection: socket.socket, peer: Peer) -> None:
            self._prepare(connection)
            reset_unless_closed(connection)
            try:
                channel = await open_channel(connection, self.tls, stopping)
            except HandshakeError as error:
                intake.complaints.say(f"tcp: no TLS, {error}", str(peer))
            else:
                await intake.take(channel, peer)

        listener = listen("tcp", self.host, self.port)
        await Server("tcp", listener, handle, abort, most_connections()).run(reading.stop, stopping)

    async def _connect(self, reading: Reading, intake: Intake, stopping: Stopping) -> None:
        target = Target(self.host, self.port, self.tls, self._prepare)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(stopping.watch(reading.stop))
            tasks.create_task(keep_reading(target, intake, stopping))

    def _prepare(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, self.keep_alive)
