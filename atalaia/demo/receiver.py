"""A webhook's other end, on loopback: what a chat or pager would be in real life."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Final, Self

Received = Callable[[str, str], None]
"""Called with the kind and the message of each notice; from another thread."""

_LARGEST_BODY: Final = 65_536


class WebhookReceiver:
    """Listens while it is entered and passes each notice on.

    Args:
        received: Told of each notice.
    """

    def __init__(self, received: Received) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(received))
        self._thread = Thread(target=self._server.serve_forever, name="demo-webhook", daemon=True)

    @property
    def url(self) -> str:
        """The address to post to."""
        return f"http://127.0.0.1:{self._server.server_port}/alerts"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(received: Received) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            try:
                notice = json.loads(self.rfile.read(min(length, _LARGEST_BODY)))
                received(str(notice["kind"]), str(notice["message"]))
            except (ValueError, KeyError, TypeError):
                self.send_error(400)
                return
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            """Say nothing: the demonstration prints what arrives."""

    return Handler
