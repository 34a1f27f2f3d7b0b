"""What a query may ask: checked against the schema before any backend compiles it, so that all refuse alike."""

from __future__ import annotations

from collections import Counter
from typing import Final, assert_never

from analyzers.store.keys import field_of
from analyzers.store.measuring import check_key, check_measure
from analyzers.store.networks import parse_network
from analyzers.store.operands import ASK_WINDOW, checked_text, is_number, operand, shown
from analyzers.store.query import (
    And,
    Calendar,
    Comparison,
    Contains,
    CountIf,
    Dimension,
    Equals,
    Exists,
    Histogram,
    In,
    InNetwork,
    Network,
    Not,
    Or,
    Predicate,
    Prefix,
    Query,
    QueryError,
    Range,
    StatusClass,
    Top,
    Words,
)
from analyzers.store.schema import INTEGRAL, NUMERIC, FieldSpec, FieldType, Schema, load_schema
from analyzers.store.validation import stream_refusal
from analyzers.store.words import words_of
from analyzers.store.zones import load_zone

DEEPEST: Final = 12
"""Levels that a predicate may nest. Elasticsearch takes 30 of its own, and we put some around and between ours."""

MOST_LEAVES: Final = 500
"""Comparisons in one predicate. Elasticsearch takes 1,024 clauses on its smallest heap."""

MOST_VALUES: Final = 10_000
"""Values of one ``In``."""

MOST_SEARCHED: Final = 100
"""Characters of one ``Contains``: Elasticsearch's expressions may have 1,000, and a letter may need several."""

MOST_PHRASE: Final = 1_000
"""Characters of one ``Words``."""

MOST_WORDS: Final = 50
"""Words of one ``Words``."""

MOST_TOP: Final = 1_000
"""Groups of one ``Top``: their keys become a predicate."""

MOST_TOP_NETWORKS: Final = 400
"""Of networks each is a clause of its own: see :data:`MOST_LEAVES`."""


def check_query(query: Query) -> Schema:
    """Return the schema of the query's stream when the query can be asked of it.

    Raises:
        QueryError: When it cannot: an unknown stream, field or zone, a value of the wrong type, a field that cannot
            be grouped, compared or measured so, two columns of one name, a ranking without groups or by no number,
            or more of anything than every backend takes.
    """
    schema = check_stream(query.stream)
    _check_names(query)
    check_predicate(query.where, schema)
    for dimension in query.by:
        _check_dimension(dimension, schema)
    for named in query.measures:
        check_measure(named.measure, schema)
        if isinstance(named.measure, CountIf):
            check_predicate(named.measure.predicate, schema)
    if query.top is not None:
        _check_top(query, query.top)
    return schema


def check_stream(stream: str) -> Schema:
    """Return the schema of a data stream, whose environment may be ``*``.

    Raises:
        QueryError: When there can be no such stream, or it would read as several: commas, inner stars, a minus.
    """
    reason = stream_refusal(f"{stream[:-1]}any" if stream.endswith("-*") else stream)
    if reason is not None:
        raise QueryError(reason, "name one data stream, or all environments of one as logs-web.request-*")
    return load_schema(stream)


def check_predicate(predicate: Predicate, schema: Schema) -> None:
    """Make sure that a predicate can be asked of a stream.

    Raises:
        QueryError: When it cannot; see :func:`check_query`.
    """
    leaves = _leaves(predicate)
    if len(leaves) > MOST_LEAVES:
        raise QueryError(
            f"the filter has {len(leaves)} comparisons; it can have {MOST_LEAVES}",
            "test one field for several values with In",
        )
    for leaf in leaves:
        _check_leaf(leaf, schema.field(leaf.field))


def matches_stream(pattern: str, stream: str) -> bool:
    """Tell whether a stream is one that a query's stream, whose environment may be ``*``, means."""
    return stream == pattern or (pattern.endswith("-*") and stream.startswith(pattern[:-1]))


def _check_names(query: Query) -> None:
    names = Counter([*(dimension.name for dimension in query.by), *(named.name for named in query.measures)])
    twice = sorted(name for name, times in names.items() if times > 1)
    if twice:
        raise QueryError(f"two columns of the result are called {twice[0]!r}", "ask for each once, under its own name")


def _leaves(predicate: Predicate) -> list[Comparison]:
    """Return the comparisons of a predicate, level by level: it may nest deeper than Python calls."""
    found: list[Comparison] = []
    level: list[Predicate] = [predicate]
    for _ in range(DEEPEST):
        below: list[Predicate] = []
        for each in level:
            match each:
                case And(parts) | Or(parts):
                    below += parts
                case Not(part):
                    below.append(part)
                case _:
                    found.append(each)
        level = below
        if not level:
            return found
    raise QueryError(f"the filter nests deeper than {DEEPEST} levels", "join nested ands, and nested ors, into one")


def _check_leaf(leaf: Comparison, field: FieldSpec) -> None:
    match leaf:
        case Equals():
            operand(field, leaf.value)
        case In():
            _check_values(leaf, field)
        case Range():
            _check_range(leaf, field)
        case Prefix():
            _check_prefix(leaf, field)
        case Contains():
            _check_contains(leaf, field)
        case Words():
            _check_words(leaf, field)
        case InNetwork():
            _check_addresses(field, "networks")
            parse_network(leaf.network)
        case Exists():
            pass  # every field may be present or absent
        case _:
            assert_never(leaf)


def _check_values(leaf: In, field: FieldSpec) -> None:
    if len(leaf.values) > MOST_VALUES:
        raise QueryError(
            f"{field.name} is compared with {len(leaf.values)} values; it can be with {MOST_VALUES}",
            "ask in several queries",
        )
    for value in leaf.values:
        operand(field, value)


def _check_range(leaf: Range, field: FieldSpec) -> None:
    if field.type not in NUMERIC:
        remedy = ASK_WINDOW if field.type is FieldType.DATE else "ranges are for numbers"
        raise QueryError(f"{field.name} is a {field.type} and has no range", remedy)
    for bound in (leaf.gte, leaf.gt, leaf.lte, leaf.lt):
        if bound is not None and not is_number(bound):
            raise QueryError(f"{shown(bound)} cannot bound {field.name}", "give a finite number")


def _check_prefix(leaf: Prefix, field: FieldSpec) -> None:
    if field.type is not FieldType.KEYWORD:
        raise QueryError(f"{field.name} is a {field.type} and has no prefix", "prefixes are for keywords")
    checked_text(field, leaf.prefix)


def _check_contains(leaf: Contains, field: FieldSpec) -> None:
    if field.type is not FieldType.KEYWORD:
        raise QueryError(f"{field.name} is a {field.type} and is not searched by parts of it", "name a keyword")
    checked_text(field, leaf.text)
    if not 1 <= len(leaf.text) <= MOST_SEARCHED:
        raise QueryError(
            f"{field.name} is searched for a text of {len(leaf.text)} characters",
            f"give 1 to {MOST_SEARCHED}, or compare the whole value with =",
        )


def _check_words(leaf: Words, field: FieldSpec) -> None:
    if field.type is not FieldType.TEXT:
        raise QueryError(f"{field.name} is a {field.type} and has no words", "words are for full text: message")
    checked_text(field, leaf.text)
    words = words_of(leaf.text) if len(leaf.text) <= MOST_PHRASE else []
    if len(leaf.text) > MOST_PHRASE or len(words) > MOST_WORDS:
        raise QueryError(
            f"{field.name} is searched for a text of {len(leaf.text)} characters",
            f"give at most {MOST_PHRASE} characters and {MOST_WORDS} words: a few tell as much",
        )
    if not words:
        raise QueryError(f"there is no word in {leaf.text!r} to search {field.name} for", "give letters or digits")


def _check_dimension(dimension: Dimension, schema: Schema) -> None:
    if isinstance(dimension, Calendar):
        load_zone(dimension.zone)
        return
    field = schema.field(field_of(dimension))
    check_key(field, "group")
    if isinstance(dimension, Network):
        _check_addresses(field, "networks")
    if isinstance(dimension, StatusClass) and field.type not in INTEGRAL:
        raise QueryError(f"{field.name} is a {field.type} and has no classes", "name a field of whole numbers")


def _check_addresses(field: FieldSpec, things: str) -> None:
    if field.type is not FieldType.IP:
        raise QueryError(f"{field.name} is a {field.type} and has no {things}", "name a field of addresses: client.ip")


def _check_top(query: Query, top: Top) -> None:
    if all(isinstance(dimension, Calendar) for dimension in query.by):
        raise QueryError("there are no groups to rank", "group by a field, or leave the limit out")
    if not 1 <= top.limit <= MOST_TOP:
        raise QueryError(f"there is no top {top.limit}", f"ask for 1 to {MOST_TOP} groups, or for all without a limit")
    if top.limit > MOST_TOP_NETWORKS and any(isinstance(dimension, Network) for dimension in query.by):
        raise QueryError(f"there is no top {top.limit} of networks", f"ask for 1 to {MOST_TOP_NETWORKS}, or for all")
    measures = {named.name: named.measure for named in query.measures}
    if top.by not in measures:
        known = ", ".join(sorted(measures)) or "it has none"
        raise QueryError(f"{top.by!r} ranks, but is no measure of the query", f"name one of its measures: {known}")
    if isinstance(measures[top.by], Histogram):
        raise QueryError(f"{top.by!r} is a histogram and cannot rank", "rank by a measure whose value is a number")
