"""What the first view would wait for, done before: libraries and templates before anybody is told the address."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread
from typing import Final

from flask import Flask

from analyzers.analysis import Unit
from analyzers.blocks import Picture
from analyzers.charts.definition import Bar, Point, Ranking, Series, TimeChart
from analyzers.fields import REQUEST_STREAM
from analyzers.jobs.job import REQUESTS
from analyzers.language import Message, language_of
from analyzers.store.query import Query, Window
from atalaia.web.pictures import picture
from atalaia.web.site import Site
from logging_lib.errors import AtalaiaError

_NAME: Final = Message("")


def warm(app: Flask, site: Site) -> None:
    """Compile the templates and draw a chart of each kind that the first view has: half a second."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    now = site.clock()
    window = Window(now - timedelta(hours=1), now)
    series = Series(_NAME, (Point(window, 1.0),))
    for chart in (
        TimeChart(Unit.COUNT, _NAME, window, site.zone.key, (series,)),
        Ranking(Unit.COUNT, _NAME, (Bar("", 1.0),)),
    ):
        picture(Picture("warm", _NAME, chart), language_of(site.language, site.zone))


def open_in_background(site: Site) -> Thread:
    """Begin to open the store, which may be far away, and return the thread that does."""
    thread = Thread(target=_open, args=(site,), name="atalaia-opening", daemon=True)
    thread.start()
    return thread


def _open(site: Site) -> None:
    now = site.clock()
    try:
        with site.store() as store:
            store.query(Query(REQUEST_STREAM, Window(now - timedelta(hours=1), now), (REQUESTS,)))
    except AtalaiaError:
        return  # whoever opens a page is told
