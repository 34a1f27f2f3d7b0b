"""An analysis as JSON: the question, everything needed to ask it again, and the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias, cast

from analyzers.analysis import Analysis
from analyzers.question import instant_text, question_hash
from analyzers.sampling import as_object
from analyzers.selection import print_where
from analyzers.store.document import JsonValue
from analyzers.store.interface import LostEvents
from analyzers.store.query import EVERYTHING, Calendar
from analyzers.store.result import Value

FORM: Final = 1
"""The version of the form. A later one may say more, or say it otherwise."""

_Object: TypeAlias = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an answer depends on beside its question.

    Attributes:
        store: How a person names the store, without credentials.
        zone: The zone of the calendar, by its IANA name.
        made: When it was asked.
        held_since: The first event of the stream then; ``None`` when there was none. Events that are missing later
            can so be told from events that never were.
        lost: What the disk took from the store and may have been among the events.
        contract: The contract that it was judged by, as JSON; ``None`` for an analysis that needs none.
    """

    store: str
    zone: str
    made: datetime
    held_since: datetime | None
    lost: Sequence[LostEvents] = ()
    contract: Mapping[str, object] | None = None


def analysis_document(analysis: Analysis, circumstances: Circumstances) -> _Object:
    """Return the one object ``{"query": {…}, "rows": [{…}]}``.

    What the disk took from the store and may have been among the events stands beside them as ``"lost": [{…}]``, what
    sampled requests were told from as ``"sampled": {…}``. With ``--top`` there are ``"rest": [{…}]``, the measures of
    all other groups together, and ``"others"``, how many those are.
    """
    query = _query(analysis, circumstances)
    rows = [{column.name: json_cell(row[column.name]) for column in analysis.columns} for row in analysis.rows]
    found: _Object = {"query": {**query, "hash": question_hash(query)}, "rows": cast("list[JsonValue]", rows)}
    if analysis.selection.top is not None:
        keys = keys_in(analysis)
        names = [column.name for column in analysis.columns if column.name not in keys]
        found["rest"] = [{name: json_cell(row[name]) for name in names} for row in analysis.rest]
        found["others"] = analysis.others
    if circumstances.lost:
        found["lost"] = [lost_object(each) for each in circumstances.lost]
    if analysis.sampling is not None:
        found["sampled"] = as_object(analysis.sampling)
    return found


def keys_in(analysis: Analysis) -> list[str]:
    """Return the names of an analysis' dimensions but for the calendar."""
    return [dimension.name for dimension in analysis.selection.by if not isinstance(dimension, Calendar)]


def json_cell(value: Value) -> JsonValue:
    """Return a cell as JSON says it: a bucket is its start with the zone's offset, a histogram a list."""
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def lost_object(lost: LostEvents) -> _Object:
    """Return what was lost as JSON says it."""
    return {
        "stream": lost.stream,
        "events": lost.events,
        "first": instant_text(lost.first),
        "last": instant_text(lost.last),
        "noticed": instant_text(lost.noticed),
    }


def _query(analysis: Analysis, circumstances: Circumstances) -> _Object:
    selection, held_since = analysis.selection, circumstances.held_since
    calendar = next((dimension for dimension in selection.by if isinstance(dimension, Calendar)), None)
    return {
        "analysis": analysis.name,
        "form": FORM,
        "stream": selection.stream,
        "since": instant_text(selection.window.start),
        "until": instant_text(selection.window.end),
        "by": list(keys_in(analysis)),
        "every": calendar.unit.value if calendar else None,
        **({} if selection.top is None else {"top": selection.top.limit, "rank": selection.top.by}),
        "tz": circumstances.zone,
        "where": None if selection.where == EVERYTHING else print_where(selection.where),
        "store": circumstances.store,
        "made": instant_text(circumstances.made),
        "held_since": None if held_since is None else instant_text(held_since),
        **({} if circumstances.contract is None else {"contract": cast("_Object", circumstances.contract)}),
    }
