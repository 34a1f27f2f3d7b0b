"""What the pages about requests and the agreement show, as plain values that stores can be compared by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from analyzers.blocks import Figure, Figures, Picture, Table
from analyzers.charts.definition import Chart, TimeChart
from analyzers.question import instant_text
from analyzers.store.query import Window
from analyzers.thresholds import load_thresholds
from atalaia.web.asked import Question, condition, read_question
from atalaia.web.views.drill import Drill, drill
from atalaia.web.views.endpoints import Endpoints, endpoints
from atalaia.web.views.explanation import explained
from atalaia.web.views.promised import Promised
from atalaia.web.views.sla import Sla, sla
from atalaia.web.views.sla_explanation import sla_explained
from atalaia.web.views.sla_question import sla_question
from atalaia.web.views.statements import Statements, statements
from tests.store_conformance.places import Place
from tests.store_conformance.telling import Told
from tests.store_conformance.traffic import DAY, HOUR

ESTIMATED: Final = frozenset({"p50", "p95", "p99", "max"})
"""What rests on percentiles, in tables, figures and charts."""
SUMMED: Final = frozenset({"time", "database", "seconds", "queries", "throughput"})
"""What rests on sums of doubles."""


def question_of(place: Place, window: Window, *params: tuple[str, str]) -> Question:
    """Return what an address asks about the service of a place."""
    mine = condition("service.name", place.environment)
    bounds = [("from", instant_text(window.start)), ("to", instant_text(window.end))]
    given = MultiDict([*bounds, ("where", mine), *params])
    return read_question(given, now=place.scene.now, zone=ZoneInfo(place.scene.zone))


def promised_of(place: Place) -> Promised:
    """Return what judges the numbers of a place."""
    return Promised(load_thresholds(), place.contract)


def around(place: Place) -> Window:
    """Return the days around the change of a scene."""
    return Window(place.scene.change - 2 * DAY, place.scene.change + 2 * DAY)


def cells(table: Table) -> list[dict[str, object]]:
    """Return the rows of a table by its headings."""
    return [dict(zip([each.name for each in table.headings], row, strict=True)) for row in table.rows]


def drawn(pictures: Sequence[Picture | None]) -> list[object]:
    """Return charts, their lines by name."""
    return [None if each is None else _lines(each.chart) for each in pictures]


def figured(figures: Figures) -> dict[str, object]:
    """Return figures by name; of percentiles the two values, not the difference of two estimates."""
    return {each.name: _settled(each) for each in figures.figures}


def ask_drill(place: Place, window: Window, *params: tuple[str, str]) -> Drill:
    """Return a drill-down of a place."""
    return drill(place.store, question_of(place, window, *params), promised_of(place), place.scene.zone)


def ask_endpoints(place: Place, window: Window, *params: tuple[str, str]) -> Endpoints:
    """Return the endpoints of a place."""
    return endpoints(place.store, question_of(place, window, *params), promised_of(place), place.scene.zone)


def ask_statements(place: Place, window: Window, *params: tuple[str, str]) -> Statements:
    """Return the slow statements of a place; they do not say of which service they are."""
    bounds = [("from", instant_text(window.start)), ("to", instant_text(window.end))]
    question = read_question(MultiDict([*bounds, *params]), now=place.scene.now, zone=ZoneInfo(place.scene.zone))
    return statements(place.store, question, place.scene.zone)


def ask_sla(place: Place, as_of: datetime, *params: tuple[str, str]) -> Sla:
    """Return the page of the agreement of a place."""
    question = question_of(place, around(place), ("as_of", instant_text(as_of)), *params)
    return sla(place.store, place.ledger, question, sla_question(question, place.contract, place.scene.now))


def pages(place: Place) -> Iterator[Told]:
    """Ask every page: over the change of the clock, in the hour of errors, and where nothing is."""
    hour = Window(place.scene.now - HOUR, place.scene.now)
    silent = Window(place.scene.change - 300 * DAY, place.scene.change - 299 * DAY)
    for params in (
        (),
        (("by", "status_class"), ("every", "day")),
        (("by", "network"), ("top", "2"), ("rank", "errors")),
    ):
        for name, window in (("change", around(place)), ("hour", hour), ("silent", silent)):
            yield Told(f"drill {name} {params}", _drill(ask_drill(place, window, *params)), ESTIMATED, SUMMED)
    for params in ((), (("sort", "error_rate"), ("top", "2")), (("sort", "name"), ("order", "desc"))):
        found = ask_endpoints(place, around(place), *params)
        yield Told(f"endpoints {params}", _endpoints(found), ESTIMATED, SUMMED)
    for by in ("query_type", "endpoint", "statement"):
        found_statements = ask_statements(place, around(place), ("by", by))
        told = (found_statements.verdict, cells(found_statements.table), drawn([found_statements.picture]))
        yield Told(f"statements {by}", told, ESTIMATED, SUMMED)
    for per in ("contract", "month", "week", "day"):
        yield Told(f"sla {per}", _sla(ask_sla(place, place.scene.now, ("per", per))))


def explanations(place: Place) -> Iterator[Told]:
    """Ask what is behind the hour of errors, and behind every objective of the month that is missed."""
    hour = Window(place.scene.now - HOUR, place.scene.now)
    for what in ("errors", "latency"):
        question = question_of(place, hour, ("what", what))
        yield Told(f"explain {what}", explained(place.store, question, promised_of(place), place.scene.zone))
    question = question_of(place, hour, ("objective", "tickets"))
    asked = sla_question(question, place.contract, place.scene.now)
    yield Told("sla explain", sla_explained(place.store, place.ledger, question, asked))


def _settled(figure: Figure) -> object:
    if figure.name not in ESTIMATED or figure.change is None:
        return figure
    return replace(figure, change=None), figure.change.before


def _lines(chart: Chart) -> object:
    if not isinstance(chart, TimeChart):
        return chart
    return {
        "lines": {each.name.text: each.points for each in chart.series},
        "rest": (chart.limits, chart.excluded, chart.window, chart.unit),
    }


def _drill(found: Drill) -> dict[str, object]:
    return {
        "verdict": (found.state, found.verdict),
        "figures": figured(found.figures),
        "pictures": drawn((*found.pictures, found.heat)),
        "groups": cells(found.groups),
        "examples": cells(found.examples),
        "notes": found.notes,
    }


def _endpoints(found: Endpoints) -> dict[str, object]:
    names = [each.heading.name for each in found.sorts][1:]
    return {
        "verdict": (found.state, found.verdict),
        "rows": [
            (each.name, dict(zip(names, each.cells, strict=True)), each.change, each.course) for each in found.rows
        ],
        "rest": None if found.rest is None else dict(zip(names, found.rest[1], strict=True)),
        "notes": found.notes,
    }


def _sla(found: Sla) -> dict[str, object]:
    tables = (found.table, found.excluded, found.restated, found.provenance, found.contract)
    return {
        "objectives": found.objectives,
        "tables": [cells(each) for each in tables],
        "rest": (found.title, found.state, found.per, found.earlier, found.later, found.is_promised, found.notes),
    }
