"""Documents judged by their shape are judged as the rule judges them."""

from __future__ import annotations

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
    assert refusal(document, _SCHEMA) == _by_the_rule(document)


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


def test_endlessly_many_shapes_take_no_endless_memory() -> None:
    """A key of its own in each of 10,000 documents leaves a bounded number of plans behind."""
    shapes = Shapes(_SCHEMA)
    for number in range(10_000):
        assert shapes.read({"@timestamp": AT, f"key{number}": 1}) is not None
    assert shapes.count <= 4096
