"""Generated queries over the histories of :mod:`tests.store_conformance.histories`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

from hypothesis import strategies as st

from analyzers.store.query import (
    EVERYTHING,
    And,
    Avg,
    Calendar,
    CalendarUnit,
    Contains,
    Count,
    CountIf,
    Dimension,
    DistinctCount,
    Equals,
    Exists,
    Field,
    Histogram,
    In,
    InNetwork,
    Max,
    Measure,
    Min,
    NamedMeasure,
    Network,
    Not,
    Or,
    Percentile,
    Predicate,
    Prefix,
    Query,
    Range,
    StatusClass,
    Sum,
    Top,
    Window,
    Words,
)
from tests.store_conformance.events import ALWAYS
from tests.store_conformance.histories import (
    ADDRESSES,
    CHANGES,
    DURATIONS,
    ENVIRONMENTS,
    QUERY_COUNTS,
    ROUTES,
    STATUSES,
    TAGS,
    USERS,
    WILD,
)

STREAMS = (*ENVIRONMENTS, "*")
"""The environments that a drawn query names as its stream: one, or both."""

_ROUTE, _STATUS, _TIME, _BYTES = "http.route", "http.response.status_code", "response_time", "http.request.body.bytes"
_DURATION, _QUERIES, _DB_TIME, _IP, _USER = "event.duration", "db_queries", "db_time", "client.ip", "user.id"
_GROUPING = (_ROUTE, _STATUS, _IP, _USER, _TIME, _DURATION, _QUERIES, _DB_TIME)
_SUMMED = (_TIME, _BYTES, _STATUS)
_NUMBERS = (*_SUMMED, _DURATION, _QUERIES, _DB_TIME)
_TIMES = (0.1, 0.2, 0.30000001192092896, 0.3, 2, 999.5)

_OPERANDS: dict[str, tuple[str | float, ...]] = {
    _ROUTE: (*ROUTES, "/none", "x" * 2000),
    _STATUS: (*STATUSES, 200.5, 99999, -1, 200.0),
    _IP: (*ADDRESSES, "2001:DB8::0001", "::ffff:10.0.0.2"),
    "tags": TAGS,
    _USER: (*USERS, "true"),
    _DURATION: (*DURATIONS, 2**63, float(2**53), 2**53 + 2),
    _DB_TIME: WILD,
    _TIME: _TIMES,
    _QUERIES: (*QUERY_COUNTS, 2**31),
}
_NETWORKS = ("10.0.0.0/24", "10.0.0.2/31", "8.0.0.0/6", "0.0.0.0/0", "::/0", "2001:db8::/48", "2001:db8::8/125")

_BOUNDS: dict[str, tuple[float, ...]] = {
    _STATUS: (*STATUSES, 404.5, 10**6, -(10.0**30)),
    _TIME: (*_TIMES, 0, 10**30),
    _DURATION: (*DURATIONS, 2.0**53, 2.0**63, 0.5, -1e300),
    _DB_TIME: (*WILD, 0, 2**1000),
    _QUERIES: (*QUERY_COUNTS, 2**31, 0.5),
    _BYTES: (100, 200.5, 2**39),
}


@cache
def _leaves() -> st.SearchStrategy[Predicate]:
    equals = st.sampled_from(tuple(_OPERANDS)).flatmap(
        lambda name: st.builds(Equals, st.just(name), st.sampled_from(_OPERANDS[name])),
    )
    within = st.sampled_from(tuple(_OPERANDS)).flatmap(
        lambda name: st.builds(In, st.just(name), st.lists(st.sampled_from(_OPERANDS[name]), max_size=4).map(tuple)),
    )
    ranges = st.sampled_from(tuple(_BOUNDS)).flatmap(_ranges)
    prefixes = st.builds(
        Prefix, st.sampled_from((_ROUTE, "tags", _USER)), st.sampled_from(("/api", "", "é", "_", "\x00"))
    )
    parts = st.builds(
        Contains, st.sampled_from((_ROUTE, "tags", _USER)), st.sampled_from(("API", "É", "a", "\x00", "<int"))
    )
    words = st.builds(Words, st.just("message"), st.sampled_from(("POOL", "the exhausted", "é", "a.b", "c", "x" * 45)))
    networks = st.builds(InNetwork, st.just(_IP), st.sampled_from(_NETWORKS))
    exists = st.builds(Exists, st.sampled_from((*_OPERANDS, "message")))
    return st.one_of(equals, within, ranges, prefixes, parts, words, networks, exists)


@cache
def _ranges(name: str) -> st.SearchStrategy[Predicate]:
    bound = st.none() | st.sampled_from(_BOUNDS[name])
    return st.builds(Range, st.just(name), gte=bound, gt=bound, lte=bound, lt=bound)


@cache
def predicates() -> st.SearchStrategy[Predicate]:
    """Draw a predicate, with values that no event has, bounds beyond every type, and nothing to join at times."""
    return st.recursive(_leaves(), _combined, max_leaves=6)


def _combined(parts: st.SearchStrategy[Predicate]) -> st.SearchStrategy[Predicate]:
    several = st.lists(parts, max_size=3).map(tuple)
    return st.one_of(st.builds(And, several), st.builds(Or, several), st.builds(Not, parts))


@cache
def measures() -> st.SearchStrategy[Measure]:
    """Draw a measure; sums and means of what can be summed without a loss in doubles."""
    percents = st.sampled_from((0.1, 7, 50, 90, 95, 99, 99.9, 100))
    return st.one_of(
        st.just(Count()),
        st.builds(CountIf, predicates()),
        *(st.builds(kind, st.sampled_from(_SUMMED)) for kind in (Sum, Avg)),
        *(st.builds(kind, st.sampled_from(_NUMBERS)) for kind in (Min, Max)),
        st.builds(Percentile, st.sampled_from(_NUMBERS), percents),
        st.builds(DistinctCount, st.sampled_from(_GROUPING)),
        st.sampled_from(_NUMBERS).flatmap(_histograms),
    )


@cache
def _histograms(name: str) -> st.SearchStrategy[Measure]:
    edges = st.lists(st.sampled_from(sorted(set(_BOUNDS[name]))), min_size=1, max_size=5, unique=True)
    return st.builds(Histogram, st.just(name), edges.map(lambda drawn: tuple(sorted(drawn))))


@cache
def _dimensions(zone: str) -> st.SearchStrategy[tuple[Dimension, ...]]:
    """Draw how to group: up to three dimensions, at most one of them a calendar."""
    fields = st.sampled_from(_GROUPING).map(Field)
    calendars = st.sampled_from(CalendarUnit).map(lambda unit: Calendar(unit, zone))
    derived: st.SearchStrategy[Dimension] = st.sampled_from((StatusClass(), Network()))
    either: st.SearchStrategy[Dimension] = st.one_of(fields, derived, calendars)
    return st.lists(either, max_size=3, unique_by=lambda dimension: dimension.name).map(tuple)


@cache
def queries(zone: str) -> st.SearchStrategy[Query]:
    """Draw a query of one of :data:`STREAMS`; half of the windows cut through the events."""
    return _queries(zone)


@st.composite
def _queries(draw: st.DrawFn, zone: str) -> Query:
    query = draw(_untopped(zone))
    named, by = query.measures, query.by
    ranking = [each.name for each in named if _ranks_alike(each.measure)]
    if not ranking or not any(not isinstance(dimension, Calendar) for dimension in by) or draw(st.booleans()):
        return query
    top = draw(st.builds(Top, st.integers(min_value=1, max_value=4), st.sampled_from(ranking), st.booleans()))
    return replace(query, top=top)


@cache
def _untopped(zone: str) -> st.SearchStrategy[Query]:
    named = st.lists(measures(), min_size=1, max_size=4).map(_named)
    where = st.just(EVERYTHING) | predicates()
    windows = st.sampled_from(_windows(zone))
    return st.builds(Query, st.sampled_from(STREAMS), windows, named, _dimensions(zone), where)


def _ranks_alike(measure: Measure) -> bool:
    """Whether a measure is the same to the last bit in every store, so that all rank alike."""
    if isinstance(measure, Sum):
        return measure.field != _TIME
    return isinstance(measure, Count | CountIf | DistinctCount | Min | Max)


def _named(drawn: list[Measure]) -> tuple[NamedMeasure, ...]:
    return tuple(NamedMeasure(f"m{number}", measure) for number, measure in enumerate(drawn))


def _windows(zone: str) -> tuple[Window, ...]:
    middle = CHANGES[zone][0]
    return (
        ALWAYS,
        ALWAYS,
        Window(middle - timedelta(hours=1, microseconds=1), middle + timedelta(days=1, microseconds=1)),
        Window(middle, ALWAYS.end),
        Window(middle - timedelta(days=300), middle + timedelta(days=200)),
    )
