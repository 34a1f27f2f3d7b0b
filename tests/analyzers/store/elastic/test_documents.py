"""Documents of a data stream that rolled over: found by their ids, read and listed, wherever they lie."""

from __future__ import annotations

from analyzers.store.elastic.connection import Connection
from analyzers.store.elastic.store import ElasticStore
from analyzers.store.selection import Selection
from tests.store_conformance.events import ALWAYS, document

AT = "2024-01-15T10:30:00Z"


def test_ids_are_found_in_every_backing_index(store: ElasticStore, connection: Connection, stream: str) -> None:
    """Also when an id is in two of them, and there are more hits than one answer holds; strangers are not found."""
    documents = [document(stream, f"{number:04d}", AT) for number in range(1_300)]
    assert store.known(stream, ["0000"]) == frozenset()
    store.append(documents[:900])
    connection.call("POST", f"/{stream}/_rollover")
    store.append(documents[:900])  # as a writer does that does not look
    store.append(documents[1_000:])
    wanted = [each.id for each in documents]
    assert store.known(stream, wanted) == {*wanted[:900], *wanted[1_000:]}
    assert store.known(f"{stream}-other", wanted) == frozenset()


def test_a_stream_that_rolled_over_is_one_sequence(store: ElasticStore, connection: Connection, stream: str) -> None:
    """Documents of one millisecond in two backing indices come in order of their ids; the stream is listed once."""
    store.append([document(stream, identity, AT) for identity in ("b", "d")])
    connection.call("POST", f"/{stream}/_rollover")
    store.append([document(stream, identity, AT) for identity in ("a", "c")])
    found = list(store.documents(Selection(stream, ALWAYS)))
    assert [(each.stream, each.id) for each in found] == [(stream, identity) for identity in "abcd"]
    assert store.streams().count(stream) == 1
