"""Histograms and distinct counts, with answers worked out by hand."""

from __future__ import annotations

import pytest

from analyzers.store.document import JsonValue
from analyzers.store.interface import Store
from analyzers.store.query import (
    Calendar,
    CalendarUnit,
    Count,
    DistinctCount,
    Equals,
    Field,
    Histogram,
    Max,
    Measure,
    Min,
    QueryError,
    Range,
)
from analyzers.store.result import Value
from tests.store_conformance.events import answer, ask, count_where, fill, shown

AT = "2024-01-15T10:30:00Z"
ROUTE, STATUS, TIME, IP, USER = "http.route", "http.response.status_code", "response_time", "client.ip", "user.id"
DURATION, DB_TIME, TAGS = "event.duration", "db_time", "tags"


def test_an_edge_belongs_to_the_interval_above_it(store: Store, stream: str) -> None:
    """Counts below the first edge, of each interval with its lower edge, and from the last edge on; absent in none."""
    fill(store, stream, [(AT, {TIME: time}) for time in (0.0, 0.1, 0.1, 0.2, 0.25, 1.0, 7.5)] + [(AT, {})])
    assert answer(store, stream, Histogram(TIME, (0.1, 0.2, 1))) == (1, 2, 2, 2)
    assert answer(store, stream, Histogram(TIME, (0.1,))) == (1, 6)
    assert answer(store, stream, Histogram(TIME, (-1.0, 8.0, 1e300))) == (0, 7, 0, 0)


def test_histograms_of_groups(store: Store, stream: str) -> None:
    """Each group and each bucket has its own; where no event has the field all counts are zero."""
    fill(
        store,
        stream,
        [
            ("2024-01-15T10:00:00Z", {ROUTE: "/a", TIME: 0.5}),
            ("2024-01-15T11:00:00Z", {ROUTE: "/a", TIME: 1.5}),
            (AT, {}),
        ],
    )
    spread = Histogram(TIME, (1.0, 2.0))
    assert shown(ask(store, stream, spread, by=(Field(ROUTE),))) == [["/a", (1, 1, 0)], [None, (0, 0, 0)]]
    hourly = ask(store, stream, spread, by=(Calendar(CalendarUnit.HOUR),))
    assert [row["m0"] for row in hourly] == [(1, 0, 0), (0, 1, 0)]


_WHOLE = (-(2**63), -1, 0, 1, 2**53, 2**53 + 1, 2**53 + 3, 2**63 - 1)


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ((0,), (2, 6)),
        ((-0.5, 0.5), (2, 1, 5)),
        ((0.25, 0.75), (3, 0, 5)),
        # 2**53 + 3 and 2**53 + 4 are one double: as doubles they would change sides.
        ((2.0**53, 2.0**53 + 2, 2.0**53 + 4), (4, 2, 1, 1)),
        ((2**53 + 1, 2**53 + 3), (5, 1, 2)),
        ((-1e300, -(2.0**63), 2.0**63, 1e300), (0, 0, 8, 0, 0)),
    ],
)
def test_whole_numbers_meet_edges_exactly(
    store: Store, stream: str, edges: tuple[float, ...], expected: tuple[int, ...]
) -> None:
    """Edges between whole numbers, beyond the exact doubles, and beyond the type."""
    fill(store, stream, [(AT, {DURATION: value}) for value in _WHOLE])
    assert answer(store, stream, Histogram(DURATION, edges)) == expected


def test_ranges_of_whole_numbers_are_exact(store: Store, stream: str) -> None:
    """A bound that is a double meets whole numbers that are none."""
    fill(store, stream, [(AT, {DURATION: value}) for value in _WHOLE])
    bounds = [Range(DURATION, gt=2.0**53), Range(DURATION, gte=2.0**63), Range(DURATION, lt=-(2.0**63) + 2048)]
    assert [count_where(store, stream, bound) for bound in bounds] == [3, 0, 1]
    assert [count_where(store, stream, Equals(DURATION, value)) for value in _WHOLE] == [1] * 8


def test_ranges_of_fractions_are_exact(store: Store, stream: str) -> None:
    """A bound that is a whole number no double has lies between its neighbours; zero is not minus zero's greater."""
    fill(store, stream, [(AT, {DB_TIME: value}) for value in (2.0**53, 2.0**53 + 2, -0.0, 0.0, 5e-324)])
    between = 2**53 + 1
    bounds = [
        Range(DB_TIME, gte=between),
        Range(DB_TIME, gt=between),
        Range(DB_TIME, gt=0, lte=between),
        Range(DB_TIME, gt=0, lt=between),
        Range(DB_TIME, gte=0.0, lte=-0.0),
        Range(DB_TIME, gt=-0.0),
        Range(DB_TIME, lt=0.0),
    ]
    assert [count_where(store, stream, bound) for bound in bounds] == [1, 1, 2, 2, 2, 3, 0]


def test_a_thousand_edges(store: Store, stream: str) -> None:
    """A value in each interval of 200 groups: no page of an answer is too large, none is cut."""
    events: list[tuple[str, dict[str, JsonValue]]] = [
        (AT, {ROUTE: f"/{group:03}", TIME: group + 0.5}) for group in range(200)
    ]
    fill(store, stream, events)
    rows = ask(store, stream, Histogram(TIME, tuple(range(1, 1001))), by=(Field(ROUTE),))
    found = [row["m0"] for row in rows]
    assert [counts.index(1) for counts in found if isinstance(counts, tuple)] == list(range(200))


_DISTINCT: dict[str, tuple[str, list[JsonValue], int]] = {
    "text": (ROUTE, ["/a", "/a", "/A", "", "é", None], 4),
    "addresses": (IP, ["10.0.0.1", "::ffff:10.0.0.1", "2001:db8::1", "2001:DB8:0::1", "::"], 3),
    "whole numbers": (DURATION, [2**53, 2**53 + 1, 2**63 - 1, 2**63 - 1], 3),
    "fractions": (TIME, [0.1, 0.1, 0.30000000000000004, 0.3], 3),
    "both zeros": (DB_TIME, [0.0, -0.0, 0.5], 2),
    "numbers as text": (USER, [1, "1", True, "true", 1.5], 3),
    "none": (ROUTE, [None, None], 0),
}


@pytest.mark.parametrize("case", _DISTINCT)
def test_distinct_values_are_counted(store: Store, stream: str, case: str) -> None:
    """Equal values are one, in whatever spelling they came; absent is none."""
    name, values, expected = _DISTINCT[case]
    fill(store, stream, [(AT, {name: value}) for value in values])
    assert answer(store, stream, DistinctCount(name)) == expected


def test_the_two_zeros_are_one_group(store: Store, stream: str) -> None:
    """Minus zero and zero are equal: one row, with the events of both in it."""
    fill(store, stream, [(AT, {DB_TIME: value, TIME: time}) for value, time in ((0.0, 1.0), (-0.0, 2.0), (0.5, 3.0))])
    rows = ask(store, stream, Count(), Min(TIME), Max(TIME), DistinctCount(TIME), by=(Field(DB_TIME),))
    assert shown(rows) == [[0.0, 2, 1.0, 2.0, 2], [0.5, 1, 3.0, 3.0, 1]]


def test_distinct_values_of_groups(store: Store, stream: str) -> None:
    """By field and bucket together, beside other measures, and of the field that groups."""
    fill(
        store,
        stream,
        [
            ("2024-01-15T10:00:00Z", {ROUTE: "/a", USER: "1"}),
            ("2024-01-15T10:59:59Z", {ROUTE: "/a", USER: "2"}),
            ("2024-01-15T11:00:00Z", {ROUTE: "/a", USER: "1"}),
            ("2024-01-15T11:00:00Z", {ROUTE: "/a", USER: "1"}),
            ("2024-01-15T11:30:00Z", {USER: "9"}),
            ("2024-01-15T11:30:00Z", {ROUTE: "/b"}),
        ],
    )
    rows = ask(
        store,
        stream,
        DistinctCount(USER),
        DistinctCount(ROUTE),
        Count(),
        by=(Calendar(CalendarUnit.HOUR), Field(ROUTE)),
    )
    ten, eleven = "2024-01-15T10:00:00+00:00", "2024-01-15T11:00:00+00:00"
    assert shown(rows) == [
        [ten, "/a", 2, 1, 2],
        [eleven, "/a", 1, 1, 2],
        [eleven, "/b", 0, 1, 1],
        [eleven, None, 1, 0, 1],
    ]


def test_many_distinct_values_are_counted_exactly(store: Store, stream: str) -> None:
    """10,500 values, where an estimate would be off and a page would be full."""
    fill(store, stream, [(AT, {USER: str(number)}) for number in range(10_500)])
    assert answer(store, stream, DistinctCount(USER)) == 10_500


_REFUSED: dict[str, Measure] = {
    "no edges": Histogram(TIME, ()),
    "edges that fall": Histogram(TIME, (2.0, 1.0)),
    "an edge twice": Histogram(TIME, (1.0, 1)),
    "an edge beyond all": Histogram(TIME, (1.0, float("inf"))),
    "an edge that is none": Histogram(TIME, (float("nan"),)),
    "an edge beyond the doubles": Histogram(TIME, (10**400,)),
    "too many edges": Histogram(TIME, tuple(range(1001))),
    "the spread of text": Histogram(ROUTE, (1.0,)),
    "the values of a list": DistinctCount(TAGS),
    "the values of full text": DistinctCount("message"),
    "the values of instants": DistinctCount("@timestamp"),
    "the values of nothing": DistinctCount("nobody"),
}


@pytest.mark.parametrize("case", _REFUSED)
def test_what_cannot_be_measured_is_refused(store: Store, stream: str, case: str) -> None:
    """The refusal says what was wrong and what to do."""
    with pytest.raises(QueryError) as caught:
        ask(store, stream, _REFUSED[case])
    assert caught.value.message
    assert caught.value.remedy


def test_an_empty_stream_has_zeros(store: Store, stream: str) -> None:
    """Nothing was counted, everywhere."""
    found: list[Value] = list(ask(store, stream, Histogram(TIME, (1.0, 2.0)), DistinctCount(ROUTE))[0].values())
    assert found == [(0, 0, 0), 0]
