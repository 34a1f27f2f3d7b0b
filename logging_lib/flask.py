"""The Flask extension: the documented record for every request of a Flask application.

    logging_lib.configure(service="ti-osn")
    app = Flask(__name__)
    AtalaiaFlask(app)

What the record says, and when:

- ``endpoint`` is the route's template (``/api/chamados/<int:id>``). A wrong method (405) is counted at the template it
  asked for; where no route matches (404, or a redirect to the path with a slash) it is ``(unmatched)``.
- An unhandled exception gives status 500 with ``error_type``, ``error_message`` and ``stack_trace``, whether Flask
  answers it or passes it on (``PROPAGATE_EXCEPTIONS``, ``TESTING``). One that an ``errorhandler`` of its own class
  handles is the application's answer and no error.
- ``user_id`` comes from a callback. Without one it is Flask-Login's user, else the session's ``user_id``, else
  ``g.user_id``, else null (``logging_lib.request.flask_user``).
- ``template_time`` and ``template`` are of what ``render_template`` and ``render_template_string`` render.
- The record is written when the server has taken the last byte; with Flask's test client that is when the
  response has been read to its end.
- A response whose body the server takes as a file (``send_file``) stays one, so ``sendfile`` is used as without us.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from logging_lib.extras import missing

try:
    import flask as _flask  # noqa: F401 - what this module and those beside it are about
except ModuleNotFoundError as error:
    raise missing(None, "flask") from error
from flask import (
    Flask,
    Request,
    Response,
    before_render_template,
    current_app,
    got_request_exception,
    request,
    template_rendered,
)
from flask.typing import ResponseReturnValue
from jinja2 import Template
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from logging_lib.application import get_logger
from logging_lib.errors import AtalaiaError
from logging_lib.output import require_configured
from logging_lib.record import UNMATCHED, UserId
from logging_lib.request.flask_user import flask_user
from logging_lib.request.options import RequestOptions, refuse_coroutine
from logging_lib.request.trace import current_trace
from logging_lib.wsgi import RequestLog

UserIdCallback: TypeAlias = Callable[[], UserId]
"""Called within the request once the response is made; tells who the user is."""

_EXTENSION: Final = "atalaia"
_log = get_logger(__name__)


class AtalaiaFlask:
    """Logs every request of one or more Flask applications.

    Args:
        app: The application; or call ``init_app`` later.
        user_id: Tells who the user of the present request is. If it raises, the request goes on, the record has a null
            user and the exception is logged.
        options: Trusted proxies, the request id's header and the clocks; ``None``: the environment's.

    Raises:
        AtalaiaError: The callback is a coroutine function; and what ``init_app`` refuses.
    """

    def __init__(
        self,
        app: Flask | None = None,
        *,
        user_id: UserIdCallback | None = None,
        options: RequestOptions | None = None,
    ) -> None:
        refuse_coroutine("user_id", user_id)
        self._user_id = user_id or flask_user
        self._options = options
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Observe an application. Middleware put around ``app.wsgi_app`` later is not observed.

        Raises:
            AtalaiaError: Logging is not configured, or the application is already observed.
        """
        require_configured()
        if _EXTENSION in app.extensions:
            raise AtalaiaError(f"{app.name} already has AtalaiaFlask", "initialise it once")
        app.extensions[_EXTENSION] = self  # also keeps this object alive: the signals refer to it weakly
        app.wsgi_app = RequestLog(app.wsgi_app, self._options)  # type: ignore[method-assign] # Flask documents this
        _look_first(app)
        self._ask_once_answered(app)
        got_request_exception.connect(self._on_exception, app)
        before_render_template.connect(_on_template, app)
        template_rendered.connect(_on_rendered, app)

    def _ask_once_answered(self, app: Flask) -> None:
        """Ask for the user when the response is made: the session is saved, and nothing is torn down yet.

        Flask's signal ``request_finished`` comes at the same place, and costs as much as the whole record does.
        """
        process_response = app.process_response

        def process(*args: object, **named: object) -> Response:
            response = process_response(*args, **named)  # type: ignore[arg-type] # as Flask's releases call it
            self._ask_for_user()
            return response

        app.process_response = process  # type: ignore[method-assign] # Flask: "can be overridden"

    def _on_exception(self, _app: Flask, exception: BaseException, **_: object) -> None:
        trace = current_trace()
        if trace is not None:
            trace.failed(exception)
            self._ask_for_user()

    def _ask_for_user(self) -> None:
        trace = current_trace()
        if trace is None or trace.user_known:
            return
        trace.user_known = True
        try:
            trace.user_id = self._user_id()
        except Exception:  # noqa: BLE001 - the boundary: the application's callback must not break its request
            _log.error("user_id callback failed", exc_info=True)


def _on_template(_app: Flask, template: Template, **_: object) -> None:
    trace = current_trace()
    if trace is not None:
        trace.rendering_begins(template)


def _on_rendered(_app: Flask, template: Template, **_: object) -> None:
    trace = current_trace()
    if trace is not None:
        trace.rendering_ends(template, template.name)


def _look_first(app: Flask) -> None:
    """Look for the route before anything of the application runs; the signal ``request_started`` costs more."""
    preprocess_request = app.preprocess_request

    def preprocess(*args: object, **named: object) -> ResponseReturnValue | None:
        trace = current_trace()
        if trace is not None and trace.endpoint is None:
            asked: Request = request._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - Werkzeug documents it
            trace.endpoint = route_template(asked)
        return preprocess_request(*args, **named)

    app.preprocess_request = preprocess  # type: ignore[method-assign] # a step that Flask documents


def route_template(asked: Request) -> str:
    """Return the template of the route that a request asks for, or ``(unmatched)``."""
    if asked.url_rule is not None:
        return asked.url_rule.rule
    wrong = asked.routing_exception
    if isinstance(wrong, MethodNotAllowed) and wrong.valid_methods:
        return _template_for(asked, next(iter(wrong.valid_methods)))
    return UNMATCHED


def _template_for(asked: Request, method: str) -> str:
    """Return the template the path matches under another method."""
    adapter = current_app.create_url_adapter(asked)
    if adapter is None:
        return UNMATCHED
    try:
        rule, _ = adapter.match(method=method, return_rule=True)
    except HTTPException:  # a redirect, say: no view of this path would have answered
        return UNMATCHED
    return rule.rule
