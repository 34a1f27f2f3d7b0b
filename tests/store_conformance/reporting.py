"""Reports of every kind that can be verified, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast

from analyzers.analysis_json import Circumstances, analysis_document
from analyzers.fields import SERVICE_NAME
from analyzers.reports import parse_week, to_json, weekly_report
from analyzers.selection import parse_zone
from analyzers.sla.report import sla_report
from analyzers.sla.report_json import report_json
from analyzers.store.query import Equals
from analyzers.verification.leaves import JsonObject
from tests.store_conformance.places import Place
from tests.store_conformance.selections import run, selection, stream_of

ANALYSES = ("errors", "latency", "throughput", "availability", "queries", "sla judge")


def reported(place: Place) -> Iterator[JsonObject]:
    """Yield the answers of all analyses by day and endpoint, the weekly report, and SLA reports."""
    for name in ANALYSES:
        found = run(place, name, selection(place, name, ("endpoint",), every="day", top=3))
        extent = place.store.extent(stream_of(place, name))
        held = None if extent is None else extent.start
        around = Circumstances(place.store.url, place.scene.zone, place.scene.now, held)
        yield analysis_document(found, around)
    local, zone = place.scene.local(place.scene.change), parse_zone(place.scene.zone)
    where = Equals(SERVICE_NAME, place.environment)
    week = weekly_report(place.store, parse_week(f"{local:%G-W%V}"), zone, where=where)
    yield _parsed(to_json(week, place.scene.now))
    yield _parsed(report_json(place.first))
    for name in ("before restating", "restated"):
        yield _parsed(report_json(sla_report(place.contract, place.evidences[name], place.instant(name))))


def _parsed(text: str) -> JsonObject:
    return cast("JsonObject", json.loads(text))
