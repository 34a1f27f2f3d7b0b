"""Errors as pages, in the reader's language where the sentence is ours, never a traceback."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Flask, Response, jsonify, make_response, request
from werkzeug.exceptions import HTTPException, NotFound, TooManyRequests, Unauthorized

from analyzers.language import LanguageError, Message, message
from analyzers.selection.errors import SelectionError
from analyzers.store.interface import StoreError
from analyzers.store.query import QueryError
from atalaia.web.frame import shown
from atalaia.web.stores import NoStoreYetError
from logging_lib.errors import AtalaiaError


@dataclass(frozen=True, slots=True)
class Mistake:
    """What an error page says.

    Attributes:
        title: What went wrong.
        remedy: What to do.
    """

    title: Message
    remedy: Message


_KNOWN: Final = {
    HTTPStatus.BAD_REQUEST: Mistake(
        message("The address cannot be read"),
        message("Correct it in the address, go back, or begin with the overview."),
    ),
    HTTPStatus.UNAUTHORIZED: Mistake(
        message("A token is needed"), message("Sign in, or send the header Authorization: Bearer TOKEN.")
    ),
    HTTPStatus.FORBIDDEN: Mistake(
        message("This request does not come from a page of this site, or its page is too old"),
        message("Nothing was changed. Load the page again, and send its form once more."),
    ),
    HTTPStatus.NOT_FOUND: Mistake(
        message("There is no such page"), message("See the navigation above for the pages there are.")
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: Mistake(
        message("This page does not take such a request"), message("Go back, or begin with the overview.")
    ),
    HTTPStatus.MISDIRECTED_REQUEST: Mistake(
        message("This site does not answer to that name"),
        message("Use the address that atalaia serve printed, or start it with --public-host NAME."),
    ),
    HTTPStatus.TOO_MANY_REQUESTS: Mistake(
        message("Too many wrong tokens"), message("Wait a minute, then try again with the right one.")
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: Mistake(
        message("The store cannot answer"), message("Load the page again: each time the store is asked anew.")
    ),
}
_HAPPENED: Final[tuple[tuple[type[AtalaiaError], Message], ...]] = (
    (QueryError, message("It asks for a field or a span of time that there is not.")),
    (SelectionError, message("Its span of time, a filter, the grouping or another choice in it cannot be read.")),
    (
        StoreError,
        message(
            "The events cannot be read: see whether the store is there and can be reached, and has room and rights."
        ),
    ),
)
"""Kinds of errors to what happened, in every language; the program's own words, which say it exactly, are English."""
_LACKING: Final = Mistake(
    message("This page cannot be made now"), message("Something that it needs is missing here, a file or a program.")
)
"""What is none of the store's: a rules' file that cannot be read, a library for PDF."""
_OTHER: Final = Mistake(
    message("Something went wrong"), message("The server's log says what; it is a mistake of the program.")
)


_UNKNOWN_ID: Final = Mistake(
    message("Nothing bears this id"),
    message("Its lines may have expired, or not be stored yet. See whether the whole id was taken along."),
)


class UnknownIdError(NotFound):
    """An address is about an id that no line bears."""


def install_mistakes(app: Flask) -> None:
    """Have an application answer every error with a page."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(AtalaiaError, _ours)


def _http(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.response is not None:
        return error
    answer = _answer(HTTPStatus(error.code), known=_UNKNOWN_ID if isinstance(error, UnknownIdError) else None)
    if isinstance(error, TooManyRequests) and isinstance(error.retry_after, int):
        answer.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unauthorized):
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _ours(error: AtalaiaError) -> Response:
    """Show an error on purpose: who asked wrongly is told so; a store in trouble is no mistake of the reader's."""
    if isinstance(error, NoStoreYetError):
        return make_response(shown("empty.html", live=True))
    if isinstance(error, SelectionError | QueryError | LanguageError):
        return _answer(HTTPStatus.BAD_REQUEST, error)
    mistake = None if isinstance(error, StoreError) else _LACKING
    return _answer(HTTPStatus.SERVICE_UNAVAILABLE, error, mistake)


def _answer(status: HTTPStatus, error: AtalaiaError | None = None, known: Mistake | None = None) -> Response:
    mistake = known or _KNOWN.get(status, _OTHER)
    if request.path.startswith("/api/"):
        answer = jsonify(error=mistake.title.text if error is None else str(error))
    else:
        happened = next((said for kind, said in _HAPPENED if isinstance(error, kind)), None)
        page = shown("mistake.html", mistake=mistake, happened=happened, error=error, status=status.value)
        answer = make_response(page)
    answer.status_code = status.value
    return answer
