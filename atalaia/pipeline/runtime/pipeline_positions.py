"""How far a pipeline has read a source, as the store knows it.

Two pipelines may read the same file into one store, one faster than the other: each has positions of its own. The ids
of events do not depend on it, so that what both read is one event.
"""

from __future__ import annotations

from dataclasses import dataclass

from analyzers.store.document import SourcePosition
from atalaia.pipeline.runtime.shared_store import SharedStore


def kept_for(pipeline: str, position: SourcePosition) -> SourcePosition:
    """Return a pipeline's position as the store keeps it."""
    return SourcePosition(_name(pipeline, position.source), position.offset)


@dataclass(frozen=True, slots=True)
class PipelinePositions:
    """The positions of one pipeline.

    Attributes:
        pipeline: Its id.
        store: Where they are kept, with the events.
    """

    pipeline: str
    store: SharedStore

    def position(self, source: str) -> int:
        """Return the offset up to which a source's events are durable; 0 when it is unknown."""
        return self.store.position(_name(self.pipeline, source))


def _name(pipeline: str, source: str) -> str:
    return f"{pipeline}/{source}"
