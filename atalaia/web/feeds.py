"""What programs read: the live numbers as JSON, and the counters of pipelines for Prometheus."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, jsonify, render_template, request

from atalaia.pipeline.runtime.snapshots import read_snapshots
from atalaia.web.live import LiveSource
from atalaia.web.metrics import CONTENT_TYPE, prometheus_text
from atalaia.web.payload import payload
from atalaia.web.site import Site
from logging_lib.errors import AtalaiaError

SPANS: Final = (15, 30, 60)
"""The minutes the charts may span."""
DEFAULT_SPAN: Final = 30
_BAD_REQUEST: Final = 400
_UNAVAILABLE: Final = 503


def blueprint(site: Site, source: LiveSource) -> Blueprint:
    """Return the addresses for programs."""
    feeds = Blueprint("feeds", __name__)

    @feeds.get("/live")
    def page() -> str:
        return render_template("live.html", spans=SPANS, span=_span() or DEFAULT_SPAN, zone=site.zone.key)

    @feeds.get("/api/live")
    def live() -> Response | tuple[Response, int]:
        span = _span()
        if span is None:
            return jsonify(error=f"minutes is not one of {', '.join(map(str, SPANS))}"), _BAD_REQUEST
        try:
            return jsonify(payload(source.snapshot(span), site.zone))
        except AtalaiaError as error:
            return jsonify(error=str(error)), _UNAVAILABLE

    @feeds.get("/metrics")
    def metrics() -> Response:
        try:
            snapshots = [] if site.counters is None else read_snapshots(site.counters)
        except AtalaiaError as error:
            return Response(f"{error}\n", _UNAVAILABLE, content_type="text/plain; charset=utf-8")
        return Response(prometheus_text(snapshots, site.clock()), content_type=CONTENT_TYPE)

    return feeds


def _span() -> int | None:
    """Return the minutes the address asks for, or the default; ``None`` when they are not offered."""
    asked = request.args.get("minutes", str(DEFAULT_SPAN))
    return next((span for span in SPANS if str(span) == asked), None)
