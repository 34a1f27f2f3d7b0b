"""Read documents in order of time, a slice at a time, however many segments overlap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final, cast

from analyzers.fields import TIMESTAMP
from analyzers.store.document import Document
from analyzers.store.embedded.columns import quoted
from analyzers.store.embedded.engine import Engine
from analyzers.store.embedded.predicates import PredicateCompiler
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.relation import RAW_COLUMNS, beside, fields_in, relation
from analyzers.store.embedded.rows import documents_of
from analyzers.store.embedded.slices import Slice, cut
from analyzers.store.embedded.statement import Parameters
from analyzers.store.instants import to_millis_up
from analyzers.store.interface import StoreError
from analyzers.store.query import Window
from analyzers.store.schema import FieldSpec, Schema
from analyzers.store.selection import Place, Selection
from analyzers.store.zones import DAY

MOST_ROWS: Final = 4_096
"""Documents that are held at a time, unless one millisecond has more."""

_LEAST_ROWS: Final = 32
"""Documents that are read at a time at least: fewer would be read no faster."""
_INSTANT: Final = "place @timestamp"


class DocumentReader:
    """Reads the documents of selections.

    Args:
        root: The store's directory.
        engine: What reads segments.
        segments: Lists the segments of a stream, or of all environments of one, as they are now.
    """

    def __init__(self, root: Path, engine: Engine, segments: Callable[[str], Sequence[Segment]]) -> None:
        self._root = root
        self._engine = engine
        self._segments = segments

    def read(self, selection: Selection, schema: Schema) -> Iterator[Document]:
        """Yield the documents of a selection that can be asked for.

        They are of the moment when the first one is read. When segments are merged into others or expire meanwhile,
        reading goes on behind the last document in what the store consists of then.

        Raises:
            StoreError: When a segment is damaged or missing.
        """
        left = selection.limit
        while True:
            segments = self._segments(selection.stream)
            try:
                for place, document in self._placed(replace(selection, limit=left), schema, segments):
                    yield document
                    selection = replace(selection, after=place)
                    left = None if left is None else left - 1
            except StoreError:
                if not self._has_moved_on(selection.stream, segments):
                    raise
            else:
                return

    def _has_moved_on(self, stream: str, segments: Sequence[Segment]) -> bool:
        """Tell whether the store does without a segment now that it had before."""
        return not {each.path for each in segments} <= {each.path for each in self._segments(stream)}

    def _placed(
        self, selection: Selection, schema: Schema, segments: Sequence[Segment]
    ) -> Iterator[tuple[Place, Document]]:
        window = selection.reach
        if window is None or selection.limit == 0:
            return iter(())
        reading = _Reading(self._root, self._engine, selection, schema, window)
        return islice(reading.documents(segments), selection.limit)


class _Reading:
    """One pass over segments that do not change."""

    def __init__(self, root: Path, engine: Engine, selection: Selection, schema: Schema, window: Window) -> None:
        self._root = root
        self._engine = engine
        self._selection = selection
        self._schema = schema
        self._fields: Sequence[FieldSpec] = list(schema.fields.values())
        self._whole = Slice(to_millis_up(window.start), to_millis_up(window.end))

    def documents(self, segments: Sequence[Segment]) -> Iterator[tuple[Place, Document]]:
        limit = self._selection.limit
        # Slices end with whole seconds, and hold less than they may: one of twice as many mostly is enough.
        most = MOST_ROWS if limit is None else min(max(2 * limit, _LEAST_ROWS), MOST_ROWS)
        newest_first = self._selection.newest_first
        for start, day in self._days(segments):
            whole = Slice(max(start, self._whole.start), min(start + DAY, self._whole.end))
            rows = sum(segment.rows for segment in day)
            tally = self._tally_of(day)
            for part in cut(whole, rows, most, tally, newest_first=newest_first):
                yield from self._sorted(part, _touching(part, day))

    def _days(self, segments: Sequence[Segment]) -> list[tuple[int, list[Segment]]]:
        """Return the days' first milliseconds and segments, in the order that is asked for."""
        days: dict[int, list[Segment]] = {}
        for segment in _touching(self._whole, segments):
            for day in range(segment.first // DAY, segment.last // DAY + 1):
                days.setdefault(day * DAY, []).append(segment)
        return sorted(days.items(), reverse=self._selection.newest_first)

    def _tally_of(self, segments: Sequence[Segment]) -> Callable[[Slice, int], Mapping[int, int]]:
        def tally(part: Slice, step: int) -> Mapping[int, int]:
            touched = _touching(part, segments)
            parameters = Parameters()
            where = self._where(part, parameters)
            source = relation(self._root, touched, fields_in(self._schema, where), parameters)
            place = f"({quoted(TIMESTAMP)} - {parameters.add(part.start)}) // {parameters.add(step)}"
            # Every part is ours: names quoted from the schema, values as parameters.
            sql = f"SELECT {place}, count(*) FROM {source} WHERE {where} GROUP BY 1"  # noqa: S608 - see above
            rows = cast("list[tuple[int, int]]", self._engine.run(parameters.statement(sql), touched))
            return dict(rows)

        return tally

    def _sorted(self, part: Slice, segments: Sequence[Segment]) -> list[tuple[Place, Document]]:
        found = [each for alike in _alike(segments) for each in self._read(part, alike)]
        return sorted(found, key=lambda each: each[0], reverse=self._selection.newest_first)

    def _read(self, part: Slice, alike: Sequence[Segment]) -> list[tuple[Place, Document]]:
        """Return the documents of segments of one stream and layout in a slice."""
        stream, parameters = alike[0].stream, Parameters()
        source = beside(self._root, alike, self._fields, parameters)
        columns = f"{quoted(TIMESTAMP)} AS {quoted(_INSTANT)}, {RAW_COLUMNS}"
        # Every part is ours: names quoted from the schema, values as parameters.
        sql = f"SELECT {columns} FROM {source} WHERE {self._where(part, parameters)}"  # noqa: S608 - see above
        table = self._engine.table(parameters.statement(sql), alike)
        instants = cast("list[int]", table.column(_INSTANT).to_pylist())
        documents = documents_of(table.drop_columns([_INSTANT]), stream, alike[0].columns)
        placed = [(Place(at, each.id, stream), each) for at, each in zip(instants, documents, strict=True)]
        return [each for each in placed if self._selection.beyond(each[0])]

    def _where(self, part: Slice, parameters: Parameters) -> str:
        instant = quoted(TIMESTAMP)
        start, end = parameters.add(part.start), parameters.add(part.end)
        predicate = PredicateCompiler(self._schema, parameters).compile(self._selection.where)
        return f"{instant} >= {start} AND {instant} < {end} AND {predicate}"


def _touching(part: Slice, segments: Sequence[Segment]) -> list[Segment]:
    return [segment for segment in segments if segment.first < part.end and part.start <= segment.last]


def _alike(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Return the segments apart by stream and layout."""
    groups: dict[tuple[str, tuple[tuple[str, str], ...]], list[Segment]] = {}
    for segment in segments:
        groups.setdefault((segment.stream, tuple(segment.columns.items())), []).append(segment)
    return list(groups.values())
