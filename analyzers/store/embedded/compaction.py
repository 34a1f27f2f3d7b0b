"""Merge small segments into large ones: fewer files to open, less room, the same events.

Segments are merged in tiers, each some sixteen times the one below, so that an event is rewritten a few times only.
A day that has been left alone for a while is merged whole.
"""

from __future__ import annotations

import gc
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from analyzers.store.embedded.layout import day_of, number_of
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.segments import NewSegment
from analyzers.store.embedded.settings import Settings
from analyzers.store.embedded.table import full_columns, joined, read_tables

Merge: TypeAlias = tuple[Segment, ...]
"""Segments of one stream, day and layout that become one, in order of time."""


def due_merges(segments: Sequence[Segment], last: int, settings: Settings) -> Iterator[Merge]:
    """Yield the merges that are worth their price now.

    Args:
        segments: All segments of a store.
        last: The number of its newest commit.
        settings: The store's.
    """
    for small in _mergeable(segments, settings.full_rows):
        newest = max(number_of(segment.path) for segment in small)
        if last - newest >= settings.quiet_commits:
            if _worth_settling(small, settings.fan_in):
                yield from _chunks(small, settings.full_rows)
        else:
            yield from _tiers(small, settings)


def all_merges(segments: Sequence[Segment], settings: Settings) -> Iterator[Merge]:
    """Yield the merges that leave as few segments as there can be."""
    for small in _mergeable(segments, settings.full_rows):
        yield from _chunks(small, settings.full_rows)


def merged(root: Path, merge: Merge) -> NewSegment:
    """Read segments, which have been found sound, and return them as one.

    Raises:
        OSError: When one cannot be read.
    """
    tables = read_tables([root / segment.path for segment in merge])
    gc.collect(1)  # what pyarrow knows of a file is large and refers to itself: it would stay until the collector looks
    table, columns = joined([(read, segment.columns) for read, segment in zip(tables, merge, strict=True)])
    first = merge[0]
    return NewSegment(first.stream, day_of(first.path), table, columns, max(segment.written for segment in merge))


def _mergeable(segments: Sequence[Segment], full_rows: int) -> Iterator[list[Segment]]:
    """Yield the small segments of each stream, day and layout, in order of time, where there are two at least."""
    shared = {id(segment.columns): segment.columns for segment in segments}
    layouts = {key: tuple(full_columns(columns).items()) for key, columns in shared.items()}
    groups: dict[tuple[str, str, tuple[tuple[str, str], ...]], list[Segment]] = {}
    for segment in segments:
        if segment.rows < full_rows:
            folder = segment.path.rpartition("/")[0]
            groups.setdefault((segment.stream, folder, layouts[id(segment.columns)]), []).append(segment)
    for group in groups.values():
        if len(group) > 1:
            yield sorted(group, key=lambda segment: (segment.first, segment.path))


def _worth_settling(small: Sequence[Segment], fan_in: int) -> bool:
    """Tell whether a merge would not rewrite a large segment for the sake of a few late events."""
    rows = sorted(segment.rows for segment in small)
    return len(small) >= fan_in or sum(rows[:-1]) * fan_in >= rows[-1]


def _tiers(small: Sequence[Segment], settings: Settings) -> Iterator[Merge]:
    tiers: dict[int, list[Segment]] = {}
    for segment in small:
        tiers.setdefault(int(math.log(max(segment.rows, 1), settings.fan_in)), []).append(segment)
    for tier in tiers.values():
        if len(tier) >= settings.fan_in:
            yield from _chunks(tier, settings.full_rows)


def _chunks(segments: Sequence[Segment], full_rows: int) -> Iterator[Merge]:
    """Yield neighbours in time that together make no more than a full segment."""
    chunk: list[Segment] = []
    rows = 0
    for segment in segments:
        if chunk and rows + segment.rows > full_rows:
            if len(chunk) > 1:
                yield tuple(chunk)
            chunk, rows = [], 0
        chunk.append(segment)
        rows += segment.rows
    if len(chunk) > 1:
        yield tuple(chunk)
