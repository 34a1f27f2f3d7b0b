"""Dimensions that no document holds: the class of a status and the network of an address."""

from __future__ import annotations

import pytest

from analyzers.store.document import JsonValue
from analyzers.store.interface import Store
from analyzers.store.query import (
    EVERYTHING,
    Calendar,
    CalendarUnit,
    Count,
    CountIf,
    DistinctCount,
    Equals,
    Field,
    InNetwork,
    NamedMeasure,
    Network,
    Percentile,
    Query,
    QueryError,
    Range,
    StatusClass,
    Sum,
    Top,
)
from tests.store_conformance.backends import BackendTest
from tests.store_conformance.events import ALWAYS, ask, count_where, fill, shown

STATUS, IP, TIME, BYTES = "http.response.status_code", "client.ip", "response_time", "http.request.body.bytes"
AT = "2024-01-15T10:30:00Z"


def test_the_class_of_a_status(store: Store, stream: str) -> None:
    """199 is 1xx, 200 and 299 are 2xx, 500 and 599 are 5xx; no status is a group of its own."""
    statuses = (199, 200, 204, 299, 300, 404, 499, 500, 599, None)
    fill(store, stream, [(AT, {} if status is None else {STATUS: status}) for status in statuses])
    found = ask(store, stream, Count(), by=(StatusClass(),))
    assert shown(found) == [["1xx", 1], ["2xx", 3], ["3xx", 1], ["4xx", 2], ["5xx", 2], [None, 1]]


ADDRESSES = (
    "203.0.113.1",
    "203.0.113.255",
    "203.0.114.1",
    "::ffff:203.0.113.9",
    "2001:db8::1",
    "2001:db8:0:ffff::",
    "2001:db8:1::",
    "2001:0:0:1::",
    "::1",
    "::2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8",
    "1::8",
    "1:2:3::",
    "::",
)


def test_the_network_of_an_address(store: Store, stream: str) -> None:
    """An IPv4 address is in its /24, also where it is written as IPv6; an IPv6 address is in its /48."""
    fill(store, stream, [(AT, {IP: address}) for address in ADDRESSES] + [(AT, {})])
    assert shown(ask(store, stream, Count(), by=(Network(),))) == [
        ["0:0:2::/48", 1],
        ["1:2:3::/48", 2],
        ["1::/48", 1],
        ["2001::/48", 1],
        ["2001:db8:1::/48", 1],
        ["2001:db8::/48", 2],
        ["203.0.113.0/24", 3],
        ["203.0.114.0/24", 1],
        ["::/48", 2],
        [None, 1],
    ]


_NETWORKS = {
    "203.0.113.0/24": 3,
    "203.0.113.0/31": 1,
    "203.0.112.0/22": 4,
    "203.0.113.255/32": 1,
    "192.0.0.0/3": 4,
    "0.0.0.0/0": 4,
    "2001:db8::/48": 2,
    "2001:db8::/32": 3,
    "2001::/16": 4,
    "::/0": 10,
    "::/64": 2,
    "::/127": 2,
    "1::8/128": 1,
    "198.51.100.0/24": 0,
}
"""Networks to how many of the addresses they have, by Python's ``ipaddress`` and counted by hand."""


@pytest.mark.parametrize("network", _NETWORKS)
def test_a_network_has_its_addresses_and_no_others(store: Store, stream: str, network: str) -> None:
    """Any length, in both families; an IPv6 network has no IPv4 address, though Elasticsearch keeps them within one."""
    fill(store, stream, [(AT, {IP: address}) for address in ADDRESSES] + [(AT, {})])
    assert count_where(store, stream, InNetwork(IP, network)) == _NETWORKS[network]


_VISITS: list[tuple[str, dict[str, JsonValue]]] = [
    ("2024-01-15T10:00:00Z", {IP: "10.0.0.1", STATUS: 200, TIME: 1.0, BYTES: 10}),
    ("2024-01-15T10:10:00Z", {IP: "10.0.0.2", STATUS: 503, TIME: 9.0, BYTES: 20}),
    ("2024-01-15T11:00:00Z", {IP: "10.0.0.2", STATUS: 500, TIME: 2.0, BYTES: 30}),
    ("2024-01-15T10:20:00Z", {IP: "10.0.1.1", STATUS: 200, TIME: 5.0, BYTES: 40}),
    ("2024-01-15T11:30:00Z", {IP: "2001:db8::7", STATUS: 404, TIME: 7.0, BYTES: 50}),
    ("2024-01-15T11:40:00Z", {STATUS: 200, TIME: 8.0}),
]


def test_measures_that_do_not_add_up(store: Store, stream: str, backend: BackendTest) -> None:
    """The median and the different addresses of a network are of its events, not of its addresses."""
    fill(store, stream, _VISITS)
    found = ask(store, stream, Count(), Percentile(TIME, 50), DistinctCount(IP), by=(Network(),))
    near = backend.percentile_error
    assert shown(found) == [
        ["10.0.0.0/24", 3, pytest.approx(2.0, rel=near), 2],
        ["10.0.1.0/24", 1, pytest.approx(5.0, rel=near), 1],
        ["2001:db8::/48", 1, pytest.approx(7.0, rel=near), 1],
        [None, 1, pytest.approx(8.0, rel=near), 0],
    ]


def test_beside_other_dimensions(store: Store, stream: str) -> None:
    """By the hour, the class and the network at once; and a network beside its own addresses."""
    fill(store, stream, _VISITS)
    by = (Calendar(CalendarUnit.HOUR), StatusClass(), Network())
    ten, eleven = "2024-01-15T10:00:00+00:00", "2024-01-15T11:00:00+00:00"
    assert shown(ask(store, stream, Sum(BYTES), by=by)) == [
        [ten, "2xx", "10.0.0.0/24", 10],
        [ten, "2xx", "10.0.1.0/24", 40],
        [ten, "5xx", "10.0.0.0/24", 20],
        [eleven, "2xx", None, None],
        [eleven, "4xx", "2001:db8::/48", 50],
        [eleven, "5xx", "10.0.0.0/24", 30],
    ]
    beside = ask(store, stream, Count(), by=(Network(), Field(IP)), where=InNetwork(IP, "10.0.0.0/24"))
    assert shown(beside) == [["10.0.0.0/24", "10.0.0.1", 1], ["10.0.0.0/24", "10.0.0.2", 2]]


def test_the_greatest_and_the_rest(store: Store, stream: str, backend: BackendTest) -> None:
    """The network with the most errors, and all others with the percentile of their events: 5, 7 and 8 s."""
    fill(store, stream, _VISITS)
    measures = (NamedMeasure("errors", CountIf(Range(STATUS, gte=500))), NamedMeasure("p50", Percentile(TIME, 50)))
    found = store.query(Query(stream, ALWAYS, measures, (Network(),), top=Top(1, "errors")))
    near = backend.percentile_error
    assert shown(found.rows) == [["10.0.0.0/24", 2, pytest.approx(2.0, rel=near)]]
    assert (shown(found.rest), found.others) == ([[0, pytest.approx(7.0, rel=near)]], 3)
    counted = (NamedMeasure("requests", Count()),)
    classes = store.query(Query(stream, ALWAYS, counted, (StatusClass(), Network()), top=Top(2, "requests")))
    assert shown(classes.rows) == [["2xx", "10.0.0.0/24", 1], ["5xx", "10.0.0.0/24", 2]]
    assert (shown(classes.rest), classes.others) == ([[3]], 3)


def test_chosen_networks_of_both_kinds(store: Store, stream: str, backend: BackendTest) -> None:
    """An IPv6 site has four events, written in three ways, three have no address, IPv4 has two; others: 5 and 6 s."""
    sites = ["2001:db8::1", "2001:db8:0:ffff::", "2001:db8::1", "2001:db8::"]
    addresses = [*sites, None, None, None, "10.0.0.1", "10.0.0.9"]
    events: list[tuple[str, dict[str, JsonValue]]] = [
        (AT, {TIME: 2.0} if address is None else {IP: address, TIME: 2.0}) for address in addresses
    ]
    events += [(AT, {IP: "10.0.1.0", TIME: 5.0}), (AT, {IP: "2001:db8:1::", TIME: 6.0})]
    fill(store, stream, events)
    measures = (NamedMeasure("n", Count()), NamedMeasure("p50", Percentile(TIME, 50)))
    found = store.query(Query(stream, ALWAYS, measures, (Network(),), top=Top(3, "n")))
    two = pytest.approx(2.0, rel=backend.percentile_error)
    assert shown(found.rows) == [["10.0.0.0/24", 2, two], ["2001:db8::/48", 4, two], [None, 3, two]]
    assert (shown(found.rest), found.others) == ([[2, pytest.approx(5.0, rel=backend.percentile_error)]], 2)


def test_equals_are_ranked_by_their_text(store: Store, stream: str) -> None:
    """As text ``2001:db8::/48`` comes before ``::/48`` and ``10xx`` before ``2xx``; as numbers they would not."""
    fill(store, stream, [(AT, {IP: "::1", STATUS: 200}), (AT, {IP: "2001:db8::1", STATUS: 1000})])
    counted = (NamedMeasure("requests", Count()),)
    firsts = [
        shown(store.query(Query(stream, ALWAYS, counted, (by,), top=Top(1, "requests"))).rows)
        for by in (Network(), StatusClass())
    ]
    assert firsts == [[["2001:db8::/48", 1]], [["10xx", 1]]]


def test_weights_count(store: Store, stream: str) -> None:
    """A kept request that stands for ten is ten requests of its class and of its network."""
    weighed: dict[str, JsonValue] = {IP: "10.0.0.1", STATUS: 500, "sample_weight": 10, "_doc_count": 10}
    fill(store, stream, [(AT, weighed), (AT, {IP: "10.0.0.2", STATUS: 200})])
    found = ask(store, stream, Count(), CountIf(Equals(STATUS, 500)), by=(Network(),))
    assert shown(found) == [["10.0.0.0/24", 11, 10]]
    assert shown(ask(store, stream, Count(), by=(StatusClass(),))) == [["2xx", 1], ["5xx", 10]]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (Network("user.id"), "has no networks"),
        (StatusClass("http.route"), "has no classes"),
        (InNetwork("user.id", "10.0.0.0/8"), "has no networks"),
        (InNetwork(IP, "10.0.0.1"), "is not a network"),
        (InNetwork(IP, "10.0.0.1/24"), "has host bits set"),
        (InNetwork(IP, "::ffff:10.0.0.0/120"), "written as IPv6"),
    ],
)
def test_what_cannot_be_asked(store: Store, stream: str, query: Network | StatusClass | InNetwork, words: str) -> None:
    """Networks are of addresses, classes of whole numbers, and a network is written with its first address."""
    by, where = ((), query) if isinstance(query, InNetwork) else ((query,), EVERYTHING)
    with pytest.raises(QueryError, match=words):
        ask(store, stream, Count(), by=by, where=where)


def test_too_many_networks_to_rank(store: Store, stream: str) -> None:
    """Each is a clause of its own, and Elasticsearch takes so many."""
    counted = (NamedMeasure("requests", Count()),)
    with pytest.raises(QueryError, match="top 401 of networks"):
        store.query(Query(stream, ALWAYS, counted, (Network(),), top=Top(401, "requests")))
