"""What every store can do. A backend is a folder beside this file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self, runtime_checkable

from analyzers.store.document import Document, SourcePosition, WriteResult
from analyzers.store.query import Query, Window
from analyzers.store.result import Result
from analyzers.store.selection import Selection
from logging_lib.errors import AtalaiaError


class StoreError(AtalaiaError):
    """The store cannot be opened, read or written."""


class Store(Protocol):
    """A place where documents are kept and queries are answered."""

    @property
    def url(self) -> str:
        """How a person names this store: a directory, or an ``http(s)://`` address without credentials."""
        ...

    def append(self, documents: Sequence[Document]) -> WriteResult:
        """Write a batch; when this returns, what it counts as stored is durable.

        Raises:
            StoreError: When the store as a whole cannot take the batch (then none of it counts as acknowledged).
        """
        ...

    def query(self, query: Query) -> Result:
        """Answer a query.

        Raises:
            QueryError: When the query names an unknown field or compares it with a value of the wrong type.
            StoreError: When the store cannot answer.
        """
        ...

    def extent(self, stream: str) -> Window | None:
        """Return the least window holding every event of the stream, or ``None`` when it has none.

        ``end`` is the last event's instant rounded up to the next whole second, and later than it.
        """
        ...

    def documents(self, selection: Selection) -> Iterator[Document]:
        """Yield the documents of a selection in its order, as they were written.

        They are of the moment when the first one is read; only where an embedded store is compacted meanwhile, what is
        left to read is of a later one. Memory stays bounded however many they are: a page is held, and the documents
        of one millisecond. Streams of several environments are one sequence.

        Raises:
            QueryError: As :meth:`query`.
            StoreError: When the store cannot answer, or can no longer: then the iteration ends with it.
        """
        ...

    def streams(self) -> tuple[str, ...]:
        """Return the names of all data streams that have an event, sorted.

        Only those that our templates are for: a cluster's other streams are not ours.
        """
        ...

    def close(self) -> None:
        """Release what is held; the store is not used afterwards."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


@runtime_checkable
class KeepsPositions(Protocol):
    """An optional ability: the read positions of sources are kept with the events, in one commit."""

    def append_from(self, documents: Sequence[Document], positions: Sequence[SourcePosition]) -> WriteResult:
        """Write a batch and the positions it brings its sources to, both or neither."""
        ...

    def position(self, source: str) -> int:
        """Return the offset up to which a source has been read; 0 when it is unknown."""
        ...


@dataclass(frozen=True, slots=True)
class LostEvents:
    """Events that a store had and has no longer, because the disk damaged them; nobody has said they are back.

    Attributes:
        stream: Their data stream.
        events: How many.
        first: None of them is before this instant.
        last: None is after this one.
        noticed: When that came to light.
    """

    stream: str
    events: int
    first: datetime
    last: datetime
    noticed: datetime


@runtime_checkable
class ReportsLosses(Protocol):
    """An optional ability: the store remembers what the disk took from it, so that no answer is silently too small."""

    def lost(self, stream: str, window: Window) -> tuple[LostEvents, ...]:
        """Return what was lost of a stream, whose environment may be ``*``, and may have been in a window."""
        ...


@runtime_checkable
class ListsPositions(Protocol):
    """An optional ability: all read positions that a store keeps can be listed."""

    @property
    def positions(self) -> Mapping[str, int]:
        """All sources and the offsets up to which they have been read, as of now."""
        ...


@runtime_checkable
class KnowsIds(Protocol):
    """An optional ability, of stores whose ``append`` does not notice every id that is there already."""

    def known(self, stream: str, ids: Sequence[str]) -> frozenset[str]:
        """Return those ids that a data stream has; looking costs, and what others write meanwhile is not seen."""
        ...
