"""What reports and advice are asked of a place, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from analyzers.recommendations import RULES, recommend
from analyzers.reports.building import build_report
from analyzers.reports.document import Kind as ReportKind
from analyzers.reports.json import report_document
from analyzers.reports.question import Sources
from analyzers.store.document import JsonValue
from analyzers.store.query import Window
from tests.store_conformance.places import Place
from tests.store_conformance.reporting import asked_report
from tests.store_conformance.telling import Told
from tests.store_conformance.traffic import DAY, HOUR

Ask: TypeAlias = Callable[[Place], Iterator[Told]]

PERCENTILES: Final = frozenset({"p50", "p95", "p99"})
_REPORT_ESTIMATES: Final = PERCENTILES | {"recommendations", "not_judged"}
_REPORT_SUMS: Final = frozenset(
    {"seconds", "share", "db_time", "template_time", "avg_response_time", "time_chart", "recommendations", "not_judged"}
)


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
        return {name: _unchanged(each) if name in PERCENTILES else _unranked(each) for name, each in value.items()}
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
