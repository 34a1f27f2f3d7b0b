"""``/logs``: the log explorer; a line's fields, its trail, what is new, and a download."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, abort, jsonify, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from analyzers.language import message
from analyzers.logs.following import look
from analyzers.logs.reading import lines
from analyzers.logs.streams import LogKind, parse_kinds
from analyzers.logs.trail import Trail, trace
from analyzers.logs.trail import request as request_trail
from analyzers.selection.errors import SelectionError
from analyzers.store.instants import from_millis
from analyzers.store.query import QueryError
from atalaia.cli.render.safe import with_excerpt
from atalaia.web.asked import Question, path_of
from atalaia.web.frame import asked, shown
from atalaia.web.mistakes import UnknownIdError
from atalaia.web.page import Page
from atalaia.web.site import Site
from atalaia.web.views.filters import conditions_of
from atalaia.web.views.line import one_line
from atalaia.web.views.logs import (
    KINDS,
    MOST_DOWNLOADED,
    PATH,
    line_address,
    log_question,
    logs,
    narrowed,
    parse_place,
    place_text,
)
from atalaia.web.views.trail import WHAT, WIDTH, bars, summary

MOST_NEWS: Final = 200
"""Lines of one look at what is new."""


def blueprint(site: Site) -> Blueprint:
    """Return the explorer and what is below it."""
    pages = Blueprint("logs", __name__)
    for helper in (_local_time(site), line_address, place_text, path_of):
        pages.add_app_template_global(helper)
    pages.add_app_template_filter(with_excerpt, "printable")

    _lists(pages, site)
    _single(pages, site)
    return pages


def _lists(pages: Blueprint, site: Site) -> None:
    """Add what shows lines by a question: a page, what is new, a download."""

    @pages.get(PATH)
    def show() -> str | AnyResponse | tuple[str, int]:
        question = asked(site)
        known = {"kinds": LogKind, "names": KINDS, "narrowed": narrowed, "most": MOST_DOWNLOADED}
        try:
            added = conditions_of(question)
            if added is not None:
                return redirect(added, HTTPStatus.SEE_OTHER)
            with site.store(question.environment) as store:
                view = logs(store, question, site.zone.key)
        except (SelectionError, QueryError) as error:
            refused = shown("logs.html", question, view=None, error=error, chosen=_chosen(question), **known)
            return refused, HTTPStatus.BAD_REQUEST
        since = max((line.place.instant for line in view.lines), default=int(site.clock().timestamp() * 1000))
        return shown("logs.html", question, view=view, error=None, chosen=view.kinds, since=since, **known)

    @pages.get("/logs/news")
    def news() -> Response:
        question = asked(site)
        since = from_millis(_millis(question.one("since")))
        with site.store(question.environment) as store:
            found = look(store, log_question(question), since, site.clock(), MOST_NEWS)
        rows = [
            {
                "place": place_text(line.place),
                "at": line.place.instant,
                "html": render_template("log_row.html", line=line, question=question),
            }
            for line in found.lines
        ]
        return jsonify(lines=rows, passed=found.passed)

    @pages.get("/logs.ndjson")
    def download() -> Response:
        question = asked(site)
        wanted = log_question(question)
        # A few megabytes at most: whole, so that an error is an answer of its own.
        with site.store(question.environment) as store:
            found = [each.document.source for each in lines(store, wanted, limit=MOST_DOWNLOADED)]
        return Response(
            b"".join(b"%b\n" % each for each in found),
            content_type="application/x-ndjson; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="atalaia-logs.ndjson"'},
        )


def _single(pages: Blueprint, site: Site) -> None:
    """Add what shows one thing: a line, a trace, a request."""

    @pages.get("/logs/line")
    def line() -> str:
        question = asked(site)
        place = parse_place(question.one("place") or "")
        with site.store(question.environment) as store:
            view = one_line(store, place)
        if view is None:
            abort(HTTPStatus.NOT_FOUND)
        if question.one("part") == "fields":
            return render_template("log_fields.html", view=view, question=question, narrowed=narrowed)
        return shown("log_line.html", view=view, back=question, narrowed=narrowed)

    @pages.get("/trace/<path:name>")
    def one_trace(name: str) -> str:
        with site.store() as store:
            return _trail(trace(store, name))

    @pages.get("/requests/<path:name>")
    def one_request(name: str) -> str:
        with site.store() as store:
            return _trail(request_trail(store, name))


def _chosen(question: Question) -> tuple[LogKind, ...]:
    """Return the kinds of lines that an address names, where it can be read."""
    try:
        return parse_kinds(question.all("stream"))
    except SelectionError:
        return tuple(LogKind)


def _millis(text: str | None) -> int:
    """Return the milliseconds since 1970 that an address holds.

    Raises:
        SelectionError: When it holds none.
    """
    if text is None or not text.isdecimal() or not text.isascii() or len(text) > _LONGEST:
        raise SelectionError(f"since={(text or '')[:40]!r} is no instant", "give milliseconds since 1970")
    return int(text)


_LONGEST: Final = 15  # digits, beyond the year 9999


def _local_time(site: Site) -> Callable[[datetime], str]:
    def local_time(at: datetime) -> str:
        return at.astimezone(site.zone).isoformat(sep=" ", timespec="milliseconds")[:23]

    return local_time


def _trail(trail: Trail) -> str:
    if not trail.steps:
        raise UnknownIdError
    return shown("trail.html", trail=trail, bars=bars(trail), width=WIDTH, what=WHAT, summary=summary(trail))


PAGE: Final = Page(PATH, message("Logs"), "l", blueprint)
