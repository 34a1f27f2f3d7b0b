"""Reports of every kind that can be verified, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import cast

from analyzers.analysis_json import Circumstances, analysis_document
from analyzers.fields import SERVICE_NAME
from analyzers.reports.building import build_report
from analyzers.reports.document import Kind
from analyzers.reports.json import report_document
from analyzers.reports.periods import period_of
from analyzers.reports.question import Question, Sources
from analyzers.selection import parse_zone
from analyzers.sla.report import sla_report
from analyzers.sla.report_json import report_json
from analyzers.store.query import Equals
from analyzers.verification.leaves import JsonObject
from tests.store_conformance.places import Place
from tests.store_conformance.selections import run, selection, stream_of

ANALYSES = ("errors", "latency", "throughput", "availability", "queries", "sla judge")


def reported(place: Place) -> Iterator[JsonObject]:
    """Yield the answers of all analyses by day and endpoint, the daily, weekly and monthly report, and SLA reports."""
    for name in ANALYSES:
        found = run(place, name, selection(place, name, ("endpoint",), every="day", top=3))
        extent = place.store.extent(stream_of(place, name))
        held = None if extent is None else extent.start
        around = Circumstances(place.store.url, place.scene.zone, place.scene.now, held)
        yield analysis_document(found, around)
    for kind in Kind:
        question = asked_report(place, kind, place.scene.local(place.scene.change).date())
        yield report_document(build_report(Sources(place.store, place.ledger), question))
    yield _parsed(report_json(place.first))
    for name in ("before restating", "restated"):
        yield _parsed(report_json(sla_report(place.contract, place.evidences[name], place.instant(name))))


def asked_report(place: Place, kind: Kind, day: date) -> Question:
    """Return the question for the report of the period that a day is in, as of now."""
    zone, where = parse_zone(place.scene.zone), Equals(SERVICE_NAME, place.environment)
    return Question(period_of(kind, day), zone, place.contract, place.scene.now, where)


def _parsed(text: str) -> JsonObject:
    return cast("JsonObject", json.loads(text))
