"""The live page: one HTML page, one JSON address, three static files; and the counters of pipelines."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from flask import Flask, Response, jsonify, render_template, request

from atalaia.pipeline.runtime.snapshots import read_snapshots
from atalaia.web.live import LiveSource
from atalaia.web.metrics import CONTENT_TYPE, prometheus_text
from atalaia.web.payload import payload
from atalaia.web.security import protect
from logging_lib.errors import AtalaiaError

SPANS: Final = (15, 30, 60)
"""The minutes the charts may span."""
DEFAULT_SPAN: Final = 30
_BAD_REQUEST: Final = 400
_UNAVAILABLE: Final = 503


def create_app(source: LiveSource, *, zone: ZoneInfo, counters: Path | None = None) -> Flask:
    """Return the page's WSGI application.

    Args:
        source: Where snapshots come from.
        zone: Where the page's clock times are.
        counters: The directory below which pipelines keep their counters; without one there are none to show.
    """
    app = Flask(__name__)
    protect(app)

    @app.get("/")
    def page() -> str:
        return render_template("live.html", spans=SPANS, span=_span() or DEFAULT_SPAN, zone=zone.key)

    @app.get("/api/live")
    def live() -> Response | tuple[Response, int]:
        span = _span()
        if span is None:
            return jsonify(error=f"minutes is not one of {', '.join(map(str, SPANS))}"), _BAD_REQUEST
        try:
            return jsonify(payload(source.snapshot(span), zone))
        except AtalaiaError as error:
            return jsonify(error=str(error)), _UNAVAILABLE

    @app.get("/metrics")
    def metrics() -> Response:
        try:
            snapshots = [] if counters is None else read_snapshots(counters)
        except AtalaiaError as error:
            return Response(f"{error}\n", _UNAVAILABLE, content_type="text/plain; charset=utf-8")
        return Response(prometheus_text(snapshots, source.clock()), content_type=CONTENT_TYPE)

    return app


def _span() -> int | None:
    """Return the minutes the address asks for, or the default; ``None`` when they are not offered."""
    asked = request.args.get("minutes", str(DEFAULT_SPAN))
    return next((span for span in SPANS if str(span) == asked), None)
