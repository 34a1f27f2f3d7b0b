"""Events that stand for several: every measure counts each as often as its weight says, in every store alike."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzers.store.document import Document, JsonValue
from analyzers.store.interface import Store
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import (
    Avg,
    Calendar,
    CalendarUnit,
    Count,
    CountIf,
    DistinctCount,
    Equals,
    Exists,
    Field,
    Histogram,
    Max,
    Measure,
    Min,
    NamedMeasure,
    Percentile,
    Query,
    Range,
    Stored,
    Sum,
    Top,
)
from analyzers.store.result import Value
from analyzers.store.selection import Selection
from tests.store_conformance.backends import BackendTest, new_stream
from tests.store_conformance.comparing import compare_results
from tests.store_conformance.events import ALWAYS, answer, ask, document, fill, shown
from tests.store_conformance.histories import ZONES, histories
from tests.store_conformance.strategies import queries

AT = "2024-01-15T10:30:00.000Z"
ROUTE, STATUS, TIME, DURATION = "http.route", "http.response.status_code", "response_time", "event.duration"
BYTES, USER = "http.request.body.bytes", "user.id"
_QUERIES = 12  # asked of each generated history


def weighing(weight: int) -> dict[str, JsonValue]:
    """Return what an event that stands for so many carries."""
    return {"sample_weight": weight, "_doc_count": weight}


_EVENTS: list[tuple[str, dict[str, JsonValue]]] = [
    ("2024-01-15T10:00:00Z", {ROUTE: "/a", STATUS: 200, TIME: 0.25, BYTES: 100, USER: "1", **weighing(4)}),
    ("2024-01-15T10:10:00Z", {ROUTE: "/a", STATUS: 500, TIME: 2.0, BYTES: 50, USER: "2"}),
    ("2024-01-15T11:00:00Z", {ROUTE: "/a", STATUS: 200, TIME: 0.5, BYTES: 7, USER: "1", **weighing(2)}),
    ("2024-01-15T11:30:00Z", {ROUTE: "/b", STATUS: 200, TIME: 8.0, **weighing(10)}),
    ("2024-01-15T11:45:00Z", {ROUTE: "/b", STATUS: 503, **weighing(3)}),
]
"""They stand for 4 + 1 + 2 + 10 + 3 = 20 events, 17 of them with a response time, 7 with a size."""

_BY_HAND: dict[str, tuple[Measure, Value]] = {
    "all": (Count(), 20),
    "documents": (Stored(), 5),
    "errors: 1 + 3": (CountIf(Range(STATUS, gte=500)), 4),
    "with a time: 4 + 1 + 2 + 10": (CountIf(Exists(TIME)), 17),
    "sum: 4 * 100 + 50 + 2 * 7": (Sum(BYTES), 464),
    "sum: 4 * 0.25 + 2 + 2 * 0.5 + 10 * 8": (Sum(TIME), 84.0),
    "mean: 464 / 7": (Avg(BYTES), 464 / 7),
    "mean: 84 / 17": (Avg(TIME), 84 / 17),
    "least": (Min(TIME), 0.25),
    "greatest": (Max(TIME), 8.0),
    "below 0.5, below 2, below 8, from 8 on": (Histogram(TIME, (0.5, 2.0, 8.0)), (4, 2, 1, 10)),
    "two users, whatever their weight": (DistinctCount(USER), 2),
    # In order: 0.25 takes places 1 to 4, 0.5 places 5 and 6, 2.0 place 7, 8.0 places 8 to 17.
    "p23: place ceil(3.91) = 4": (Percentile(TIME, 23), 0.25),
    "p24: place ceil(4.08) = 5": (Percentile(TIME, 24), 0.5),
    "p35: place ceil(5.95) = 6": (Percentile(TIME, 35), 0.5),
    "p36: place ceil(6.12) = 7": (Percentile(TIME, 36), 2.0),
    "p42: place ceil(7.14) = 8": (Percentile(TIME, 42), 8.0),
    "p100: place 17": (Percentile(TIME, 100), 8.0),
    # Sizes: 7 takes places 1 and 2, 50 place 3, 100 places 4 to 7.
    "p29 of sizes: place ceil(2.03) = 3": (Percentile(BYTES, 29), 50),
    "p50 of sizes: place ceil(3.5) = 4": (Percentile(BYTES, 50), 100),
    "no value at all": (Percentile("db_time", 50), None),
    "the sum of none": (Sum("db_time"), None),
    "the mean of none": (Avg("db_queries"), None),
}


@pytest.mark.parametrize("case", _BY_HAND)
def test_each_measure_by_hand(store: Store, stream: str, case: str) -> None:
    """Worked out on paper, as the names of the cases and the comments say; single values of a cell are exact."""
    fill(store, stream, _EVENTS)
    measure, expected = _BY_HAND[case]
    found = answer(store, stream, measure)
    assert type(found) is type(expected)
    assert found == (pytest.approx(expected, rel=1e-12) if isinstance(expected, float) else expected)


def test_groups_and_buckets_have_their_own_weights(store: Store, stream: str) -> None:
    """By route and by hour, in groups where all events, some, and none have a weight."""
    fill(store, stream, _EVENTS)
    measures = (Count(), Stored(), Sum(BYTES), Percentile(TIME, 50), Avg(TIME))
    by_route = ask(store, stream, *measures, by=(Field(ROUTE),))
    assert shown(by_route) == [["/a", 7, 3, 464, 0.25, pytest.approx(4 / 7)], ["/b", 13, 2, None, 8.0, 8.0]]
    hourly = ask(store, stream, Count(), Percentile(TIME, 90), by=(Calendar(CalendarUnit.HOUR),))
    assert [(row["m0"], row["m1"]) for row in hourly] == [(5, 2.0), (15, 8.0)]
    failed = ask(store, stream, Count(), where=Equals(STATUS, 500))
    assert shown(failed) == [[1]]


def test_the_greatest_groups_are_so_by_weight(store: Store, stream: str) -> None:
    """/b has fewer documents than /a and stands for more requests; the rest has its percentile from its events."""
    fill(store, stream, _EVENTS)
    measures = (NamedMeasure("n", Count()), NamedMeasure("p", Percentile(TIME, 75)))
    found = store.query(Query(stream, ALWAYS, measures, (Field(ROUTE),), top=Top(1, "n")))
    assert [dict(row) for row in found.rows] == [{ROUTE: "/b", "n": 13, "p": 8.0}]
    assert [dict(row) for row in found.rest] == [{"n": 7, "p": 0.5}]


def test_sums_of_whole_numbers_stay_exact(store: Store, stream: str) -> None:
    """A million times 2**50 - 1 is beyond the exact doubles, and is told to the last digit."""
    fill(store, stream, [(AT, {DURATION: 2**50 - 1, **weighing(1_000_000)}), (AT, {DURATION: 1, **weighing(3)})])
    assert answer(store, stream, Sum(DURATION)) == 1_000_000 * (2**50 - 1) + 3
    assert answer(store, stream, Count()) == 1_000_003


def test_values_for_which_there_is_no_bracket(store: Store, stream: str) -> None:
    """Negative ones, zeros, the tiny and the huge are looked up exactly, also beyond the exact doubles."""
    values = (-(2**63), -5, 0, 3, 2**51 + 1, 2**63 - 1)
    fill(store, stream, [(AT, {DURATION: value, **weighing(2)}) for value in values])
    percents = (10, 20, 50, 60, 80, 100)  # of 12 places: 2, 3, 6, 8, 10, 12
    found = [answer(store, stream, Percentile(DURATION, percent)) for percent in percents]
    assert found == [-(2**63), -5, 0, 3, 2**51 + 1, 2**63 - 1]
    odd = (-1e300, -0.1, -0.0, 5e-324, 1e-12, 1e300)
    fill(store, f"{stream}.b", [(AT, {"db_time": value, **weighing(2)}) for value in odd])
    assert [answer(store, f"{stream}.b", Percentile("db_time", percent)) for percent in percents] == list(odd)


_REFUSED: dict[str, dict[str, JsonValue]] = {
    "a weight of zero": weighing(0),
    "a negative weight": weighing(-1),
    "a weight beyond a million": weighing(1_000_001),
    "half a weight": {"sample_weight": 1.5, "_doc_count": 1.5},
    "a weight in words": {"sample_weight": "2", "_doc_count": 2},
    "a weight that the server would not count by": {"sample_weight": 2},
    "a count without a weight": {"_doc_count": 2},
    "two that differ": {"sample_weight": 2, "_doc_count": 3},
    "a count that is a fraction": {"sample_weight": 2, "_doc_count": 2.0},
    "a count that is true": {"sample_weight": 1, "_doc_count": True},
    "a count that is null": {"sample_weight": 1, "_doc_count": None},
    "a list of counts": {"sample_weight": 2, "_doc_count": [2]},
}


@pytest.mark.parametrize("case", _REFUSED)
def test_what_is_no_weight_is_refused_alone(store: Store, stream: str, case: str) -> None:
    """It comes back with a reason, its neighbour is stored; in a stream without weights every count is refused."""
    bad = document(stream, "bad", AT, _REFUSED[case])
    elsewhere = document(stream.replace("web.request", "app.event"), "bad", AT, {"_doc_count": 2})
    written = store.append([bad, elsewhere, document(stream, "good", AT, weighing(2))])
    assert (written.stored, [each.document for each in written.rejected]) == (1, [bad, elsewhere])
    assert all(each.reason for each in written.rejected)
    assert answer(store, stream, Count()) == 2


def test_weighted_documents_come_back_as_they_were(store: Store, stream: str) -> None:
    """Both names of the weight are in the body, as a number of its kind; a weight of one may be written, too."""
    written = [document(stream, f"e{weight}", AT, {ROUTE: "/a", **weighing(weight)}) for weight in (1, 1_000_000, 2)]
    written.append(document(stream, "f", AT, {ROUTE: "/a"}))
    assert store.append(written).stored == 4
    assert list(store.documents(Selection(stream, ALWAYS))) == written


_EXAMPLES = {"MemoryBackend": 40, "EmbeddedBackend": 30, "ElasticBackend": 10}


def test_a_weighted_event_is_as_many_equal_ones(backend: BackendTest) -> None:
    """Generated histories and queries: the answer is that of the plain store with each event repeated.

    Counts, histograms, least and greatest values and whole sums exactly, percentiles to the stated bound.
    """

    @settings(
        max_examples=_EXAMPLES[type(backend).__name__],
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize="CI" in os.environ,
    )
    @given(st.data(), st.sampled_from(ZONES))
    def agrees(data: st.DataObject, zone: str) -> None:
        prefix = f"{new_stream()}-"
        drawn = data.draw(histories(zone), label="documents")
        weights = data.draw(st.lists(_WEIGHTS, min_size=len(drawn), max_size=len(drawn)), label="weights")
        plain = MemoryStore(
            Document(prefix + each.stream, f"{each.id}-{number}", each.body)
            for each, weight in zip(drawn, weights, strict=True)
            for number in range(weight)
        )
        weighted = [_weighted(prefix, each, weight) for each, weight in zip(drawn, weights, strict=True)]
        with backend.fresh() as store:
            assert store.append(weighted).stored == len(weighted)
            for number in range(_QUERIES):
                query = data.draw(queries(zone), label=f"query {number}")
                query = replace(query, stream=prefix + query.stream)
                compare_results(store.query(query), plain.query(query), backend)

    agrees()


_WEIGHTS = st.sampled_from((1, 1, 2, 3, 7))


def _weighted(prefix: str, drawn: Document, weight: int) -> Document:
    carried = weighing(weight) if weight > 1 else {}
    return Document(prefix + drawn.stream, drawn.id, {**drawn.body, **carried})
