"""Generated histories and queries: few distinct values, so that groups, matches and ties are common."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from hypothesis import strategies as st

from analyzers.store.document import Document, JsonValue
from analyzers.store.query import (
    EVERYTHING,
    And,
    Avg,
    Calendar,
    CalendarUnit,
    Count,
    CountIf,
    Dimension,
    Equals,
    Exists,
    Field,
    In,
    Max,
    Measure,
    Min,
    NamedMeasure,
    Not,
    Or,
    Percentile,
    Predicate,
    Prefix,
    Query,
    Range,
    Sum,
    Window,
)
from tests.store_conformance.events import ALWAYS, document

# Instants near which a clock changes, and the zone where it does.
_CHANGES = {
    "Europe/Lisbon": (datetime(2024, 3, 31, 1, tzinfo=UTC), datetime(2024, 10, 27, 1, tzinfo=UTC)),
    "America/Sao_Paulo": (datetime(2018, 2, 18, 2, tzinfo=UTC), datetime(2018, 11, 4, 3, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2024, 4, 6, 15, tzinfo=UTC), datetime(2024, 10, 5, 15, 30, tzinfo=UTC)),
    "Asia/Kathmandu": (datetime(2024, 1, 1, tzinfo=UTC),),
    "Pacific/Apia": (datetime(2011, 12, 30, 10, tzinfo=UTC),),
    "UTC": (datetime(2024, 2, 29, tzinfo=UTC),),
}
STREAM = "logs-web.request-generated"
_ROUTES = ("/api/chamados", "/api/chamados/<int:id>", "/login", "", "é/ç", "\U0001f600")
_STATUSES = (200, 201, 404, 499, 500, 503)
_ADDRESSES = ("10.0.0.1", "10.0.0.2", "2001:db8::1")
_TAGS = ("late", "_grokparsefailure", "slow")
_TIMES = st.floats(min_value=0, max_value=1000, allow_nan=False, width=32) | st.sampled_from((0.1, 0.2, 0.3, 2.0))
_BYTES = st.integers(min_value=0, max_value=2**40)


@st.composite
def instants(draw: st.DrawFn, zone: str) -> str:
    """Draw an instant, mostly close to a change of the zone's clock, as RFC 3339 text with a fraction."""
    reach = draw(st.sampled_from((2 * 3600, 3 * 86400, 40 * 86400)))
    seconds = draw(st.integers(min_value=-reach, max_value=reach))
    at = draw(st.sampled_from(_CHANGES[zone])) + timedelta(seconds=seconds)
    fraction = draw(st.sampled_from(("", ".0", ".999", ".9999", ".123456")))
    return f"{at:%Y-%m-%dT%H:%M:%S}{fraction}Z"


@cache
def histories(zone: str) -> st.SearchStrategy[list[Document]]:
    """Draw up to 60 events with distinct ids, in a stream called ``STREAM``."""
    optional: dict[str, st.SearchStrategy[JsonValue]] = {
        "http.route": st.sampled_from(_ROUTES),
        "http.response.status_code": st.sampled_from(_STATUSES),
        "response_time": _TIMES,
        "http.request.body.bytes": _BYTES,
        "client.ip": st.sampled_from(_ADDRESSES),
        "tags": st.lists(st.sampled_from(_TAGS), max_size=3).map(list),
    }
    fields = st.fixed_dictionaries({}, optional=optional)
    return st.lists(st.tuples(instants(zone), fields), max_size=60).map(_documents)


def _documents(events: list[tuple[str, dict[str, JsonValue]]]) -> list[Document]:
    return [document(STREAM, f"e{number}", at, values) for number, (at, values) in enumerate(events)]


@cache
def predicates() -> st.SearchStrategy[Predicate]:
    """Draw a predicate over the fields of :func:`histories`, values that no event has among them."""
    leaves: st.SearchStrategy[Predicate] = st.one_of(
        st.builds(Equals, st.just("http.route"), st.sampled_from((*_ROUTES, "/none"))),
        st.builds(Equals, st.just("http.response.status_code"), st.sampled_from((*_STATUSES, 200.5, 99999, -1))),
        st.builds(Equals, st.just("client.ip"), st.sampled_from(_ADDRESSES)),
        st.builds(Equals, st.just("tags"), st.sampled_from(_TAGS)),
        st.builds(
            In, st.just("http.response.status_code"), st.lists(st.sampled_from(_STATUSES), max_size=3).map(tuple)
        ),
        st.builds(In, st.just("tags"), st.lists(st.sampled_from(_TAGS), max_size=3).map(tuple)),
        st.builds(Range, st.just("http.response.status_code"), gte=st.sampled_from((None, 404, 499.5, 10**6))),
        st.builds(Range, st.just("response_time"), gt=st.none() | _TIMES, lte=st.none() | _TIMES),
        st.builds(Prefix, st.just("http.route"), st.sampled_from(("/api", "/", "", "x", "é"))),
        st.builds(Prefix, st.just("tags"), st.sampled_from(("_", "s", ""))),
        st.builds(Exists, st.sampled_from(("http.route", "response_time", "client.ip", "tags"))),
    )
    return st.recursive(leaves, _combined, max_leaves=5)


def _combined(parts: st.SearchStrategy[Predicate]) -> st.SearchStrategy[Predicate]:
    several = st.lists(parts, max_size=3).map(tuple)
    return st.one_of(st.builds(And, several), st.builds(Or, several), st.builds(Not, parts))


@cache
def measures() -> st.SearchStrategy[Measure]:
    """Draw a measure."""
    numbers = st.sampled_from(("response_time", "http.request.body.bytes", "http.response.status_code"))
    percents = st.sampled_from((0.1, 7, 50, 90, 95, 99, 99.9, 100))
    return st.one_of(
        st.just(Count()),
        st.builds(CountIf, predicates()),
        *(st.builds(kind, numbers) for kind in (Sum, Avg, Min, Max)),
        st.builds(Percentile, numbers, percents),
    )


def dimensions(zone: str) -> st.SearchStrategy[tuple[Dimension, ...]]:
    """Draw how to group: up to two fields and at most one calendar."""
    fields = st.sampled_from(("http.route", "http.response.status_code", "client.ip", "response_time")).map(Field)
    calendars = st.sampled_from(CalendarUnit).map(lambda unit: Calendar(unit, zone))
    return st.lists(fields | calendars, max_size=3, unique_by=lambda dimension: dimension.name).map(tuple)


@cache
def queries(zone: str) -> st.SearchStrategy[Query]:
    """Draw a query of ``STREAM``; half of the windows cut through the events."""
    named = st.lists(measures(), min_size=1, max_size=4).map(_named)
    where = st.just(EVERYTHING) | predicates()
    return st.builds(Query, st.just(STREAM), st.sampled_from(_windows(zone)), named, dimensions(zone), where)


def _named(drawn: list[Measure]) -> tuple[NamedMeasure, ...]:
    return tuple(NamedMeasure(f"m{number}", measure) for number, measure in enumerate(drawn))


def _windows(zone: str) -> tuple[Window, ...]:
    middle = _CHANGES[zone][-1]
    return (
        ALWAYS,
        Window(middle - timedelta(hours=1, microseconds=1), middle + timedelta(days=1, microseconds=1)),
        Window(middle, ALWAYS.end),
        Window(middle - timedelta(days=300), middle - timedelta(days=200)),
    )


ZONES = tuple(_CHANGES)
