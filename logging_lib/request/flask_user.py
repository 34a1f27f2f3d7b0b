"""Who the user of a Flask request is, where the application tells no callback: Flask-Login's, or the session's.

Nothing is loaded to find that out: logging must not send a query to the database.

- Flask-Login has loaded somebody, and it is nobody (anonymous, signed out): null.
- The session names a user (Flask-Login's ``_user_id``, which it signs): that one. Where no view asked for
  ``current_user``, that the user still exists has not been checked.
- Flask-Login has loaded somebody from elsewhere (``request_loader``: a token, an API key): ``get_id()`` of it.
- A valid remember-me cookie that nobody has redeemed: the user it names. Its signature is checked.
- ``session["user_id"]``, else ``g.user_id``, of an application without Flask-Login; else null.

Flask-Login's ids are text by its own rule. One of digits alone, such as a table's primary key, is logged as the number.
"""

from __future__ import annotations

from typing import Final, Protocol
from uuid import UUID

from logging_lib.extras import missing

try:
    from flask import Flask, current_app, g, request, session
except ModuleNotFoundError as error:
    raise missing(None, "flask") from error
from flask.sessions import SessionMixin

from logging_lib.record import UserId

_MOST_DIGITS: Final = 18  # of which any number fits into 64 bits


class _LoginUser(Protocol):
    """What Flask-Login wants of a user."""

    is_anonymous: bool

    def get_id(self) -> str | None:
        """Return the user's id, or ``None`` for an anonymous one."""


def flask_user() -> UserId:
    """Return who makes the present request, or ``None`` for nobody."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - Werkzeug documents it
    if getattr(app, "login_manager", None) is not None:
        found, user = _flask_login_user()
        if found:
            return user
    opened: SessionMixin = session._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - Werkzeug documents it
    for told in (opened.get("_user_id"), opened.get("user_id"), g.get("user_id")):
        if isinstance(told, int | str | UUID):
            return str(told) if isinstance(told, UUID) else told
    return None


def number_if_digits(text: str) -> int | str:
    """Return an id of digits alone as a number, any other as it is; ``007`` is not a number that was written out."""
    plain = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS and (text[0] != "0" or text == "0")
    return int(text) if plain else text


def _flask_login_user() -> tuple[bool, UserId]:
    """Return whether Flask-Login can tell, and what."""
    user: _LoginUser | None = g.get("_login_user")
    if user is not None and user.is_anonymous:
        return True, None
    named = session.get("_user_id")
    if named is None and user is not None:
        named = user.get_id()
    if named is None:
        named = _remembered()
    return named is not None, None if named is None else number_if_digits(str(named))


def _remembered() -> str | None:
    """Return the user that a remember-me cookie names, as Flask-Login would believe it."""
    from flask_login import COOKIE_NAME, decode_cookie  # noqa: PLC0415 - an extra that this application has

    app: Flask = current_app
    cookie = request.cookies.get(app.config.get("REMEMBER_COOKIE_NAME", COOKIE_NAME))
    if cookie is None or session.get("_remember") == "clear":
        return None
    named: str | None = decode_cookie(cookie)
    return named
