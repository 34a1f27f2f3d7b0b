"""What must not be written to: names that are no data streams, and mappings that are not ours. On a real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from analyzers.store.elastic.answers import JsonObject
from analyzers.store.elastic.connection import Connection
from analyzers.store.elastic.store import ElasticStore
from analyzers.store.interface import StoreError
from tests.store_conformance.events import document

_AT = "2024-01-15T10:30:00Z"


@pytest.fixture
def foreign(connection: Connection, stream: str) -> Iterator[str]:
    """Let indices of this name begin as plain ones, as on a cluster where nobody installed our templates."""
    connection.call("PUT", f"/_index_template/{stream}", {"index_patterns": [f"{stream}*"], "priority": 999})
    yield stream
    connection.call("DELETE", f"/{stream}-index", ignore_unavailable="true")
    connection.call("DELETE", f"/_index_template/{stream}")


def count(connection: Connection, index: str) -> object:
    """Return how many documents an index has."""
    connection.call("POST", f"/{index}/_refresh")
    return connection.call("GET", f"/{index}/_count")["count"]


def test_a_plain_index_is_refused(store: ElasticStore, connection: Connection, foreign: str) -> None:
    """Nothing is written to an index that has the name of a stream, open or closed; the message says what it is."""
    index = f"{foreign}-index"
    connection.call("PUT", f"/{index}")
    with pytest.raises(StoreError, match=rf"{index} is a plain index .* not a data stream") as caught:
        store.append([document(index, "a", _AT)])
    assert "delete it" in caught.value.remedy
    assert count(connection, index) == 0
    connection.call("POST", f"/{index}/_close")
    with pytest.raises(StoreError, match="is a closed index"):
        store.append([document(index, "a", _AT)])


def test_an_alias_is_refused(store: ElasticStore, connection: Connection, foreign: str) -> None:
    """An alias may point anywhere; nothing is written through one."""
    index, alias = f"{foreign}-index", f"{foreign}-alias"
    connection.call("PUT", f"/{index}", {"aliases": {alias: {}}})
    with pytest.raises(StoreError, match=f"{alias} is an alias"):
        store.append([document(alias, "a", _AT)])
    assert count(connection, index) == 0


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"http": {"properties": {"route": {"type": "text"}}}}, "@timestamp as date_nanos, not as date"),
        ({"@timestamp": {"type": "date"}}, "client.address as unmapped, not as keyword"),
    ],
)
def test_an_unknown_mapping_is_refused_before_anything_is_written(
    store: ElasticStore, connection: Connection, stream: str, fields: JsonObject, words: str
) -> None:
    """The message names stream, field, type found and type wanted; the remedy the commands that help."""
    properties: JsonObject = {"@timestamp": {"type": "date_nanos"}, **fields}
    template = f"{stream}-template"
    connection.call(
        "PUT",
        f"/_index_template/{template}",
        {
            "index_patterns": [stream],
            "priority": 999,
            "data_stream": {},
            "template": {"mappings": {"properties": properties}},
        },
    )
    connection.bulk(b'{"create":{"_index":"%b"}}\n{"@timestamp":"2024-01-15T10:30:00Z"}\n' % stream.encode())
    with pytest.raises(StoreError, match=f"{stream} maps {words}") as caught:
        store.append([document(stream, "a", _AT)])
    assert "atalaia elasticsearch diff" in caught.value.remedy
    assert "atalaia elasticsearch setup --rollover" in caught.value.remedy
    assert count(connection, stream) == 1


def test_a_field_that_somebody_added_is_no_obstacle(store: ElasticStore, connection: Connection, stream: str) -> None:
    """An administrator may map more than we do; a document that it refuses is rejected with the server's reason."""
    store.append([document(stream, "a", _AT)])
    connection.call("PUT", f"/{stream}/_mapping", {"properties": {"size": {"type": "long"}}})
    with ElasticStore(store.url) as fresh:
        written = fresh.append([document(stream, "b", _AT, {"size": 1}), document(stream, "c", _AT, {"size": "big"})])
    assert written.stored == 1
    ((identity, reason),) = [(each.document.id, each.reason) for each in written.rejected]
    assert identity == "c"
    assert "[size] of type [long]" in reason


def test_what_another_template_makes_of_a_new_stream_is_found_out(
    store: ElasticStore, connection: Connection, stream: str
) -> None:
    """A stream that the first write creates is checked right after it: a template of higher priority is no secret."""
    connection.call(
        "PUT",
        f"/_index_template/{stream}-template",
        {"index_patterns": [stream], "priority": 999, "data_stream": {}},
    )
    with pytest.raises(StoreError, match=f"{stream} maps client.address as unmapped"):
        store.append([document(stream, "a", _AT)])


def test_there_is_no_extent_of_instants_in_two_units(store: ElasticStore, connection: Connection, stream: str) -> None:
    """A stream whose instants count nanoseconds is refused by name: its extent would be an instant far away."""
    template: JsonObject = {
        "index_patterns": [stream],
        "priority": 999,
        "data_stream": {},
        "template": {"mappings": {"properties": {"@timestamp": {"type": "date_nanos"}}}},
    }
    connection.call("PUT", f"/_index_template/{stream}-template", template)
    connection.bulk(b'{"create":{"_index":"%b"}}\n{"@timestamp":"2024-01-15T10:30:00Z"}\n' % stream.encode())
    connection.call("POST", f"/{stream}/_refresh")
    with pytest.raises(StoreError, match="@timestamp as date_nanos, not as date"):
        store.extent(stream)
