"""A real HTTP server that answers as a test says, and what an ``http`` output makes of events."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from analyzers.store.document import Document
from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.event import Event
from atalaia.pipeline.file_writing import APPENDED, FileWriting
from atalaia.pipeline.http_client.post import Post
from atalaia.pipeline.http_client.request import HttpRequest
from atalaia.pipeline.pipeline import compile_pipeline
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value

NOW = Timestamp.parse("2026-03-14T09:26:53Z")
CLOSE = 0
"""An answer that is none: the connection is closed."""


@dataclass(frozen=True)
class Received:
    """A request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    connection: int
    status: int


@dataclass
class Answering:
    """A server.

    Attributes:
        answer: Says with which status a request is answered, given its body and how many came before it.
        headers: Headers of every answer.
        body: Body of every answer.
        received: What came, in order.
        most_at_once: How many requests were there at a time, at most.
        port: Its port.
    """

    answer: Callable[[bytes, int], int]
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"said"
    received: list[Received] = field(default_factory=list)
    most_at_once: int = 0
    port: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _present: int = 0

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def taken(self) -> list[bytes]:
        """The bodies that were answered with success, in order."""
        return [each.body for each in self.received if 200 <= each.status < 300]

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer a request."""
        body = handler.rfile.read(int(handler.headers.get("Content-Length", "0")))
        with self._lock:
            self._present += 1
            self.most_at_once = max(self.most_at_once, self._present)
            number = len(self.received)
            self.received.append(Received("", "", {}, b"", 0, 0))  # its place in the order of arrival
        status = self.answer(body, number)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        port: int = handler.client_address[1]
        with self._lock:
            self._present -= 1
            self.received[number] = Received(handler.command, handler.path, headers, body, port, status)
        if status == CLOSE:
            handler.close_connection = True
            return
        handler.send_response(status)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(self.body)))
        handler.end_headers()
        handler.wfile.write(self.body)


@contextmanager
def answering(
    answer: Callable[[bytes, int], int] = lambda _body, _number: 200,
    *,
    context: ssl.SSLContext | None = None,
    port: int = 0,
    **settings: object,
) -> Iterator[Answering]:
    """Run a server."""
    serving = Answering(answer)
    for name, value in settings.items():
        setattr(serving, name, value)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # head and body in one piece, or the second waits for the first to be acknowledged

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            """Say nothing."""

        def _do(self) -> None:
            serving.take(self)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _do  # noqa: N815 - the standard library's names

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        server.daemon_threads = True
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        serving.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield serving
        finally:
            server.shutdown()
            thread.join()


class Posts:
    """A delivery that keeps requests."""

    def __init__(self) -> None:
        self.posts: list[Post] = []

    def store(self, event: Event, document: Document) -> None:
        """Refuse."""
        raise AssertionError(f"{event} was stored as {document}")

    def append(self, event: Event, path: Path, text: str, how: FileWriting = APPENDED) -> None:
        """Refuse."""
        raise AssertionError(f"{event} was written to {path}: {text} ({how})")

    def forward(self, event: Event, address: str) -> None:
        """Refuse."""
        raise AssertionError(f"{event} was sent to {address}")

    def print(self, event: Event, text: str) -> None:
        """Refuse."""
        raise AssertionError(f"{event} was printed as {text}")

    def post(self, event: Event, request: HttpRequest) -> None:
        """Keep a request."""
        self.posts.append(Post(event, request))


def posts_of(options: str, *events: dict[str, Value], directory: Path = Path("/")) -> list[Post]:
    """Return what an ``http`` output makes of events; ``http_method`` is ``post`` unless the options say another."""
    method = "" if "http_method" in options else "http_method => post "
    context = PipelineContext("test", EcsCompatibility.DISABLED, NOW.to_datetime, directory)
    configuration = parse_configuration(f"output {{ http {{ {method}{options} }} }}", "t.conf")
    delivery = Posts()
    made = [Event.create(dict(fields), NOW) for fields in events]
    compile_pipeline(configuration, context, {}).output(made, delivery)
    return delivery.posts
