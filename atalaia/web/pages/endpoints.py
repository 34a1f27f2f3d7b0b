"""``/endpoints``: every endpoint of a window."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from analyzers.language import message
from atalaia.web.frame import asked, shown
from atalaia.web.page import Page
from atalaia.web.site import Site
from atalaia.web.views.endpoints import endpoints
from atalaia.web.views.links import ENDPOINTS


def blueprint(site: Site) -> Blueprint:
    """Return the page of endpoints."""
    pages = Blueprint("endpoints", __name__)
    promised = site.promised()

    @pages.get(ENDPOINTS)
    def show() -> str:
        question = asked(site)
        with site.store(question.environment) as store:
            view = endpoints(store, question, promised, site.zone.key)
        return shown("endpoints.html", question, view=view)

    return pages


PAGE: Final = Page(ENDPOINTS, message("Endpoints"), "e", blueprint)
