"""The documents themselves: whole, in order, from any place on, in either direction, a few at a time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzers.store.document import Document, JsonValue
from analyzers.store.interface import Store
from analyzers.store.memory.event import Event
from analyzers.store.memory.predicates import holds
from analyzers.store.query import Equals, Exists, Not, Predicate, QueryError, Range, Window
from analyzers.store.selection import Place, Selection, place_of
from tests.store_conformance.backends import BackendTest, new_stream
from tests.store_conformance.events import ALWAYS, document
from tests.store_conformance.strategies import predicates

ROUTE, STATUS = "http.route", "http.response.status_code"
BODY: dict[str, JsonValue] = {
    "@timestamp": "2024-01-15T11:30:00.123456+01:00",
    "http.route": "/dotted",
    "http": {"response": {"status_code": 200.0}, "request": {"method": ["GET"]}},
    "user": {"id": 123},
    "client": {"ip": "2001:DB8:0:0::1"},
    "response_time": 0.1,
    "tags": [],
    "message": "é\U0001f600\u2028",
    "labels": {"any": [1, "a", {"b": None}, 1.5, 2**64 - 1, -(2**63), 1e308]},
}


def ids(store: Store, selection: Selection) -> list[str]:
    """Return the ids of the documents that a selection gives, in its order."""
    return [each.id for each in store.documents(selection)]


def put(store: Store, documents: list[Document]) -> None:
    """Write documents that the store must take whole, in two batches."""
    half = len(documents) // 2
    for batch in (documents[:half], documents[half:]):
        assert store.append(batch).stored == len(batch)


def test_a_document_comes_back_as_it_was_written(store: Store, stream: str) -> None:
    """Every value, its type and its form, mapped or not: a number as a keyword, a dotted name, an hour's offset."""
    put(store, [Document(stream, "a", BODY)])
    (found,) = store.documents(Selection(stream, ALWAYS))
    assert found == Document(stream, "a", BODY)
    assert json.dumps(dict(found.body), sort_keys=True) == json.dumps(BODY, sort_keys=True)  # 200.0 is not 200 here


def test_they_come_in_order_of_time_then_of_id(store: Store, stream: str) -> None:
    """Instants are compared as the milliseconds they are kept as; ids by code point; reversed is the exact reverse."""
    early, late = "2024-01-15T10:30:00.001Z", "2024-01-15T11:30:00.0019+01:00"
    put(store, [document(stream, each, early) for each in ("b", "é", "a", "\U0001f600", "B", "ﬀ")])
    put(store, [document(stream, "z", "2024-01-15T10:30:00.000Z"), document(stream, "aa", late)])
    put(store, [document(stream, "0", "1965-06-01T10:59:59.999Z"), document(stream, "1", "2024-01-16T00:00:00Z")])
    expected = ["0", "z", "B", "a", "aa", "b", "é", "ﬀ", "\U0001f600", "1"]
    assert ids(store, Selection(stream, ALWAYS)) == expected
    assert ids(store, Selection(stream, ALWAYS, newest_first=True)) == expected[::-1]


def test_windows_and_predicates_select(store: Store, stream: str) -> None:
    """The window is half open at the millisecond; predicates are those of queries; unknown fields are refused."""
    put(
        store,
        [
            document(stream, "a", "2024-01-15T10:30:00.000Z", {STATUS: 200}),
            document(stream, "b", "2024-01-15T10:30:00.0019Z", {STATUS: 500, ROUTE: "/x"}),
            document(stream, "c", "2024-01-15T10:30:00.002Z", {STATUS: 503}),
        ],
    )
    start = datetime(2024, 1, 15, 10, 30, tzinfo=UTC)
    assert ids(store, Selection(stream, Window(start, start + timedelta(milliseconds=2)))) == ["a", "b"]
    assert ids(store, Selection(stream, Window(start + timedelta(microseconds=1), ALWAYS.end))) == ["b", "c"]
    assert ids(store, Selection(stream, ALWAYS, Range(STATUS, gte=500))) == ["b", "c"]
    assert ids(store, Selection(stream, ALWAYS, Not(Exists("endpoint")))) == ["a", "c"]
    with pytest.raises(QueryError):
        ids(store, Selection(stream, ALWAYS, Equals("nobody", 1)))
    with pytest.raises(QueryError):
        Selection(stream, ALWAYS, limit=-1)


def test_environments_are_one_sequence(store: Store, stream: str) -> None:
    """One id in two environments is two documents, and a page may end between them."""
    at = "2024-01-15T10:30:00Z"
    names = [f"{stream}-{suffix}" for suffix in ("b", "a")]
    put(store, [document(name, identity, at) for name in names for identity in ("1", "2")])
    everything = Selection(f"{stream}-*", ALWAYS)
    found = [(each.id, each.stream) for each in store.documents(everything)]
    assert found == [(identity, name) for identity in ("1", "2") for name in names[::-1]]
    first = next(iter(store.documents(everything)))
    rest = store.documents(replace(everything, after=place_of(first)))
    assert [(each.id, each.stream) for each in rest] == found[1:]


def test_a_stream_without_events_gives_nothing(store: Store, stream: str) -> None:
    """An empty stream is an empty sequence, and is not among the streams."""
    assert ids(store, Selection(stream, ALWAYS)) == []
    assert stream not in store.streams()


def test_streams_are_those_with_an_event(store: Store, stream: str) -> None:
    """Every environment is one, of every kind that our templates are for, in order of their names."""
    other = stream.replace("web.request", "app.event")
    put(store, [document(f"{stream}-b", "1", "2024-01-15T10:30:00Z"), document(other, "1", "2024-01-15T10:30:00Z")])
    put(store, [document(f"{stream}-a", "1", "2024-01-15T10:30:00Z")])
    assert [each for each in store.streams() if stream.partition("-t")[2] in each] == [
        other,
        f"{stream}-a",
        f"{stream}-b",
    ]


def test_many_documents_are_read_page_by_page(store: Store, stream: str) -> None:
    """More than any store holds at a time, most in one second and some in one millisecond: none is lost or doubled."""
    start = datetime(2024, 1, 15, 23, 59, 58, tzinfo=UTC)
    instants = [start + timedelta(milliseconds=number * 7 % 4000 if number % 3 else 500) for number in range(9_000)]
    documents = [document(stream, f"{number:05d}", at.isoformat()) for number, at in enumerate(instants)]
    put(store, documents)
    expected = [f"{number:05d}" for _, number in sorted(zip(instants, range(9_000), strict=True))]
    assert ids(store, Selection(stream, ALWAYS)) == expected
    assert ids(store, Selection(stream, ALWAYS, newest_first=True)) == expected[::-1]
    middle = place_of(documents[int(expected[5_000])])
    assert ids(store, Selection(stream, ALWAYS, after=middle, limit=2_000)) == expected[5_001:7_001]


def test_what_is_written_meanwhile_is_not_seen(store: Store, stream: str) -> None:
    """All documents are of the moment when the first one was read."""
    put(store, [document(stream, f"{number:04d}", "2024-01-15T10:30:00Z") for number in range(1_500)])
    documents = store.documents(Selection(stream, ALWAYS))
    assert next(documents).id == "0000"
    assert store.append([document(stream, "later", "2024-01-16T10:30:00Z")]).stored == 1
    assert [each.id for each in documents] == [f"{number:04d}" for number in range(1, 1_500)]


@st.composite
def _events(draw: st.DrawFn) -> tuple[datetime, str, dict[str, JsonValue]]:
    """Draw an event; few instants and ids, so that many are of one millisecond."""
    milliseconds = draw(st.sampled_from((0, 1, 2, 999, 1000, 86_400_000, -1, -86_400_001)))
    optional: dict[str, st.SearchStrategy[JsonValue]] = {
        ROUTE: st.sampled_from(("/a", "/b", "")),
        STATUS: st.integers(200, 599),
    }
    fields = draw(st.fixed_dictionaries({}, optional=optional))
    identity = draw(st.text(st.sampled_from("aAé\U0001f600"), min_size=1, max_size=2))
    return datetime(2024, 1, 15, tzinfo=UTC) + timedelta(milliseconds=milliseconds), identity, fields


def test_generated_selections_give_what_a_sorted_list_gives(backend: BackendTest) -> None:
    """Any page of any selection is the same slice of the plain list, from the place of any document on."""

    @settings(max_examples=backend.examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def agrees(data: st.DataObject) -> None:
        stream = new_stream()
        drawn = data.draw(st.lists(_events(), max_size=30, unique_by=lambda event: event[1]), label="events")
        documents = [
            document(f"{stream}-{number % 2}", identity, at.isoformat(), fields)
            for number, (at, identity, fields) in enumerate(drawn)
        ]
        with backend.fresh() as store:
            put(store, documents)
            for _ in range(3):
                selection = _drawn(data, f"{stream}-*", documents)
                assert list(store.documents(selection)) == _expected(selection, documents)

    agrees()


def _drawn(data: st.DataObject, stream: str, documents: list[Document]) -> Selection:
    places = st.sampled_from([place_of(each) for each in documents]) if documents else st.nothing()
    elsewhere = st.builds(Place, st.integers(1_705_276_799_998, 1_705_276_801_001), st.just("a"), st.just(""))
    where: Predicate = data.draw(predicates(), label="where")
    return Selection(
        stream,
        data.draw(st.sampled_from((ALWAYS, Window(datetime(2024, 1, 15, tzinfo=UTC), ALWAYS.end)))),
        where,
        newest_first=data.draw(st.booleans(), label="newest first"),
        after=data.draw(st.none() | places | elsewhere, label="after"),
        limit=data.draw(st.none() | st.integers(0, 5), label="limit"),
    )


def _expected(selection: Selection, documents: list[Document]) -> list[Document]:
    """Sort all, then leave out: the definition, in another order of steps than any store takes."""
    found = sorted(documents, key=lambda each: (place_of(each).instant, each.id, each.stream))
    if selection.newest_first:
        found.reverse()
    if selection.after is not None:
        after = (selection.after.instant, selection.after.id, selection.after.stream)
        keys = [(place_of(each).instant, each.id, each.stream) for each in found]
        found = [
            each
            for each, key in zip(found, keys, strict=True)
            if (key < after if selection.newest_first else key > after)
        ]
    start = selection.window.start.timestamp() * 1000
    inside = [each for each in found if place_of(each).instant >= start and holds(selection.where, Event.of(each))]
    return inside[: selection.limit]
