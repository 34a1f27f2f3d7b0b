"""What is known of one running request, whichever gateway serves it, and the record it becomes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final, TypeAlias

import structlog

from logging_lib.application import get_logger
from logging_lib.error_info import ErrorInfo, describe_error
from logging_lib.identifiers import event_id, hexadecimal
from logging_lib.output import current
from logging_lib.record import UNMATCHED, Outcome, RequestRecord, UserId
from logging_lib.request.client import client_address, is_request_id
from logging_lib.request.facts import RequestFacts, declared_size, decoded, quoted_path
from logging_lib.request.options import RequestOptions
from logging_lib.request.rendering import Rendering
from logging_lib.request.trace_context import format_traceparent, parse_traceparent

TRACE_KEY: Final = "atalaia.request"
"""The key of a WSGI environment or ASGI scope under which a framework's hooks find the request's ``RequestTrace``."""
ENDPOINT_KEY: Final = "atalaia.endpoint"
"""The key under which a plain WSGI or ASGI application may say which route template it serves."""
USER_KEY: Final = "atalaia.user_id"
"""The key under which it may say who the user is."""

_BODILESS: Final = frozenset({204, 304})
_SERVER_ERROR: Final = 500
_log = get_logger(__name__)
_counting: Final = threading.Lock()  # one for all: it is held for two additions
_running: Final[ContextVar[RequestTrace | None]] = ContextVar("atalaia_request", default=None)


class RequestTrace:
    """What is known of one running request; a framework's hooks add what only they know.

    Attributes:
        request_id: The caller's where it sent one, else a new one; on every log line of the request.
        trace_id: The caller's trace, or the one that begins here; on every log line, too.
        span_id: This request's part of the trace; on every log line, too.
        endpoint: The route template, once it is known.
        user_id: Who asks, once it is known.
        user_known: Whether somebody has told, so that nobody else is asked.
        status_code: The response's status, once it has begun.
        declared_bytes: The response's ``Content-Length``.
        sent_bytes: The bytes of body handed to the server so far.
        bytes_known: Whether ``sent_bytes`` counts; not where the server sends a file of undeclared size by itself.
        done: Whether the record is written.
    """

    __slots__ = (
        "_complete",
        "_db_queries",
        "_db_time",
        "_error",
        "_facts",
        "_ip_address",
        "_options",
        "_rendering",
        "_sampled",
        "_started",
        "_started_at",
        "bytes_known",
        "declared_bytes",
        "done",
        "endpoint",
        "request_id",
        "sent_bytes",
        "span_id",
        "status_code",
        "trace_id",
        "user_id",
        "user_known",
    )

    def __init__(self, facts: RequestFacts, options: RequestOptions, complete: Complete | None = None) -> None:
        self._started_at = options.clock()
        self._started = options.monotonic()
        self._facts = facts
        self._options = options
        self._complete = complete
        self._ip_address = client_address(facts.peer, facts.forwarded_for, options.trusted_proxies)
        self._error: ErrorInfo | None = None
        self._db_time = 0.0
        self._db_queries = 0
        self._rendering: Rendering | None = None
        self.done = False
        self.endpoint: str | None = None
        self.user_id: UserId = None
        self.user_known = False
        self.status_code: int | None = None
        self.declared_bytes: int | None = None
        self.sent_bytes = 0
        self.bytes_known = True
        parent = parse_traceparent(facts.traceparent) if facts.traceparent else None
        digits = hexadecimal(80)  # one call for all three ids
        self.span_id = digits[:16]
        self.trace_id = parent.trace_id if parent else digits[16:48]
        self._sampled = None if parent is None else parent.sampled
        sent = facts.request_id
        self.request_id = sent if sent and is_request_id(sent) else digits[48:]

    def bind(self) -> None:
        """Put the request's ids on every log line of the present context, and let ``current_trace`` find it there."""
        _running.set(self)
        structlog.contextvars.bind_contextvars(request_id=self.request_id, trace_id=self.trace_id, span_id=self.span_id)

    def add_query(self, seconds: float, count: int = 1) -> None:
        """Count what was sent to a database, most often one statement; from any thread of the request.

        The record has ``db_time`` and ``db_queries`` once a statement was counted. One that comes after the record was
        written (a background task's) counts nowhere.

        Args:
            seconds: How long it took.
            count: How many statements it was.
        """
        with _counting:
            self._db_time += seconds
            self._db_queries += count

    def rendering_begins(self, template: object) -> None:
        """Note that a template begins to be rendered, in this thread; ``logging_lib.request.rendering`` sums up.

        Args:
            template: What is rendered, by identity: ``rendering_ends`` is given the same.
        """
        rendering = self._rendering
        if rendering is None:
            with _counting:
                rendering = self._rendering = self._rendering or Rendering()
        rendering.begin(template, self._options.monotonic())

    def rendering_ends(self, template: object, name: str | None) -> None:
        """Note that it is rendered. The record has ``template_time`` then, and ``template``, the name of the slowest.

        A template that is streamed while the client takes it has no time of its own, and does not count.
        """
        if self._rendering is not None:
            streamed = self.status_code is not None
            self._rendering.end(template, name, self._options.monotonic(), counts=not streamed)

    def failed(self, error: BaseException) -> None:
        """Remember an exception of the application; the first one is the cause and stays.

        One that comes when the record is already written (after the last byte, in a background task) is logged as a
        line of its own.
        """
        if self.done:
            _log.error("failed after the response", exc_info=error)
        elif self._error is None:
            self._error = describe_error(error)

    @property
    def bodiless(self) -> bool:
        """Whether the response has no body, whatever the application sends."""
        return self._facts.method == "HEAD" or self.status_code in _BODILESS

    @property
    def sent_whole(self) -> bool:
        """Whether nothing of the body can be missing, although the server did not ask for its end."""
        return self.bodiless or (self.declared_bytes is not None and self.sent_bytes >= self.declared_bytes)

    def outgoing_headers(self) -> dict[str, str]:
        """Return the headers that hand the request's ids on to another service."""
        sampled = True if self._sampled is None else self._sampled  # a trace that begins here is recorded here
        headers = {
            self._options.request_id_header: self.request_id,
            "traceparent": format_traceparent(self.trace_id, self.span_id, sampled=sampled),
        }
        state = self._facts.tracestate
        if self._sampled is not None and state.isascii() and state.isprintable() and state:
            headers["tracestate"] = state
        return headers

    def finish(self, outcome: Outcome) -> None:
        """Write the record, once; later calls have nothing to add."""
        if self.done:
            return
        self.done = True
        response_time = self._options.monotonic() - self._started
        if self._complete is not None:
            self._complete(self)
            self._complete = None  # it knows the environment, which knows this trace: no cycle may be left behind
        current().emit(self._record(outcome, response_time))

    def _record(self, outcome: Outcome, response_time: float) -> RequestRecord:
        facts = self._facts
        agent, query = facts.user_agent, facts.query
        db_time, db_queries = self._database() if self._db_queries else (None, None)
        rendered = None if self._rendering is None else self._rendering.total()
        template_time, template = rendered or (None, None)
        return RequestRecord(
            timestamp=self._started_at,
            event_id=event_id(self._started_at),
            endpoint=str(self.endpoint or UNMATCHED),
            user_id=self.user_id,
            response_time=response_time,
            # Without a status the application has raised, and the server answers 500 in its place.
            status_code=_SERVER_ERROR if self.status_code is None else self.status_code,
            user_agent=(agent if agent.isascii() else decoded(agent)) or None,
            ip_address=self._ip_address,
            outcome=outcome,
            request_id=self.request_id,
            trace_id=self.trace_id,
            span_id=self.span_id,
            method=facts.method,
            path=quoted_path(facts.path),
            query=(query if query.isascii() else decoded(query)) or None,
            request_bytes=declared_size(facts.content_length),
            response_bytes=self._response_bytes(),
            db_time=db_time,
            db_queries=db_queries,
            template_time=template_time,
            template=template or None,
            error=self._error,
        )

    def _database(self) -> tuple[float, int]:
        with _counting:
            return self._db_time, self._db_queries

    def _response_bytes(self) -> int | None:
        if self.bodiless:
            return 0
        return self.sent_bytes if self.bytes_known else None


Complete: TypeAlias = Callable[[RequestTrace], None]
"""Called once, right before the record is written: fills in the endpoint and the user that are still unknown."""


def current_trace() -> RequestTrace | None:
    """Return the trace of the request that is being served here, or ``None`` outside of one.

    It is found in the request's own context and in every copy of that: tasks the request starts, threads that were
    given its context (``asyncio.to_thread``, Starlette's thread pool).
    """
    return _running.get()


def outgoing_headers() -> dict[str, str]:
    """Return the headers that a call to another service should carry, so that its logs can be found by the same ids.

    These are ``X-Request-ID`` and ``traceparent`` (with the caller's sampled flag), and the caller's ``tracestate``
    where it came with a valid ``traceparent``. Outside of a request there are none.
    """
    trace = current_trace()
    return trace.outgoing_headers() if trace else {}


def make_current(trace: RequestTrace | None) -> None:
    """Let ``current_trace`` find another request, or none, from the present context on."""
    _running.set(trace)
