"""What programs read: the counters of pipelines, for Prometheus."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response

from atalaia.pipeline.runtime.snapshots import read_snapshots
from atalaia.web.metrics import CONTENT_TYPE, prometheus_text
from atalaia.web.site import Site
from logging_lib.errors import AtalaiaError


def blueprint(site: Site) -> Blueprint:
    """Return the address for Prometheus."""
    feeds = Blueprint("feeds", __name__)

    @feeds.get("/metrics")
    def metrics() -> Response:
        try:
            snapshots = [] if site.counters is None else read_snapshots(site.counters)
        except AtalaiaError as error:
            return Response(f"{error}\n", HTTPStatus.SERVICE_UNAVAILABLE, content_type="text/plain; charset=utf-8")
        return Response(prometheus_text(snapshots, site.clock()), content_type=CONTENT_TYPE)

    return feeds
