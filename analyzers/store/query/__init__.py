"""A query as data: what is asked of a store, independent of the backend that answers.

A :class:`Query` names a stream, a half-open UTC window, a predicate, dimensions and measures. Each backend has a
compiler that turns it into its own language (DuckDB SQL, Elasticsearch aggregations). Field names are stored names
(``http.response.status_code``); aliases are resolved before a query is built.
"""

from __future__ import annotations

from analyzers.store.query.dimensions import (
    BUCKET,
    Calendar,
    CalendarUnit,
    Dimension,
    Field,
    Key,
    Network,
    StatusClass,
)
from analyzers.store.query.measures import (
    Avg,
    Count,
    CountIf,
    DistinctCount,
    Histogram,
    Max,
    Measure,
    Min,
    NamedMeasure,
    Percentile,
    Stored,
    Sum,
)
from analyzers.store.query.predicates import (
    EVERYTHING,
    And,
    Comparison,
    Contains,
    Equals,
    Exists,
    In,
    InNetwork,
    Not,
    Or,
    Predicate,
    Prefix,
    Range,
    Scalar,
    Words,
)
from analyzers.store.query.question import Query, Top
from analyzers.store.query.window import QueryError, Window

__all__ = [
    "BUCKET",
    "EVERYTHING",
    "And",
    "Avg",
    "Calendar",
    "CalendarUnit",
    "Comparison",
    "Contains",
    "Count",
    "CountIf",
    "Dimension",
    "DistinctCount",
    "Equals",
    "Exists",
    "Field",
    "Histogram",
    "In",
    "InNetwork",
    "Key",
    "Max",
    "Measure",
    "Min",
    "NamedMeasure",
    "Network",
    "Not",
    "Or",
    "Percentile",
    "Predicate",
    "Prefix",
    "Query",
    "QueryError",
    "Range",
    "Scalar",
    "StatusClass",
    "Stored",
    "Sum",
    "Top",
    "Window",
    "Words",
]
