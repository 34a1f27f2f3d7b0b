"""The trail of one request: itself, its statements and what applications said meanwhile, across services."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from analyzers.fields import EVENT_ID
from analyzers.logs.line import Line
from analyzers.logs.reading import LogQuestion, lines
from analyzers.logs.streams import STREAMS, LogKind
from analyzers.store.interface import Store
from analyzers.store.query import Equals, Or, Predicate, Window
from analyzers.store.schema import load_schema

MOST_STEPS: Final = 500
"""Lines of one trail."""
AROUND: Final = timedelta(hours=1)
"""How far from a request the lines of its trail may be: what it started may go on after its answer."""

_REQUEST_ID: Final = "http.request.id"
_TRACE_ID: Final = "trace.id"


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a trail.

    Attributes:
        line: The line.
        start: When what it tells of began: a request's line bears its start, a statement's its end.
        end: When that ended; the same where it took no time or none is known.
    """

    line: Line
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Trail:
    """Lines that belong together, in order of their beginnings.

    Attributes:
        name: What was asked for: a trace's id, a request's, an event's.
        steps: The lines; none where nothing has the name.
        cut: Whether there are more than :data:`MOST_STEPS`.
    """

    name: str
    steps: tuple[Step, ...]
    cut: bool = False

    @property
    def start(self) -> datetime:
        """When the first one began."""
        return min(step.start for step in self.steps)

    @property
    def length(self) -> timedelta:
        """From the first beginning to the last end."""
        return max(step.end for step in self.steps) - self.start


def trace(store: Store, trace_id: str) -> Trail:
    """Return everything that bears a trace's id, whenever it was.

    Raises:
        StoreError: When the store cannot answer.
    """
    return _trail(store, trace_id, _extent(store), (Equals(_TRACE_ID, trace_id),))


def request(store: Store, name: str) -> Trail:
    """Return the trail of a request by its ``event.id`` or ``http.request.id``.

    It is what has the request's own id or its trace's, up to :data:`AROUND` before and after it. An application's
    event or a statement may be named too: its trail is that of its request.

    Raises:
        StoreError: When the store cannot answer.
    """
    whole = _extent(store)
    found = next(_found(store, whole, (Equals(EVENT_ID, name), Equals(_REQUEST_ID, name)), limit=1), None)
    if found is None or whole is None:
        return Trail(name, ())
    near = Window(found.at - AROUND, found.at + AROUND)
    alike: list[Predicate] = [Equals(EVENT_ID, name)]
    if found.request is not None:
        alike.append(Equals(_REQUEST_ID, found.request))
    if found.trace is not None:
        alike.append(Equals(_TRACE_ID, found.trace))
    return _trail(store, name, near, alike)


def _trail(store: Store, name: str, window: Window | None, alike: Sequence[Predicate]) -> Trail:
    found = list(_found(store, window, alike, limit=MOST_STEPS + 1))
    steps = sorted((_step(line) for line in found[:MOST_STEPS]), key=lambda step: (step.start, step.line.place))
    return Trail(name, tuple(steps), cut=len(found) > MOST_STEPS)


def _found(store: Store, window: Window | None, alike: Sequence[Predicate], limit: int) -> Iterator[Line]:
    if window is None:
        return iter(())
    return lines(
        store,
        LogQuestion(window, {kind: _fitting(kind, alike) for kind in LogKind}, {}),
        newest_first=False,
        limit=limit,
    )


def _fitting(kind: LogKind, alike: Sequence[Predicate]) -> Predicate:
    """Return the predicate for the fields that a kind's stream has."""
    fields = load_schema(STREAMS[kind]).fields
    return Or(tuple(each for each in alike if isinstance(each, Equals) and each.field in fields))


def _step(line: Line) -> Step:
    lasted = timedelta(seconds=line.seconds or 0)
    if line.kind is LogKind.STATEMENT:
        return Step(line, line.at - lasted, line.at)
    return Step(line, line.at, line.at + lasted)


def _extent(store: Store) -> Window | None:
    found = [extent for stream in STREAMS.values() if (extent := store.extent(stream)) is not None]
    if not found:
        return None
    return Window(min(each.start for each in found), max(each.end for each in found))
