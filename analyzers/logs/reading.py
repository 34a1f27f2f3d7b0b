"""Lines of several streams as one sequence, page by page, and how many there are over time."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from analyzers.logs.line import Line
from analyzers.logs.searching import text_predicate
from analyzers.logs.streams import STREAMS, LogKind
from analyzers.selection import parse_where
from analyzers.store.document import Document
from analyzers.store.interface import Store
from analyzers.store.query import (
    BUCKET,
    EVERYTHING,
    And,
    Calendar,
    CalendarUnit,
    NamedMeasure,
    Predicate,
    Query,
    QueryError,
    Stored,
    Window,
)
from analyzers.store.schema import load_schema
from analyzers.store.selection import Place, Selection, place_of

_LINES = NamedMeasure("lines", Stored())


@dataclass(frozen=True, slots=True)
class LogQuestion:
    """Which lines are wanted.

    Attributes:
        window: Of which span, by ``@timestamp``.
        conditions: What the events of each kind must fulfil. A kind that is left out was not asked for, or has no
            field of that name: see ``without``.
        without: The kinds that lack a field that a condition names, and why: no line of theirs can be found.
    """

    window: Window
    conditions: Mapping[LogKind, Predicate]
    without: Mapping[LogKind, str]


def ask(window: Window, kinds: Sequence[LogKind], where: Sequence[str] = (), text: str = "") -> LogQuestion:
    """Return a question from what a person typed.

    Args:
        window: The span.
        kinds: Of which kinds; at least one.
        where: Conditions in the filter language; all hold.
        text: Free text (:func:`~analyzers.logs.searching.text_predicate`).

    Raises:
        SelectionError: When a condition or the text cannot be read.
        QueryError: When no kind has a field that a condition names.
    """
    conditions: dict[LogKind, Predicate] = {}
    without: dict[LogKind, QueryError] = {}
    for kind in kinds:
        try:
            conditions[kind] = _condition(kind, where, text)
        except QueryError as error:
            without[kind] = error
    if not conditions:
        raise next(iter(without.values()))
    return LogQuestion(window, conditions, {kind: error.message for kind, error in without.items()})


def lines(
    store: Store,
    question: LogQuestion,
    *,
    newest_first: bool = True,
    after: Place | None = None,
    limit: int | None = None,
) -> Iterator[Line]:
    """Yield lines in order of time, within a millisecond of id and stream, whichever stream they are of.

    Args:
        store: The store.
        question: Which lines.
        newest_first: Whether the last come first.
        after: Only what comes after this place in that order.
        limit: At most so many; all when absent.

    Raises:
        QueryError: When a condition cannot be asked.
        StoreError: When the store cannot answer.
    """
    found = (
        store.documents(Selection(STREAMS[kind], question.window, where, newest_first, after, limit))
        for kind, where in question.conditions.items()
    )
    merged: Iterator[Document] = heapq.merge(*found, key=place_of, reverse=newest_first)
    return (Line.of(document) for document in islice(merged, limit))


def counts(
    store: Store, question: LogQuestion, unit: CalendarUnit, zone: str
) -> Mapping[LogKind, Mapping[datetime, int]]:
    """Return how many lines each bucket of time has, by kind; buckets without one are left out.

    Raises:
        StoreError: When the store cannot answer.
    """
    by = (Calendar(unit, zone),)
    return {
        kind: {
            bucket: number
            for row in store.query(Query(STREAMS[kind], question.window, (_LINES,), by, where)).rows
            if isinstance(bucket := row[BUCKET], datetime) and isinstance(number := row["lines"], int)
        }
        for kind, where in question.conditions.items()
    }


def count(store: Store, question: LogQuestion, window: Window | None = None) -> int:
    """Return how many lines there are, of the question's window or of another one.

    Raises:
        StoreError: When the store cannot answer.
    """
    found = 0
    for kind, where in question.conditions.items():
        (row,) = store.query(Query(STREAMS[kind], window or question.window, (_LINES,), (), where)).rows
        found += row["lines"] if isinstance(row["lines"], int) else 0
    return found


def only(question: LogQuestion, window: Window) -> LogQuestion:
    """Return the question about another window."""
    return replace(question, window=window)


def _condition(kind: LogKind, where: Sequence[str], text: str) -> Predicate:
    schema = load_schema(STREAMS[kind])
    parts = (*(parse_where(each, schema) for each in where), text_predicate(text, schema))
    wanted = tuple(each for each in parts if each != EVERYTHING)
    return wanted[0] if len(wanted) == 1 else And(wanted)
