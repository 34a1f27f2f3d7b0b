"""Whatever an application writes, what is stored fits the mapping; the rest is refused or dead-lettered."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzers.store.document import JsonValue
from analyzers.store.schema import load_schema
from analyzers.store.validation import refusal
from tests.logstash.pipelines import LOGSTASH, run_pipeline

KEYS = [
    "timestamp",
    "level",
    "service",
    "endpoint",
    "user_id",
    "response_time",
    "status_code",
    "user_agent",
    "ip_address",
    "event_id",
    "event",
    "request_id",
    "trace_id",
    "span_id",
    "method",
    "path",
    "query",
    "request_bytes",
    "response_bytes",
    "environment",
    "version",
    "host",
    "logger",
    "error_type",
    "error_message",
    "stack_trace",
    "outcome",
    "db_time",
    "template_time",
    "db_queries",
    "tags",
    "client",
    "data_stream",
]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=2)
)
SOUND = {"timestamp": "2024-01-15T10:30:00Z", "status_code": 200}
RECORDS = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4).map(lambda changes: SOUND | changes)


def properties(stream: str) -> dict[str, JsonValue]:
    """Return the mapped fields of a stream's two component templates, merged."""
    merged: dict[str, JsonValue] = {}
    for name in ("atalaia-common", f"atalaia-{stream.split('-')[1]}"):
        file = LOGSTASH.parent / "elasticsearch" / "component_templates" / f"{name}.json"
        merged |= json.loads(file.read_text(encoding="utf-8"))["template"]["mappings"]["properties"]
    return merged


def fits(value: JsonValue, kind: JsonValue) -> bool:
    """Tell whether Elasticsearch takes a value for a field of that type, ``coerce`` being off."""
    if value is None or isinstance(value, list):  # a list is taken when each of its values is, nested ones too
        return value is None or all(fits(each, kind) for each in value)
    if kind in {"keyword", "text"}:
        return isinstance(value, str | int | float)  # a number and a truth value are indexed as their text
    if kind == "date":
        return isinstance(value, str)
    if kind == "ip":
        return isinstance(value, str) and bool(ipaddress.ip_address(value))
    if kind == "double":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, int | float) and not isinstance(value, bool) and _is_whole(value, str(kind))


def _is_whole(value: float, kind: str) -> bool:
    """Tell whether a number is a whole one (3.0 is) within the bounds of the type."""
    limit = 2 ** {"short": 15, "integer": 31, "long": 63}[kind]
    return value == value // 1 and -limit <= value < limit


def conflicts(body: JsonValue, mapped: JsonValue, at: str = "") -> Iterator[str]:
    """Yield the fields of a document that do not fit their mapping; aliases may not be written to."""
    assert isinstance(body, dict)
    assert isinstance(mapped, dict)
    for name, value in body.items():
        field = mapped.get(name)
        if not isinstance(field, dict) or (name == "tags" and not at):
            continue
        if "properties" in field:
            for each in _flattened(value):  # a list is taken when each of its values is, nested ones too
                if isinstance(each, dict):
                    yield from conflicts(each, field["properties"], f"{at}{name}.")
                elif each is not None:
                    yield f"{at}{name} is {value!r}, not an object"
        elif value is not None and (field["type"] == "alias" or not fits(value, field["type"])):
            yield f"{at}{name} is {value!r}, not {field['type']}"


def _flattened(value: JsonValue) -> Iterator[JsonValue]:
    if isinstance(value, list):
        for each in value:
            yield from _flattened(each)
    else:
        yield value


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(RECORDS, min_size=1, max_size=8))
def test_any_record_is_stored_soundly_or_kept_aside(records: list[dict[str, JsonValue]]) -> None:
    """Each line becomes one document or one dead letter; a document with a mapping conflict is one no store takes."""
    lines = [json.dumps(record) for record in records]
    kept = run_pipeline("request.conf", lines, {})
    assert len(kept.documents) + len(kept.letters) == len(lines)
    for document in kept.documents:
        if refusal(document, load_schema(document.stream)) is None:
            assert list(conflicts(dict(document.body), properties(document.stream))) == []
        assert len(document.stream) <= len("logs-web.request-") + 100
    for path, letter in kept.letters:
        assert str(path) == "/var/lib/atalaia/dead-letter/request.ndjson"
        assert isinstance(letter["error"], dict)
        assert letter["error"]["message"]
        assert isinstance(letter["event"], dict)
        assert (letter["event"]["kind"], letter["event"]["original"] in lines) == ("pipeline_error", True)


PART = st.sampled_from(["cpu", "total", "norm", "pct", "memory", "free", "process", "pid"])
FINITE = st.none() | st.booleans() | st.integers() | st.floats(-1e9, 1e9) | st.text(max_size=9)
OBJECTS = st.dictionaries(
    PART, st.recursive(FINITE, lambda inner: st.dictionaries(PART, inner, max_size=3)), max_size=3
)
THINGS = FINITE | OBJECTS | st.lists(FINITE | OBJECTS, max_size=2)
SAMPLES = st.fixed_dictionaries(
    {"timestamp": st.just("2024-01-15T10:30:00Z"), "event": st.just("host.system")},
    optional={"system": THINGS, "metricset": THINGS, "process": THINGS, "redis": THINGS},
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(SAMPLES, min_size=1, max_size=8))
def test_any_sample_is_a_metric_an_event_or_kept_aside(records: list[dict[str, JsonValue]]) -> None:
    """With an object it is a metric, without one an event; a number of another type is one that no store takes."""
    lines = [json.dumps(record) for record in records]
    kept = run_pipeline("request.conf", lines, {})
    assert (len(kept.documents), kept.letters) == (len(lines), [])
    for document, record in zip(kept.documents, records, strict=True):
        is_metric = isinstance(record.get("system"), dict)
        assert document.stream == ("metrics-host.system-default" if is_metric else "logs-app.event-default")
        if is_metric:
            assert document.body["system"] == record["system"]
        if refusal(document, load_schema(document.stream)) is None:
            assert list(conflicts(dict(document.body), properties(document.stream))) == []


@settings(max_examples=200, deadline=None)
@given(st.decimals(min_value=0, max_value=9_999_999, places=9, allow_nan=False))
def test_durations_are_exact(seconds: object) -> None:
    """The nanoseconds are those of the shortest decimal text of the double, cut to whole ones."""
    number = float(str(seconds))
    line = json.dumps({**SOUND, "response_time": number})
    (document,) = run_pipeline("request.conf", [line], {}).documents
    whole, _, fraction = f"{number:.20f}".partition(".") if number == 0 else _plain(number).partition(".")
    event = document.body["event"]
    assert isinstance(event, dict)
    assert event["duration"] == int(whole + fraction[:9].ljust(9, "0"))
    assert document.body["response_time"] == number


def _plain(number: float) -> str:
    """Return the shortest text that reads back as the number, without an exponent."""
    digits, _, exponent = repr(number).partition("e")
    if not exponent:
        return digits
    return "0." + "0" * (-int(exponent) - 1) + digits.replace(".", "")
