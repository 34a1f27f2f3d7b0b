"""``/drill``, ``/statements`` and ``/explain``: requests by anything, slow statements, and what is behind a breach."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from analyzers.language import message
from atalaia.web.frame import asked, drawings, shown
from atalaia.web.page import Page
from atalaia.web.site import Site
from atalaia.web.views.drill import drill
from atalaia.web.views.explanation import explained
from atalaia.web.views.links import DRILL, EXPLAIN, STATEMENTS
from atalaia.web.views.statements import statements


def blueprint(site: Site) -> Blueprint:
    """Return the drill-down and the pages beside it."""
    pages = Blueprint("drill", __name__)
    promised = site.promised()

    @pages.get(DRILL)
    def show() -> str:
        question = asked(site)
        with site.store(question.environment) as store:
            view = drill(store, question, promised, site.zone.key, drawings().draw)
        return shown("drill.html", question, view=view)

    @pages.get(STATEMENTS)
    def show_statements() -> str:
        question = asked(site)
        with site.store(question.environment) as store:
            view = statements(store, question, site.zone.key)
        return shown("statements.html", question, view=view)

    @pages.get(EXPLAIN)
    def explain() -> str:
        question = asked(site)
        with site.store(question.environment) as store:
            view = explained(store, question, promised, site.zone.key)
        return shown("explain.html", question, view=view)

    return pages


PAGE: Final = Page(DRILL, message("Drill-down"), "d", blueprint)
