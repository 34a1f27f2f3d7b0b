"""One record for every request of a WSGI application, written when the last byte of the body was handed over.

    application = RequestLog(application)

Each request runs in a context of its own (``contextvars``), from the call to the last byte: what is bound for one
request is on all its log lines and can reach no other, whatever thread or greenlet serves the next.

A plain WSGI application has no routes, so its ``endpoint`` is ``(unmatched)`` unless it tells the template: by the
``endpoint`` callback, or by ``environ["atalaia.endpoint"]``. Its user is what the ``user_id`` callback says, else
``environ["atalaia.user_id"]``, else ``REMOTE_USER``, which a server sets that has authenticated the client itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextvars import Context, copy_context
from types import TracebackType
from typing import Final, TypeAlias
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from logging_lib.output import require_configured
from logging_lib.record import UserId
from logging_lib.request.completing import completed_by
from logging_lib.request.facts import RequestFacts, declared_size
from logging_lib.request.options import RequestOptions, refuse_coroutine
from logging_lib.request.trace import ENDPOINT_KEY, TRACE_KEY, USER_KEY, RequestTrace
from logging_lib.request.wsgi_file import is_servers_file, observe_file

ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
EndpointCallback: TypeAlias = Callable[[WSGIEnvironment], str | None]
"""Tells the route template of a request, or ``None`` where no route fits; called right before the record is written."""
UserIdCallback: TypeAlias = Callable[[WSGIEnvironment], UserId]
"""Tells who the user of a request is; called right before the record is written."""

EARLY: Final = 64 * 1024
"""A last chunk of up to so many bytes, which a socket's buffer takes at once, counts as handed over beforehand."""
_SERVER_ERROR: Final = 500


class RequestLog:
    """WSGI middleware that writes one documented record for each request.

    Args:
        app: The application.
        options: How requests are observed; what the environment says where it is ``None``.
        endpoint: Tells the route template. If it raises, the exception is logged and the request goes on.
        user_id: Tells who the user is; the same holds for it.

    Raises:
        AtalaiaError: Logging is not configured, or a callback is a coroutine function.
    """

    def __init__(
        self,
        app: WSGIApplication,
        options: RequestOptions | None = None,
        *,
        endpoint: EndpointCallback | None = None,
        user_id: UserIdCallback | None = None,
    ) -> None:
        require_configured()
        refuse_coroutine("user_id", user_id)
        refuse_coroutine("endpoint", endpoint)
        self._app = app
        self._options = options or RequestOptions.from_environment(os.environ)
        self._endpoint = endpoint or _told_endpoint
        self._user_id = user_id or _told_user
        self._id_header = self._options.request_id_header
        self._id_key = "HTTP_" + self._id_header.upper().replace("-", "_")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request in a context of its own; one that is already observed is passed on as it is."""
        if TRACE_KEY in environ:
            return self._app(environ, start_response)
        context = copy_context()
        return context.run(self._serve, context, environ, start_response)

    def _serve(self, context: Context, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        complete = completed_by(self._endpoint, self._user_id, environ)
        trace = RequestTrace(self._facts(environ), self._options, complete)
        environ[TRACE_KEY] = trace
        trace.bind()
        answer = _Answer(trace, start_response, self._id_header)
        try:
            body = self._app(environ, answer)
        except BaseException as error:
            _broken_off(trace, error)
            raise
        if is_servers_file(body, environ) and observe_file(body, trace, context):
            return body
        return _SizedBody(body, trace, context) if hasattr(body, "__len__") else _Body(body, trace, context)

    def _facts(self, environ: WSGIEnvironment) -> RequestFacts:
        get = environ.get
        return RequestFacts(
            method=get("REQUEST_METHOD", ""),
            path=get("SCRIPT_NAME", "") + get("PATH_INFO", ""),
            query=get("QUERY_STRING", ""),
            peer=get("REMOTE_ADDR") or "",
            user_agent=get("HTTP_USER_AGENT", ""),
            content_length=get("CONTENT_LENGTH") or "",
            forwarded_for=get("HTTP_X_FORWARDED_FOR", ""),
            request_id=get(self._id_key, ""),
            traceparent=get("HTTP_TRACEPARENT", ""),
            tracestate=get("HTTP_TRACESTATE", ""),
        )


class _Answer:
    """The ``start_response`` the application sees: notes the status and the size, and sends the request id along."""

    __slots__ = ("_header", "_lowered", "_start_response", "_trace")

    def __init__(self, trace: RequestTrace, start_response: StartResponse, header: str) -> None:
        self._trace = trace
        self._start_response = start_response
        self._header = header
        self._lowered = header.lower()

    def __call__(
        self,
        status: str,
        headers: list[tuple[str, str]],
        exc_info: ExcInfo | None = None,
        /,
    ) -> Callable[[bytes], object]:
        trace = self._trace
        trace.status_code = int(status[:3])
        trace.declared_bytes, has_id = None, False
        for name, value in headers:
            lowered = name.lower()
            if lowered == "content-length":
                trace.declared_bytes = declared_size(value)
            elif lowered == self._lowered:
                has_id = True
        if not has_id:
            headers = [*headers, (self._header, trace.request_id)]
        write = self._start_response(status, headers, exc_info) if exc_info else self._start_response(status, headers)
        return self._counted(write)

    def _counted(self, write: Callable[[bytes], object]) -> Callable[[bytes], object]:
        def counting(data: bytes) -> object:
            self._trace.sent_bytes += len(data)
            return write(data)

        return counting


class _Body(Iterator[bytes]):
    """The response's body on its way to the server; knows how it ended."""

    __slots__ = ("_body", "_chunks", "_context", "_trace")

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
        trace = self._trace
        try:
            if self._chunks is None:
                self._chunks = iter(self._body)
            chunk = next(self._chunks)
        except StopIteration:
            if not trace.done:
                trace.finish("completed")
            raise
        except BaseException as error:
            _broken_off(trace, error)
            raise
        trace.sent_bytes += len(chunk)
        # Before the client can have the whole answer: even if the process is killed then, the answer has its line.
        if trace.declared_bytes is not None and trace.sent_bytes >= trace.declared_bytes and len(chunk) <= EARLY:
            trace.finish("completed")
        return chunk

    def _close(self) -> None:
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        except BaseException as error:
            self._trace.failed(error)
            raise
        finally:
            if not self._trace.done:
                self._trace.finish("completed" if self._trace.sent_whole else "client_disconnected")


class _SizedBody(_Body):
    """A body of known length: a server may take a single chunk's size as ``Content-Length`` (PEP 3333)."""

    __slots__ = ()

    def __len__(self) -> int:
        return len(self._body)  # type: ignore[arg-type] # made only for bodies that have a length


def _broken_off(trace: RequestTrace, error: BaseException) -> None:
    """Write the record of a response that the application did not bring to its end.

    A server keeps the status back until the first byte (PEP 3333): before that, it answers 500 instead.
    """
    if not trace.sent_bytes:
        trace.status_code = _SERVER_ERROR
    trace.failed(error)
    trace.finish("stream_failed")


def _told_endpoint(environ: WSGIEnvironment) -> str | None:
    told = environ.get(ENDPOINT_KEY)
    return None if told is None else str(told)


def _told_user(environ: WSGIEnvironment) -> UserId:
    told = environ.get(USER_KEY) or environ.get("REMOTE_USER")
    return told if told is None or isinstance(told, int) else str(told)
