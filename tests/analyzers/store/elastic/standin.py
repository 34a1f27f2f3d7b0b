"""A stand-in for an Elasticsearch in trouble: what a real one does not do on demand."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias

Answer: TypeAlias = tuple[int, object]
"""Status and JSON body."""


@dataclass(slots=True)
class Script:
    """What the stand-in does, and what it was asked.

    Attributes:
        bulk: Answers a ``_bulk`` request, given the ids in it.
        batches: The ids of each ``_bulk`` request so far.
        authorization: The ``Authorization`` headers so far.
        headers: Further headers of every answer; without ``x-elastic-product`` it is another product.
        refused: The sizes of the requests that were too large.
        templates: The status of every look at a template.
        largest: The most bytes of a ``_bulk`` request; more is answered by 413.
    """

    bulk: Callable[[list[str]], Answer]
    batches: list[list[str]] = field(default_factory=list)
    authorization: list[str | None] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=lambda: {"x-elastic-product": "Elasticsearch"})
    refused: list[int] = field(default_factory=list)
    templates: int = 404
    largest: int = 1 << 30


def items(ids: list[str], statuses: Callable[[str], int]) -> Answer:
    """Return a ``_bulk`` answer with a status for each id."""
    answers = [
        {"create": {"_id": each, "status": status, **({"error": _ERROR} if status >= 400 else {})}}
        for each in ids
        for status in [statuses(each)]
    ]
    return 200, {"errors": True, "items": answers}


_ERROR = {"type": "some_exception", "reason": "a reason", "caused_by": {"reason": "its cause"}}


@contextmanager
def serving(script: Script, secured: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve the stand-in on a free port, with TLS when given how, and yield its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _answering(script))
    if secured is not None:
        server.socket = secured.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"{'http' if secured is None else 'https'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _answering(script: Script) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            script.authorization.append(self.headers.get("authorization"))
            status = script.templates if "_template/" in self.path else 404
            self._answer(status, {"error": {"reason": "no such thing"}})

        def do_PUT(self) -> None:
            self._read()
            self._answer(200, {"acknowledged": True})

        def do_POST(self) -> None:
            body = self._read()
            script.authorization.append(self.headers.get("authorization"))
            if self.path.partition("?")[0] != "/_bulk":
                self._answer(200, {})
                return
            if len(body) > script.largest:
                script.refused.append(len(body))
                self._answer(413, {"error": "too large"})
                return
            ids = [json.loads(line)["create"]["_id"] for line in body.splitlines()[::2]]
            script.batches.append(ids)
            self._answer(*script.bulk(ids))

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

        def _read(self) -> bytes:
            return self.rfile.read(int(self.headers.get("content-length", 0)))

        def _answer(self, status: int, body: object) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            for name, value in script.headers.items():
                self.send_header(name, value)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    return Handler
