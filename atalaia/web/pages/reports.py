"""``/reports``: the day, the week, the month in the page, and as files to take away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from analyzers.language import Language, message
from analyzers.reports.answer import Answer
from analyzers.reports.building import build_report
from analyzers.reports.json import report_json
from analyzers.reports.question import Sources
from analyzers.reports.rendering import render_html, render_pdf
from atalaia.web.frame import asked, language, shown
from atalaia.web.page import Page
from atalaia.web.site import Site
from atalaia.web.views.reports import PATH, address, asked_of, kinds, period_of, report_view

_FILES: Final[Mapping[str, tuple[str, Callable[[Answer, Language], bytes]]]] = MappingProxyType(
    {
        "html": ("text/html", lambda answer, spoken: render_html(answer.report, spoken).encode()),
        "pdf": ("application/pdf", lambda answer, spoken: render_pdf(answer.report, spoken)),
        "json": ("application/json", lambda answer, _: report_json(answer).encode()),
    }
)
"""Ending to media type and what writes it."""


def blueprint(site: Site) -> Blueprint:
    """Return the pages of the reports."""
    pages = Blueprint("reports", __name__)

    @pages.get(PATH)
    def choose() -> str | AnyResponse:
        question = asked(site)
        kind, period = request.args.get("kind"), request.args.get("period")
        if kind and period:
            return redirect(address(question, period_of(kind, period)))
        return shown("reports.html", kinds=kinds(question, site.clock(), site.zone), question_here=question)

    @pages.get(f"{PATH}/<kind>/<key>")
    def report(kind: str, key: str) -> str | Response:
        name, _, form = key.partition(".")
        if form:
            return _file(site, kind, name, form)
        question = asked(site)
        about = asked_of(question, period_of(kind, key), site.contract, site.clock(), site.zone)
        with site.store() as store, site.ledger() as ledger:
            view = report_view(Sources(store, ledger), question, about)
        return shown("report.html", view=view, question_here=question)

    return pages


def _file(site: Site, kind: str, name: str, form: str) -> Response:
    """Return a report as a file, made anew: the page and the file say the same of the same store."""
    if form not in _FILES:
        abort(HTTPStatus.NOT_FOUND)
    media, write = _FILES[form]
    question = asked(site)
    about = asked_of(question, period_of(kind, name), site.contract, site.clock(), site.zone)
    with site.store() as store, site.ledger() as ledger:
        answer = build_report(Sources(store, ledger), about)
    headers = {"Content-Disposition": f'attachment; filename="{about.period.kind.value}-{about.period}.{form}"'}
    return Response(write(answer, language()), mimetype=media, headers=headers)


PAGE: Final = Page(PATH, message("Reports"), "r", blueprint)
