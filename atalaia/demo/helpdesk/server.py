"""A real WSGI server in a thread of this process, on loopback only."""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import Self
from wsgiref.types import WSGIApplication

from waitress.server import create_server
from waitress.trigger import trigger
from waitress.wasyncore import close_all


class RunningServer:
    """A waitress server that runs until it is stopped; also a context manager.

    Args:
        app: The WSGI application.
        port: The port on 127.0.0.1; 0 takes a free one.
        threads: How many requests are served at a time.
    """

    def __init__(self, app: WSGIApplication, port: int, threads: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", port))
        self._sockets: dict[int, object] = {}
        self._port: int = self._listener.getsockname()[1]
        self._server = create_server(app, map=self._sockets, sockets=[self._listener], threads=threads)
        self._trigger = trigger(self._sockets)
        self._thread = threading.Thread(target=self._server.run, name="waitress", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The address, such as ``http://127.0.0.1:8000``."""
        return f"http://127.0.0.1:{self._port}"

    def stop(self) -> None:
        """Let running requests end (five seconds at most), then close every connection and the port."""
        if not self._thread.is_alive():
            return
        self._server.task_dispatcher.shutdown()
        # The sockets belong to the server's own thread, so the closing runs there: an empty map ends its loop.
        self._trigger.pull_trigger(lambda: close_all(self._sockets))
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def serve_in_thread(app: WSGIApplication, port: int = 0, threads: int = 8) -> RunningServer:
    """Serve an application on loopback and return at once; the port is already open.

    Args:
        app: The WSGI application.
        port: 0 takes a free one; ``RunningServer.url`` tells which.
        threads: How many requests are served at a time.

    Raises:
        OSError: The port is taken.
    """
    return RunningServer(app, port, threads)
