"""Every analysis there is, by the command that gives it: what it is asked of a place, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from analyzers.alerts import AlertReport, AlertState, HostSample, Policy, Rule, check_alerts
from analyzers.alerts.replay import replay
from analyzers.alerts.rules.loading import default_rules
from analyzers.alerts.signal import Signal
from analyzers.anomalies import AnomalySettings, FloodSettings, ScanSettings, Scope, SilenceSettings
from analyzers.anomalies.episodes import summarize
from analyzers.anomalies.sweeping import Detectors, Sweep
from analyzers.capacity import Kind, capacity_plan
from analyzers.explanation import ExplainRequest, explain
from analyzers.explanation.objectives import explain_objective
from analyzers.explanation.what import what_of
from analyzers.fields import SERVICE_NAME
from analyzers.logs.reading import ask as ask_lines
from analyzers.logs.reading import counts, lines
from analyzers.logs.streams import LogKind
from analyzers.logs.trail import request as request_trail
from analyzers.recommendations import RULES, recommend
from analyzers.reports.building import build_report
from analyzers.reports.document import Kind as ReportKind
from analyzers.reports.json import report_document
from analyzers.reports.question import Sources
from analyzers.selection import parse_zone
from analyzers.sla.asked import LAST, THIS, Asked
from analyzers.sla.report import sla_report
from analyzers.sla.report_json import report_document as sla_document
from analyzers.store.document import JsonValue
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import CalendarUnit, Equals, Window
from analyzers.thresholds import load_thresholds
from atalaia.web.asked import Question
from atalaia.web.views.now import measure_now, request_figures
from atalaia.web.views.overview import course, judged_window
from atalaia.web.views.promised import Promised
from atalaia.web.views.resources import measure_resources
from logging_lib.clock import Clock
from tests.store_conformance.alert_rule_files import exact, rules
from tests.store_conformance.places import Place
from tests.store_conformance.reporting import asked_report
from tests.store_conformance.selections import analysis, whole
from tests.store_conformance.telling import Told, plain
from tests.store_conformance.traffic import DAY, HOUR, MINUTE

Ask: TypeAlias = Callable[[Place], Iterator[Told]]

_SIGNAL: Final = frozenset({"value", "message", "explanation"})
_PERCENTILES: Final = frozenset({"p50", "p95", "p99"})
_REPORT_ESTIMATES: Final = _PERCENTILES | {"recommendations", "not_judged"}
_REPORT_SUMS: Final = frozenset(
    {"seconds", "share", "db_time", "template_time", "avg_response_time", "time_chart", "recommendations", "not_judged"}
)


def sla_show(place: Place) -> Iterator[Told]:
    """Judge every objective: by raw events, by the ledger, before and after late events were sealed."""
    yield Told("before late ones", sla_document(place.first))
    for name, period in (
        ("raw", THIS),
        ("before restating", THIS),
        ("restated", THIS),
        ("restated", LAST),
        ("ledger", THIS),
    ):
        report = sla_report(place.contract, place.evidences[name], place.instant(name), Asked(period))
        yield Told(f"{name} {period}", sla_document(report))


def sla_budget(place: Place) -> Iterator[Told]:
    """Return the error budgets of named periods."""
    local = place.scene.local(place.scene.now)
    periods = (f"{local:%Y-%m}", f"{local:%G-W%V}", f"{local:%Y-%m-%d}")
    for name, period in (*(("restated", each) for each in periods), ("raw", periods[0]), ("ledger", periods[0])):
        report = sla_report(place.contract, place.evidences[name], place.instant(name), Asked(period))
        yield Told(f"{name} {period}", [each.budget for each in report.entries])


def sla_explain(place: Place) -> Iterator[Told]:
    """Explain every objective, met ones too: where all raw events are left, and where none is."""
    every = tuple(each.name for each in place.contract.objectives)
    for name, objectives in (("restated", every), ("ledger", ("tickets", "reports"))):
        evidence = place.evidences[name]
        store = place.store if name == "restated" else MemoryStore()  # all raw events have expired
        report = sla_report(place.contract, evidence, place.scene.now, Asked(THIS, objectives))
        first = {entry.scope.objective.name: entry for entry in reversed(report.entries)}
        for entry in first.values():
            found = explain_objective((store, place.ledger), evidence, entry)
            label = f"{name} {entry.scope.objective.name} {entry.scope.period.name}"
            yield Told(label, (found.slots, found.hours, found.routes, found.events, found.expired, found.sentences))


def sla_seal(place: Place) -> Iterator[Told]:
    """Say what was sealed, and what late events changed."""
    yield Told("summaries", place.seals)
    whole = Window(place.scene.change - 5 * DAY, place.scene.now)
    for name, evidence in place.evidences.items():
        yield Told(f"{name}: minutes", evidence.minutes(whole, None))
        yield Told(f"{name}: backups", evidence.backups(whole, "backup.completed"))


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


def anomalies(place: Place) -> Iterator[Told]:
    """Let all detectors judge the hour of errors, and the hours of the change."""
    scope = Scope(place.stream, zone=place.scene.zone)
    flood, silence = FloodSettings(scope, floor=60), SilenceSettings(scope)
    detectors = Detectors(AnomalySettings(scope=scope), flood, ScanSettings(scope), silence)
    for end in (place.scene.now, place.scene.change + HOUR):
        span = Window(end - HOUR / 2, end)
        yield Told(f"{end}", summarize(Sweep(place.store, detectors, span, lambda _done, _total: None)))


def _rules(place: Place, folder: Path) -> Iterator[tuple[Rule, bool]]:
    """Yield rules of every kind, those of the documented thresholds too, and whether they must be exact."""
    file = rules(folder, place.environment, place.scene.now, place.environment)
    for rule in file.rules:
        yield rule, exact(file.words[rule.name])
    where = Equals(SERVICE_NAME, place.environment)
    for rule in default_rules("production", window=HOUR, where=where).rules:
        yield rule, "response" not in rule.name


def _id() -> str:
    return "id"


def _clock(instant: datetime) -> Clock:
    return lambda: instant


def _unordered(report: AlertReport) -> Sequence[Signal]:
    """Return what the groups of a rule say, whichever is the worst by an estimate and so comes with an explanation."""
    return sorted(
        (replace(each, explanation=()) for each in report.signals), key=lambda each: sorted(each.labels.items())
    )


def alerts_check(place: Place) -> Iterator[Told]:
    """Check every rule, one by one, in the hour of errors and days before."""
    with TemporaryDirectory() as folder:
        for number, (rule, sure) in enumerate(_rules(place, Path(folder))):
            for instant in (place.scene.now, place.scene.change + 30 * MINUTE):
                with AlertState(Path(folder) / f"{number}-{instant.timestamp()}.sqlite") as state:
                    report = check_alerts(place.store, [rule], state, Policy(new_id=_id), _clock(instant))
                estimated, loosely = (frozenset[str](), None) if sure else (_SIGNAL, _unordered(report))
                yield Told(f"{rule.name} {instant}", report, estimated, _SIGNAL, loosely)


def alerts_replay(place: Place) -> Iterator[Told]:
    """Tell what all rules together would have told."""
    with TemporaryDirectory() as folder:
        every = [rule for rule, _ in _rules(place, Path(folder))]
        span = Window(place.scene.now - 2 * HOUR, place.scene.now)
        moments = list(replay(place.store, every, Policy(new_id=_id), span, HOUR))
    yield Told("moments", moments, frozenset({"outgoing"}), frozenset({"outgoing"}))


def recommended(place: Place) -> Iterator[Told]:
    """Ask all rules but the one about the store's own files, of the days around the change and of the last hour."""
    rules = tuple(rule for rule in RULES.values() if rule.name != "log-retention")
    summed = frozenset({"title", "evidence", "gain", "remarks"})
    for start in (place.scene.change - 4 * DAY, place.scene.now - HOUR):
        window = Window(start, place.scene.now)
        found = recommend(place.store, window, environment=place.environment, rules=rules)
        yield Told(f"{start}", found, summed, summed)


def reported(kind: ReportKind) -> Ask:
    """Return what makes the report of the week of the last day, of the day and of the month of the change."""

    def ask(place: Place) -> Iterator[Told]:
        day = place.scene.now if kind is ReportKind.WEEKLY else place.scene.change
        question = asked_report(place, kind, place.scene.local(day).date())
        found = report_document(build_report(Sources(place.store, place.ledger), question))
        del found["question_hash"]
        yield Told(str(question.period), found, _REPORT_ESTIMATES, _REPORT_SUMS, _unranked(found))

    return ask


def _unranked(value: JsonValue) -> JsonValue:
    """Return a report with its rows in an order of their own, and without what follows from two percentiles."""
    if isinstance(value, dict):
        return {name: _unchanged(each) if name in _PERCENTILES else _unranked(each) for name, each in value.items()}
    if isinstance(value, list) and all(isinstance(each, dict) for each in value):
        return sorted((_unranked(each) for each in value), key=lambda each: str(_keys(each)))
    return value


def _unchanged(value: JsonValue) -> JsonValue:
    """Return a percentile with the earlier one, but not how it changed: of a change of nothing any error is great."""
    if not isinstance(value, dict) or not isinstance(change := value.get("change"), dict):
        return value
    return {**value, "change": change["before"]}


def _keys(row: JsonValue) -> Sequence[JsonValue]:
    """Return what names a row, which is no number."""
    return [each for each in row.values() if isinstance(each, str)] if isinstance(row, dict) else []


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
    estimated = _PERCENTILES | {"in_database", "slow_statements"}
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
