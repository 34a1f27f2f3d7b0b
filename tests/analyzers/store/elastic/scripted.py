"""A stand-in for an Elasticsearch that gives the same answers for ever."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.analyzers.store.elastic.standin import Answer

_NOTHING: Answer = (404, {"error": {"reason": "no such thing"}})


@contextmanager
def answering(answers: Mapping[str, Answer]) -> Iterator[str]:
    """Serve answers by how method and path begin, as in ``GET /_cluster/health``; all else is not found.

    Yields:
        The address.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def do_DELETE(self) -> None:
            self._answer()

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            asked = f"{self.command} {self.path}"
            status, body = next((answers[begin] for begin in answers if asked.startswith(begin)), _NOTHING)
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("x-elastic-product", "Elasticsearch")
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
