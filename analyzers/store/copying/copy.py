"""Copy a history: what is missing, then what came meanwhile, then the comparison."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from analyzers.store.copying.comparison import Compared, compared
from analyzers.store.copying.parts import Part, Span, check_streams, chosen_streams, counts
from analyzers.store.copying.state import CopyState, Taken
from analyzers.store.copying.transfer import Tally, transfer
from analyzers.store.document import SourcePosition
from analyzers.store.interface import KeepsPositions, ListsPositions, Store

PASSES: Final = 3
"""How often the days to which events were added meanwhile are looked for, the first time included."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be copied.

    Attributes:
        streams: Names of streams; all when there is none.
        span: From when to when.
    """

    streams: tuple[str, ...] = ()
    span: Span = field(default_factory=Span)

    @property
    def is_everything(self) -> bool:
        """Whether nothing of the source is left out."""
        return self == Wanted()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a copy has come.

    Attributes:
        parts: Days of streams that are done.
        all_parts: Those that are to be done.
        documents: Documents that were read.
        all_documents: Those that are to be read.
        part: The one that is being copied.
    """

    parts: int
    all_parts: int
    documents: int
    all_documents: int
    part: Part


@dataclass(frozen=True, slots=True)
class Summary:
    """What a copy did, and how the two stores stand.

    Attributes:
        tally: What became of the documents.
        days: The comparison, by stream and day.
        parts: Days of streams that were copied.
        unfinished: Days of streams that were not, because it was stopped.
        positions: How many read positions of sources the target has taken over.
    """

    tally: Tally
    days: tuple[Compared, ...]
    parts: int
    unfinished: int
    positions: int

    @property
    def is_whole(self) -> bool:
        """Whether the target has all that the source has."""
        return not self.unfinished and not self.tally.refused and not any(day.lacking for day in self.days)


class Copy:
    """One run of a copy.

    Args:
        source: Where from.
        target: Where to.
        wanted: What.
        state: What was copied before.
        stop: Whether to stop; asked before each batch.
        watch: Told how far it has come.
    """

    def __init__(
        self,
        source: Store,
        target: Store,
        wanted: Wanted,
        state: CopyState,
        *,
        stop: Callable[[], bool] = lambda: False,
        watch: Callable[[Progress], None] = lambda _progress: None,
    ) -> None:
        self._source = source
        self._target = target
        self._wanted = wanted
        self._state = state
        self._stop = stop
        self._watch = watch
        self._tally = Tally()
        self._done = 0
        self._expected = 0

    @property
    def has_begun(self) -> bool:
        """Whether documents have been read."""
        return self._tally.read > 0

    def run(self) -> Summary:
        """Copy what is missing.

        Raises:
            StoreError: When there is no stream of a name that is wanted, or either store cannot go on; what was
                copied stays, and is not copied again.
        """
        check_streams(self._source, self._wanted.streams)
        positions = _positions(self._source)
        left = 0
        for number in range(PASSES):
            pending = self._pending(again=number > 0)
            self._expected += sum(pending.values())
            left = len(pending) - self._copy(pending)
            if left or not pending:
                break
        days = self._compare()
        summary = Summary(self._tally, days, self._done, left, 0)
        if not summary.is_whole or not self._wanted.is_everything:
            return summary
        return Summary(self._tally, days, self._done, left, _take_over(self._target, positions))

    def _pending(self, *, again: bool) -> Mapping[Part, int]:
        """Return the parts that are to be copied, with their events; the second time only those that have changed."""
        streams = chosen_streams(self._source, self._wanted.streams)
        there = {} if again else counts(self._target, streams, self._wanted.span)
        return pending(counts(self._source, streams, self._wanted.span), None if again else there, self._state.taken())

    def _copy(self, pending: Mapping[Part, int]) -> int:
        """Copy parts, and return how many were copied to their ends."""
        for number, part in enumerate(pending):
            before = (self._tally.read, self._tally.doubled)
            report = self._reporter(number, len(pending), part)
            report()
            if self._stop() or not transfer(self._source, self._target, part, self._tally, self._stop, report):
                return number
            read, doubled = self._tally.read - before[0], self._tally.doubled - before[1]
            self._state.record(part, Taken(read, doubled))
            self._done += 1
        return len(pending)

    def _reporter(self, number: int, of: int, part: Part) -> Callable[[], None]:
        done = self._done - number

        def report() -> None:
            read = self._tally.read
            self._watch(Progress(done + number, done + of, read, max(read, self._expected), part))

        return report

    def _compare(self) -> tuple[Compared, ...]:
        streams = chosen_streams(self._source, self._wanted.streams)
        span = self._wanted.span
        return compared(counts(self._source, streams, span), counts(self._target, streams, span), self._state.taken())


def pending(
    source: Mapping[Part, int], target: Mapping[Part, int] | None, taken: Mapping[tuple[str, str], Taken]
) -> Mapping[Part, int]:
    """Return the parts that are to be copied, oldest day first.

    A part is done when as many documents were read of it as there are now, and the target still has them all.

    Args:
        source: Events by part.
        target: Likewise; ``None`` to believe the state.
        taken: What was copied before.
    """
    found = {}
    for part, count in sorted(source.items(), key=lambda each: (each[0].window.start, each[0].stream)):
        before = taken.get((part.stream, part.key), Taken(-1))
        kept = target is None or target.get(part, 0) >= count - before.doubled
        if before.documents != count or not kept:
            found[part] = count
    return found


def _positions(source: Store) -> Mapping[str, int]:
    """Return the read positions of a store. Taken before its events: what is before them is copied after."""
    return dict(source.positions) if isinstance(source, ListsPositions) else {}


def _take_over(target: Store, positions: Mapping[str, int]) -> int:
    """Bring the sources of a target forward to where they have been read, and return how many moved.

    The target has every event before these positions by now, so a file is read on there as it would be in the source;
    a source that the target itself has read further stays where it is.
    """
    if not isinstance(target, KeepsPositions):
        return 0
    moved = [SourcePosition(name, offset) for name, offset in positions.items() if offset > target.position(name)]
    if moved:
        target.append_from((), moved)
    return len(moved)
