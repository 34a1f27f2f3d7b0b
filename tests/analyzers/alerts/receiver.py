"""A real HTTP server that receives notices."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TypeAlias

Received: TypeAlias = dict[str, str | float | None]


class Receiver:
    """What was received, and how to answer.

    Attributes:
        status: The status of every answer from now on.
        received: The payloads, in order, whatever was answered.
        keys: Their ``Idempotency-Key`` headers.
    """

    def __init__(self) -> None:
        self.status = 204
        self.received: list[Received] = []
        self.keys: list[str] = []
        self.url = ""

    @property
    def kinds(self) -> list[tuple[object, object]]:
        """What was told about what."""
        return [(each["kind"], each["rule"]) for each in self.received]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Serve on a free port of this machine until the block ends."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            receiver.keys.append(self.headers["Idempotency-Key"])
            self.send_response(receiver.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook/secret"
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
