"""Generated document bodies: fields with good and odd values, in their usual and in unusual places."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from analyzers.store.document import JsonValue
from analyzers.store.instants import parse_millis
from analyzers.store.leaves import LeafError, read_leaf
from analyzers.store.schema import LIST_FIELDS, FieldSpec, FieldType, Schema
from analyzers.store.wellformed import value_refusal

AT = "2024-01-15T10:30:00.000Z"

_TEXTS = (
    st.sampled_from(("", "a", "/api/chamados/<int:id>", "é", "\U0001f600", "100%", "%b", "[", '"', "\x00", "true"))
    | st.text()
)
_LONG = st.sampled_from((8, 511, 512, 513, 1024, 1025, 8191, 8192)).flatmap(
    lambda size: st.sampled_from(("x" * size, "é" * size, "\U0001f600" * size)),
)
_INTEGERS = st.sampled_from(
    (0, 1, 200, 32767, 32768, -32768, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), 2**64 - 1, 2**64, 10**30),
) | st.integers(-300, 300)
_FLOATS = st.sampled_from(
    (0.0, -0.0, 0.1, 0.25, 1.0, 200.0, 200.5, 1e16, 1e300, 3.5e38, 2.0**63, float("nan"), float("inf"))
)
_INSTANTS = st.sampled_from(
    (
        AT,
        "2024-01-15T10:30:00Z",
        "2024-01-15T10:30:00.123456Z",
        "2024-01-15T10:30:00.5Z",
        "2024-01-15T11:30:00.000+01:00",
        "2024-01-15T10:30:00.000+0000",
        "2024-02-30T10:30:00.000Z",
        "2024-01-15T10:30:60.000Z",
        "0002-01-01T00:00:00.000Z",
        "0001-12-31T23:59:59.999Z",
        "9998-12-31T23:59:59.999Z",
        "9999-01-01T00:00:00.000Z",
        "1969-12-31T23:59:59.999Z",
        "2024-01-15T10:30:00.12xZ",
        "2024-01-15T10:30:00.\u0661\u0662\u0663Z",
        "2024-01-15 10:30:00.000Z",
    ),
)
_SOUND_INSTANTS = _INSTANTS.filter(lambda text: parse_millis(text) is not None)
_ADDRESSES = st.sampled_from(
    ("10.0.0.1", "255.255.255.255", "::1", "2001:DB8:0:0::1", "::ffff:10.0.0.1", "010.0.0.1", "1.2.3", "fe80::1%eth0"),
)
_SCALARS = st.none() | st.booleans() | _INTEGERS | _FLOATS | _TEXTS | st.just("\ud800")
_ANY: st.SearchStrategy[JsonValue] = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=5,
)
_SOUND = _ANY.filter(lambda value: value_refusal(value, 1) is None)
_GOOD: Mapping[FieldType, st.SearchStrategy[JsonValue]] = {
    FieldType.KEYWORD: _TEXTS | _LONG | _INTEGERS | _FLOATS,
    FieldType.TEXT: _TEXTS | _LONG | st.booleans(),
    FieldType.DATE: _INSTANTS,
    FieldType.IP: _ADDRESSES,
    FieldType.BOOLEAN: st.booleans() | st.sampled_from(("true", "false", "", "no")),
    FieldType.SHORT: _INTEGERS | _FLOATS,
    FieldType.INTEGER: _INTEGERS | _FLOATS,
    FieldType.LONG: _INTEGERS | _FLOATS,
    FieldType.FLOAT: _FLOATS | _INTEGERS,
    FieldType.DOUBLE: _FLOATS | _INTEGERS,
}
_UNMAPPED = (
    "labels",
    "@version",
    "record.extra",
    "http.extra",
    "a.b.c",
    "%b",
    "user",
    "http",
    "http.request",
    "_id",
    " ",
)


_rarely = st.integers(0, 9).map(lambda number: number == 0)


@st.composite
def bodies(draw: st.DrawFn, schema: Schema) -> dict[str, JsonValue]:
    """Draw a body; most are taken by a store with this mapping."""
    wild = draw(_rarely)
    body: dict[str, JsonValue] = {"@timestamp": draw(_INSTANTS if wild else _SOUND_INSTANTS)}
    for field in draw(st.lists(st.sampled_from(list(schema.fields.values())), max_size=8)):
        _put(draw, body, field.name, draw(_ANY if wild else _values(field)))
    if draw(st.booleans()):
        _put(draw, body, draw(st.sampled_from(_UNMAPPED if wild else _UNMAPPED[:6])), draw(_ANY if wild else _SOUND))
    if wild and draw(st.booleans()):
        _put(draw, body, draw(st.sampled_from([*schema.aliases, "@timestamp", "@timestamp.x"])), draw(_ANY))
    return body


def _values(field: FieldSpec) -> st.SearchStrategy[JsonValue]:
    good = _GOOD[field.type].filter(lambda value: _takes(field, value)) | st.none()
    if field.name in LIST_FIELDS:
        texts: st.SearchStrategy[JsonValue] = st.lists(_TEXTS | _LONG, max_size=3)
        return texts | st.lists(good, max_size=3) | good
    return good


def _takes(field: FieldSpec, value: JsonValue) -> bool:
    try:
        read_leaf(field, value)
    except LeafError:
        return False
    return value_refusal(value, 1) is None


def _put(draw: st.DrawFn, body: dict[str, JsonValue], name: str, value: JsonValue) -> None:
    """Put a value under a dotted name: nested, now and then with dots in a key or inside a list."""
    node, parts = body, name.split(".")
    while len(parts) > 1 and not draw(_rarely):
        child = node.setdefault(parts.pop(0), {})
        if not isinstance(child, dict):
            return
        node = child
    node[".".join(parts)] = [value] if draw(_rarely) else value
