"""One environment of a store: what an address with ``environment=`` is about, whatever the page asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Final, Self

from analyzers.losses import losses_in
from analyzers.store.document import Document, WriteResult
from analyzers.store.interface import LostEvents, Store
from analyzers.store.query import Query, Window
from analyzers.store.result import Result
from analyzers.store.selection import Selection

_ALL: Final = "*"


class OneEnvironment:
    """A store in which a stream of all environments means the one of a certain environment.

    Every question of a page goes through here, so that none can forget the environment. A stream that is named whole,
    such as that of a contract, stays what it is.

    Args:
        store: All of it. It is another's to close.
        environment: The last part of the data streams' names.
    """

    def __init__(self, store: Store, environment: str) -> None:
        self._store = store
        self._environment = environment

    @property
    def url(self) -> str:
        """How a person names the store."""
        return self._store.url

    def append(self, documents: Sequence[Document]) -> WriteResult:
        """Write a batch, as the store does: a document names its own stream."""
        return self._store.append(documents)

    def query(self, query: Query) -> Result:
        """Answer a query; raises what the store raises."""
        return self._store.query(replace(query, stream=self._of(query.stream)))

    def extent(self, stream: str) -> Window | None:
        """Return the least window that holds every event of the stream."""
        return self._store.extent(self._of(stream))

    def documents(self, selection: Selection) -> Iterator[Document]:
        """Yield the documents of a selection; raises what the store raises."""
        return self._store.documents(replace(selection, stream=self._of(selection.stream)))

    def streams(self) -> tuple[str, ...]:
        """Return the names of the environment's data streams that have an event."""
        return tuple(each for each in self._store.streams() if each.split("-", 2)[-1] == self._environment)

    def lost(self, stream: str, window: Window) -> tuple[LostEvents, ...]:
        """Return what was lost of a stream, and may have been in a window."""
        return losses_in(self._store, window, self._of(stream))

    def close(self) -> None:
        """Leave the store open: who lent it closes it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _of(self, stream: str) -> str:
        return f"{stream.removesuffix(_ALL)}{self._environment}" if stream.endswith(f"-{_ALL}") else stream
