"""Throughput: how many requests a second."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from analyzers.analysis import Analysis, Selection, State, Unit
from analyzers.buckets import buckets
from analyzers.jobs.job import REQUESTS, columns, count, keys_of, measured, sampling
from analyzers.numbers import counted
from analyzers.store.interface import Store
from analyzers.store.query import BUCKET, Calendar
from analyzers.store.result import Row
from analyzers.thresholds import Thresholds


def run(store: Store, selection: Selection, thresholds: Thresholds) -> Analysis:
    """Count requests, and divide by the elapsed seconds of the window, or of the part of a bucket that lies in it.

    No threshold of ``thresholds`` is about throughput: the state is met where requests were recorded, and unmeasured
    where none were, because silence may be an outage.
    """
    del thresholds  # every analysis has one signature
    found = measured(store, selection, (REQUESTS,))
    total = found.total
    lengths = _lengths(selection)
    requests = count(total, "requests")
    return Analysis(
        name="throughput",
        selection=selection,
        columns=columns(selection, ("requests", Unit.COUNT), ("requests_per_second", Unit.PER_SECOND)),
        rows=tuple(_row(selection, row, lengths) for row in found.rows),
        rest=tuple(_row(selection, row, lengths) for row in found.rest),
        others=found.others,
        total=_row(Selection(selection.window), total, {}),
        state=State.MET if requests else State.UNMEASURED,
        verdict=_verdict(requests, selection.window.length),
        sampling=sampling(store, selection, total),
    )


def _verdict(requests: int, length: timedelta) -> str:
    if not requests:
        return "throughput unmeasured: no requests in this window"
    rate = requests / length.total_seconds()
    return f"throughput: {counted(requests, 'request')}, {rate:,.3g} a second over {length} (no threshold applies)"


def _row(selection: Selection, row: Row, lengths: Mapping[datetime, timedelta]) -> Row:
    requests, bucket = count(row, "requests"), row.get(BUCKET)
    length = lengths[bucket.astimezone(UTC)] if isinstance(bucket, datetime) else selection.window.length
    measures = {"requests": requests, "requests_per_second": requests / length.total_seconds()}
    return {**keys_of(selection, row), **measures}


def _lengths(selection: Selection) -> Mapping[datetime, timedelta]:
    """Return the elapsed time of each bucket inside the window."""
    calendars = (dimension for dimension in selection.by if isinstance(dimension, Calendar))
    return {start: part.length for calendar in calendars for start, part in buckets(calendar, selection.window).items()}
