"""The greatest groups and the rest of the events: who is among them, and what the others come to together."""

from __future__ import annotations

import pytest

from analyzers.store.document import JsonValue
from analyzers.store.interface import Store
from analyzers.store.query import (
    EVERYTHING,
    Avg,
    Calendar,
    CalendarUnit,
    Count,
    CountIf,
    Dimension,
    DistinctCount,
    Equals,
    Exists,
    Field,
    Histogram,
    Max,
    Measure,
    Min,
    NamedMeasure,
    Network,
    Percentile,
    Predicate,
    Query,
    QueryError,
    StatusClass,
    Sum,
    Top,
)
from analyzers.store.result import Result
from tests.store_conformance.backends import BackendTest
from tests.store_conformance.events import ALWAYS, fill, shown

AT = "2024-01-15T10:30:00Z"
ROUTE, STATUS, TIME, IP, USER = "http.route", "http.response.status_code", "response_time", "client.ip", "user.id"
DURATION = "event.duration"

EVENTS: list[tuple[str, dict[str, JsonValue]]] = [
    ("2024-01-15T10:00:00Z", {ROUTE: "/a", TIME: 1.0, USER: "1"}),
    ("2024-01-15T10:10:00Z", {ROUTE: "/a", TIME: 2.0, USER: "1"}),
    ("2024-01-15T12:20:00Z", {ROUTE: "/a", TIME: 3.0, USER: "2"}),
    ("2024-01-15T11:00:00Z", {ROUTE: "/b", TIME: 10.0, USER: "1"}),
    ("2024-01-15T11:30:00Z", {ROUTE: "/b", TIME: 20.0, USER: "3"}),
    ("2024-01-15T10:00:00Z", {ROUTE: "/c", TIME: 5.0, USER: "1"}),
    ("2024-01-15T12:59:59Z", {ROUTE: "/c", TIME: 6.0, USER: "1"}),
    ("2024-01-15T10:40:00Z", {TIME: 100.0, USER: "4"}),
    ("2024-01-15T10:50:00Z", {ROUTE: ""}),
]


def top(
    store: Store,
    stream: str,
    limit: int,
    *measures: Measure,
    by: tuple[Dimension, ...] = (Field(ROUTE),),
    where: Predicate = EVERYTHING,
    ascending: bool = False,
) -> Result:
    """Ask for the greatest groups by the first of some measures."""
    named = tuple(NamedMeasure(f"m{number}", measure) for number, measure in enumerate(measures or (Count(),)))
    return store.query(Query(stream, ALWAYS, named, by, where, Top(limit, "m0", ascending)))


def test_ties_go_by_key_and_the_rest_is_measured_as_one(store: Store, stream: str, backend: BackendTest) -> None:
    """``/b`` comes before ``/c``; the rest has the percentiles and means of all its events, not of its groups."""
    fill(store, stream, EVENTS)
    found = top(store, stream, 2, Count(), Max(TIME), Avg(TIME), Percentile(TIME, 50), DistinctCount(USER))
    assert shown(found.rows) == [
        ["/a", 3, 3.0, 2.0, pytest.approx(2.0, rel=backend.percentile_error), 2],
        ["/b", 2, 20.0, 15.0, pytest.approx(10.0, rel=backend.percentile_error), 2],
    ]
    # /c with 5 and 6, the absent route with 100, the empty one without a time: four events, users 1 and 4.
    assert shown(found.rest) == [[4, 100.0, 37.0, pytest.approx(6.0, rel=backend.percentile_error), 2]]
    assert found.others == 3


def test_what_can_be_added_up_is_the_same(store: Store, stream: str) -> None:
    """Counts, sums, extremes and histograms of the rest; a group without any value takes nothing away."""
    fill(store, stream, EVENTS)
    measures = (Count(), CountIf(Exists(USER)), Sum(TIME), Min(TIME), Max(TIME), Histogram(TIME, (5, 6)))
    found = top(store, stream, 2, *measures)
    assert shown(found.rows) == [["/a", 3, 3, 6.0, 1.0, 3.0, (3, 0, 0)], ["/b", 2, 2, 30.0, 10.0, 20.0, (0, 0, 2)]]
    assert shown(found.rest) == [[4, 3, 111.0, 5.0, 100.0, (0, 1, 2)]]


def test_a_rest_without_any_value_has_none(store: Store, stream: str) -> None:
    """Of four groups by time the empty route's has no time, and ranks last."""
    fill(store, stream, EVENTS)
    found = top(store, stream, 4, Max(TIME), Sum(TIME), Count())
    assert [row[ROUTE] for row in found.rows] == ["/a", "/b", "/c", None]
    assert shown(found.rest) == [[None, None, 1]]


def test_the_least_can_come_first(store: Store, stream: str) -> None:
    """Ascending; what has no value is still last, and what has no key is a group like others."""
    fill(store, stream, EVENTS)
    assert [row[ROUTE] for row in top(store, stream, 2, Max(TIME), ascending=True).rows] == ["/a", "/c"]
    assert [row[ROUTE] for row in top(store, stream, 1, Max(TIME)).rows] == [None]
    # One event each: the empty route, then, because absent keys are last among equals, the absent one.
    assert [row[ROUTE] for row in top(store, stream, 1, ascending=True).rows] == [""]


def test_a_percentile_ranks(store: Store, stream: str) -> None:
    """The two slowest by their median: the absent route with 100, then /b with 10."""
    fill(store, stream, EVENTS)
    found = top(store, stream, 2, Percentile(TIME, 50), Count())
    assert [(row[ROUTE], row["m1"]) for row in found.rows] == [("/b", 2), (None, 1)]
    assert [row["m1"] for row in found.rest] == [6]


def test_groups_are_ranked_over_the_whole_window(store: Store, stream: str) -> None:
    """By the hour: ``/a`` has no event at 11, ``/b`` only there; the rest has no bucket where it has no event."""
    fill(store, stream, EVENTS)
    found = top(store, stream, 2, Count(), Max(TIME), by=(Calendar(CalendarUnit.HOUR), Field(ROUTE)))
    ten, eleven, twelve = (f"2024-01-15T{hour}:00:00+00:00" for hour in (10, 11, 12))
    assert shown(found.rows) == [[ten, "/a", 2, 2.0], [eleven, "/b", 2, 20.0], [twelve, "/a", 1, 3.0]]
    assert shown(found.rest) == [[ten, 3, 100.0], [twelve, 1, 6.0]]
    assert found.others == 3


def test_as_many_as_there_are_leave_no_rest(store: Store, stream: str) -> None:
    """A limit of five or more is every group; so it is with an empty stream."""
    assert top(store, stream, 5) == Result(top(store, stream, 5).query, ())
    fill(store, stream, EVENTS)
    for limit in (5, 6, 1000):
        found = top(store, stream, limit, Count(), Percentile(TIME, 99))
        assert ([row["m0"] for row in found.rows], found.rest, found.others) == ([1, 3, 2, 2, 1], (), 0)


def test_only_chosen_events_count(store: Store, stream: str) -> None:
    """The predicate comes before the ranking, in the rest too."""
    fill(store, stream, EVENTS)
    found = top(store, stream, 1, Count(), Percentile(TIME, 100), where=Equals(USER, "1"))
    assert (found.rows[0][ROUTE], found.rows[0]["m0"], found.rest[0]["m0"], found.others) == ("/a", 2, 3, 2)


_KEYS: dict[str, tuple[str, list[JsonValue]]] = {
    "addresses": (IP, ["9.255.255.255", "10.0.0.1", "2001:db8::1"]),
    "whole numbers": (STATUS, [-32768, 500, 32767]),
    "numbers beyond a double's": (DURATION, [2**53 + 1, 2**63 - 1, -(2**63)]),
    "fractions": (TIME, [0.1, 0.30000000000000004, 5e-324]),
    "text": (ROUTE, ["", "*", "\U0001f600"]),
}


@pytest.mark.parametrize("case", _KEYS)
def test_keys_of_every_kind(store: Store, stream: str, case: str) -> None:
    """The first value has three events, the second two, the third one, one has none: each is found by its own value."""
    name, values = _KEYS[case]
    keys = [value for value, times in zip(values, (3, 2, 1), strict=True) for _ in range(times)]
    fill(store, stream, [*((AT, {name: key, USER: "known"}) for key in keys), (AT, {})])
    found = top(store, stream, 2, Count(), DistinctCount(USER), by=(Field(name),))
    assert {row[name]: row["m0"] for row in found.rows} == {values[0]: 3, values[1]: 2}
    assert (shown(found.rest), found.others) == ([[2, 1]], 2)


def test_groups_of_two_fields(store: Store, stream: str) -> None:
    """A pair is a group: neither field's value alone brings an event in; absent is a value of a pair too."""
    pairs: list[dict[str, JsonValue]] = [
        {ROUTE: "/a", STATUS: 200},
        {ROUTE: "/b", STATUS: 500},
        {STATUS: 200},
        {ROUTE: "/a", STATUS: 500},
        {ROUTE: "/b", STATUS: 200},
        {ROUTE: "/a"},
        {},
    ]
    fill(
        store,
        stream,
        [(AT, pair) for pair, times in zip(pairs, (4, 3, 3, 1, 1, 1, 1), strict=True) for _ in range(times)],
    )
    found = top(store, stream, 3, Count(), DistinctCount(ROUTE), by=(Field(ROUTE), Field(STATUS)))
    assert shown(found.rows) == [["/a", 200, 4, 1], ["/b", 500, 3, 1], [None, 200, 3, 0]]
    assert (shown(found.rest), found.others) == ([[4, 2]], 4)


def test_classes_of_networks(store: Store, stream: str) -> None:
    """What is worked out of two fields makes a group together; either may be absent, and the rest is all others."""
    groups: list[list[dict[str, JsonValue]]] = [
        [{IP: f"10.0.0.{last}", STATUS: 200 + last, TIME: float(last)} for last in (1, 2, 99, 4)],
        [{IP: f"2001:db8:1::{last}", STATUS: 500 + last, USER: "2"} for last in (1, 2, 3)],
        [{STATUS: 404}, {STATUS: 499}],
        [{IP: "10.0.0.1", STATUS: 500, USER: "3"}],
        [{IP: "10.0.1.1", STATUS: 200, USER: "4"}],
    ]
    fill(store, stream, [(AT, fields) for group in groups for fields in group])
    found = top(store, stream, 3, Count(), DistinctCount(USER), Max(TIME), by=(Network(IP), StatusClass(STATUS)))
    assert shown(found.rows) == [
        ["10.0.0.0/24", "2xx", 4, 0, 99.0],
        ["2001:db8:1::/48", "5xx", 3, 1, None],
        [None, "4xx", 2, 0, None],
    ]
    assert (shown(found.rest), found.others) == ([[2, 2, None]], 2)


def test_classes_rank_by_their_text(store: Store, stream: str) -> None:
    """Of as many events each the first is ``-1xx``, then ``10xx``, before ``2xx``; what has no status is last."""
    fill(store, stream, [*((AT, {STATUS: status}) for status in (200, 1000, 700, -1)), (AT, {})])
    for limit, names in enumerate((["-1xx"], ["-1xx", "10xx"], ["-1xx", "10xx", "2xx"]), 1):
        found = top(store, stream, limit, Count(), DistinctCount(USER), by=(StatusClass(STATUS),))
        assert ([next(iter(row.values())) for row in found.rows], shown(found.rest)) == (names, [[5 - limit, 0]])


def test_the_absent_alone_are_chosen(store: Store, stream: str) -> None:
    """Of texts, where the one group that has a row of its own is that of the events without any."""
    fill(store, stream, [(AT, {}), (AT, {}), (AT, {ROUTE: "/a"}), (AT, {ROUTE: "b"})])
    found = top(store, stream, 1, Count(), DistinctCount(ROUTE))
    assert (shown(found.rows), shown(found.rest), found.others) == ([[None, 2, 0]], [[2, 2]], 2)


def test_a_thousand_groups_of_two_fields(store: Store, stream: str) -> None:
    """As many as may be asked for, of 1,100, each with its own pair of values."""
    events: list[tuple[str, dict[str, JsonValue]]] = [
        (AT, {ROUTE: f"/{at % 40}", USER: f"{at:04}"}) for at in range(1100)
    ]
    fill(store, stream, events)
    found = top(store, stream, 1000, Count(), DistinctCount(USER), by=(Field(ROUTE), Field(USER)))
    # Of equal groups the first by route and user: routes by code point, "/0", "/1", "/10", ….
    expected = sorted((str(fields[ROUTE]), str(fields[USER])) for _, fields in events)[:1000]
    assert [(row[ROUTE], row[USER]) for row in found.rows] == expected
    assert (shown(found.rest), found.others) == ([[100, 100]], 100)


_REFUSED: dict[str, tuple[tuple[Dimension, ...], Top]] = {
    "no groups": ((), Top(5, "n")),
    "only buckets": ((Calendar(CalendarUnit.DAY),), Top(5, "n")),
    "none": ((Field(ROUTE),), Top(0, "n")),
    "fewer than none": ((Field(ROUTE),), Top(-1, "n")),
    "too many": ((Field(ROUTE),), Top(1001, "n")),
    "no measure": ((Field(ROUTE),), Top(5, "nobody")),
    "a dimension": ((Field(ROUTE),), Top(5, ROUTE)),
    "no number": ((Field(ROUTE),), Top(5, "spread")),
}


@pytest.mark.parametrize("case", _REFUSED)
def test_what_cannot_rank_is_refused(store: Store, stream: str, case: str) -> None:
    """The refusal says what was wrong and what to do."""
    by, wanted = _REFUSED[case]
    measures = (NamedMeasure("n", Count()), NamedMeasure("spread", Histogram(TIME, (1.0,))))
    with pytest.raises(QueryError) as caught:
        store.query(Query(stream, ALWAYS, measures, by, top=wanted))
    assert caught.value.message
    assert caught.value.remedy
