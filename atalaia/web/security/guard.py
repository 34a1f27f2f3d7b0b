"""What stands before every page."""

from __future__ import annotations

import math
from datetime import timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from flask import Flask, Response, abort, g, redirect, render_template, request
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from atalaia.web.security.access import Access
from atalaia.web.security.addresses import present_address
from atalaia.web.security.attempts import Attempts
from atalaia.web.security.crossing import SAFE, is_from_here
from atalaia.web.security.headers import HEADERS
from atalaia.web.security.sessions import LIFE, Session, Sessions
from logging_lib.clock import Clock, system_clock

SIGN_IN: Final = "/sign-in"
FIELD: Final = "form_token"
"""The hidden field of every form that changes something."""
_BEARER: Final = "bearer "
_OPEN: Final = "/static/"


class Guard:
    """Refuses what the site must not answer, and adds the headers to every response.

    In this order: the name in ``Host`` (421); a token or a session, where there is a token (401, or the page to sign
    in); and for everything but GET, that the request comes from a page of this site which this session was shown
    (403). A program with the token in ``Authorization: Bearer`` has no session that another site could use.

    Args:
        access: How the site is reached.
        clock: What ``now`` is.
    """

    def __init__(self, access: Access, clock: Clock = system_clock) -> None:
        self.access = access
        self.sessions = Sessions(clock)
        self.attempts = Attempts(clock)

    def protect(self, app: Flask) -> None:
        """Stand before every page of an application."""
        app.before_request(self._check)
        app.after_request(self._finish)

    @property
    def session(self) -> Session:
        """The session of the present request; one is begun for a browser that has none."""
        found: Session | None = g.get("session")
        if found is None:
            found = self.begin(signed_in=False)
        return found

    @property
    def signed_in(self) -> bool:
        """Whether the present request shows the site's pages to somebody who signed in."""
        found: Session | None = g.get("session")
        return found is not None and found.signed_in

    @property
    def is_let_in(self) -> bool:
        """Whether whoever sent the present request may see the site's pages."""
        return bool(g.get("is_let_in", False))

    def begin(self, *, signed_in: bool) -> Session:
        """Begin another session for the present request's browser; what it had before is over."""
        before: Session | None = g.get("session")
        if before is not None:
            self.sessions.end(before)
        begun = g.session = g.new_session = self.sessions.start(signed_in=signed_in)
        return begun

    def leave(self) -> None:
        """End the session of the present request."""
        self.begin(signed_in=False)

    def form_token(self) -> str:
        """Return the proof that a form of the present page sends along in :data:`FIELD`."""
        return self.sessions.form_token(self.session)

    def try_token(self, token: str) -> bool:
        """Whether a token is right; wrong ones are counted.

        Raises:
            TooManyRequests: When wrong ones came so fast that the client must wait (429, which names the seconds).
        """
        client = request.remote_addr or ""
        wait = self.attempts.wait(client)
        if wait > timedelta(0):
            raise TooManyRequests(retry_after=max(1, math.ceil(wait.total_seconds())))
        if self.access.admits(token):
            self.attempts.succeeded(client)
            return True
        self.attempts.failed(client)
        return False

    def _check(self) -> AnyResponse | None:
        if not self.access.answers_to(request.host):
            abort(HTTPStatus.MISDIRECTED_REQUEST)
        g.session = self.sessions.read(request.cookies.get(self.access.cookie))
        if g.session is None and _comes_from_elsewhere():
            return _once_more()
        header = request.headers.get("Authorization", "")
        if self.access.token is not None and header.lower().startswith(_BEARER):
            if not self.try_token(header[len(_BEARER) :].strip()):
                abort(HTTPStatus.UNAUTHORIZED)
            g.is_let_in = True
            return None
        g.is_let_in = self.access.token is None or self.signed_in
        if not self.is_let_in and not _is_open(request.path):
            return self._ask_to_sign_in()
        if request.method not in SAFE:
            self._check_form()
        return None

    def _ask_to_sign_in(self) -> AnyResponse:
        """Send a browser to the page to sign in; a program is told 401."""
        if request.method not in SAFE or "text/html" not in request.headers.get("Accept", ""):
            abort(HTTPStatus.UNAUTHORIZED)
        return redirect(f"{SIGN_IN}?{urlencode({'next': present_address(request)})}", HTTPStatus.SEE_OTHER)

    def _check_form(self) -> None:
        session: Session | None = g.session
        token = request.form.get(FIELD, "")
        if not is_from_here(request.headers) or session is None or not self.sessions.is_form_token(session, token):
            abort(HTTPStatus.FORBIDDEN)

    def _finish(self, response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers[name] = value
        begun: Session | None = g.get("new_session")
        if begun is not None:
            response.set_cookie(
                self.access.cookie,
                self.sessions.cookie_of(begun),
                max_age=LIFE,
                httponly=True,
                samesite="Strict",
                secure=_over_tls(),
            )
        return response


def _comes_from_elsewhere() -> bool:
    """Whether a browser opens a page by a link on another site, which keeps our strict cookie back."""
    return (
        request.method == "GET"
        and request.headers.get("Sec-Fetch-Site") == "cross-site"
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
    )


def _once_more() -> Response:
    """Return a page that opens the same address at once: then it is our own page that asks, and the cookie comes."""
    page = render_template("once_more.html", address=present_address(request))
    return Response(page, content_type="text/html; charset=utf-8")


def _is_open(path: str) -> bool:
    """Whether everybody may have what is there: the page to sign in, and what it looks like."""
    return path == SIGN_IN or path.startswith(_OPEN)


def _over_tls() -> bool:
    """Whether the browser speaks TLS to a proxy before us. Who forges the header only makes its own cookie stricter."""
    return request.headers.get("X-Forwarded-Proto", "").strip().lower() == "https"
