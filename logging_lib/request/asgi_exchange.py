"""One ASGI request and its response, watched as their messages pass."""

from __future__ import annotations

import sys
from asyncio import CancelledError
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Final, TypeAlias, cast
from urllib.parse import unquote_to_bytes

from logging_lib.request.asgi_routes import Scope
from logging_lib.request.facts import RequestFacts, declared_size
from logging_lib.request.trace import RequestTrace

Message: TypeAlias = MutableMapping[str, object]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Headers: TypeAlias = Iterable[tuple[bytes, bytes]]

CLIENT_CLOSED: Final = 499
"""The status of a request whose client left before an answer began; no client sees it. nginx's convention."""
_SERVER_ERROR: Final = 500
_READ: Final = frozenset({b"user-agent", b"content-length", b"x-forwarded-for", b"traceparent", b"tracestate"})


class Exchange:
    """What the application receives and sends, on its way between it and the server.

    Args:
        trace: The request.
        receive: The server's.
        send: The server's.
        id_header: The request id's header in lower case.
    """

    __slots__ = ("_answered", "_disconnected", "_id_header", "_outside", "_receive", "_send", "_trace")

    def __init__(self, trace: RequestTrace, receive: Receive, send: Send, id_header: bytes) -> None:
        self._trace = trace
        self._receive = receive
        self._send = send
        self._id_header = id_header
        self._answered: BaseException | None = None
        self._disconnected = False
        self._outside = sys.exception()  # being handled around the whole server, perhaps; no business of this request

    async def receive(self) -> Message:
        """Pass on what the server says, and note that the client has left."""
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self._disconnected = True
        return message

    async def send(self, message: Message) -> None:
        """Pass on what the application says; with its last byte the record is written."""
        kind = message["type"]
        if kind == "http.response.body":
            self._pass_body(message)
        elif kind == "http.response.start":
            message = self._start(message)
        try:
            await self._send(message)
        except OSError:  # how a server says that the client has left
            self._disconnected = True
            raise
        if kind == "http.response.zerocopysend":
            self._sent_file(message)
        elif kind == "http.response.pathsend":  # the server reads the file, and nothing follows
            self._trace.sent_bytes = self._trace.declared_bytes or 0
            self._trace.bytes_known = self._trace.declared_bytes is not None
            self._finish()

    def raised(self, error: BaseException) -> None:
        """Note the exception the application ended with; cancelling what nobody waits for any more is none."""
        if error is self._answered:  # Starlette answers an exception with 500, and raises it again
            return
        if not (self._disconnected and isinstance(error, CancelledError | OSError)):
            self._trace.failed(error)

    def ended(self) -> None:
        """Write the record, if the last byte has not been sent: the client has left, or the application has failed."""
        self._answered = self._outside = None  # an exception knows the frames that know this object
        trace = self._trace
        if trace.done:
            return
        if self._disconnected and trace.status_code is None:
            trace.status_code = CLIENT_CLOSED
        trace.finish("client_disconnected" if self._disconnected else "stream_failed")

    def _start(self, message: Message) -> Message:
        trace = self._trace
        status = cast("int", message["status"])
        headers = list(cast("Headers", message.get("headers") or ()))
        names = {name.lower(): value for name, value in headers}
        trace.declared_bytes = declared_size(names.get(b"content-length", b"").decode("latin-1"))
        # What a framework answers when reading from a client that has gone raised is no error of the server.
        trace.status_code = CLIENT_CLOSED if self._disconnected and status >= _SERVER_ERROR else status
        if self._id_header in names:
            return message
        return {**message, "headers": [*headers, (self._id_header, trace.request_id.encode())]}

    def _pass_body(self, message: Message) -> None:
        trace = self._trace
        trace.sent_bytes += len(cast("bytes", message.get("body", b"")))
        if not message.get("more_body", False):
            self._finish()

    def _sent_file(self, message: Message) -> None:
        """Count a file that the server was handed (``zerocopysend``); without a count it is the rest of the file."""
        count = message.get("count")
        if isinstance(count, int):
            self._trace.sent_bytes += count
        else:
            self._trace.bytes_known = self._trace.declared_bytes is not None
            self._trace.sent_bytes = self._trace.declared_bytes or 0
        if not message.get("more_body", False):
            self._finish()

    def _finish(self) -> None:
        trace = self._trace
        problem = sys.exception() if (trace.status_code or 0) >= _SERVER_ERROR else None
        # A handler answers an exception while it is handled; one with a status (HTTPException) is an answer itself.
        if problem is not None and problem is not self._outside and not hasattr(problem, "status_code"):
            self._answered = problem
            trace.failed(problem)
        trace.finish("client_disconnected" if self._disconnected else "completed")


def facts_of(scope: Scope, id_header: bytes) -> RequestFacts:
    """Return what a scope of type ``http`` says about the request."""
    sent: dict[bytes, bytes] = {}
    for name, value in cast("Headers", scope["headers"]):
        if name in _READ or name == id_header:
            sent[name] = sent[name] + b"," + value if name in sent else value
    texts = {name: value.decode("latin-1") for name, value in sent.items()}
    client = cast("tuple[str, int] | None", scope.get("client"))
    return RequestFacts(
        method=cast("str", scope["method"]),
        path=_path(scope),
        query=cast("bytes", scope.get("query_string") or b"").decode("latin-1"),
        peer=client[0] if client else "",
        user_agent=texts.get(b"user-agent", ""),
        content_length=texts.get(b"content-length", ""),
        forwarded_for=texts.get(b"x-forwarded-for", ""),
        request_id=texts.get(id_header, ""),
        traceparent=texts.get(b"traceparent", ""),
        tracestate=texts.get(b"tracestate", ""),
    )


def _path(scope: Scope) -> str:
    """Return the path's bytes as Latin-1 text; those of ``raw_path``, which lost nothing, where the server gives it."""
    raw = cast("bytes | None", scope.get("raw_path"))
    if raw:
        return unquote_to_bytes(raw.partition(b"?")[0]).decode("latin-1")
    return cast("str", scope["path"]).encode("utf-8", "surrogateescape").decode("latin-1")
