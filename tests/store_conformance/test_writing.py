"""What becomes of documents: stored once, refused with a reason, or found to be there already."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from analyzers.store.document import Document, JsonValue
from analyzers.store.interface import Store
from analyzers.store.query import Count, Equals, Exists, QueryError, Range, Window
from tests.store_conformance.events import answer, ask, count_where, document, fill

AT = "2024-01-15T10:30:00.000Z"


def test_an_id_is_stored_once(store: Store, stream: str) -> None:
    """The same id again, in the batch or later, is a duplicate whatever it carries; the first one stays."""
    first = document(stream, "a", AT, {"user.id": "1"})
    written = store.append([first, document(stream, "a", AT, {"user.id": "2"}), document(stream, "b", AT)])
    assert (written.stored, written.duplicates) == (2, 1)
    again = store.append([document(stream, "c", AT), first])
    assert (again.stored, again.duplicates) == (1, 1)
    assert answer(store, stream, Count()) == 3
    assert count_where(store, stream, Equals("user.id", "1")) == 1
    assert count_where(store, stream, Equals("user.id", "2")) == 0


def test_ids_belong_to_their_stream(store: Store, stream: str) -> None:
    """One id in two streams is two events, and a pattern sees both."""
    written = store.append([document(f"{stream}.a", "same", AT), document(f"{stream}.b", "same", AT)])
    assert written.stored == 2
    assert answer(store, f"{stream}.a", Count()) == 1
    assert answer(store, f"{stream}.b", Count()) == 1


_REFUSED: dict[str, dict[str, JsonValue]] = {
    "text for a number": {"http.response.status_code": "200"},
    "a fraction for a whole number": {"http.response.status_code": 200.5},
    "a number beyond the type": {"http.response.status_code": 32768},
    "a boolean for a number": {"http.response.status_code": True},
    "text for a double": {"response_time": "0.2"},
    "no address": {"client.ip": "256.1.1.1"},
    "an address with leading zeros": {"client.ip": "10.0.0.010"},
    "an object for a leaf": {"http.route": {"a": 1}},
    "a leaf for an object": {"http": "GET"},
    "two values for one": {"http.route": ["/a", "/b"]},
    "an alias": {"endpoint": "/a"},
    "a date without a zone": {"@timestamp": "2024-01-15T10:30:00"},
    "a date that is none": {"@timestamp": "2024-02-30T10:30:00Z"},
    "a null date": {"@timestamp": None},
}


@pytest.mark.parametrize("case", _REFUSED)
def test_a_document_with_a_wrong_type_is_refused_alone(store: Store, stream: str, case: str) -> None:
    """It comes back with a reason; its neighbour is stored."""
    bad = document(stream, "bad", AT, _REFUSED[case])
    written = store.append([bad, document(stream, "good", AT)])
    assert (written.stored, [rejection.document for rejection in written.rejected]) == (1, [bad])
    assert written.rejected[0].reason
    assert answer(store, stream, Count()) == 1


def test_a_document_without_an_instant_or_a_stream_is_refused(store: Store, stream: str) -> None:
    """No @timestamp, an unknown stream and a stream that climbs out of its directory are refused."""
    written = store.append(
        [
            Document(stream, "a", {}),
            document("logs-nobody.knows-this", "b", AT),
            document("logs-web.request-../../x", "c", AT),
            document(stream, "", AT),
        ],
    )
    assert (written.stored, len(written.rejected)) == (0, 4)


_ACCEPTED: dict[str, tuple[dict[str, JsonValue], str, str | float]] = {
    "a whole number as a double": ({"http.response.status_code": 200.0}, "http.response.status_code", 200),
    "a number as a keyword": ({"user.id": 123}, "user.id", "123"),
    "a boolean as a keyword": ({"user.id": True}, "user.id", "true"),
    "a list of one": ({"http.route": ["/a"]}, "http.route", "/a"),
    "a list of one and nulls": ({"http.route": [None, "/a"]}, "http.route", "/a"),
    "an address in capitals": ({"client.ip": "2001:DB8:0:0::1"}, "client.ip", "2001:db8::1"),
    "a mapped IPv4 address": ({"client.ip": "::ffff:10.0.0.1"}, "client.ip", "10.0.0.1"),
    "the least short": ({"http.response.status_code": -32768}, "http.response.status_code", -32768),
}


@pytest.mark.parametrize("case", _ACCEPTED)
def test_what_a_type_takes_is_kept_in_its_form(store: Store, stream: str, case: str) -> None:
    """The value is found by an equal one of the field's own form."""
    fields, name, value = _ACCEPTED[case]
    fill(store, stream, [(AT, fields)])
    assert count_where(store, stream, Equals(name, value)) == 1


def test_dotted_names_mean_nested_ones(store: Store, stream: str) -> None:
    """A body may write ``http.route`` as one name."""
    store.append([Document(stream, "a", {"@timestamp": AT, "http.route": "/a"})])
    assert count_where(store, stream, Equals("http.route", "/a")) == 1


def test_a_keyword_beyond_its_length_is_absent_for_queries(store: Store, stream: str) -> None:
    """1,024 letters are indexed, 1,025 are only kept in the source; the event counts either way."""
    fill(store, stream, [(AT, {"http.route": "x" * 1024}), (AT, {"http.route": "x" * 1025})])
    assert count_where(store, stream, Exists("http.route")) == 1
    assert answer(store, stream, Count()) == 2


def test_fields_outside_the_schema_do_not_matter(store: Store, stream: str) -> None:
    """Any shape is taken where the mapping says nothing."""
    fill(store, stream, [(AT, {"labels.anything": [1, "a", {"b": None}]}), (AT, {"labels.anything": "text"})])
    assert answer(store, stream, Count()) == 2


def test_windows_are_half_open_at_the_millisecond(store: Store, stream: str) -> None:
    """An instant is cut to its millisecond; the start is in, the end is out; other zones are the same instant."""
    fill(
        store,
        stream,
        [("2024-01-15T10:30:00.0009Z", {}), ("2024-01-15T11:30:00.001+01:00", {}), ("2024-01-15T10:30:00.002Z", {})],
    )
    window = Window(datetime(2024, 1, 15, 10, 30, tzinfo=UTC), datetime(2024, 1, 15, 10, 30, 0, 2000, tzinfo=UTC))
    assert ask(store, stream, window=window) == ({"m0": 2},)
    later = Window(window.start.replace(microsecond=1), window.end)
    assert ask(store, stream, window=later) == ({"m0": 1},)


def test_the_extent_holds_every_event(store: Store, stream: str) -> None:
    """It runs from the first event to the whole second after the last; an empty stream has none."""
    assert store.extent(stream) is None
    fill(store, stream, [("2024-01-15T10:30:00.250Z", {}), ("2024-02-01T00:00:00Z", {})])
    first = datetime(2024, 1, 15, 10, 30, 0, 250000, tzinfo=UTC)
    assert store.extent(stream) == Window(first, datetime(2024, 2, 1, 0, 0, 1, tzinfo=UTC))


def test_there_is_no_extent_of_several_streams(store: Store) -> None:
    """A name that would read as two is refused as in a query, not taken for a stream without events."""
    with pytest.raises(QueryError, match="not a data stream's name"):
        store.extent("logs-web.request-a,logs-web.request-b")


def test_an_empty_batch_is_nothing(store: Store, stream: str) -> None:
    """It is taken, and changes nothing."""
    assert store.append([]).stored == 0
    assert count_where(store, stream, Range("response_time", gte=0)) == 0
