"""A store in memory that keeps the promises of ``Store.append``, for tests of what comes before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from analyzers.store.document import Document, Rejection, SourcePosition, WriteResult
from analyzers.store.interface import StoreError
from analyzers.store.query import Query, Window
from analyzers.store.result import Result


def _accept(_document: Document) -> str | None:
    return None


class MemoryStore:
    """Keeps documents by stream and id.

    Args:
        judge: Returns why a document is rejected, or ``None``.
    """

    url = "memory:"

    def __init__(self, judge: Callable[[Document], str | None] = _accept) -> None:
        self.documents: dict[tuple[str, str], Document] = {}
        self._judge = judge

    def append(self, documents: Sequence[Document]) -> WriteResult:
        """Write a batch."""
        rejected = [Rejection(each, reason) for each in documents if (reason := self._judge(each)) is not None]
        taken = [each for each in documents if self._judge(each) is None]
        before = len(self.documents)
        for each in taken:
            self.documents.setdefault((each.stream, each.id), each)
        stored = len(self.documents) - before
        return WriteResult(stored, len(taken) - stored, tuple(rejected))

    def query(self, query: Query) -> Result:
        """Refuse: nothing here asks."""
        raise StoreError(f"{query} is not answered")

    def extent(self, stream: str) -> Window | None:
        """Refuse: nothing here asks."""
        raise StoreError(f"the extent of {stream} is not known")

    def close(self) -> None:
        """Do nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class PositionStore(MemoryStore):
    """A store that keeps read positions too."""

    def __init__(self) -> None:
        super().__init__()
        self.positions: dict[str, int] = {}

    def append_from(self, documents: Sequence[Document], positions: Sequence[SourcePosition]) -> WriteResult:
        """Write a batch and positions."""
        result = self.append(documents)
        self.positions.update({each.source: each.offset for each in positions})
        return result

    def position(self, source: str) -> int:
        """Return how far a source has been read."""
        return self.positions.get(source, 0)
