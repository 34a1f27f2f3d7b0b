"""A server on a TCP port: a task for each connection, up to a bound, until it is stopped."""

from __future__ import annotations

import asyncio
import logging
import resource
import socket
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.network.complaints import Complaints
from atalaia.pipeline.network.stopping import Stopping

_LOGGER: Final = logging.getLogger(__name__)
GRACE: Final = 2.0
"""Seconds that connections have, once the server ends, for events to become durable."""
_BACKLOG: Final = 1024
_MOST_CONNECTIONS: Final = 4096
_DESCRIPTORS_LEFT: Final = 2
"""One in so many file descriptors may be a connection; the others are for files and the other plugins."""
_AFTER_FAILURE: Final = 0.5
_AT_ONCE: Final = 64
"""Connections that are accepted before the others are looked at."""

Handle: TypeAlias = Callable[[socket.socket, "Peer"], Awaitable[None]]
"""Serves one connection; closes the socket."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Where a connection comes from.

    Attributes:
        ip: The address.
        port: The port.
    """

    ip: str
    port: int

    def __str__(self) -> str:
        return f"[{self.ip}]:{self.port}" if ":" in self.ip else f"{self.ip}:{self.port}"


def most_connections() -> int:
    """Return how many connections a server takes at a time: 4,096, or half of the process's file descriptors."""
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else min(_MOST_CONNECTIONS, soft // _DESCRIPTORS_LEFT)


def listen(plugin: str, host: str, port: int) -> socket.socket:
    """Return a listening socket.

    Raises:
        PipelineError: When the host is unknown, or the port is taken or not allowed.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        both = family == socket.AF_INET6 and host == "::" and socket.has_dualstack_ipv6()
        listener = socket.create_server(address[:2], family=family, backlog=_BACKLOG, dualstack_ipv6=both)
    except OSError as error:
        raise PipelineError(
            f"{plugin}: {host}:{port} cannot be listened on: {error.strerror or error}", "choose another host or port"
        ) from error
    listener.setblocking(False)
    return listener


class Server:
    """Accepts connections.

    Args:
        plugin: The plugin's Logstash name, for the log.
        listener: The listening socket; closed at the end.
        handle: Serves one connection.
        refuse: Turns away a connection beyond the bound; closes the socket.
        most: How many connections there may be.
    """

    def __init__(
        self,
        plugin: str,
        listener: socket.socket,
        handle: Handle,
        refuse: Callable[[socket.socket], None],
        most: int,
    ) -> None:
        self._plugin = plugin
        self._listener = listener
        self._handle = handle
        self._refuse = refuse
        self._most = most
        self._tasks: set[asyncio.Task[None]] = set()
        self._complaints = Complaints(_LOGGER)

    async def run(self, stop: threading.Event, stopping: Stopping) -> None:
        """Serve until ``stop`` or ``stopping`` is set; connections have a moment to end then."""
        host, port = self._listener.getsockname()[:2]
        _LOGGER.info("%s: listening on %s, for at most %d connections", self._plugin, Peer(host, port), self._most)
        accepting = asyncio.create_task(self._accept())
        try:
            await stopping.watch(stop)
        finally:
            accepting.cancel()
            await asyncio.wait([accepting])
            self._listener.close()
            stopping.set()
            await self._end()

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(0)  # a flood of connections must not keep those that are there waiting
            try:
                for _ in range(_AT_ONCE):
                    self._take(*await loop.sock_accept(self._listener))
            except OSError as error:  # no descriptors or memory left, or the client has gone again
                self._complaints.say(f"{self._plugin}: a connection could not be accepted", str(error))
                await asyncio.sleep(_AFTER_FAILURE)

    def _take(self, connection: socket.socket, address: tuple[str, int]) -> None:
        peer = Peer(address[0].removeprefix("::ffff:"), address[1])
        if len(self._tasks) >= self._most:
            self._complaints.say(f"{self._plugin}: there are {self._most} connections already, refused", str(peer))
            self._refuse(connection)
        else:
            self._start(connection, peer)

    def _start(self, connection: socket.socket, peer: Peer) -> None:
        async def serve() -> None:
            with connection:
                await self._handle(connection, peer)

        task = asyncio.create_task(serve())
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:  # a fault of ours ends that connection, not the server
            _LOGGER.error("%s: a connection ended with a fault", self._plugin, exc_info=error)

    async def _end(self) -> None:
        if self._tasks:
            _done, late = await asyncio.wait(self._tasks, timeout=2 * GRACE)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
