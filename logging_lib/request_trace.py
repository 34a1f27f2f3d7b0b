"""What is known of one running request, and the record it becomes."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import quote
from wsgiref.types import WSGIEnvironment

from logging_lib.client import client_address, incoming_request_id, incoming_trace_id
from logging_lib.clock import Clock, system_clock
from logging_lib.identifiers import event_id
from logging_lib.output import current
from logging_lib.record import UNMATCHED, ErrorInfo, Outcome, RequestRecord, UserId, describe_error

TRACE_KEY: Final = "atalaia.request"
"""The WSGI environment's key under which a framework's hooks find the request's ``RequestTrace``."""

Monotonic: TypeAlias = Callable[[], float]
"""Returns seconds that never run backwards, as ``time.perf_counter`` does."""

_BODILESS: Final = frozenset({204, 304})
_counting: Final = threading.Lock()  # one for all: it is held for two additions
_running: Final[ContextVar[RequestTrace | None]] = ContextVar("atalaia_request", default=None)


def current_trace() -> RequestTrace | None:
    """Return the trace of the request that is being served here, or ``None`` outside of one.

    It is found in the request's own context and in every copy of that: tasks the request starts, threads that were
    given its context (``asyncio.to_thread``, Starlette's thread pool).
    """
    return _running.get()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOptions:
    """How requests are observed.

    Attributes:
        trusted_proxies: How many proxies in front append to ``X-Forwarded-For``; 0 believes no such header.
        request_id_header: Read from the request where it has the shape of an id, and sent back with the response.
        clock: Tells when a request began.
        monotonic: Measures how long it took.
    """

    trusted_proxies: int = 0
    request_id_header: str = "X-Request-ID"
    clock: Clock = system_clock
    monotonic: Monotonic = time.perf_counter


class RequestTrace:
    """What is known of one running request; a framework's hooks add what only they know.

    Attributes:
        endpoint: The route template, once it is known.
        user_id: Who asks, once it is known.
        user_known: Whether the framework's hook has asked already.
        request_id: On every log line of the request.
    """

    def __init__(self, environ: WSGIEnvironment, options: RequestOptions) -> None:
        self._environ = environ
        self._options = options
        self._started_at = options.clock()
        self._started = options.monotonic()
        self._ip_address = client_address(environ, options.trusted_proxies)
        self._error: ErrorInfo | None = None
        self._done = False
        self.endpoint = UNMATCHED
        self.user_id: UserId = None
        self.user_known = False
        self.request_id = incoming_request_id(environ, options.request_id_header) or secrets.token_hex(16)
        self.trace_id = incoming_trace_id(environ)
        self.status_code: int | None = None
        self.declared_bytes: int | None = None
        self.sent_bytes = 0
        self._db_time = 0.0
        self._db_queries = 0

    def make_current(self) -> None:
        """Let ``current_trace`` find this request from the present context on."""
        _running.set(self)

    def add_query(self, seconds: float) -> None:
        """Count one statement that was sent to a database; from any thread of the request.

        The record has ``db_time`` and ``db_queries`` once a statement was counted. One that comes after the record was
        written (a background task's) counts nowhere.

        Args:
            seconds: How long the statement took.
        """
        with _counting:
            self._db_time += seconds
            self._db_queries += 1

    def failed(self, error: BaseException) -> None:
        """Remember an exception of the application; the first one is the cause and stays."""
        self._error = self._error or describe_error(error)

    @property
    def sent_whole(self) -> bool:
        """Whether nothing of the body can be missing, although the server did not ask for its end."""
        bodiless = self._environ.get("REQUEST_METHOD") == "HEAD" or self.status_code in _BODILESS
        return bodiless or (self.declared_bytes is not None and self.sent_bytes >= self.declared_bytes)

    def finish(self, outcome: Outcome) -> None:
        """Write the record, once; later calls have nothing to add."""
        if self._done:
            return
        self._done = True
        current().emit(self._record(outcome, self._options.monotonic() - self._started))

    def _record(self, outcome: Outcome, response_time: float) -> RequestRecord:
        environ = self._environ
        return RequestRecord(
            timestamp=self._started_at,
            event_id=event_id(self._started_at),
            endpoint=self.endpoint,
            user_id=self.user_id,
            response_time=response_time,
            # Without a status the application has raised, and the server answers 500 in its place.
            status_code=500 if self.status_code is None else self.status_code,
            user_agent=_text(environ, "HTTP_USER_AGENT"),
            ip_address=self._ip_address,
            outcome=outcome,
            request_id=self.request_id,
            trace_id=self.trace_id,
            method=_text(environ, "REQUEST_METHOD"),
            path=_path(environ),
            query=_text(environ, "QUERY_STRING"),
            request_bytes=declared_size(environ.get("CONTENT_LENGTH")),
            response_bytes=self.sent_bytes,
            db_time=self._db_time if self._db_queries else None,
            db_queries=self._db_queries or None,
            error=self._error,
        )


def declared_size(text: str | None) -> int | None:
    """Return the bytes a ``Content-Length`` declares, or ``None`` where there is none or it is no number."""
    return int(text) if text and text.isascii() and text.isdigit() else None


def _text(environ: WSGIEnvironment, key: str) -> str | None:
    """Return an environment's value; WSGI carries bytes as Latin-1 text, so undo that where they are UTF-8."""
    value = environ.get(key)
    return _decoded(str(value)) if value else None


def _path(environ: WSGIEnvironment) -> str:
    """Return the path as the client asked for it, percent-encoded where that is needed."""
    raw = (str(environ.get("SCRIPT_NAME", "")) + str(environ.get("PATH_INFO", ""))).encode("latin-1", "replace")
    return quote(raw, safe="/:@!$&'()*+,;=~-._")


def _decoded(text: str) -> str:
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
