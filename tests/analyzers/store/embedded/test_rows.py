"""A segment gives back the documents that were put into it, and its columns are their fields."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzers.store.document import Document, JsonValue
from analyzers.store.embedded.batch import Batch, Part, read_batch
from analyzers.store.embedded.columns import described
from analyzers.store.embedded.parquet import encoded
from analyzers.store.embedded.rows import documents_of
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.embedded.table import full_form, joined, stored_form
from analyzers.store.query import Equals, Prefix
from analyzers.store.schema import LIST_FIELDS, Schema, Templates, load_schema, read_schema
from analyzers.store.validation import Refusal, read_fields
from tests.analyzers.store.bodies import AT, bodies
from tests.store_conformance.events import count_where

_STREAM = "logs-web.request-test"
_TYPES = ("boolean", "float", "integer", "ip", "date", "text")


def _with_every_type() -> Schema:
    """Return a mapping with the types that the shipped ones lack, beside some they have."""
    mapped = {f"x_{kind}": {"type": kind} for kind in _TYPES}
    properties = {"@timestamp": {"type": "date"}, "tags": {"type": "keyword", "ignore_above": 1024}, **mapped}
    template = {
        "index_patterns": ["logs-web.request-*"],
        "composed_of": [],
        "template": {"mappings": {"properties": properties}},
    }
    return read_schema(_STREAM, Templates({}, {"every": json.loads(json.dumps(template))}))


_SCHEMAS = (load_schema(_STREAM), _with_every_type())


def _read(documents: list[Document], schema: Schema = _SCHEMAS[0]) -> Batch:
    """Read a batch with a mapping that has seen no document before: what is stored does not depend on other tests."""
    fresh = replace(schema)
    return read_batch(documents, lambda _: fresh)


def _stored(part: Part) -> tuple[pa.Table, dict[str, str]]:
    """Take a part through the bytes of a file."""
    table, columns = stored_form(part.table, described(part.schema))
    return pq.ParquetFile(pa.BufferReader(encoded(table))).read(), dict(columns)


def _text(body: object) -> str:
    """Return JSON that tells 1 from 1.0 and from true, whatever the order of keys."""
    return json.dumps(body, sort_keys=True)


def _given_back(part: Part) -> dict[str, str]:
    table, columns = _stored(part)
    return {each.id: _text(each.body) for each in documents_of(table, part.stream, columns)}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(_SCHEMAS).flatmap(lambda schema: st.tuples(st.just(schema), st.lists(bodies(schema), max_size=5)))
)
def test_every_document_comes_back(case: tuple[Schema, list[dict[str, JsonValue]]]) -> None:
    """Whatever is accepted comes back with an equal body and the same kinds of numbers; the columns are the fields."""
    schema, drawn = case
    documents = [Document(_STREAM, f"e{number}", body) for number, body in enumerate(drawn)]
    expected = {}
    fields = {}
    for document in documents:
        try:
            fields[document.id] = read_fields(document, schema)
        except Refusal:
            continue
        expected[document.id] = _text(document.body)
    batch = _read(documents, schema)
    assert len(batch.rejected) == len(documents) - len(expected)
    assert {key: text for part in batch.parts for key, text in _given_back(part).items()} == expected
    for row in (row for part in batch.parts for row in part.table.to_pylist()):
        for name in schema.fields:
            found = fields[row["_id"]].get(name)
            assert _text(row[name]) == _text(found if found is None or name in LIST_FIELDS else found[0])


def test_what_columns_give_back_is_stored_once() -> None:
    """Text in its column is in no remainder; what has no column, or another form than its column, is."""
    body: dict[str, JsonValue] = {
        "@timestamp": AT,
        "event": {"id": "e0", "ingested": "2024-01-15T10:30:00.123456Z"},
        "error": {"stack_trace": "Traceback"},
        "http": {"response": {"status_code": 200}},
        "response_time": 0.25,
        "tags": ["a"],
        "user": {"id": 7},
        "labels": {"a": None},
    }
    (part,) = _read([Document(_STREAM, "e0", body)]).parts
    (source,) = part.table.column("_source").to_pylist()
    assert json.loads(str(source)) == {
        "event": {"ingested": "2024-01-15T10:30:00.123456Z"},
        "user": {"id": 7},
        "labels": {"a": None},
    }
    plain: dict[str, JsonValue] = {"@timestamp": AT, "message": "hello"}
    (part,) = _read([Document(_STREAM, "e1", plain)]).parts
    assert part.table.column("_source").to_pylist() == [None]


def test_a_column_that_equals_another_is_left_out() -> None:
    """``event.id`` is, where it is the ``_id`` of every event, and ``client.address``; else they are stored."""

    def made(number: int, identity: str) -> Document:
        client: JsonValue = {"ip": "10.0.0.1", "address": "10.0.0.1"}
        return Document(_STREAM, f"e{number}", {"@timestamp": AT, "event": {"id": identity}, "client": client})

    (part,) = _read([made(0, "e0"), made(1, "e1")]).parts
    table, columns = _stored(part)
    assert {"event.id", "client.address"}.isdisjoint(table.column_names)
    assert (columns["event.id"], columns["client.address"]) == ("keyword=_id", "keyword=client.ip")
    again, full = full_form(table, columns)
    assert again.equals(part.table.select(again.column_names))
    assert full == described(part.schema)
    (part,) = _read([made(0, "e0"), made(1, "other")]).parts
    table, columns = _stored(part)
    assert columns["event.id"] == "keyword"
    assert table.column("event.id").to_pylist() == ["e0", "other"]


def test_queries_see_the_columns_that_are_left_out(tmp_path: Path) -> None:
    """They are read from the column they equal."""
    client: JsonValue = {"ip": "10.0.0.1", "address": "10.0.0.1"}
    made: list[dict[str, JsonValue]] = [{"@timestamp": AT, "event": {"id": f"e{n}"}, "client": client} for n in (0, 1)]
    with EmbeddedStore(tmp_path, writable=True) as store:
        store.append([Document(_STREAM, f"e{number}", body) for number, body in enumerate(made)])
        assert count_where(store, _STREAM, Equals("event.id", "e0")) == 1
        assert count_where(store, _STREAM, Prefix("client.address", "10.")) == 2


def test_segments_that_leave_out_different_columns_are_joined() -> None:
    """In time's order, every document whole; what not all of them can leave out is stored again."""
    early: dict[str, JsonValue] = {"@timestamp": "2024-01-15T10:00:00.000Z", "event": {"id": "e0"}, "labels": [1]}
    late: dict[str, JsonValue] = {"@timestamp": AT, "event": {"id": "other"}}
    tables = [_stored(_read([Document(_STREAM, key, body)]).parts[0]) for key, body in (("e1", late), ("e0", early))]
    assert [columns["event.id"] for _, columns in tables] == ["keyword", "keyword=_id"]
    table, columns = joined(tables)
    assert (columns["event.id"], columns["client.address"]) == ("keyword", "keyword=client.ip")
    found = [(each.id, each.body) for each in documents_of(table, _STREAM, columns)]
    assert found == [("e0", early), ("e1", late)]


def test_a_day_s_hour_can_be_read_alone(tmp_path: Path) -> None:
    """A file of 200,000 events of a day says of each of its parts which instants it holds."""
    step = 1440 * 60_000 // 200_000
    first = 1705276800000
    documents = [
        Document(_STREAM, f"e{number}", {"@timestamp": _instant(first + step * number)}) for number in range(200_000)
    ]
    (part,) = _read(documents).parts
    path = tmp_path / "day.parquet"
    path.write_bytes(encoded(part.table))
    metadata = pq.ParquetFile(path).metadata
    names = [metadata.row_group(0).column(place).path_in_schema for place in range(metadata.num_columns)]
    place = names.index("@timestamp")
    spans: list[tuple[int, int]] = []
    for group in range(metadata.num_row_groups):
        statistics = metadata.row_group(group).column(place).statistics
        assert statistics is not None
        spans.append((cast("int", statistics.min), cast("int", statistics.max)))
    hour = 3_600_000
    touched = [span for span in spans if span[0] < first + 11 * hour and span[1] >= first + 10 * hour]
    assert (spans[0][0], spans[-1][1]) == (first, first + step * 199_999)
    assert 1 <= len(touched) < len(spans) == 4


def _instant(millis: int) -> str:
    return datetime.fromtimestamp(millis / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
