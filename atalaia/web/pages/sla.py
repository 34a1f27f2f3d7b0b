"""``/sla``: the agreement, its error budgets, what they were spent on, and the report to verify."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response

from analyzers.language import message
from analyzers.selection.errors import SelectionError
from analyzers.sla.report_json import report_json
from atalaia.web.frame import asked, shown
from atalaia.web.page import Page
from atalaia.web.site import Site
from atalaia.web.views.sla import report_of, sla
from atalaia.web.views.sla_explanation import sla_explained
from atalaia.web.views.sla_question import PATH, sla_question


def blueprint(site: Site) -> Blueprint:
    """Return the pages of the agreement."""
    pages = Blueprint("sla", __name__)

    @pages.get(PATH)
    def show() -> str:
        question = asked(site)
        about = sla_question(question, site.contract, site.clock())
        with site.store() as store, site.ledger() as ledger:
            view = sla(store, ledger, question, about)
        return shown("sla.html", view=view, question_here=question)

    @pages.get(f"{PATH}/explain")
    def explain() -> str:
        question = asked(site)
        about = sla_question(question, site.contract, site.clock())
        with site.store() as store, site.ledger() as ledger:
            view = sla_explained(store, ledger, question, about)
        return shown("sla_explain.html", view=view)

    @pages.get(f"{PATH}/report.json")
    def report() -> Response:
        about = sla_question(asked(site), site.contract, site.clock())
        if not about.is_promised:
            raise SelectionError("the contract does not judge by that", "ask for one of its own periods: per=contract")
        with site.store() as store, site.ledger() as ledger:
            text = report_json(report_of(store, ledger, about))
        name = "this" if about.period is None else about.period.name
        headers = {"Content-Disposition": f'attachment; filename="sla-{name}.json"'}
        return Response(text + "\n", mimetype="application/json", headers=headers)

    return pages


PAGE: Final = Page(PATH, message("SLA"), "s", blueprint)
