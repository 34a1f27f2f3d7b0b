"""Which documents are wanted themselves: a question that is answered with events, not with numbers."""

from __future__ import annotations

from dataclasses import dataclass

from analyzers.store.query import EVERYTHING, Predicate, Window


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands in the order of a selection.

    Attributes:
        instant: Its ``@timestamp`` in milliseconds since 1970.
        id: Its ``_id``; documents of one millisecond are ordered by it, by code point.
    """

    instant: int
    id: str


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
    """

    stream: str
    window: Window
    where: Predicate = EVERYTHING
    newest_first: bool = False
    after: Place | None = None
    limit: int | None = None
