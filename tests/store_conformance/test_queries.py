"""Fixed questions with answers worked out by hand, and questions that cannot be asked."""

from __future__ import annotations

import pytest

from analyzers.store.document import JsonValue
from analyzers.store.interface import Store
from analyzers.store.query import (
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
    QueryError,
    Range,
    Sum,
    Top,
)
from tests.store_conformance.backends import BackendTest
from tests.store_conformance.events import ALWAYS, ask, count_where, fill, shown

AT = "2024-01-15T10:30:00Z"
ROUTE, STATUS, TIME, TAGS = "http.route", "http.response.status_code", "response_time", "tags"

EVENTS: list[tuple[str, dict[str, JsonValue]]] = [
    (AT, {ROUTE: "/a", STATUS: 200, TIME: 0.5, TAGS: ["slow", "late"]}),
    (AT, {ROUTE: "/a", STATUS: 500, TIME: 1.5}),
    (AT, {ROUTE: "/b", STATUS: 404, TIME: 2.0, TAGS: []}),
    (AT, {STATUS: 503, TIME: 4.0, TAGS: "late"}),
    (AT, {ROUTE: "", TIME: None}),
]

_SELECTED: list[tuple[Predicate, int]] = [
    (And(()), 5),
    (Or(()), 0),
    (Equals(ROUTE, "/a"), 2),
    (Not(Equals(ROUTE, "/a")), 3),  # the one without a route among them
    (Equals(ROUTE, ""), 1),
    (Equals(TAGS, "late"), 2),
    (Not(Equals(TAGS, "late")), 3),
    (In(STATUS, (500, 503)), 2),
    (In(STATUS, ()), 0),
    (Equals(STATUS, 200.0), 1),
    (Equals(STATUS, 99999), 0),
    (Range(STATUS, gte=500), 2),
    (Range(STATUS, gt=500, lte=503), 1),
    (Range(STATUS, gte=404, lt=500), 1),
    (Range(STATUS), 4),  # present, no bounds
    (Not(Range(STATUS, gte=500)), 3),
    (Range(TIME, gte=10**30), 0),
    (Prefix(ROUTE, "/"), 3),
    (Prefix(ROUTE, ""), 4),
    (Prefix(TAGS, "s"), 1),
    (Exists(TAGS), 2),
    (Not(Exists(TIME)), 1),
    (Or((Equals(ROUTE, "/b"), And((Equals(ROUTE, "/a"), Range(STATUS, gte=500))))), 2),
    (Not(Or((Equals(ROUTE, "/b"), Not(Exists(ROUTE))))), 3),
]


def test_predicates_select_what_they_say(store: Store, stream: str) -> None:
    """Every predicate is true or false for every event, also where the field is absent."""
    fill(store, stream, EVENTS)
    found = [count_where(store, stream, predicate) for predicate, _ in _SELECTED]
    assert found == [expected for _, expected in _SELECTED]


def test_measures_over_everything(store: Store, stream: str) -> None:
    """Sums, means and extremes are over the events that have the field."""
    fill(store, stream, EVENTS)
    (row,) = ask(
        store,
        stream,
        *(Count(), CountIf(Range(STATUS, gte=500)), Sum(TIME), Avg(TIME), Min(TIME), Max(TIME), Sum(STATUS)),
    )
    assert list(row.values()) == [5, 2, 8.0, 2.0, 0.5, 4.0, 1607]


def test_groups_come_in_order_with_the_absent_last(store: Store, stream: str) -> None:
    """Text by code point, then the events without the field."""
    fill(store, stream, EVENTS)
    rows = ask(store, stream, Count(), Max(TIME), by=(Field(ROUTE),))
    assert shown(rows) == [["", 1, None], ["/a", 2, 1.5], ["/b", 1, 2.0], [None, 1, 4.0]]


def test_nothing_gives_one_row_without_groups_and_none_with(store: Store, stream: str) -> None:
    """Counts are zero, all else is absent; a group without an event has no row."""
    measures: tuple[Measure, ...] = (Count(), CountIf(Exists(ROUTE)), Sum(TIME), Avg(TIME), Min(TIME), Max(TIME))
    (row,) = ask(store, stream, *measures, Percentile(TIME, 95))
    assert list(row.values()) == [0, 0, None, None, None, None, None]
    assert ask(store, stream, Count(), by=(Field(ROUTE),)) == ()


def test_percentiles_are_nearest_rank(store: Store, stream: str, backend: BackendTest) -> None:
    """Of 1..1000 the percentile p is the value of rank ceil(10 p): also for 7 and 99.9, where floats would slip."""
    fill(store, stream, [(AT, {TIME: float(number)}) for number in range(1000, 0, -1)])
    expected = {0.01: 1.0, 7: 70.0, 29: 290.0, 50: 500.0, 57.01: 571.0, 95: 950.0, 99: 990.0, 99.9: 999.0, 100: 1000.0}
    (row,) = ask(store, stream, *(Percentile(TIME, percent) for percent in expected))
    assert list(row.values()) == pytest.approx(list(expected.values()), rel=backend.percentile_error, abs=0)


def _nested(levels: int) -> Predicate:
    """Return a predicate of so many levels, its comparison among them."""
    predicate: Predicate = Equals(ROUTE, "/a")
    for _ in range(levels - 1):
        predicate = Not(predicate)
    return predicate


def test_the_most_that_can_be_asked(store: Store, stream: str) -> None:
    """The deepest filter, the one with most comparisons and the one with most values have answers, alone and ranked."""
    fill(store, stream, EVENTS)
    many = Or(tuple(Equals(TIME, number / 8) for number in range(500)))  # 0.5, 1.5, 2.0 and 4.0 among them
    values = In(ROUTE, (*(f"/{number}" for number in range(9_999)), "/a"))
    # Eleven negations of a comparison are one.
    for predicate, count in ((_nested(12), 3), (many, 4), (values, 2)):
        assert count_where(store, stream, predicate) == count
        measures = (NamedMeasure("n", Count()), NamedMeasure("p", Percentile(TIME, 50)))
        by = (Field(ROUTE), Field(STATUS))
        found = store.query(Query(stream, ALWAYS, measures, by, predicate, Top(1, "n")))
        assert sum(row["n"] for row in (*found.rows, *found.rest) if isinstance(row["n"], int)) == count


_UNASKABLE: dict[str, tuple[Predicate, tuple[Dimension, ...], Measure]] = {
    "an unknown field": (Equals("http.rout", "/a"), (), Count()),
    "an unknown field to group by": (And(()), (Field("nobody"),), Count()),
    "text against a number": (Equals(STATUS, "200"), (), Count()),
    "a number against text": (In(ROUTE, ("/a", 5)), (), Count()),
    "a boolean against a number": (Equals(STATUS, True), (), Count()),
    "no address": (Equals("client.ip", "localhost"), (), Count()),
    "a range of text": (Range(ROUTE, gte=1), (), Count()),
    "a prefix of a number": (Prefix(STATUS, "5"), (), Count()),
    "full text": (Equals("message", "x"), (), Count()),
    "a list to group by": (And(()), (Field(TAGS),), Count()),
    "a text to group by": (And(()), (Field("message"),), Count()),
    "the sum of text": (And(()), (), Sum(ROUTE)),
    "a percentile of 0": (And(()), (), Percentile(TIME, 0)),
    "a percentile of 101": (And(()), (), Percentile(TIME, 101)),
    "an unknown zone": (And(()), (Calendar(CalendarUnit.DAY, "Mars/Olympus"),), Count()),
    "a zone that is a path": (And(()), (Calendar(CalendarUnit.DAY, "../etc/passwd"),), Count()),
    "two calendars": (And(()), (Calendar(CalendarUnit.DAY), Calendar(CalendarUnit.HOUR)), Count()),
    "an address without its end": (Equals("client.ip", "10.0.0."), (), Count()),
    "a number beyond the doubles": (Equals(STATUS, 10**400), (), Count()),
    "a number of thousands of digits": (Equals(TIME, 10**5000), (), Count()),
    "a bound beyond the doubles": (Range(TIME, lt=10**400), (), Count()),
    "a bound that is none": (Range(TIME, lt=float("nan")), (), Count()),
    "text that is none": (Equals(ROUTE, "\ud800"), (), Count()),
    "a prefix that is none": (Prefix(ROUTE, "\udfff"), (), Count()),
    "a percentile that is none": (And(()), (), Percentile(TIME, float("nan"))),
    "too many comparisons": (Or((Exists(ROUTE),) * 501), (), Count()),
    "too many values": (In(ROUTE, tuple(str(number) for number in range(10_001))), (), Count()),
    "too deep": (_nested(13), (), Count()),
    "deeper than Python calls": (_nested(5000), (), Count()),
    "a bad predicate inside a measure": (And(()), (), CountIf(Not(Equals("nobody", 1)))),
}


@pytest.mark.parametrize("case", _UNASKABLE)
def test_what_cannot_be_asked_is_refused(store: Store, stream: str, case: str) -> None:
    """The refusal says what was wrong and what to do, before any event is looked at."""
    where, by, measure = _UNASKABLE[case]
    with pytest.raises(QueryError) as caught:
        ask(store, stream, measure, by=by, where=where)
    assert caught.value.message
    assert caught.value.remedy


def test_hostile_values_are_only_values(store: Store, stream: str) -> None:
    """Quotes, comments, wildcards and placeholders in values neither match others nor break the query."""
    values = ("' OR 1=1 --", '"; DROP', "$p0", "*", "%", "\\", "\x00", "a\nb")
    fill(store, stream, [(AT, {ROUTE: value}) for value in values])
    assert [count_where(store, stream, Equals(ROUTE, value)) for value in values] == [1] * len(values)
    assert [count_where(store, stream, Prefix(ROUTE, value)) for value in values] == [1] * len(values)
