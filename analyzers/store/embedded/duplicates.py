"""Which ids a store already has: exact, whatever their order or age, in bounded memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias, cast

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq
import xxhash

from analyzers.store.embedded.batch import Key
from analyzers.store.embedded.columns import ID, quoted
from analyzers.store.embedded.engine import Engine
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.statement import Parameters

Hashes: TypeAlias = npt.NDArray[np.uint64]

_IDLE: Final = 64
"""Batches after which hashes that none of them needed may go."""


@dataclass(frozen=True, slots=True)
class _Known:
    """The sorted hashes of a segment's ids, and the look-up that needed them last."""

    hashes: Hashes
    needed: int


class StoredIds:
    """Looks ids up in the segments whose range of ids a batch touches.

    Ids that grow with time (UUIDv7) touch few of them. Others (an access log's positions, random ids) touch many:
    sorted hashes of a segment's ids tell at once that it has none of a batch; only when one agrees are the ids read.

    Args:
        root: The store's directory.
        engine: Reads segments.
        most: How many hashes are kept, at most.
        idle: How many are kept although no batch has needed them for long.
    """

    def __init__(self, root: Path, engine: Engine, most: int, idle: int) -> None:
        self._root = root
        self._engine = engine
        self._most = most
        self._idle = idle
        self._kept = 0
        self._lookups = 0
        self._hashes: OrderedDict[str, _Known] = OrderedDict()  # the one that was needed last comes last

    @property
    def kept(self) -> int:
        """How many hashes are kept, of eight bytes each."""
        return self._kept

    def among(self, ids: Mapping[str, Sequence[str]], segments: Sequence[Segment]) -> set[Key]:
        """Return those ids that are in the segments.

        Args:
            ids: Stream to ids.
            segments: All segments of the store.

        Raises:
            StoreError: When a segment that may have one of them is damaged.
        """
        found = {(stream, each) for stream, wanted in ids.items() for each in self._stored(stream, wanted, segments)}
        self._lookups += 1
        self._drop_idle()
        return found

    def learn(self, segment: Segment, ids: Sequence[str]) -> None:
        """Remember the ids of a segment that was just written: the next batch is likely to touch it."""
        self._keep(segment, _hashed(ids))

    def replace(self, removed: Sequence[Segment], new: Sequence[Segment]) -> None:
        """Follow a change: what is known of the segments that go is known of the one they are merged into."""
        known = [self._hashes[segment.path].hashes for segment in removed if segment.path in self._hashes]
        if len(new) == 1 and sum(len(hashes) for hashes in known) == new[0].rows:
            merged = np.concatenate(known)
            merged.sort()
            self._keep(new[0], merged)
        self.forget([segment.path for segment in removed])

    def forget(self, paths: Sequence[str]) -> None:
        """Drop what is known of segments that are no more."""
        for path in paths:
            dropped = self._hashes.pop(path, None)
            if dropped is not None:
                self._kept -= len(dropped.hashes)

    def _stored(self, stream: str, ids: Sequence[str], segments: Sequence[Segment]) -> set[str]:
        touched = [segment for segment in segments if segment.stream == stream]
        if not ids or not touched:
            return set()
        least, greatest = min(ids), max(ids)
        touched = [each for each in touched if each.least_id <= greatest and least <= each.greatest_id]
        suspected = list(self._suspected(ids, touched))
        return self._read(ids, suspected) if suspected else set()

    def _suspected(self, ids: Sequence[str], touched: Sequence[Segment]) -> Iterator[Segment]:
        """Yield the segments that have one of the ids, or, once in a billion batches, seem to; none is missed."""
        if not touched:
            return
        wanted = _hashed(ids)
        room = sum(segment.rows for segment in touched) <= self._most
        for segment in touched:
            known = self._known(segment) if room or segment.path in self._hashes else None
            if known is None or _meet(known, wanted):
                yield segment

    def _known(self, segment: Segment) -> Hashes:
        known = self._hashes.get(segment.path)
        if known is not None:
            hashes = known.hashes
        else:
            self._engine.check([segment])
            column = pq.read_table(self._root / segment.path, columns=[ID]).column(ID)
            hashes = _hashed(cast("list[str]", column.to_pylist()))
        self._keep(segment, hashes)
        return hashes

    def _keep(self, segment: Segment, hashes: Hashes) -> None:
        self.forget([segment.path])
        self._hashes[segment.path] = _Known(hashes, self._lookups)
        self._kept += len(hashes)
        while self._kept > self._most and len(self._hashes) > 1:
            self.forget([next(iter(self._hashes))])

    def _drop_idle(self) -> None:
        """Forget what no batch has needed for long: ids that grow with time never need more than the newest."""
        while self._kept > self._idle:
            path, known = next(iter(self._hashes.items()))
            if self._lookups - known.needed < _IDLE:
                return
            self.forget([path])

    def _read(self, ids: Sequence[str], segments: Sequence[Segment]) -> set[str]:
        parameters = Parameters()
        files = parameters.add([str(self._root / segment.path) for segment in segments])
        batch = parameters.add(list(ids))
        column = quoted(ID)
        sql = (
            f"SELECT {column} FROM read_parquet({files}) "  # noqa: S608 - values are parameters
            f"WHERE {column} IN (SELECT unnest({batch}))"
        )
        return {str(identity) for (identity,) in self._engine.run(parameters.statement(sql), segments)}


def _hashed(ids: Sequence[str]) -> Hashes:
    digest = xxhash.xxh3_64_intdigest
    found = np.fromiter((digest(identity.encode()) for identity in ids), np.uint64, len(ids))
    found.sort()
    return found


def _meet(known: Hashes, wanted: Hashes) -> bool:
    """Tell whether two sorted arrays have a value in common."""
    places = np.searchsorted(known, wanted)
    inside = places < len(known)
    return bool((known[places[inside]] == wanted[inside]).any())
