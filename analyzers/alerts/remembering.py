"""A store that answers from memory what it has read before, exactly: for many evaluations over one stretch of past.

What adds up (counts and histograms) is read once by the minute, a week at a time, and windows of whole minutes,
calendar buckets and groups are answered by sums of that. Everything else is asked of the store, once for each question.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from types import TracebackType
from typing import Final, Self, TypeVar, cast

from analyzers.alerts.groups import Groups
from analyzers.alerts.minutes import Minutes, Shape, whole
from analyzers.store.document import Document, WriteResult
from analyzers.store.interface import Store, StoreError
from analyzers.store.query import (
    EVERYTHING,
    NamedMeasure,
    Predicate,
    Query,
    Stored,
    Window,
)
from analyzers.store.result import Result, Row
from analyzers.store.selection import Selection

_ROWS: Final = 100_000
"""So many rows of answers are kept beside the minutes, an answer counting as one row more."""
_OFTEN: Final = 4
"""Of what is asked seldom, it is not read in which minutes there is such an event."""
_THINGS: Final = 256
"""So many things that rules made of answers are kept."""
_THERE: Final = (NamedMeasure("documents", Stored()),)

_T = TypeVar("_T")


class RememberingStore:
    """Answers as the store does, from memory where it can. Nothing may be written to the store meanwhile.

    Args:
        store: The store, which stays its owner's to close.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._minutes = Minutes(store)
        self._groups = Groups(store)
        self._wheres: Counter[tuple[str, Predicate]] = Counter()
        self._answers: OrderedDict[Query, Result] = OrderedDict()
        self._rows = 0
        self._things: OrderedDict[Hashable, object] = OrderedDict()
        self._nothing: dict[Shape, tuple[Row, ...]] = {}

    @property
    def url(self) -> str:
        """The store's."""
        return self._store.url

    def query(self, query: Query) -> Result:
        """Answer as the store does.

        Raises:
            QueryError: As the store.
            StoreError: As the store.
        """
        if query in self._answers:
            self._answers.move_to_end(query)
            return self._answers[query]
        rows = self._minutes.answer(query)
        if rows is not None:
            return Result(query, rows)
        if whole(query.window) and self._empty(query):
            return Result(query, ()) if query.by else self._of_nothing(query)
        return self._groups.answer(query) or self._asked(query)

    def extent(self, stream: str) -> Window | None:
        """Answer as the store does."""
        return self._store.extent(stream)

    def documents(self, selection: Selection) -> Iterator[Document]:
        """Yield as the store does."""
        return self._store.documents(selection)

    def streams(self) -> tuple[str, ...]:
        """Answer as the store does."""
        return self._store.streams()

    def append(self, documents: Sequence[Document]) -> WriteResult:
        """Refuse: what is remembered would no longer be true.

        Raises:
            StoreError: Always.
        """
        raise StoreError(f"{len(documents)} documents are not written: this store only remembers", "write to the store")

    def thing(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """Return what was made under a key before, or make it: something that follows from the events alone."""
        if key not in self._things:
            self._things[key] = make()
            if len(self._things) > _THINGS:
                self._things.popitem(last=False)
        self._things.move_to_end(key)
        return cast("_T", self._things[key])

    def close(self) -> None:
        """Forget everything; the store itself stays open."""
        self._minutes.forget()
        self._groups.forget()
        self._answers.clear()
        self._things.clear()
        self._rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _asked(self, query: Query) -> Result:
        """Ask the store."""
        answer = self._store.query(query)
        self._answers[query] = answer
        self._rows += 1 + len(answer.rows)
        while self._rows > _ROWS and len(self._answers) > 1:
            self._rows -= 1 + len(self._answers.popitem(last=False)[1].rows)
        return answer

    def _empty(self, query: Query) -> bool:
        """Return whether it is known that no event answers; which ones do is only read of what is asked often."""
        if not self._minutes.sums((query.stream, _THERE, EVERYTHING), query.window)[0]:
            return True
        self._wheres[query.stream, query.where] += 1
        often = self._wheres[query.stream, query.where] >= _OFTEN
        return often and not self._minutes.sums((query.stream, _THERE, query.where), query.window)[0]

    def _of_nothing(self, query: Query) -> Result:
        """Return the answer about no events, which is the same whenever there were none."""
        key = (query.stream, query.measures, query.where)
        if key not in self._nothing:
            self._nothing[key] = self._store.query(query).rows
        return Result(query, self._nothing[key])


def remembered(store: Store, key: Hashable, make: Callable[[], _T]) -> _T:
    """Return what a rule makes of a store's events: each time anew, but where the store remembers only once.

    Args:
        store: The store.
        key: Says what is made; no other thing of another type may have it.
        make: Makes it of the store's events.
    """
    return store.thing(key, make) if isinstance(store, RememberingStore) else make()
