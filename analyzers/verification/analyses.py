"""The answer of an analysis, as ``--format json`` prints it, derived again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from analyzers.analysis import Analysis, Selection
from analyzers.analysis_json import FORM, Circumstances, analysis_document, lost_object
from analyzers.buckets import buckets
from analyzers.jobs import ANALYSES, queries
from analyzers.selection import parse_dimensions, parse_where, parse_zone
from analyzers.sla.compliance import run as run_sla
from analyzers.sla.contract.model import Contract
from analyzers.sla.contract.serial import from_json, to_json
from analyzers.sla.objectives import DEFAULT_OBJECTIVES, request_objectives
from analyzers.store.document import JsonValue
from analyzers.store.interface import LostEvents, ReportsLosses, Store
from analyzers.store.query import BUCKET, EVERYTHING, Calendar, Top, Window
from analyzers.store.schema import load_schema
from analyzers.thresholds import load_thresholds
from analyzers.verification.estimates import estimates, near_estimates
from analyzers.verification.kinds import Derivation, Events, Kind, Sources, exactly, gone_since
from analyzers.verification.leaves import JsonObject, tokens
from analyzers.verification.naming import against
from analyzers.verification.reading import (
    ReportError,
    instant,
    listed,
    optional_instant,
    optional_text,
    part,
    text,
    texts,
    whole,
)

_NOT_COMPARED: Final = "this store does not tell what it has lost: what the report says of that is not compared"


def _run(name: str, store: Store, selection: Selection, contract: Contract | None) -> Analysis:
    """Run an analysis; no threshold changes a number of its rows."""
    if name == "sla":
        return run_sla(store, selection, DEFAULT_OBJECTIVES if contract is None else request_objectives(contract))
    if name == "queries":
        return queries.run(store, selection)
    if name not in ANALYSES:
        raise ReportError(f"there is no analysis {name!r}", f"it must be one of {', '.join(ANALYSES)}, sla, queries")
    return ANALYSES[name].run(store, selection, load_thresholds("production"))


def derive(document: JsonObject, sources: Sources) -> Derivation:
    """Ask the question of an answer again.

    Raises:
        ReportError: When it lacks a part of the question, or is of an analysis that is not known.
        SelectionError: When a part of the question cannot be read.
        QueryError: When the question cannot be asked.
        StoreError: When the store cannot answer.
        TomlError: When the contract that it carries cannot be read.
    """
    query = part(document, "query")
    selection, made, held = _selection(query), instant(query, "made"), optional_instant(query, "held_since")
    contract = from_json(part(query, "contract")) if "contract" in query else None
    analysis, store = _run(text(query, "analysis"), sources.store, selection, contract), text(query, "store")
    lost = _losses(sources.store, selection, made)
    carried = None if contract is None else to_json(contract)
    found = analysis_document(analysis, Circumstances(store, text(query, "tz"), made, held, lost, carried))
    notes = _keep_losses(document, found, sources.store)
    gone = gone_since(held, sources.store, selection.stream, selection.window)
    if gone:
        names = [dimension.name for dimension in selection.by]
        found["rows"] = _aligned(listed(document, "rows"), listed(found, "rows"), names)
    sides = estimates(store, sources.store.url)
    events = Events(selection.stream, selection.window, selection.where, made, gone)
    return Derivation(
        document=found,
        events_of=lambda _path: (events,),
        time_of=_times(found, selection),
        near=near_estimates(sides) if sides else exactly,
        notes=notes,
        differences=() if contract is None else against(sources.contract, contract, "query"),
    )


ANALYSIS: Final = Kind("answer of an analysis", FORM, ("query",), None, "hash", derive)


def _selection(query: JsonObject) -> Selection:
    stream, where, every = text(query, "stream"), optional_text(query, "where"), optional_text(query, "every")
    schema = load_schema(stream)
    by = parse_dimensions(texts(query, "by"), every, parse_zone(text(query, "tz")), schema)
    window = Window(instant(query, "since"), instant(query, "until"))
    top = Top(whole(query, "top"), text(query, "rank")) if "top" in query else None
    return Selection(window, by, EVERYTHING if where is None else parse_where(where, schema), stream, top)


def _losses(store: Store, selection: Selection, made: datetime) -> tuple[LostEvents, ...]:
    """Return what was lost of the selection's time when the answer was made, as far as the store remembers it."""
    found = store.lost(selection.stream, selection.window) if isinstance(store, ReportsLosses) else ()
    return tuple(each for each in found if each.noticed <= made)


def _keep_losses(document: JsonObject, found: dict[str, JsonValue], store: Store) -> tuple[str, ...]:
    """Take over the losses that cannot be asked for: of another store, or of time around the window.

    An answer about everything in the store tells of losses beyond its first and last event too.
    """
    reported = listed(document, "lost")
    if not isinstance(store, ReportsLosses):
        found.pop("lost", None)
        if "lost" in document:
            found["lost"] = document["lost"]
            return (_NOT_COMPARED,)
        return ()
    known = [lost_object(each) for each in store.lost(text(part(document, "query"), "stream"), _EVER)]
    mine = listed(found, "lost")
    kept = [each for each in known if each in mine or each in reported]
    if kept:
        found["lost"] = list(kept)
    return ()


_EVER: Final = Window(datetime.fromisoformat("0002-01-01T00:00:00Z"), datetime.fromisoformat("9998-01-01T00:00:00Z"))


def _aligned(reported: Sequence[JsonValue], rows: Sequence[JsonValue], names: Sequence[str]) -> list[JsonValue]:
    """Return the rows in the places of the reported rows of the same group, where some of the groups are gone."""
    derived = {_group(row, names): row for row in rows}
    placed: list[JsonValue] = []
    for row in reported:
        key = _group(row, names)
        left = dict(zip(names, key, strict=True))
        placed.append(derived.pop(key, left))
    return [*placed, *derived.values()]


def _group(row: JsonValue, names: Sequence[str]) -> tuple[JsonValue, ...]:
    return tuple(row.get(name) if isinstance(row, dict) else None for name in names)


def _times(found: JsonObject, selection: Selection) -> Callable[[str], Window]:
    """Return what tells the time that a place is about: the bucket of its row, or the whole window."""
    calendar = next((each for each in selection.by if isinstance(each, Calendar)), None)
    parts = {} if calendar is None else buckets(calendar, selection.window)
    rows = listed(found, "rows")

    def time_of(path: str) -> Window:
        steps = tokens(path)
        row = rows[int(steps[1])] if steps[0] == "rows" and len(steps) > 1 and int(steps[1]) < len(rows) else None
        start = row.get(BUCKET) if isinstance(row, dict) else None
        if isinstance(start, str):
            return parts.get(datetime.fromisoformat(start), selection.window)
        return selection.window

    return time_of
