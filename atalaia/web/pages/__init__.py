"""The pages of the site, in the order of the navigation. A page is a module here that gives a :class:`Page`.

Its handler is thin: it reads the question (:func:`atalaia.web.frame.asked`), has a pure function of
:mod:`atalaia.web.views` answer it from the store, and shows the answer with :func:`atalaia.web.frame.shown`.
"""

from __future__ import annotations

from typing import Final

from atalaia.web.page import Page
from atalaia.web.pages import alerts, drill, endpoints, logs, overview, reports, sla

PAGES: Final[tuple[Page, ...]] = (
    overview.PAGE,
    endpoints.PAGE,
    drill.PAGE,
    sla.PAGE,
    alerts.PAGE,
    logs.PAGE,
    reports.PAGE,
)
