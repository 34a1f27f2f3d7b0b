"""Segments written with another mapping than today's: queries see what they can, documents come back whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from analyzers.store.document import Document, JsonValue
from analyzers.store.embedded.batch import read_batch
from analyzers.store.embedded.columns import Column
from analyzers.store.embedded.compiler import compile_query
from analyzers.store.embedded.conversions import value_of
from analyzers.store.embedded.disk import Disk
from analyzers.store.embedded.engine import Engine
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.rows import documents_of
from analyzers.store.embedded.segments import new_segments, write_segments
from analyzers.store.query import Count, CountIf, Equals, Exists, Field, NamedMeasure, Predicate, Query
from analyzers.store.result import Value
from analyzers.store.schema import FieldType, Schema, load_templates, read_schema
from tests.store_conformance.events import ALWAYS, document

_STREAM = "logs-web.request-test"
_AT = "2024-01-15T10:30:00.000Z"


def _schema(root: Path, types: Mapping[str, str]) -> Schema:
    """Return the mapping of a folder of templates with these fields, beside ``@timestamp``."""
    properties: dict[str, dict[str, object]] = {"@timestamp": {"type": "date"}}
    for name, kind in types.items():
        alias = kind.startswith("alias ")
        properties[name] = {"type": "alias", "path": kind.removeprefix("alias ")} if alias else {"type": kind}
    template = {"index_patterns": ["logs-web.request-*"], "composed_of": ["c"]}
    component = {"template": {"mappings": {"properties": properties}}}
    for folder, content in (("index_templates", template), ("component_templates", component)):
        (root / folder).mkdir(parents=True)
        (root / folder / "c.json").write_text(json.dumps(content))
    return read_schema(_STREAM, load_templates(root))


def _write(root: Path, schema: Schema, values: Mapping[str, list[JsonValue]]) -> tuple[Segment, ...]:
    """Write an event for each value of a field, and hold that each comes back as it was."""
    documents = [
        document(_STREAM, f"{name}{number}", _AT, {name: value})
        for name, several in values.items()
        for number, value in enumerate(several)
    ]
    batch = read_batch(documents, lambda _: schema)
    assert batch.rejected == ()
    segments = write_segments(root, 1, new_segments(batch, 0), Disk())
    assert _documents(root, segments) == {each.id: json.dumps(each.body, sort_keys=True) for each in documents}
    return segments


def _documents(root: Path, segments: tuple[Segment, ...]) -> dict[str, str]:
    found: list[Document] = []
    for segment in segments:
        table = pq.ParquetFile(root / segment.path).read()
        found += documents_of(table, segment.stream, segment.columns)
    return {each.id: json.dumps(each.body, sort_keys=True) for each in found}


def _groups(root: Path, schema: Schema, segments: tuple[Segment, ...], name: str) -> dict[Value, Value]:
    """Return the values of a field as queries see them, each with its number of events."""
    query = Query(_STREAM, ALWAYS, (NamedMeasure("n", Count()),), (Field(name),))
    compiled = compile_query(query, schema, root, segments)
    engine = Engine(root)
    rows = [compiled.row(cells) for cells in engine.run(compiled.statement, segments)]
    engine.close()
    return {row[name]: row["n"] for row in rows}


def _count(root: Path, schema: Schema, segments: tuple[Segment, ...], where: Predicate) -> Value:
    query = Query(_STREAM, ALWAYS, (NamedMeasure("n", CountIf(where)),))
    compiled = compile_query(query, schema, root, segments)
    engine = Engine(root)
    (row,) = [compiled.row(cells) for cells in engine.run(compiled.statement, segments)]
    engine.close()
    return row["n"]


_CHANGES: dict[tuple[str, str], tuple[list[JsonValue], list[Value]]] = {
    ("keyword", "long"): (["200", "-7", "2e2", "200.5", "", "x", "9223372036854775808", 5], [200, -7, 5] + [None] * 5),
    ("long", "keyword"): ([200, -7, None], ["200", "-7", None]),
    ("short", "long"): ([32767, -32768], [32767, -32768]),
    ("long", "short"): ([200, 32768], [200, None]),
    ("float", "double"): ([0.25, 1.5], [0.25, 1.5]),
    ("double", "float"): ([0.25, 1e300], [0.25, None]),
    ("double", "long"): ([200.0, 200.5], [200, None]),
    ("keyword", "double"): (["0.25", "1e2", "1e999", "nan", ".5"], [0.25, 100.0, None, None, None]),
    ("long", "boolean"): ([1, 0], [None, None]),
    ("keyword", "boolean"): (["true", "false", "yes"], [True, False, None]),
    ("boolean", "keyword"): ([True, False], ["true", "false"]),
    ("keyword", "ip"): (["10.0.0.1", "010.0.0.1", "x"], ["10.0.0.1", None, None]),
    ("ip", "keyword"): (["10.0.0.1", "2001:DB8::1"], ["10.0.0.1", "2001:db8::1"]),
    ("date", "keyword"): (
        [_AT, "2024-01-15T11:30:00+01:00", "0005-01-02T00:00:00.000Z"],
        [_AT, _AT, "0005-01-02T00:00:00.000Z"],
    ),
    ("date", "long"): ([_AT], [None]),
}


@pytest.mark.parametrize(("before", "after"), _CHANGES)
def test_a_field_of_another_type_is_converted_or_absent(tmp_path: Path, before: str, after: str) -> None:
    """Queries see the values that the new type can say; the documents are whole."""
    values, expected = _CHANGES[before, after]
    old, new = _schema(tmp_path / "old", {"x": before}), _schema(tmp_path / "new", {"x": after})
    segments = _write(tmp_path, old, {"x": values})
    assert _groups(tmp_path, new, segments, "x") == {value: expected.count(value) for value in expected}


def test_text_becomes_a_date(tmp_path: Path) -> None:
    """An instant as Atalaia writes it is present, other text is absent."""
    segments = _write(tmp_path, _schema(tmp_path / "old", {"x": "keyword"}), {"x": [_AT, "2024-02-30T00:00:00.000Z"]})
    assert _count(tmp_path, _schema(tmp_path / "new", {"x": "date"}), segments, Exists("x")) == 1


def test_one_value_becomes_a_list_and_a_list_of_one_a_value() -> None:
    """Which fields hold lists is fixed by name; a segment that says otherwise was written when they were others."""
    number, text = Column(FieldType.LONG), Column(FieldType.KEYWORD)
    numbers, texts = Column(FieldType.LONG, many=True), Column(FieldType.KEYWORD, many=True)
    assert _converted(number, texts, "7", "NULL") == [["7"], None]
    assert _converted(text, texts, "'[a]'") == [["[a]"]]
    assert _converted(texts, number, "['7']", "['7', '8']", "['x']", "[]", "NULL") == [7, None, None, None, None]
    assert _converted(texts, numbers, "['7', 'x']", "NULL") == [[7], None]


def _converted(stored: Column, wanted: Column, *values: str) -> list[object]:
    """Return what SQL values are in another column's form."""
    rows = ", ".join(f"({value})" for value in values)
    sql = f"SELECT {value_of('x', stored, wanted)} FROM (VALUES {rows}) t(x)"  # noqa: S608 - all written in this file
    with duckdb.connect() as connection:
        return [cell for (cell,) in connection.execute(sql).fetchall()]


def test_new_removed_and_renamed_fields(tmp_path: Path) -> None:
    """A new field is absent in old events; one that is gone stays in the documents; an alias means its field today."""
    old = _schema(tmp_path / "old", {"gone": "keyword", "kept": "keyword", "name": "alias gone"})
    new = _schema(tmp_path / "new", {"kept": "keyword", "new": "long", "name": "alias kept"})
    segments = _write(tmp_path, old, {"gone": ["a"], "kept": ["b"], "new": [5]})
    assert _count(tmp_path, new, segments, Exists("new")) == 0
    assert _count(tmp_path, new, segments, Equals("name", "b")) == 1
    assert _count(tmp_path, old, segments, Equals("name", "a")) == 1


def test_segments_of_several_mappings_answer_together(tmp_path: Path) -> None:
    """One query over a segment for each of two mappings."""
    old, new = _schema(tmp_path / "old", {"x": "keyword"}), _schema(tmp_path / "new", {"x": "long"})
    first = _write(tmp_path / "a", old, {"x": ["200"]})
    second = _write(tmp_path, new, {"x": [200, 404]})
    moved = first[0].model_copy(update={"path": f"a/{first[0].path}"})
    assert _groups(tmp_path, new, (moved, *second), "x") == {200: 2, 404: 1}
