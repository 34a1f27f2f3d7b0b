"""Every analysis there is, by the command that gives it: what it is asked of a place, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.alerts import HostSample
from analyzers.capacity import Kind, capacity_plan
from analyzers.explanation import ExplainRequest, explain
from analyzers.explanation.what import what_of
from analyzers.fields import SERVICE_NAME
from analyzers.logs.reading import ask as ask_lines
from analyzers.logs.reading import counts, lines
from analyzers.logs.streams import LogKind
from analyzers.logs.trail import request as request_trail
from analyzers.reports.document import Kind as ReportKind
from analyzers.selection import parse_zone
from analyzers.store.query import CalendarUnit, Equals, Window
from analyzers.thresholds import load_thresholds
from atalaia.web.asked import Question
from atalaia.web.views.now import measure_now, request_figures
from atalaia.web.views.overview import course, judged_window
from atalaia.web.views.promised import Promised
from atalaia.web.views.resources import measure_resources
from tests.store_conformance.alert_answers import alerts_check, alerts_replay, anomalies
from tests.store_conformance.places import Place
from tests.store_conformance.report_answers import PERCENTILES, Ask, recommended, reported
from tests.store_conformance.selections import analysis, whole
from tests.store_conformance.sla_answers import sla_budget, sla_explain, sla_seal, sla_show
from tests.store_conformance.telling import Told, plain
from tests.store_conformance.traffic import DAY, HOUR


def explained(place: Place) -> Iterator[Told]:
    """Explain the hour of errors, the days of the change, and a stretch with a part of a minute."""
    scene, thresholds = place.scene, load_thresholds("production")
    windows = (
        Window(scene.now - HOUR, scene.now),
        Window(scene.change - DAY, scene.change + DAY),
        Window(scene.now - HOUR / 7, scene.now),
    )
    for name in ("errors", "latency", "availability"):
        what = what_of(name, thresholds, None)
        for number, window in enumerate(windows):
            request = ExplainRequest(
                window, what.bad, what.counted, what.target, what.limit, stream=place.stream, zone=scene.zone
            )
            yield Told(f"{name} {number}", explain(place.store, request))


def capacity(place: Place) -> Iterator[Told]:
    """Plan by the requests of the days before and after the change; samples are planned in a test of their own."""
    span, zone = Window(place.scene.change - 5 * DAY, place.scene.now), parse_zone(place.scene.zone)
    plan = capacity_plan(place.store, span, zone, Equals(SERVICE_NAME, place.environment))
    yield Told("requests", plan.of(Kind.REQUESTS))


def log_lines(place: Place) -> Iterator[Told]:
    """List lines of all kinds, searched, page by page and over time; and the trail of one."""
    asked = ask_lines(whole(place.scene), tuple(LogKind), (f"service.name = {place.environment}",), "api -login")
    found = list(lines(place.store, asked, limit=50))
    yield Told("newest", [line.document.id for line in found])
    further = lines(place.store, asked, after=found[-1].place, limit=50) if found else ()
    yield Told("further", [line.document.id for line in further])
    yield Told("over time", counts(place.store, asked, CalendarUnit.DAY, place.scene.zone))
    for line in found[:1]:
        yield Told("trail", [step.line.document.id for step in request_trail(place.store, line.event or "").steps])


def live(place: Place) -> Iterator[Told]:
    """Read what the overview shows: the figures of five minutes, the charts and endpoints of an hour."""
    zone, thresholds, now = ZoneInfo(place.scene.zone), load_thresholds("production"), place.scene.live
    question = Question(Window(now - HOUR, now))
    short = judged_window(question)
    of_requests = measure_now(place.store, question, short)
    resources = measure_resources(place.store, question, short, zone, thresholds, _idle)
    figures = (*request_figures(of_requests, thresholds), *resources.figures)
    estimated = PERCENTILES | {"in_database", "slow_statements"}
    yield Told("now", {each.name: (each.value, each.state, each.basis) for each in figures}, estimated)
    past = course(place.store, question, Promised(thresholds, place.contract), zone.key)
    requests, errors, latency = (each.chart for each in past.pictures)
    yield Told("counts", (requests, errors, past.notes))
    yield Told("percentiles", latency, frozenset({"value"}))
    yield Told("endpoints", {str(plain(row[0])): row[1:4] for row in past.endpoints.rows})


def _idle() -> HostSample:
    return HostSample(0.0, 0.0, 0.0)


ANSWERS: Final[Mapping[str, Ask]] = MappingProxyType(
    {
        **{
            name: analysis(name) for name in ("errors", "latency", "throughput", "availability", "queries", "sla judge")
        },
        "sla show": sla_show,
        "sla budget": sla_budget,
        "sla explain": sla_explain,
        "sla seal": sla_seal,
        "explain": explained,
        "anomalies": anomalies,
        "recommend": recommended,
        "alerts check": alerts_check,
        "alerts replay": alerts_replay,
        "logs": log_lines,
        **{f"report {kind}": reported(kind) for kind in ReportKind},
        "serve": live,
        "capacity": capacity,
    }
)
"""The command to what it is asked. ``verify`` has a test of its own."""

SELDOM: Final = (
    *("sla explain", "alerts check", "sla show", "alerts replay", "explain", "anomalies", "verify", "pages"),
    *(f"report {kind}" for kind in ReportKind),
)
"""What takes long: each is asked of one scene of a store, and each scene is asked some of them."""

_STORES: Final = "it keeps, copies or shows documents, and analyses none"
OTHERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "verify": "tested beside: of what every store answers, on every store",
        **dict.fromkeys(("ingest", "pipeline run", "ship", "demo"), "it brings events, which others analyse"),
        **dict.fromkeys(
            ("pipeline check", "pipeline test", "pipeline dlq list", "pipeline dlq replay"), "it is about pipelines"
        ),
        **dict.fromkeys(("sla check", "alerts rules", "example", "runbook"), "it reads a file and asks no store"),
        **dict.fromkeys(("alerts list", "alerts silence", "alerts ack", "alerts test"), "it asks no store"),
        **dict.fromkeys(("schedule examples", "schedule list", "schedule run"), "it runs other commands"),
        **dict.fromkeys(("metrics run", "metrics fields"), "it samples machines"),
        **dict.fromkeys(
            (f"elasticsearch {name}" for name in ("setup", "status", "diff", "local")), "it is about one kind of store"
        ),
        **dict.fromkeys(("kibana import", "kibana export"), "it asks a Kibana and no store"),
        **dict.fromkeys((f"store {name}" for name in ("info", "verify", "compact", "expire", "copy")), _STORES),
    }
)
"""The commands that analyse nothing, and why that is so."""
