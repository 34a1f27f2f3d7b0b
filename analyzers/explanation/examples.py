"""Bad events themselves: what a person opens next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Final

from analyzers.explanation.model import Example
from analyzers.explanation.request import ExplainRequest
from analyzers.fields import EVENT_ID, HTTP_ROUTE, RESPONSE_TIME, STATUS_CODE, TIMESTAMP, USER_ID
from analyzers.store.document import Document, JsonValue
from analyzers.store.instants import from_millis, parse_millis
from analyzers.store.interface import Store
from analyzers.store.query import And, NamedMeasure, Percentile, Predicate, Query, Range
from analyzers.store.selection import Selection

MOST_EXAMPLES: Final = 5
_LONGEST_MESSAGE: Final = 200


def examples_of(
    store: Store, request: ExplainRequest, where: Predicate, bad: int, *, slow: bool
) -> tuple[Example, ...]:
    """Return bad events: the slowest where being slow is what is bad, else the last ones.

    Args:
        store: The store.
        request: What is asked.
        where: Which events.
        bad: How many of them are bad; at least one.
        slow: Whether the slowest are wanted.
    """
    wanted = And((request.where, where, request.failing))
    if slow:
        wanted = And((wanted, Range(RESPONSE_TIME, gte=_slowest(store, request, wanted, bad))))
    # Many may be equally slow: those are told by the last ones among them.
    found = store.documents(Selection(request.stream, request.window, wanted, newest_first=True, limit=_limit(request)))
    counted = (each for each in map(example_of, found) if not _excluded(request, each.at))
    examples = list(islice(counted, MOST_EXAMPLES))
    return tuple(sorted(examples, key=lambda each: -(each.seconds or 0)) if slow else examples)


def _limit(request: ExplainRequest) -> int | None:
    """Return how many are asked for: no more than are shown, unless some of them may not count."""
    return None if request.left_out(request.window) else MOST_EXAMPLES


def _excluded(request: ExplainRequest, at: datetime) -> bool:
    return any(part.start <= at < part.end for part in request.left_out(request.window))


def _slowest(store: Store, request: ExplainRequest, wanted: Predicate, bad: int) -> float:
    """Return the response time that only so many events reach as are shown, but for equal ones."""
    share = max(0.001, 100 * (1 - (MOST_EXAMPLES - 0.5) / bad))
    measures = (NamedMeasure("slow", Percentile(RESPONSE_TIME, share)),)
    value = store.query(Query(request.stream, request.window, measures, (), wanted)).rows[0]["slow"]
    return value * 0.998 if isinstance(value, int | float) else 0.0  # Elasticsearch's is within 0.1 %


def example_of(document: Document) -> Example:
    """Return an event as an example."""
    body = document.body
    status, seconds = _at(body, STATUS_CODE), _at(body, RESPONSE_TIME)
    return Example(
        at=_instant(_at(body, TIMESTAMP)),
        request=_text(_at(body, "http.request.id")) or _text(_at(body, EVENT_ID)) or document.id,
        event=document.id,
        trace=_text(_at(body, "trace.id")),
        user=_text(_at(body, USER_ID)),
        route=_text(_at(body, HTTP_ROUTE)),
        status=status if isinstance(status, int) else None,
        seconds=seconds if isinstance(seconds, int | float) else None,
        message=_text(_at(body, "error.message")) or _text(_at(body, "message")),
    )


def instant_of(document: Document) -> datetime:
    """Return when an event was."""
    return _instant(_at(document.body, TIMESTAMP))


def _at(body: Mapping[str, JsonValue], name: str) -> JsonValue:
    """Return what a document has under a dotted name, nested or not; ``None`` where it has nothing."""
    if name in body:
        return body[name]
    head, _, rest = name.partition(".")
    inner = body.get(head)
    return _at(inner, rest) if rest and isinstance(inner, Mapping) else None


def _text(value: JsonValue) -> str | None:
    if value is None or isinstance(value, Mapping | list):
        return None
    text = str(value)
    return text if len(text) <= _LONGEST_MESSAGE else f"{text[:_LONGEST_MESSAGE]}…"


def _instant(value: JsonValue) -> datetime:
    millis = parse_millis(value) if isinstance(value, str) else None
    return from_millis(millis or 0)
