"""The store in memory: what every store does, by the shortest way that can be seen to be right."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from types import TracebackType
from typing import Self

from analyzers.store.checks import check_query, check_stream, matches_stream
from analyzers.store.document import Document, Rejection, WriteResult
from analyzers.store.interface import StoreError
from analyzers.store.memory.evaluate import evaluate, is_chosen
from analyzers.store.memory.event import Event
from analyzers.store.query import Query, QueryError, Window
from analyzers.store.result import Result
from analyzers.store.selection import Selection
from analyzers.store.validation import Refusal


class MemoryStore:
    """Documents in a dictionary. Satisfies :class:`analyzers.store.interface.Store`; threads may share it.

    It takes and refuses the same documents as the other stores, and the first of two with one id stays. Queries look
    at every event, so it is for tests and for small things.

    Args:
        documents: What it holds from the start.
        refuse: Says why a document that is otherwise fine is not taken, or ``None``. It may be changed later: a store
            that is mended takes what it refused.

    Raises:
        StoreError: When one of the documents is refused.
    """

    url = "memory:"

    def __init__(
        self, documents: Iterable[Document] = (), *, refuse: Callable[[Document], str | None] | None = None
    ) -> None:
        self._guard = threading.RLock()
        self._events: dict[tuple[str, str], Event] = {}
        self.refuse = refuse
        for rejection in MemoryStore.append(self, tuple(documents)).rejected:
            raise StoreError(f"{rejection.document!r} is refused: {rejection.reason}", "correct the document")

    @property
    def kept(self) -> Mapping[tuple[str, str], Document]:
        """The documents by stream and id, in the order in which they came."""
        return {key: event.document for key, event in self._events.items()}

    def append(self, documents: Sequence[Document]) -> WriteResult:
        """Keep the documents that no store refuses and whose ids are new."""
        stored, rejected = 0, []
        with self._guard:
            for document in documents:
                try:
                    event = self._taken(document)
                except (Refusal, QueryError) as refused:
                    rejected.append(Rejection(document, str(refused)))
                else:
                    stored += self._events.setdefault((document.stream, document.id), event) is event
        return WriteResult(stored, len(documents) - stored - len(rejected), tuple(rejected))

    def query(self, query: Query) -> Result:
        """Answer a query by its definition.

        Raises:
            QueryError: When the query cannot be asked.
        """
        check_query(query)
        return evaluate(query, self._all())

    def extent(self, stream: str) -> Window | None:
        """Return the least window holding every event of the stream, or ``None`` when it has none.

        ``end`` is the last event's instant rounded up to the next whole second, and later than it.
        """
        check_stream(stream)
        instants = [event.instant for event in self._all() if matches_stream(stream, event.document.stream)]
        if not instants:
            return None
        return Window(min(instants), max(instants).replace(microsecond=0) + timedelta(seconds=1))

    def documents(self, selection: Selection) -> Iterator[Document]:
        """Yield the documents of a selection in its order; all are of the moment of the call.

        Raises:
            QueryError: When the selection cannot be asked for.
        """
        check_query(selection.counted)
        found = [
            event
            for event in self._all()
            if is_chosen(event, selection.stream, selection.window, selection.where) and selection.beyond(event.place)
        ]
        found.sort(key=lambda event: event.place, reverse=selection.newest_first)
        return islice((event.document for event in found), selection.limit)

    def streams(self) -> tuple[str, ...]:
        """Return the names of all data streams that have an event, sorted."""
        return tuple(sorted({event.document.stream for event in self._all()}))

    def close(self) -> None:
        """Do nothing: nothing is held."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _taken(self, document: Document) -> Event:
        event = Event.of(document)
        if self.refuse is not None and (reason := self.refuse(document)) is not None:
            raise Refusal(reason)
        return event

    def _all(self) -> list[Event]:
        with self._guard:
            return list(self._events.values())
