"""Reports of every kind over two weeks of made-up traffic."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from analyzers.analysis import Analysis, Selection
from analyzers.analysis_json import Circumstances, analysis_document
from analyzers.fields import HTTP_ROUTE, REQUEST_STREAM
from analyzers.jobs import ANALYSES
from analyzers.reports.building import build_report
from analyzers.reports.document import Kind as ReportKind
from analyzers.reports.json import report_json
from analyzers.reports.periods import parse_period
from analyzers.reports.question import Question
from analyzers.reports.question import Sources as ReportSources
from analyzers.sla import run as run_sla
from analyzers.sla.asked import Asked
from analyzers.sla.contract.model import CalendarPeriod, Contract, Exclusion, Kind, Objective, RollingPeriod
from analyzers.sla.ledger.evidence import evidence_of
from analyzers.sla.report import sla_report
from analyzers.sla.report_json import report_json as sla_json
from analyzers.store.document import Document, JsonValue
from analyzers.store.interface import Store
from analyzers.store.query import Calendar, CalendarUnit, Dimension, Field, Network, Range, StatusClass, Top, Window
from analyzers.thresholds import load_thresholds

ZONE = ZoneInfo("Europe/Berlin")

START = datetime(2024, 3, 11, tzinfo=UTC)
MADE = datetime(2024, 3, 26, 12, 0, 30, tzinfo=UTC)
ROUTES = ("/a", "/b/<int:id>", "/c~d", None)
CONTRACT = Contract(
    service="ti-osn",
    environment="production",
    zone="Europe/Berlin",
    objectives=(
        Objective("availability", Kind.AVAILABILITY, (CalendarPeriod(CalendarUnit.WEEK),), target=Fraction(99, 100)),
        Objective(
            "latency",
            Kind.LATENCY,
            (CalendarPeriod(CalendarUnit.WEEK),),
            target=Fraction(95, 100),
            limit=timedelta(seconds=2),
            route="/a",
        ),
        Objective("errors", Kind.ERROR_RATE, (RollingPeriod(3),), target=Fraction(99, 100)),
        Objective("up", Kind.UPTIME, (CalendarPeriod(CalendarUnit.WEEK),), target=Fraction(9, 10)),
        Objective("rto", Kind.RTO, (CalendarPeriod(CalendarUnit.WEEK),), limit=timedelta(hours=1)),
        Objective("rpo", Kind.RPO, (CalendarPeriod(CalendarUnit.WEEK),), limit=timedelta(days=1)),
    ),
    lateness=timedelta(hours=1),
    coverage=Fraction(0),
    exclusions=(
        Exclusion(Window(START + timedelta(days=9), START + timedelta(days=9, hours=2)), "move", "ana", ("up",)),
    ),
)


def event(number: int, instant: datetime, status: int = 200, ingested: datetime | None = None) -> Document:
    """Return one of the made-up requests."""
    http: dict[str, JsonValue] = {"response": {"status_code": status}}
    route = ROUTES[number % len(ROUTES)]
    if route is not None:
        http["route"] = route
    body: dict[str, JsonValue] = {
        "@timestamp": instant.isoformat(),
        "event": {"ingested": (ingested or instant + timedelta(seconds=5)).isoformat()},
        "service": {"name": "ti-osn"},
        "http": http,
    }
    if number % 7:
        body["response_time"] = 0.05 + (number * 37 % 101) / 40
    return Document("logs-web.request-production", f"request-{number}", body)


def events() -> list[Document]:
    """Return the two weeks: a request every 40 minutes, some failed, and a backup a day."""
    every = timedelta(minutes=40)
    found = [event(each, START + each * every, 500 if each % 23 == 0 else 200) for each in range(14 * 36)]
    for day in range(14):
        instant = START + timedelta(days=day, hours=2)
        body: dict[str, JsonValue] = {
            "@timestamp": instant.isoformat(),
            "event": {"action": "backup.completed", "ingested": instant.isoformat()},
            "service": {"name": "ti-osn"},
        }
        found.append(Document("logs-app.event-production", f"backup-{day}", body))
    return found


def built(kind: ReportKind, name: str) -> Callable[[Store], str]:
    """Return what makes the report of a period, on a part of the requests."""

    def make(store: Store) -> str:
        question = Question(parse_period(kind, name), ZONE, CONTRACT, MADE, Range("http.response.status_code", lt=600))
        return report_json(build_report(ReportSources(store), question))

    return make


def judged(store: Store, ledger: Store | None = None) -> str:
    """Make the SLA report of the last week."""
    evidence = evidence_of(store, ledger, CONTRACT, MADE)
    return sla_json(sla_report(CONTRACT, evidence, MADE, Asked("last")))


def answered(name: str, *, by: Sequence[Dimension] = (), top: Top | None = None) -> Callable[[Store], str]:
    """Return what makes the answer of an analysis."""

    def make(store: Store) -> str:
        selection = Selection(Window(START, START + timedelta(days=14)), tuple(by), top=top)
        extent = store.extent(REQUEST_STREAM)
        held = None if extent is None else extent.start
        found = _run(name, store, selection)
        return json.dumps(analysis_document(found, Circumstances(store.url, "Europe/Berlin", MADE, held)))

    return make


def _run(name: str, store: Store, selection: Selection) -> Analysis:
    if name == "sla":
        return run_sla(store, selection)
    return ANALYSES[name].run(store, selection, load_thresholds("production"))


DAYS = Calendar(CalendarUnit.DAY, "Europe/Berlin")
REPORTS: Mapping[str, Callable[[Store], str]] = {
    "daily": built(ReportKind.DAILY, "2024-03-21"),
    "weekly": built(ReportKind.WEEKLY, "2024-W12"),
    "monthly": built(ReportKind.MONTHLY, "2024-03"),
    "sla": judged,
    "errors": answered("errors"),
    "errors by endpoint": answered("errors", by=(Field(HTTP_ROUTE),)),
    "latency by day": answered("latency", by=(DAYS,)),
    "throughput by day and endpoint": answered("throughput", by=(DAYS, Field(HTTP_ROUTE))),
    "availability": answered("availability"),
    "objectives by endpoint": answered("sla", by=(Field(HTTP_ROUTE),)),
    "the two worst endpoints by class": answered(
        "errors", by=(Field(HTTP_ROUTE), StatusClass(), Network()), top=Top(2, "errors")
    ),
}
"""What makes a report of each kind."""
