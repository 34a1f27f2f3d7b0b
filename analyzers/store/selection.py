"""Which documents are wanted themselves: a question that is answered with events, not with numbers."""

from __future__ import annotations

from dataclasses import dataclass

from analyzers.fields import TIMESTAMP
from analyzers.store.document import Document
from analyzers.store.instants import MILLISECOND, from_millis, parse_millis
from analyzers.store.query import EVERYTHING, Count, NamedMeasure, Predicate, Query, QueryError, Window


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a document stands in the order of a selection; places compare as their documents do.

    Attributes:
        instant: Its ``@timestamp`` in milliseconds since 1970.
        id: Its ``_id``; documents of one millisecond are ordered by it, by code point.
        stream: Its data stream, which tells apart what has one id in two environments.
    """

    instant: int
    id: str
    stream: str


@dataclass(frozen=True, slots=True)
class Selection:
    """Some documents of one stream, in order of ``@timestamp`` and, within a millisecond, of ``_id``.

    Attributes:
        stream: A data stream; the environment may be ``*``.
        window: Which events, by ``@timestamp``.
        where: Which of them.
        newest_first: Whether the order is reversed.
        after: Only what comes after this place in the order that is asked for; everything when absent.
        limit: At most this many; all when absent.

    Raises:
        QueryError: When the limit is negative.
    """

    stream: str
    window: Window
    where: Predicate = EVERYTHING
    newest_first: bool = False
    after: Place | None = None
    limit: int | None = None

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 0:
            raise QueryError(f"a limit of {self.limit} documents is below zero", "give none, or how many there may be")

    @property
    def counted(self) -> Query:
        """The query that counts the documents, those before ``after`` included: what it may ask, this may ask."""
        return Query(self.stream, self.window, (NamedMeasure("documents", Count()),), where=self.where)

    @property
    def reach(self) -> Window | None:
        """The part of the window in which there can be anything after :attr:`after`; ``None`` when there is none."""
        if self.after is None:
            return self.window
        instant = from_millis(self.after.instant)
        start, end = self.window.start, self.window.end
        if self.newest_first:
            end = min(end, instant + MILLISECOND)
        else:
            start = max(start, instant)
        return Window(start, end) if start < end else None

    def beyond(self, place: Place) -> bool:
        """Tell whether a place comes after :attr:`after` in the order that is asked for."""
        if self.after is None:
            return True
        return place < self.after if self.newest_first else place > self.after


def place_of(document: Document) -> Place:
    """Return where a stored document stands: the ``after`` that asks for what follows it.

    Raises:
        QueryError: When it has no instant, as no stored document is.
    """
    text = document.body.get(TIMESTAMP)
    instant = parse_millis(text) if isinstance(text, str) else None
    if instant is None:
        raise QueryError(f"the document {document.id!r} has no instant", "take one that a store has given")
    return Place(instant, document.id, document.stream)
