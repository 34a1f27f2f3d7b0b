"""``/``: everything at one look."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from analyzers.language import message
from atalaia.web.frame import asked, shown
from atalaia.web.page import Page
from atalaia.web.site import Site
from atalaia.web.views.overview import overview


def blueprint(site: Site) -> Blueprint:
    """Return the overview."""
    pages = Blueprint("overview", __name__)

    @pages.get("/")
    def show() -> str:
        question = asked(site)
        with site.store() as store:
            view = overview(store, question)
        return shown("overview.html", question, view=view)

    return pages


PAGE: Final = Page("/", message("Overview"), "o", blueprint)
