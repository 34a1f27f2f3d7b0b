"""What the shared validation takes, a real Elasticsearch takes; what the server refuses, validation refuses first."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from analyzers.store.document import Document, JsonValue
from analyzers.store.elastic.answers import a_count, a_list, an_object
from analyzers.store.elastic.connection import Connection
from analyzers.store.elastic.templates import ensure_templates
from analyzers.store.schema import load_schema
from analyzers.store.validation import refusal

_AT = "2024-01-15T10:30:00Z"
_DATES: list[JsonValue] = [
    *(
        f"2024-01-15T10:30:00{tail}"
        for tail in (
            "Z",
            ".5Z",
            ".123456789Z",
            ".1234567891Z",
            ",5Z",
            ".Z",
            "",
            "z",
            "+02:00",
            "+0200",
            "+18:00",
            "+18:01",
            "+19:00",
            "-00:00",
            "+02:60",
            "UTC",
        )
    ),
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999Z",
    "12024-01-01T00:00:00Z",
    "2024-02-30T00:00:00Z",
    "2023-02-29T00:00:00Z",
    "2024-01-15T24:00:00Z",
    "2024-01-15T23:59:60Z",
    "2024-01-15 10:30:00Z",
    "2024-01-15",
    "2024",
    "",
    " 2024-01-15T10:30:00Z",
    "٢٠٢٤-01-15T10:30:00Z",
    1705314600000,
    "1705314600000",
    2024,
    True,
    None,
    [],
    {},
    {"a": 1},
    [_AT, _AT],
]
_VALUES: Mapping[str, list[JsonValue]] = {
    "http.response.status_code": [
        200,
        200.0,
        200.5,
        "200",
        "",
        32767,
        32768,
        -32768,
        -32769,
        2**63,
        2**64,
        10**30,
        1e3,
        True,
        None,
        [],
        {},
        {"a": 1},
    ],
    "event.duration": [2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 1e18, 9.3e18, 9.223372036854775807e18, 1.5, "1"],
    "db_queries": [2**31 - 1, 2**31, -(2**31), 1.0],
    "response_time": [0, -0.0, 0.1, 1e308, 5e-324, 2**63, "1.5", "NaN", True, None, {"a": 1}],
    "client.ip": [
        "1.2.3.4",
        "::1",
        "::ffff:1.2.3.4",
        "::1.2.3.4",
        "1.2.3",
        "01.2.3.4",
        "1.2.3.256",
        "1.2.3.4/24",
        "fe80::1%eth0",
        "[::1]",
        " 1.2.3.4",
        "",
        5,
        True,
        None,
        {},
        "1:2:3:4:5:6:7::",
        "1::2::3",
        "1.2.3.4.",
    ],
    "http.route": ["", "x" * 1024, "x" * 40_000, "\x00", "\U0001f600" * 600, 5, 5.0, True, None, {}, {"a": 1}, ["a"]],
    "message": ["", "x" * 40_000, 5, True, None, {}, {"a": 1}],
    "tags": ["a", [], ["a", None, 3], [["a"]], {}],
    "http": ["x", 5, None, [], {}, ["x"], [None]],
    "endpoint": ["/x", None, {}],
    "level": ["INFO", {"a": 1}],
    "_id": ["a"],
    "_source": [1],
    "_routing": ["x"],
    "_doc_count": [0, 2],
    "_ignored": ["x"],
    "_version": [1],
    "_seq_no": [1],
    "_primary_term": [1],
    "_nested_path": [1],
    "_field_names": [1],
    "_ignored_source": [1],
    "_index_mode": [1],
    "_data_stream_timestamp": [1],
    "_doc_count.x": [1],
    "_foo": [1],
    "": [1],
    " ": [1],
    ".": [1],
    ".a": [1],
    "a..b": [1],
}
_WEIGHTS: list[tuple[JsonValue, JsonValue]] = [
    (2, 2),
    (1, 1),
    (2, 3),
    (0, 0),
    (-1, -1),
    (2**31, 2**31),
    (1.5, 1.5),
    (2, 2.0),
    (2, "2"),
]
_WEIGHED: list[dict[str, JsonValue]] = [
    {"@timestamp": _AT, "sample_weight": weight, "_doc_count": count} for weight, count in _WEIGHTS
]
_BODIES: list[dict[str, JsonValue]] = [
    *({"@timestamp": value} for value in _DATES),
    {},
    *(
        _nested
        for name, values in _VALUES.items()
        for value in values
        for _nested in ({"@timestamp": _AT, name: value},)
    ),
    {"@timestamp": _AT, "http": {"": 1}},
    {"@timestamp": _AT, "http": {"response": 5}},
    {"@timestamp": _AT, "http": {"response": {"status_code": {"value": 5}}}},
    {"@timestamp": _AT, "http.route.x": 1},
    {"@timestamp": _AT, "unknown": {"": {"a..b": [1, {"c": None}]}}},
    {"@timestamp": _AT, "service": "x"},
    *_WEIGHED,
    {"@timestamp": _AT, "sample_weight": 2},
]

# What validation refuses although Elasticsearch would take it, and why.
_STRICTER = (
    "must be one instant",  # the embedded store keeps one
    "is not an instant",  # odd zones of java.time: "UTC" without an offset
    "has an empty part",  # in unmapped parts Elasticsearch does not look
    "beyond 64 bits",
    "keeps for itself",  # the server takes _primary_term and means nothing by it
    "must be the same",  # _doc_count: 2 alone would make one event count twice in one store and once in the other
    "is not from 1 to 1,000,000",
    "9.223372036854776e+18 does not fit a long",  # the double 2**63, which Java makes the largest long
)


@pytest.mark.parametrize("seen", ["nested", "dotted"])
def test_the_server_and_the_validation_agree(connection: Connection, stream: str, seen: str) -> None:
    """A table of hostile documents, sent to the server unchecked: no document passes validation and fails there."""
    ensure_templates(connection)
    bodies = _BODIES if seen == "dotted" else [_nest(body) for body in _BODIES]
    verdicts = _server_verdicts(connection, stream, bodies)
    schema = load_schema(stream)
    for number, (body, refused_there) in enumerate(zip(bodies, verdicts, strict=True)):
        reason = refusal(Document(stream, str(number), body), schema)
        shown = repr(body)[:120]
        if reason is None:
            assert not refused_there, f"the server refuses {shown}"
        elif not refused_there:
            assert any(why in reason for why in _STRICTER), f"the server takes {shown}: {reason}"
    assert 20 < sum(verdicts) < len(bodies) - 20


def _server_verdicts(connection: Connection, stream: str, bodies: list[dict[str, JsonValue]]) -> list[bool]:
    lines = [
        json.dumps(line)
        for number, body in enumerate(bodies)
        for line in ({"create": {"_index": stream, "_id": str(number)}}, body)
    ]
    answer = connection.bulk(("\n".join(lines) + "\n").encode())
    items = [an_object(an_object(item, "item")["create"], "create") for item in a_list(answer["items"], "items")]
    statuses = [a_count(item["status"], "status") for item in items]
    assert set(statuses) <= {201, 400}
    return [status == 400 for status in statuses]


def _nest(body: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Turn dotted names into objects, except those that only dots make."""
    nested: dict[str, JsonValue] = {}
    for name, value in body.items():
        parts = name.split(".")
        node = nested
        if not all(part.strip() for part in parts):
            parts = [name]
        for part in parts[:-1]:
            child = node.setdefault(part, {})
            assert isinstance(child, dict)
            node = child
        node[parts[-1]] = value
    return nested
