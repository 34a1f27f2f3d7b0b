"""What rules ask a store: rows of requests, of slow statements, of samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from analyzers.fields import HTTP_ROUTE
from analyzers.jobs.job import number
from analyzers.jobs.queries import STATEMENT_STREAM
from analyzers.recommendations.model import Asked
from analyzers.store.query import (
    EVERYTHING,
    And,
    Calendar,
    CalendarUnit,
    Dimension,
    Equals,
    Field,
    Measure,
    NamedMeasure,
    Not,
    Or,
    Predicate,
    Query,
    Top,
)
from analyzers.store.result import Row
from analyzers.store.schema import load_schema

ENOUGH: Final = 20
"""With fewer events a rule says nothing: as few as alerts take by default (``minimum_events`` of ``alerts.toml``), from
which on a 95th percentile is not simply the greatest value."""

_REQUESTS: Final = "logs-web.request"
_STATEMENTS: Final = "logs-sql.query"
_NAMED_OTHERWISE: Final = {HTTP_ROUTE: "sql.endpoint"}
"""What a slow statement calls a field of the request that it belongs to."""


def requests(
    asked: Asked,
    measures: Mapping[str, Measure],
    by: tuple[Dimension, ...] = (),
    where: Predicate = EVERYTHING,
    top: Top | None = None,
) -> tuple[Row, ...]:
    """Return a row for each group of the requests that are asked about."""
    return _rows(asked, _REQUESTS, measures, by, both(asked.where, where), top)


def statements(
    asked: Asked,
    measures: Mapping[str, Measure],
    by: tuple[Dimension, ...] = (),
    where: Predicate = EVERYTHING,
    top: Top | None = None,
) -> tuple[Row, ...]:
    """Return a row for each group of the slow statements of the requests that are asked about.

    Raises:
        QueryError: When the requests are chosen by what a slow statement does not know of its request: see
            :func:`knows_statements`.
    """
    return _rows(asked, _STATEMENTS, measures, by, both(_renamed(asked.where), where), top)


def samples(  # noqa: PLR0913  # a question has that many parts
    asked: Asked,
    dataset: str,
    metricset: str,
    measures: Mapping[str, Measure],
    by: tuple[str, ...] = (),
    where: Predicate = EVERYTHING,
    *,
    every: CalendarUnit | None = None,
) -> tuple[Row, ...]:
    """Return a row for each group of one kind of samples, in ascending order of their keys.

    Args:
        asked: What is looked at.
        dataset: ``host.system``, ``postgresql.server`` or ``redis.server``.
        metricset: ``metricset.name``.
        measures: What to compute.
        by: The fields to group by; samples without one of them are left out.
        where: Which of them.
        every: Cuts the window into parts, in UTC: a row for each that has a sample, in order of time.
    """
    chosen = both(Equals("metricset.name", metricset), where)
    fields: tuple[Dimension, ...] = tuple(Field(name) for name in by)
    parts = () if every is None else (Calendar(every),)
    rows = _rows(asked, f"metrics-{dataset}", measures, (*fields, *parts), chosen, None)
    return tuple(row for row in rows if all(row[name] is not None for name in by))


def knows_statements(asked: Asked) -> bool:
    """Tell whether slow statements know what the requests are chosen by: their service, endpoint, user, trace."""
    known = load_schema(STATEMENT_STREAM).fields
    return all(field in known for field in _fields(_renamed(asked.where)))


def fraction(row: Row, name: str) -> Fraction | None:
    """Return a measured number exactly as the store gave it, ``None`` where nothing was measured."""
    value = number(row, name)
    return None if value is None else Fraction(value)


def total(row: Row, name: str) -> Fraction:
    """Return a sum, nought where no event had the field."""
    return fraction(row, name) or Fraction(0)


def share(part: Fraction, whole: Fraction) -> Fraction:
    """Return a share, at most 1; nought of nothing."""
    return min(part / whole, Fraction(1)) if whole else Fraction(0)


def both(one: Predicate, other: Predicate) -> Predicate:
    """Return the predicate that holds where both do."""
    parts = tuple(each for each in (one, other) if each != EVERYTHING)
    return parts[0] if len(parts) == 1 else And(parts)


def text(row: Row, name: str) -> str:
    """Return a key of a row as text; empty where its events do not have it."""
    value = row[name]
    return "" if value is None else str(value)


def _rows(
    asked: Asked,
    dataset: str,
    measures: Mapping[str, Measure],
    by: tuple[Dimension, ...],
    where: Predicate,
    top: Top | None,
) -> tuple[Row, ...]:
    named = tuple(NamedMeasure(name, measure) for name, measure in measures.items())
    return asked.store.query(Query(f"{dataset}-{asked.environment}", asked.window, named, by, where, top)).rows


def _fields(predicate: Predicate) -> Iterator[str]:
    match predicate:
        case And() | Or():
            for each in predicate.predicates:
                yield from _fields(each)
        case Not():
            yield from _fields(predicate.predicate)
        case _:
            yield predicate.field


def _renamed(predicate: Predicate) -> Predicate:
    match predicate:
        case And() | Or():
            return replace(predicate, predicates=tuple(_renamed(each) for each in predicate.predicates))
        case Not():
            return Not(_renamed(predicate.predicate))
    return replace(predicate, field=_NAMED_OTHERWISE.get(predicate.field, predicate.field))
