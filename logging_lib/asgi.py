"""One record for every HTTP request of an ASGI application: Starlette, FastAPI or any other.

    logging_lib.configure(service="ti-osn")
    app = AtalaiaASGI(FastAPI())

Around the whole application is the best place. ``app.add_middleware(AtalaiaASGI)`` works too, but there Starlette's
answer to an unhandled exception is made outside of it: the record is right, the answer has no ``X-Request-ID``.

The record is written when the last byte is handed to the server, right before: so no request whose answer reached the
client lacks its line, even if the process is killed in that moment. What the record says:

- ``endpoint``: the template as Starlette and FastAPI have it, mounts and prefixes included (``/api/chamados/{id}``); a
  wrong method (405) counts at the template it asked for; other frameworks tell it by a callback.
- ``outcome``: ``client_disconnected`` where the server told so before the last byte: the application received
  ``http.disconnect``, or sending raised ``OSError``. A client that left before the response began is status 499, as
  nginx has it, unless the application answered all the same. ``stream_failed``: the application raised, was cancelled
  or ended without a whole response.
- ``error_*``: the exception, also the one behind a 5xx that a handler made of it while it was handled. One that comes
  after the last byte (a background task's) is a line of its own, ``failed after the response``.

Lifespan and WebSocket scopes are passed on untouched: a WebSocket is no request with a response, so it has no record
and its log lines no ids; ``outgoing_headers`` is empty there.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import structlog

from logging_lib.output import require_configured
from logging_lib.record import UserId
from logging_lib.request.asgi_exchange import Exchange, Receive, Send, facts_of
from logging_lib.request.asgi_routes import Scope, route_template
from logging_lib.request.asgi_user import scope_user
from logging_lib.request.completing import completed_by
from logging_lib.request.options import RequestOptions, refuse_coroutine
from logging_lib.request.trace import ENDPOINT_KEY, TRACE_KEY, RequestTrace, current_trace, make_current

ASGIApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
EndpointCallback: TypeAlias = Callable[[Scope], str | None]
"""Tells the route template of a request, or ``None`` where no route fits; called right before the record is written."""
UserIdCallback: TypeAlias = Callable[[Scope], UserId]
"""Tells who the user of a request is; called right before the record is written."""


class AtalaiaASGI:
    """ASGI middleware that writes one documented record for each HTTP request.

    Args:
        app: The application.
        options: How requests are observed; what the environment says where it is ``None``.
        user_id: Tells who the user is; ``asgi_user.scope_user`` where it is ``None``. If it raises, the request goes
            on, the record has a null user and the exception is logged.
        endpoint: Tells the route template, for frameworks other than Starlette and FastAPI; the same holds for it.

    Raises:
        AtalaiaError: Logging is not configured, or a callback is a coroutine function.
    """

    def __init__(
        self,
        app: ASGIApp,
        options: RequestOptions | None = None,
        *,
        user_id: UserIdCallback | None = None,
        endpoint: EndpointCallback | None = None,
    ) -> None:
        require_configured()
        refuse_coroutine("user_id", user_id)
        refuse_coroutine("endpoint", endpoint)
        self._app = app
        self._options = options or RequestOptions.from_environment(os.environ)
        self._user_id = user_id or scope_user
        self._endpoint = endpoint or _scope_endpoint
        self._id_header = self._options.request_id_header.lower().encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one scope; one that is already observed is passed on as it is."""
        if scope["type"] != "http" or TRACE_KEY in scope:
            await self._app(scope, receive, send)
            return
        bound, outer = structlog.contextvars.get_contextvars(), current_trace()
        try:
            await self._observed(scope, receive, send)
        finally:
            # A server makes a task for each request; a client inside the process need not, and must not keep our ids.
            structlog.contextvars.clear_contextvars()
            structlog.contextvars.bind_contextvars(**bound)
            make_current(outer)

    async def _observed(self, scope: Scope, receive: Receive, send: Send) -> None:
        complete = completed_by(self._endpoint, self._user_id, scope)
        trace = RequestTrace(facts_of(scope, self._id_header), self._options, complete)
        scope[TRACE_KEY] = trace
        trace.bind()
        exchange = Exchange(trace, receive, send, self._id_header)
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except BaseException as error:
            exchange.raised(error)
            raise
        finally:
            exchange.ended()


def _scope_endpoint(scope: Scope) -> str | None:
    told = scope.get(ENDPOINT_KEY)
    return route_template(scope) if told is None else str(told)
