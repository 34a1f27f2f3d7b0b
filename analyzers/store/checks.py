"""What a query may ask: checked against the schema before any backend compiles it, so that all refuse alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from math import isfinite
from typing import Final, assert_never

from analyzers.store.leaves import canonical_address, fits, single_precision
from analyzers.store.query import (
    And,
    Avg,
    Calendar,
    Count,
    CountIf,
    Dimension,
    Equals,
    Exists,
    In,
    Max,
    Measure,
    Min,
    Not,
    Or,
    Percentile,
    Predicate,
    Prefix,
    Query,
    QueryError,
    Range,
    Scalar,
    Sum,
)
from analyzers.store.schema import INTEGRAL, NUMERIC, FieldSpec, FieldType, Schema, load_schema
from analyzers.store.validation import LIST_FIELDS
from analyzers.store.zones import load_zone

_ASK_WINDOW: Final = "select instants through the window"


def check_query(query: Query) -> Schema:
    """Return the schema of the query's stream when the query can be asked of it.

    Raises:
        QueryError: When it cannot: an unknown stream, field or zone, a value of the wrong type, a field that cannot
            be grouped, compared or measured so, or two columns of one name.
    """
    schema = load_schema(query.stream)
    _check_names(query)
    _check_predicate(query.where, schema)
    for dimension in query.by:
        _check_dimension(dimension, schema)
    for named in query.measures:
        _check_measure(named.measure, schema)
    return schema


def matches_stream(pattern: str, stream: str) -> bool:
    """Tell whether a stream is one that a query's stream, whose environment may be ``*``, means."""
    return stream == pattern or (pattern.endswith("-*") and stream.startswith(pattern[:-1]))


def operand(field: FieldSpec, value: Scalar) -> Scalar | None:
    """Return the value as the field keeps it; ``None`` when it is of the right kind but no event can have it.

    A status code of 99999 or of 200.5 cannot be in a ``short``: the comparison is allowed and is never true.

    Raises:
        QueryError: When the field is never compared with values of this kind.
    """
    if field.type in NUMERIC:
        return _number(field, value)
    if field.type is FieldType.BOOLEAN and isinstance(value, bool):
        return value
    if field.type is FieldType.KEYWORD and isinstance(value, str):
        return value
    if field.type is FieldType.IP and isinstance(value, str):
        if (address := canonical_address(value)) is not None:
            return address
        raise QueryError(f"{value!r} is not an IP address, which {field.name} holds", "write one as 192.168.1.100")
    raise QueryError(f"{field.name} cannot be compared with {value!r}", _comparable(field))


def exact_fraction(percent: float) -> Decimal:
    """Return ``percent / 100`` as the decimal a person wrote, so that ``ceil(fraction * n)`` is the exact rank."""
    return Decimal(repr(percent)) / 100


def _number(field: FieldSpec, value: Scalar) -> Scalar | None:
    if isinstance(value, bool | str) or not isfinite(value):
        raise QueryError(f"{field.name} cannot be compared with {value!r}", _comparable(field))
    if field.type in INTEGRAL:
        return int(value) if value % 1 == 0 and fits(field.type, int(value)) else None
    if field.type is FieldType.FLOAT:
        kept = single_precision(value)
        return kept if isfinite(kept) else None
    return float(value) if float(value) == value else None


def _comparable(field: FieldSpec) -> str:
    if field.type in NUMERIC:
        return "compare it with a number"
    return {
        FieldType.BOOLEAN: "compare it with true or false",
        FieldType.KEYWORD: "compare it with text",
        FieldType.IP: "compare it with an address",
        FieldType.DATE: _ASK_WINDOW,
    }.get(field.type, "it is full text; only its presence can be tested")


def _check_names(query: Query) -> None:
    names = Counter([*(dimension.name for dimension in query.by), *(named.name for named in query.measures)])
    twice = sorted(name for name, times in names.items() if times > 1)
    if twice:
        raise QueryError(f"two columns of the result are called {twice[0]!r}", "ask for each once, under its own name")


def _leaves(predicate: Predicate) -> Iterator[Equals | In | Range | Prefix | Exists]:
    match predicate:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _leaves(part)
        case Not(part):
            yield from _leaves(part)
        case _:
            yield predicate


def _check_predicate(predicate: Predicate, schema: Schema) -> None:
    for leaf in _leaves(predicate):
        field = schema.field(leaf.field)
        match leaf:
            case Equals():
                operand(field, leaf.value)
            case In():
                for value in leaf.values:
                    operand(field, value)
            case Range():
                _check_range(leaf, field)
            case Prefix():
                _check_prefix(field)
            case Exists():
                pass  # every field may be present or absent
            case _:
                assert_never(leaf)


def _check_range(leaf: Range, field: FieldSpec) -> None:
    if field.type not in NUMERIC:
        remedy = _ASK_WINDOW if field.type is FieldType.DATE else "ranges are for numbers"
        raise QueryError(f"{field.name} is a {field.type} and has no range", remedy)
    for bound in (leaf.gte, leaf.gt, leaf.lte, leaf.lt):
        if bound is not None and (isinstance(bound, bool) or not isfinite(bound)):
            raise QueryError(f"{bound!r} cannot bound {field.name}", "give a number")


def _check_prefix(field: FieldSpec) -> None:
    if field.type is not FieldType.KEYWORD:
        raise QueryError(f"{field.name} is a {field.type} and has no prefix", "prefixes are for keywords")


def _check_dimension(dimension: Dimension, schema: Schema) -> None:
    if isinstance(dimension, Calendar):
        load_zone(dimension.zone)
        return
    field = schema.field(dimension.name)
    if field.name in LIST_FIELDS:
        raise QueryError(f"{field.name} holds a list and cannot group", "test it in a predicate instead")
    if field.type in {FieldType.TEXT, FieldType.DATE}:
        remedy = "use calendar buckets" if field.type is FieldType.DATE else "group by a keyword"
        raise QueryError(f"{field.name} is a {field.type} and cannot group", remedy)


def _check_measure(measure: Measure, schema: Schema) -> None:
    match measure:
        case Count():
            return
        case CountIf(predicate):
            _check_predicate(predicate, schema)
        case Sum(name) | Avg(name) | Min(name) | Max(name):
            _check_numeric(schema.field(name))
        case Percentile(name, percent):
            _check_numeric(schema.field(name))
            if not 0 < percent <= 100:  # noqa: PLR2004 - per cent
                raise QueryError(f"there is no percentile {percent}", "ask for one above 0, up to 100")
        case _:
            assert_never(measure)


def _check_numeric(field: FieldSpec) -> None:
    if field.type not in NUMERIC:
        raise QueryError(f"{field.name} is a {field.type}; only numbers are measured", "name a numeric field")
