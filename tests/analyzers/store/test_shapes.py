"""Documents judged by their shape are judged as the rule judges them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from analyzers.store.document import Document, JsonValue
from analyzers.store.schema import load_schema
from analyzers.store.shapes import Shapes
from analyzers.store.validation import Refusal, read_fields, refusal
from tests.analyzers.store.bodies import AT, bodies

_STREAM = "logs-web.request-test"
_SCHEMA = load_schema(_STREAM)


def _by_the_rule(document: Document) -> str | None:
    try:
        read_fields(document, _SCHEMA)
    except Refusal as refused:
        return str(refused)
    return None


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bodies(_SCHEMA))
def test_the_verdict_is_the_rule_s(body: dict[str, JsonValue]) -> None:
    """Whatever a body holds, it is taken or refused, and for the reason that the rule gives."""
    document = Document(_STREAM, "a", body)
    assert refusal(document, replace(_SCHEMA)) == _by_the_rule(document)


def test_an_ordinary_document_has_a_plan() -> None:
    """A request with unmapped keys, nulls, an empty object and a date of another form needs no second look."""
    body: dict[str, JsonValue] = {
        "@timestamp": AT,
        "@version": "1",
        "event": {"ingested": "2024-01-15T10:30:00.123456Z", "category": "web"},
        "http": {"response": {"status_code": 200, "extra": [1, {"a": None}]}, "request": {}},
        "response_time": 1,
        "user": {"id": 123, "name": None},
        "tags": ["a", "b"],
        "record": {"anything": {"at": ["all"]}},
    }
    assert Shapes(_SCHEMA).read(body) is not None


def test_endlessly_many_shapes_are_not_all_learnt() -> None:
    """A key of its own in each of 100,000 documents: plans stay few, and a shape that comes often still gets one."""
    shapes = Shapes(_SCHEMA)
    for number in range(100_000):
        shapes.read({"@timestamp": AT, f"key{number}": 1})
    assert shapes.count <= 4096
    assert any(shapes.read({"@timestamp": AT, "http": {"route": "/a"}}) for _ in range(20))
