"""Seal what has had the time to arrive, and restate what was sealed before it had."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final, TypeAlias

from analyzers.losses import losses_in
from analyzers.sla.contract.model import EVERY, Contract, Kind
from analyzers.sla.evidence import Restatement
from analyzers.sla.ledger.changes import Changes, Comparison
from analyzers.sla.ledger.evidence import environments_of
from analyzers.sla.ledger.raw import RawEvents
from analyzers.sla.ledger.reading import NO_SUMS
from analyzers.sla.ledger.sealed import SealedSlices
from analyzers.sla.ledger.slices import Sealing
from analyzers.sla.ledger.spans import Spans, united, without
from analyzers.sla.ledger.summary import SealedEnvironment, SealSummary, Shortfall
from analyzers.store.document import Document
from analyzers.store.instants import from_millis, to_millis
from analyzers.store.interface import LostEvents, Store, StoreError
from analyzers.store.query import Window
from logging_lib.clock import Clock, system_clock

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many minutes are done, and of how many."""

_BATCH: Final = 20_000
_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SealOptions:
    """How to seal.

    Attributes:
        since: Seal nothing for the first time before this; by default from the first raw event on.
        dry_run: Write nothing, and say what would be written.
    """

    since: datetime | None = None
    dry_run: bool = False


def seal(  # what is sealed from where, when, and how
    store: Store,
    ledger: Store | None,
    contract: Contract,
    clock: Clock = system_clock,
    options: SealOptions | None = None,
    progress: Progress = lambda _done, _total: None,
) -> SealSummary:
    """Seal every whole minute that ended at least ``contract.lateness`` ago, and restate what late events changed.

    A day of raw events is held at a time, by minute and route. A run that was killed is made up for by the next one:
    it compares the raw events with the ledger, and adds what the ledger lacks.

    Args:
        store: The raw events.
        ledger: Where the slices go; ``None`` only for a dry run before the first.
        contract: Whose service and environment (``*``: every one), how late events may be, which backups count.
        clock: When it is; asked once, its answer is the seal's number.
        options: Since when, and whether to write.
        progress: Told after each day or part of one.

    Raises:
        StoreError: When a store cannot answer or the ledger cannot be written; what was written stays, and is right.
    """
    now, options = clock(), options or SealOptions()
    horizon = _minute_of(now - contract.lateness)
    every = environments_of(store) if contract.environment == EVERY else (contract.environment,)
    runs = [_Run(store, ledger, contract, name, to_millis(now), dry_run=options.dry_run) for name in every]
    plans = [run.plan(horizon, options.since) for run in runs]
    told = _Told(sum(plan.minutes for plan in plans), progress)
    done = tuple(run.carry_out(plan, told) for run, plan in zip(runs, plans, strict=True))
    return SealSummary(contract.service, from_millis(to_millis(now)), horizon, done)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be sealed, and what is to be compared because it was."""

    fresh: Spans
    sealed: Spans

    @property
    def minutes(self) -> int:
        return sum((each.end - each.start) // _MINUTE for each in (*self.fresh, *self.sealed))


class _Told:
    """Adds up what is done."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._done, self._total, self._progress = 0, total, progress

    def passed(self, window: Window) -> None:
        self._done += (window.end - window.start) // _MINUTE
        self._progress(self._done, self._total)


class _Run:
    """One run in one environment."""

    def __init__(
        self, store: Store, ledger: Store | None, contract: Contract, environment: str, number: int, *, dry_run: bool
    ) -> None:
        self._store = store
        self._target = None if dry_run else ledger
        self._environment = environment
        self._actions = tuple(sorted({each.backup for each in contract.objectives if each.kind is Kind.RPO}))
        self._raw = RawEvents(store, contract.service, environment)
        self._ledger = None if ledger is None else SealedSlices(ledger, contract.service, environment)
        self._sealing = Sealing(environment, contract.service, number)
        self._comparison = Comparison(self._raw, self._ledger, self._sealing, self._actions)
        self._slices = 0
        self._restated: list[Restatement] = []
        self._shortfalls: list[Shortfall] = []

    def plan(self, horizon: datetime, since: datetime | None) -> _Plan:
        start = self._raw.start
        if start is None or start >= horizon:
            return _Plan((), ())
        window = Window(start, horizon)
        sealed = () if self._ledger is None else self._ledger.coverage(window)
        first = start if since is None else max(start, _minute_of(since))
        fresh = without(Window(first, horizon), sealed) if first < horizon else ()
        return _Plan(fresh, sealed)

    def carry_out(self, plan: _Plan, told: _Told) -> SealedEnvironment:
        for window in _days(plan.fresh):
            self._take(window, self._comparison.changes(window, fresh=True))
            self._write([self._sealing.marker(to_millis(window.start), to_millis(window.end))])
            self._watch(window)
            told.passed(window)
        for span in plan.sealed:
            for window in _days(united(self._differing(span))):
                self._take(window, self._comparison.changes(window, fresh=False))
            self._watch(span)
            told.passed(span)
        return self._summary(plan)

    def _watch(self, span: Window) -> None:
        """Note that the backups of a sealed span are sealed, where that is not noted already."""
        for action in self._actions:
            held = () if self._ledger is None else self._ledger.watched(span, action)
            for part in _days(without(span, held)):
                self._write([self._sealing.watch(to_millis(part.start), to_millis(part.end), action)])

    def _take(self, window: Window, changes: Changes) -> None:
        self._slices += self._write(changes.documents)
        self._restated += changes.restatements(self._sealing.seal)
        if changes.requests or changes.events:
            self._shortfalls.append(Shortfall(window, changes.requests, changes.events))

    def _write(self, documents: Sequence[Document]) -> int:
        """Append to the ledger; return how many documents it did not have."""
        if self._target is None:
            return len(documents)
        stored = 0
        for start in range(0, len(documents), _BATCH):
            written = self._target.append(documents[start : start + _BATCH])
            if written.rejected:
                refused = written.rejected[0]
                raise StoreError(f"the ledger refuses a slice: {refused.reason}", "see what its stream is mapped as")
            stored += written.stored
        return stored

    def _differing(self, span: Window) -> Iterator[Window]:
        """Yield the hours of what is sealed in which the sums of the raw events are not those of the ledger."""
        if self._ledger is None:
            return
        raw, sealed = self._raw.sums(span, self._actions), self._ledger.sums(span, self._actions)
        for hour in sorted({*raw, *sealed}):
            if raw.get(hour, NO_SUMS) != sealed.get(hour, NO_SUMS):
                yield Window(max(hour, span.start), min(hour + _HOUR, span.end))

    def _summary(self, plan: _Plan) -> SealedEnvironment:
        return SealedEnvironment(
            self._environment,
            plan.fresh,
            self._slices,
            tuple(sorted(self._restated, key=lambda each: each.minute)),
            tuple(self._shortfalls),
            self._uncompared(),
            self._lost(plan),
            self._raw.has_events(),
        )

    def _lost(self, plan: _Plan) -> tuple[LostEvents, ...]:
        windows = (*plan.fresh, *plan.sealed)
        found = (lost for window in windows for lost in losses_in(self._store, window, self._raw.requests))
        return tuple(dict.fromkeys(found))

    def _uncompared(self) -> Window | None:
        first = None if self._ledger is None else self._ledger.start
        if first is None:
            return None
        if self._raw.start is None:
            return Window(first, from_millis(self._sealing.seal))
        return Window(first, self._raw.start) if first < self._raw.start else None


def _days(spans: Spans) -> Iterator[Window]:
    """Yield the parts of spans that lie in one UTC day each."""
    for span in spans:
        start = span.start
        while start < span.end:
            end = min(datetime.combine(start.date(), time(), UTC) + _DAY, span.end)
            yield Window(start, end)
            start = end


def _minute_of(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(second=0, microsecond=0)
