"""A store in memory that keeps the read positions of sources too, as the embedded one does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from analyzers.store.document import Document, SourcePosition, WriteResult
from analyzers.store.memory.store import MemoryStore


class PositionStore(MemoryStore):
    """Satisfies :class:`analyzers.store.interface.KeepsPositions`; :class:`MemoryStore`, like a cluster, does not.

    Args:
        documents: What it holds from the start.
        refuse: Says why a document that is otherwise fine is not taken, or ``None``.

    Attributes:
        positions: Source to the offset up to which it has been read.
    """

    def __init__(
        self, documents: Iterable[Document] = (), *, refuse: Callable[[Document], str | None] | None = None
    ) -> None:
        super().__init__(documents, refuse=refuse)
        self.positions: dict[str, int] = {}

    def append_from(self, documents: Sequence[Document], positions: Sequence[SourcePosition]) -> WriteResult:
        """Write a batch and the positions it brings its sources to, both or neither."""
        with self._guard:
            result = self.append(documents)
            self.positions.update({each.source: each.offset for each in positions})
            return result

    def position(self, source: str) -> int:
        """Return the offset up to which a source has been read; 0 when it is unknown."""
        return self.positions.get(source, 0)
