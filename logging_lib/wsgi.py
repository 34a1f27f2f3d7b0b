"""One record for every request of a WSGI application, written when the last byte of the body was handed over.

Each request runs in a context of its own (``contextvars``), from the call to the last byte: what is bound for one
request is on all its log lines and can reach no other, whatever thread serves the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextvars import Context, copy_context
from types import TracebackType
from typing import TypeAlias
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog

from logging_lib.request_trace import TRACE_KEY, RequestOptions, RequestTrace, declared_size

ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


class RequestLog:
    """WSGI middleware that writes one documented record for each request.

    Args:
        app: The application.
        options: How requests are observed.
    """

    def __init__(self, app: WSGIApplication, options: RequestOptions | None = None) -> None:
        self._app = app
        self._options = options or RequestOptions()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request in a context of its own."""
        context = copy_context()
        return context.run(self._serve, context, environ, start_response)

    def _serve(self, context: Context, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        trace = RequestTrace(environ, self._options)
        environ[TRACE_KEY] = trace
        trace.make_current()
        structlog.contextvars.bind_contextvars(request_id=trace.request_id)
        if trace.trace_id:
            structlog.contextvars.bind_contextvars(trace_id=trace.trace_id)
        answer = _Answer(trace, start_response, self._options.request_id_header)
        try:
            body = self._app(environ, answer)
        except BaseException as error:
            trace.failed(error)
            trace.finish("stream_failed")
            raise
        return _Body(body, trace, context)


class _Answer:
    """The ``start_response`` the application sees: notes the status and the size, and sends the request id along."""

    def __init__(self, trace: RequestTrace, start_response: StartResponse, header: str) -> None:
        self._trace = trace
        self._start_response = start_response
        self._header = header

    def __call__(
        self,
        status: str,
        headers: list[tuple[str, str]],
        exc_info: ExcInfo | None = None,
        /,
    ) -> Callable[[bytes], object]:
        names = {name.lower(): value for name, value in headers}
        self._trace.status_code = int(status.split(" ", 1)[0])
        self._trace.declared_bytes = declared_size(names.get("content-length"))
        if self._header.lower() not in names:
            headers = [*headers, (self._header, self._trace.request_id)]
        write = self._start_response(status, headers, exc_info) if exc_info else self._start_response(status, headers)
        return self._counted(write)

    def _counted(self, write: Callable[[bytes], object]) -> Callable[[bytes], object]:
        def counting(data: bytes) -> object:
            self._trace.sent_bytes += len(data)
            return write(data)

        return counting


class _Body(Iterator[bytes]):
    """The response's body on its way to the server; knows how it ended."""

    def __init__(self, body: Iterable[bytes], trace: RequestTrace, context: Context) -> None:
        self._body = body
        self._chunks: Iterator[bytes] | None = None
        self._trace = trace
        self._context = context

    def __next__(self) -> bytes:
        return self._context.run(self._next)

    def close(self) -> None:
        """Close the application's body; where it was not read to its end, the client had left."""
        self._context.run(self._close)

    def _next(self) -> bytes:
        try:
            if self._chunks is None:
                self._chunks = iter(self._body)
            chunk = next(self._chunks)
        except StopIteration:
            self._trace.finish("completed")
            raise
        except BaseException as error:
            self._trace.failed(error)
            self._trace.finish("stream_failed")
            raise
        self._trace.sent_bytes += len(chunk)
        return chunk

    def _close(self) -> None:
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            self._trace.finish("completed" if self._trace.sent_whole else "client_disconnected")
