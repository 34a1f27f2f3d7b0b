"""The analyses that select and group, asked by everything they can be grouped by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import cycle
from typing import Final

from analyzers.analysis import Analysis, Selection
from analyzers.jobs import ANALYSES, queries
from analyzers.selection import parse_dimensions, parse_top, parse_where, parse_zone
from analyzers.selection.names import names_in
from analyzers.sla import run as run_sla
from analyzers.store.query import EVERYTHING, CalendarUnit, Window
from analyzers.store.schema import load_schema
from analyzers.thresholds import load_thresholds
from tests.store_conformance.places import Place
from tests.store_conformance.telling import Told
from tests.store_conformance.traffic import DAY, MILLI, SCENES, Scene

_ESTIMATED: Final = frozenset({"p50", "p95", "p99"})
UNITS: Final = tuple(unit.value for unit in CalendarUnit)
CONDITIONS: Final = (
    "status_code >= 500",
    "status_code < 300 and response_time >= 2",
    "not response_time < 2",
    "endpoint: /api* or user_id in (u1, Ana)",
    "not service.version = 1.4.0",
    "user_id != u1 and status_code not in (200, 404)",
)
_OF_STATEMENTS: Final = ("sql.operation = SELECT", "not sql.error: timeout or sql.duration.sec >= 3")


def selection(  # noqa: PLR0913  # the options of a command
    place: Place,
    name: str,
    by: tuple[str, ...],
    *,
    every: str | None = None,
    top: int | None = None,
    rank: str | None = None,
    where: str | None = None,
    window: Window | None = None,
) -> Selection:
    """Return what a person would select with these options."""
    stream = stream_of(place, name)
    schema = load_schema(stream)
    dimensions = parse_dimensions(by, every, parse_zone(place.scene.zone), schema)
    chosen = parse_top(top, rank, dimensions, ranks_of(name))
    condition = EVERYTHING if where is None else parse_where(where, schema)
    return Selection(window or whole(place.scene), dimensions, condition, stream, chosen)


def whole(scene: Scene) -> Window:
    """Return the eight days."""
    return Window(scene.change - 4 * DAY, scene.now)


def stream_of(place: Place, name: str) -> str:
    """Return the stream that an analysis is about."""
    return f"logs-sql.query-{place.environment}" if name == "queries" else place.stream


def ranks_of(name: str) -> tuple[str, ...]:
    """Return the measures that an analysis can rank by."""
    if name == "queries":
        return queries.RANKS
    return ANALYSES[name].ranks if name in ANALYSES else ("errors", "requests")


def run(place: Place, name: str, selected: Selection) -> Analysis:
    """Run an analysis by the name of its command."""
    if name == "queries":
        return queries.run(place.store, selected)
    if name == "sla judge":
        return run_sla(place.store, selected)
    return ANALYSES[name].run(place.store, selected, load_thresholds("production"))


def analysis(name: str) -> Callable[[Place], Iterator[Told]]:
    """Return what asks an analysis everything."""
    summed = frozenset({"seconds", "verdict"}) if name == "queries" else frozenset[str]()
    estimated = _ESTIMATED | {"verdict"} if name == "latency" else _ESTIMATED

    def ask(place: Place) -> Iterator[Told]:
        for label, selected in selections(place, name):
            found = run(place, name, selected)
            if selected.top is None or selected.top.by not in _ESTIMATED:
                yield Told(label, found, estimated, summed)
            else:
                rank = selected.top.by
                yield Told(label, found, estimated, summed, tuple({rank: row[rank]} for row in found.rows))

    return ask


def selections(place: Place, name: str) -> Iterator[tuple[str, Selection]]:
    """Yield the whole, every dimension, every unit, every ranking, filters, and windows cut at odd instants."""
    names, units = names_in(load_schema(stream_of(place, name))), cycle(UNITS)
    yield "all", selection(place, name, ())
    for unit in UNITS:
        yield f"every {unit}", selection(place, name, (), every=unit)
    turn = SCENES.index(place.scene) % 2  # what one scene groups as it is, the next one cuts and ranks
    for number, each in enumerate(names):
        if number % 2 == turn:
            yield f"by {each}", selection(place, name, (each,))
        else:
            unit = next(units)
            yield f"by {each} every {unit}, top", selection(place, name, (each,), every=unit, top=2)
    for number, rank in enumerate(ranks_of(name)):
        by = ("endpoint", names[number + 1])
        yield f"ranked by {rank}", selection(place, name, by, top=3 + number, rank=rank)
    for condition in _OF_STATEMENTS if name == "queries" else CONDITIONS:
        yield f"where {condition}", selection(place, name, ("endpoint",), every="day", where=condition)
    for number, window in enumerate(_cut(place.scene.change)):
        yield f"window {number}", selection(place, name, (), every="hour", window=window)


def _cut(change: datetime) -> tuple[Window, ...]:
    return (
        Window(change - DAY, change),
        Window(change, change + MILLI),
        Window(change - MILLI, change + DAY / 3),
        Window(change - 400 * DAY, change - 300 * DAY),
    )
