"""A month's figures, from evidence and by SQL over a Parquet file of the same events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import duckdb

from analyzers.sla.evidence import Evidence
from analyzers.store.query import Window
from benchmarks.sla.events import MONTH

THRESHOLDS: Final = (500, 2_000, 10_000)
_DAY: Final = timedelta(days=1)
_DAYS: Final = tuple(Window(MONTH.start + day * _DAY, MONTH.start + (day + 1) * _DAY) for day in range(31))
_WITHIN: Final = "timestamp >= '2025-03-01' AND timestamp < '2025-04-01'"
_UNDER: Final = ", ".join(f"count(*) FILTER (WHERE seconds < {edge / 1_000})" for edge in THRESHOLDS)


class Figures(NamedTuple):
    """What a month's objectives are judged by.

    Attributes:
        days: Of each day: its start, requests, failed ones, timed ones, and those under each threshold.
        minutes: Of each minute: its start, requests and failed ones.
    """

    days: tuple[tuple[object, ...], ...]
    minutes: tuple[tuple[datetime, int, int], ...]


def by_evidence(evidence: Evidence) -> Figures:
    """Ask evidence."""
    series = evidence.series(_DAYS, None, THRESHOLDS)
    days = [(window.start, each.total, each.errors, each.measured, *each.under.values()) for window, each in series]
    minutes = [(each.start, each.total, each.errors) for each in evidence.minutes(MONTH, None)]
    return Figures(tuple(days), tuple(minutes))


def by_sql(connection: duckdb.DuckDBPyConnection, parquet: Path) -> Figures:
    """Ask DuckDB."""
    source = f"FROM read_parquet('{parquet}') WHERE {_WITHIN} GROUP BY 1 ORDER BY 1"
    failed = "count(*) FILTER (WHERE status >= 500)"
    days = connection.execute(
        f"SELECT date_trunc('day', timestamp), count(*), {failed}, count(seconds), {_UNDER} {source}"
    ).fetchall()
    minutes = connection.execute(f"SELECT date_trunc('minute', timestamp), count(*), {failed} {source}").fetchall()
    return Figures(
        tuple((datetime(start.year, start.month, start.day, tzinfo=UTC), *rest) for start, *rest in days),
        tuple((start.replace(tzinfo=UTC), total, errors) for start, total, errors in minutes),
    )


def check_equal(*answers: Figures) -> None:
    """Make sure that all figures are the same.

    Raises:
        ValueError: When they are not; it says where.
    """
    first = answers[0]
    for other in answers[1:]:
        for name, ours, theirs in zip(Figures._fields, first, other, strict=True):
            if ours != theirs:
                differing = [pair for pair in zip(ours, theirs, strict=False) if pair[0] != pair[1]]
                raise ValueError(f"{name} differ: {len(ours)} and {len(theirs)}, first {differing[:1]}")
