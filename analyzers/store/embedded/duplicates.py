"""Which ids a store already has: exact, whatever their order or age."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from analyzers.store.embedded.columns import ID, quoted
from analyzers.store.embedded.commits import Segment
from analyzers.store.embedded.engine import Engine
from analyzers.store.embedded.statement import Parameters

Key: TypeAlias = tuple[str, str]
"""A stream and an ``_id`` in it."""


class StoredIds:
    """Looks ids up in the segments whose range of ids a batch touches.

    Ids that grow with time (UUIDv7, a file's position) touch few of them.
    """

    def __init__(self, root: Path, engine: Engine) -> None:
        self._root = root
        self._engine = engine

    def among(self, keys: Sequence[Key], segments: Sequence[Segment]) -> set[Key]:
        """Return those keys that are in the segments."""
        wanted: dict[str, list[str]] = {}
        for stream, identity in keys:
            wanted.setdefault(stream, []).append(identity)
        return {(stream, found) for stream, ids in wanted.items() for found in self._stored(stream, ids, segments)}

    def _stored(self, stream: str, ids: list[str], segments: Sequence[Segment]) -> set[str]:
        least, greatest = min(ids), max(ids)
        touched = [
            segment
            for segment in segments
            if segment.stream == stream and segment.least_id <= greatest and least <= segment.greatest_id
        ]
        if not touched:
            return set()
        parameters = Parameters()
        files = parameters.add([str(self._root / segment.path) for segment in touched])
        batch = parameters.add(ids)
        column = quoted(ID)
        sql = (
            f"SELECT {column} FROM read_parquet({files}) "  # noqa: S608 - values are parameters
            f"WHERE {column} IN (SELECT unnest({batch}))"
        )
        return {str(identity) for (identity,) in self._engine.run(parameters.statement(sql), touched)}
