"""The templates as a real server takes them: installed once, used by new streams, never downgraded."""

from __future__ import annotations

from typing import cast

import pytest

from analyzers.store.document import JsonValue
from analyzers.store.elastic.answers import JsonObject, a_list, an_object
from analyzers.store.elastic.connection import Connection
from analyzers.store.elastic.store import ElasticStore
from analyzers.store.elastic.templates import ensure_templates
from analyzers.store.interface import StoreError
from analyzers.store.query import Field, Percentile
from analyzers.store.schema import load_templates
from tests.store_conformance.events import ask, document

_FIELDS: dict[str, JsonValue] = {
    "http.route": "/api/chamados",
    "http.response.status_code": 500,
    "client.ip": "10.0.0.1",
    "user.id": "123",
    "log.level": "ERROR",
    "made_up.field": "kept, not indexed",
}


def _hits(connection: Connection, stream: str, query: JsonObject) -> list[JsonObject]:
    answer = connection.call("POST", f"/{stream}/_search", {"query": query})
    return [an_object(hit, "hit") for hit in a_list(an_object(answer["hits"], "hits")["hits"], "hits")]


@pytest.mark.parametrize(
    ("alias", "value"),
    [
        ("endpoint", "/api/chamados"),
        ("status_code", 500),
        ("ip_address", "10.0.0.0/8"),
        ("user_id", "123"),
        ("level", "ERROR"),
    ],
)
def test_a_new_stream_answers_to_the_documented_names(
    store: ElasticStore, connection: Connection, stream: str, alias: str, value: str | int
) -> None:
    """The data stream that the first document creates has our mapping: Kibana's users may type either name."""
    store.append([document(stream, "a", "2024-01-15T10:30:00Z", _FIELDS)])
    (hit,) = _hits(connection, stream, {"term": {alias: value}})
    assert hit["_id"] == "a"
    assert str(hit["_index"]).startswith(f".ds-{stream}-")


def test_unknown_fields_are_kept_and_not_indexed(store: ElasticStore, connection: Connection, stream: str) -> None:
    """The source holds what the application wrote; a stranger's field adds nothing to the mapping."""
    sent = document(stream, "a", "2024-01-15T10:30:00Z", _FIELDS)
    store.append([sent])
    (hit,) = _hits(connection, stream, {"match_all": {}})
    assert hit["_source"] == sent.body
    assert _hits(connection, stream, {"exists": {"field": "made_up.field"}}) == []


def test_an_older_template_is_replaced_and_a_newer_one_left(connection: Connection) -> None:
    """Installing twice changes nothing; an upgrade brings its templates; an old Atalaia does not undo a newer one."""
    path = "/_component_template/atalaia-web.request"

    def version() -> object:
        (found,) = a_list(connection.call("GET", path)["component_templates"], "component_templates")
        return an_object(an_object(found, "entry")["component_template"], "template")["version"]

    ensure_templates(connection)
    template = cast("JsonObject", load_templates().component["atalaia-web.request"])
    ours = version()
    assert isinstance(ours, int)
    try:
        for other, left in ((ours - 1, ours), (ours, ours), (ours + 1, ours + 1)):
            connection.call("PUT", path, {**template, "version": other})
            ensure_templates(connection)
            assert version() == left
    finally:
        connection.call("PUT", path, template)


@pytest.mark.parametrize("fields", [{"http": {"route": {"type": "text"}}}, {}])
def test_a_stream_with_another_mapping_is_refused(
    store: ElasticStore, connection: Connection, stream: str, fields: JsonObject
) -> None:
    """An index that began without our templates would answer wrongly; the error says which field and what to do."""
    name = f"logs-web.request-{stream[-8:]}plain"
    types: JsonObject = {
        "@timestamp": {"type": "date"},
        **{key: {"properties": value} for key, value in fields.items()},
    }
    connection.call(
        "PUT",
        "/_index_template/plain-for-test",
        {
            "index_patterns": [name],
            "priority": 999,
            "data_stream": {},
            "template": {"mappings": {"properties": types}},
        },
    )
    connection.bulk(b'{"create":{"_index":"%b"}}\n{"@timestamp":"2024-01-15T10:30:00Z"}\n' % name.encode())
    connection.call("POST", f"/{name}/_refresh")
    with pytest.raises(StoreError, match=r"http\.route") as caught:
        ask(store, name, by=(Field("http.route"),))
    assert "templates" in caught.value.remedy


def test_two_streams_of_one_pattern_are_answered_together(store: ElasticStore, stream: str) -> None:
    """``logs-web.request-*`` spans environments; a stream's own name does not."""
    store.append([document(stream, "a", "2024-01-15T10:30:00Z"), document(f"{stream}-b", "a", "2024-01-15T10:30:00Z")])
    assert ask(store, stream)[0]["m0"] == 1
    assert ask(store, stream, Percentile("response_time", 50))[0]["m0"] is None
