"""``/samples``: the samples behind a figure of machines or databases. The overview's figures lead to it."""

from __future__ import annotations

from flask import Blueprint

from atalaia.web.frame import asked, shown
from atalaia.web.site import Site
from atalaia.web.views.links import SAMPLES
from atalaia.web.views.samples import samples


def blueprint(site: Site) -> Blueprint:
    """Return the page."""
    pages = Blueprint("samples", __name__)

    @pages.get(SAMPLES)
    def show() -> str:
        question = asked(site)
        with site.store(question.environment) as store:
            view = samples(store, question)
        return shown("samples.html", question, view=view)

    return pages
