"""``/runbooks``: what to do about an alert. The pages have no place in the navigation; alerts lead to them."""

from __future__ import annotations

from flask import Blueprint, abort

from analyzers.alerts.runbooks import RUNBOOKS
from atalaia.web.frame import language, link, shown
from atalaia.web.views.runbooks import PLACE, runbook_view


def blueprint() -> Blueprint:
    """Return the list and its pages."""
    pages = Blueprint("runbooks", __name__)

    @pages.get(PLACE)
    def every() -> str:
        return shown("runbooks.html", pages=tuple(RUNBOOKS.values()), place=PLACE)

    @pages.get(f"{PLACE}/<name>")
    def one(name: str) -> str:
        if name not in RUNBOOKS:
            abort(404)
        return shown("runbook.html", view=runbook_view(RUNBOOKS[name], language(), link), place=PLACE)

    return pages
