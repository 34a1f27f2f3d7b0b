"""A query as data: what is asked of a store, independent of the backend that answers.

A :class:`Query` names a stream, a half-open UTC window, a predicate, dimensions and measures. Each backend has a
compiler that turns it into its own language (DuckDB SQL, Elasticsearch aggregations). Field names are stored names
(``http.response.status_code``); aliases are resolved before a query is built.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from logging_lib.errors import AtalaiaError

Scalar: TypeAlias = str | int | float | bool
"""A value a field can be compared with. Instants are compared through the window, not through predicates."""


class QueryError(AtalaiaError):
    """The query cannot be asked: an unknown field, a value of the wrong type, an empty window."""


@dataclass(frozen=True, slots=True)
class Window:
    """The half-open span of time ``[start, end)``, both aware and in UTC.

    Raises:
        QueryError: When a bound is naive or the window is empty or reversed.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.utcoffset() != timedelta(0) or self.end.utcoffset() != timedelta(0):
            raise QueryError(f"the window {self.start} to {self.end} is not in UTC", "pass aware datetimes in UTC")
        if self.start >= self.end:
            raise QueryError(
                f"the window from {self.start.isoformat()} to {self.end.isoformat()} is empty",
                "give an end after the start",
            )

    @property
    def length(self) -> timedelta:
        """The elapsed time from start to end."""
        return self.end - self.start


# --- predicates -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Equals:
    """The field is present and has this value (for a list field: contains it)."""

    field: str
    value: Scalar


@dataclass(frozen=True, slots=True)
class In:
    """The field is present and has one of these values."""

    field: str
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """The field is present and lies between the bounds; a bound of ``None`` is open.

    Attributes:
        gte: Inclusive lower bound.
        gt: Exclusive lower bound.
        lte: Inclusive upper bound.
        lt: Exclusive upper bound.
    """

    field: str
    gte: float | None = None
    gt: float | None = None
    lte: float | None = None
    lt: float | None = None


@dataclass(frozen=True, slots=True)
class Prefix:
    """The keyword field is present and starts with this text (case-sensitive)."""

    field: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Exists:
    """The field is present and not null."""

    field: str


@dataclass(frozen=True, slots=True)
class And:
    """All hold; the empty conjunction is true."""

    predicates: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one holds; the empty disjunction is false."""

    predicates: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The predicate does not hold. Two-valued: an absent field makes ``Equals`` false, so ``Not(Equals)`` true."""

    predicate: Predicate


Predicate: TypeAlias = Equals | In | Range | Prefix | Exists | And | Or | Not

EVERYTHING = And(())
"""The predicate that every event satisfies."""


# --- dimensions -----------------------------------------------------------------------------------------------------


class CalendarUnit(StrEnum):
    """A calendar bucket. Weeks start on Monday (ISO 8601); minutes are fixed steps of 60 seconds."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Field:
    """Group by the value of a field; events without it form a group of their own whose key is ``None``."""

    name: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Group by calendar buckets in a named time zone (IANA), following its daylight saving."""

    unit: CalendarUnit
    zone: str = "UTC"

    @property
    def name(self) -> str:
        """The name of this dimension in a row."""
        return BUCKET


BUCKET = "bucket"

Dimension: TypeAlias = Field | Calendar


# --- measures -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Count:
    """The number of events."""


@dataclass(frozen=True, slots=True)
class CountIf:
    """The number of events for which the predicate holds."""

    predicate: Predicate


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of a numeric field over the events that have it; ``None`` where none has."""

    field: str


@dataclass(frozen=True, slots=True)
class Avg:
    """The mean of a numeric field over the events that have it; ``None`` where none has."""

    field: str


@dataclass(frozen=True, slots=True)
class Min:
    """The least value of a numeric field; ``None`` where no event has it."""

    field: str


@dataclass(frozen=True, slots=True)
class Max:
    """The greatest value of a numeric field; ``None`` where no event has it."""

    field: str


@dataclass(frozen=True, slots=True)
class Percentile:
    """The nearest-rank percentile of a numeric field over the raw values; ``None`` where no event has it.

    Attributes:
        percent: Between 0 (exclusive) and 100 (inclusive). The rank is ``ceil(percent / 100 * n)``.
    """

    field: str
    percent: float


Measure: TypeAlias = Count | CountIf | Sum | Avg | Min | Max | Percentile


@dataclass(frozen=True, slots=True)
class NamedMeasure:
    """A measure and the name its value has in a row."""

    name: str
    measure: Measure


@dataclass(frozen=True, slots=True)
class Query:
    """One question.

    Attributes:
        stream: A data stream, ``<type>-<dataset>-<environment>``; the environment may be ``*``.
        window: Which events, by ``@timestamp``.
        measures: What to compute for each group, in the order of the columns.
        by: How to group; empty for one row over everything (present even when no event matches).
        where: Which events count.
    """

    stream: str
    window: Window
    measures: tuple[NamedMeasure, ...]
    by: tuple[Dimension, ...] = ()
    where: Predicate = EVERYTHING
