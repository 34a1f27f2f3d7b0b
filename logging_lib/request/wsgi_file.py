"""Files that the server itself sends (``wsgi.file_wrapper``): observed without taking ``sendfile`` away from it.

A server knows its own file object by its class, so a body of that class is not wrapped: its ``close`` is watched, which
every server calls once the file is sent or the client has gone. The bytes of such a response are those it declares.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from contextvars import Context
from wsgiref.types import WSGIEnvironment

from logging_lib.record import Outcome
from logging_lib.request.trace import RequestTrace


def is_servers_file(body: Iterable[bytes], environ: WSGIEnvironment) -> bool:
    """Tell whether a body is the server's own file object."""
    wrapper: object = environ.get("wsgi.file_wrapper")
    return isinstance(wrapper, type) and isinstance(body, wrapper)


def observe_file(body: Iterable[bytes], trace: RequestTrace, context: Context) -> bool:
    """Write the record when the server closes its file; tell whether the file object lets itself be watched."""
    close: Callable[[], object] | None = getattr(body, "close", None)

    def closed() -> None:
        outcome = _outcome(body, trace)
        try:
            if close is not None:
                close()
        finally:
            context.run(trace.finish, outcome)

    try:
        body.close = closed  # type: ignore[attr-defined] # file wrappers of Python servers take attributes
    except AttributeError:
        return False
    return True


def _outcome(body: Iterable[bytes], trace: RequestTrace) -> Outcome:
    """Return how sending went, as far as the server lets on, and note the bytes that were sent.

    gunicorn closes the file while the socket's error is on its way up; waitress counts in ``remain`` what it has not
    sent yet.
    """
    remain: object = getattr(body, "remain", 0)
    left = remain if isinstance(remain, int) and not trace.bodiless else 0
    trace.bytes_known = trace.declared_bytes is not None
    trace.sent_bytes = max(0, (trace.declared_bytes or 0) - left)
    problem = sys.exception()
    if problem is not None and not isinstance(problem, OSError):
        trace.failed(problem)
        return "stream_failed"
    return "client_disconnected" if left or problem is not None else "completed"
