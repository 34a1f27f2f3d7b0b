"""An analysis for programs: JSON and CSV, every number at full precision."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from analyzers.analysis import Analysis
from analyzers.sampling import as_object
from analyzers.selection import print_where
from analyzers.store.interface import LostEvents
from analyzers.store.query import EVERYTHING, Calendar
from analyzers.store.result import Value

Cell: TypeAlias = str | int | float | bool | tuple[int, ...] | None


def rfc3339(instant: datetime) -> str:
    """Return an instant with its own offset; UTC as ``Z``, sub-seconds only where there are any."""
    text = instant.isoformat()
    return text.removesuffix("+00:00") + "Z" if instant.tzinfo is UTC else text


def as_json(analysis: Analysis, *, store: str, zone: str, lost: Sequence[LostEvents] = ()) -> str:
    """Return the one object ``{"query": {…}, "rows": [{…}]}``, in ASCII, whatever the terminal's encoding.

    What the disk took from the store and may have been among the events stands beside them as ``"lost": [{…}]``, what
    sampled requests were told from as ``"sampled": {…}``.

    Args:
        analysis: The answer.
        store: How a person names the store, without credentials.
        zone: The zone of the calendar, by its IANA name.
        lost: What was lost.
    """
    rows = [{column.name: _cell(row[column.name]) for column in analysis.columns} for row in analysis.rows]
    found: dict[str, object] = {"query": _query(analysis, store=store, zone=zone), "rows": rows}
    if lost:
        found["lost"] = [_lost(each) for each in lost]
    if analysis.sampling is not None:
        found["sampled"] = as_object(analysis.sampling)
    return dumped(found)


def as_csv(analysis: Analysis) -> str:
    """Return a header and the rows under the same names as in JSON; nothing stands where there is no value."""
    names = [column.name for column in analysis.columns]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(row[name]) for name in names] for row in analysis.rows)
    return text.getvalue().removesuffix("\n")


def dumped(value: Mapping[str, object]) -> str:
    """Return a JSON object as this program prints it: indented, ASCII, no NaN."""
    return json.dumps(value, indent=2, allow_nan=False)


def _query(analysis: Analysis, *, store: str, zone: str) -> dict[str, str | Sequence[str] | None]:
    selection = analysis.selection
    calendar = next((dimension for dimension in selection.by if isinstance(dimension, Calendar)), None)
    return {
        "stream": selection.stream,
        "since": rfc3339(selection.window.start.astimezone(UTC)),
        "until": rfc3339(selection.window.end.astimezone(UTC)),
        "by": [dimension.name for dimension in selection.by if not isinstance(dimension, Calendar)],
        "every": calendar.unit.value if calendar else None,
        "tz": zone,
        "where": None if selection.where == EVERYTHING else print_where(selection.where),
        "store": store,
    }


def _cell(value: Value) -> Cell:
    return value.isoformat() if isinstance(value, datetime) else value


def _lost(lost: LostEvents) -> dict[str, str | int]:
    return {
        "stream": lost.stream,
        "events": lost.events,
        "first": rfc3339(lost.first),
        "last": rfc3339(lost.last),
        "noticed": rfc3339(lost.noticed),
    }
