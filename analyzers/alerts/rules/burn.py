"""Rules about how fast an error budget is spent.

The burn rate of a window is the share of bad requests in it by the share that the objective allows:
``(bad / total) / (1 - target)``. At a rate of 1 the budget of a period lasts exactly that period.
:mod:`analyzers.alerts.rules.pace` has the rates that are told, and their source.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Final, TypeAlias

from analyzers.alerts.rules.pace import Pair, pairs_for
from analyzers.alerts.rules.threshold import Explainer
from analyzers.alerts.rules.wording import noun_of
from analyzers.alerts.signal import Signal, Standing
from analyzers.numbers import counted, percent, plain, significant
from analyzers.sla.contract.model import Exclusion
from analyzers.sla.contract.periods import applied, windows_without
from analyzers.spans import length
from analyzers.store.interface import Store
from analyzers.store.query import And, Count, CountIf, NamedMeasure, Predicate, Query, Stored, Window
from analyzers.thresholds.confidence import least_share
from analyzers.thresholds.model import Severity
from analyzers.thresholds.reading import Subject

PeriodAt: TypeAlias = Callable[[datetime], timedelta]
"""Returns how long the period is that an instant lies in: months differ."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What has a budget.

    Attributes:
        name: The objective's name.
        target: The share that must be good, between 0 and 1.
        subject: Whose events; those that say nothing about the promise are left out.
        bad: Which of them break it.
        period: How long its period is.
        exclusions: Time that does not count.
    """

    name: str
    target: Fraction
    subject: Subject
    bad: Predicate
    period: PeriodAt
    exclusions: tuple[Exclusion, ...] = ()


@dataclass(frozen=True, slots=True)
class BurnRule:
    """Judges burn rates as of an instant; an :data:`~analyzers.alerts.signal.Evaluate`.

    Attributes:
        name: The rule's name.
        promise: Whose budget.
        minimum_events: A long window with fewer events is unmeasured.
        confidence: How sure the rate of the long window must be; ``None``: the one that was seen decides.
        explain: Asked for further lines about a breach.
    """

    name: str
    promise: Promise
    minimum_events: int
    confidence: Fraction | None
    explain: Explainer | None = None

    def __call__(self, store: Store, instant: datetime, standing: Standing) -> tuple[Signal, ...]:
        """Return one signal, labelled with the objective.

        Where no pair of windows exceeds its rate, but one cannot be measured (too few events in the long window; none
        in the short one while the long one exceeds), an alert that stands stays unmeasured.
        """
        end, labels = instant.astimezone(UTC), {"objective": self.promise.name}
        period = self.promise.period(end)
        stands = any(dict(each) == labels for each in standing)
        counter = _Counter(store, self.promise, end, {})
        states = [self._judged(counter, pair, stands=stands) for pair in pairs_for(period, self.promise.target)]
        deciding = _deciding(states, stands=stands)
        return (self._signal(store, labels, deciding, period, end),)

    def _judged(self, counter: _Counter, pair: Pair, *, stands: bool) -> _Judged:
        long, short = counter.spent(pair.long), counter.spent(pair.short)
        budget = 1 - self.promise.target
        severity = Severity.OK
        if long.total < self.minimum_events:
            severity = Severity.UNMEASURED
        elif self._exceeds(long, pair.factor * budget, stands=stands):
            if not short.total:
                severity = Severity.UNMEASURED
            elif short.share >= pair.factor * budget:
                severity = pair.severity
        return _Judged(pair, long, short, severity)

    def _exceeds(self, spent: _Spent, share: Fraction, *, stands: bool) -> bool:
        if spent.share < share or stands or self.confidence is None:
            return spent.share >= share
        return Fraction(least_share(spent.kept_bad, spent.kept_total, self.confidence)) >= share

    def _signal(
        self, store: Store, labels: dict[str, str], judged: _Judged | None, period: timedelta, end: datetime
    ) -> Signal:
        if judged is None:
            window = Window(end - timedelta(minutes=1), end)
            message = f"burn rate of {self.promise.name} unmeasured: no rate can be reached with its target"
            return Signal(self.name, labels, Severity.UNMEASURED, window, None, None, message)
        window = Window(end - judged.pair.long, end)
        measured = judged.severity is not Severity.UNMEASURED
        explained = self.explain is not None and judged.severity.breached
        return Signal(
            rule=self.name,
            labels=labels,
            severity=judged.severity,
            window=window,
            value=float(judged.long.share / (1 - self.promise.target)) if measured else None,
            events=judged.long.total,
            message=self._message(judged, period, end),
            explanation=self.explain(store, self.promise.subject, window) if explained and self.explain else (),
            limits={judged.pair.severity.value: float(judged.pair.factor)},
        )

    def _message(self, judged: _Judged, period: timedelta, end: datetime) -> str:
        pair, long, short = judged.pair, judged.long, judged.short
        noun = noun_of(self.promise.subject.stream)
        what = f"burn rate of {self.promise.name} {judged.severity}"
        to = f"to {end:%Y-%m-%d %H:%M:%S} UTC"
        if judged.severity is Severity.UNMEASURED:
            few = f"{counted(long.total, noun)} in {length(pair.long)}, {self.minimum_events:,} needed"
            none = f"no {noun} in {length(pair.short)}"
            return f"{what}: {few if long.total < self.minimum_events else none}, {to}"
        budget = 1 - self.promise.target
        rates = [significant(each.share / budget, apart_from=pair.factor) for each in (long, short)]
        bad = percent(long.bad, long.total, apart_from=pair.factor * budget)
        sign = "at or above" if judged.severity.breached else "not both at or above"
        return (
            f"{what}: {rates[0]} over {length(pair.long)} ({bad}: {long.bad:,} of {counted(long.total, noun)}) and "
            f"{rates[1]} over {length(pair.short)} ({short.bad:,} of {short.total:,}), {sign} {plain(pair.factor)}, "
            f"which spends {plain(100 * pair.spends(period))} % of the budget of {plain(100 * budget)} % for "
            f"{length(period)} in {length(pair.long)}, {to}{long.sample(noun)}"
        )


@dataclass(frozen=True, slots=True)
class _Spent:
    """The events of a window: weighted, and how many documents they are."""

    bad: int = 0
    total: int = 0
    stored_bad: int = 0
    stored: int = 0

    @property
    def share(self) -> Fraction:
        return Fraction(self.bad, self.total) if self.total else Fraction(0)

    @property
    def kept_bad(self) -> float:
        """How many bad events were seen, one by one: a request that stands for ten was seen once."""
        return self.stored_bad

    @property
    def kept_total(self) -> float:
        """Of how many, with the share as it is."""
        return float(Fraction(self.stored_bad * self.total, self.bad)) if self.bad else self.total

    def sample(self, noun: str) -> str:
        """Say whether it rests on a sample."""
        if self.stored == self.total:
            return ""
        return f"; rests on a sample: {self.stored:,} of {counted(self.total, noun)} kept"

    def __add__(self, other: _Spent) -> _Spent:
        return _Spent(
            self.bad + other.bad,
            self.total + other.total,
            self.stored_bad + other.stored_bad,
            self.stored + other.stored,
        )


@dataclass(frozen=True, slots=True)
class _Judged:
    pair: Pair
    long: _Spent
    short: _Spent
    severity: Severity


_ORDER: Final = (Severity.CRITICAL, Severity.WARNING)


def _deciding(states: list[_Judged], *, stands: bool) -> _Judged | None:
    """Return the state that the signal is about: the worst; where none is bad, one that says why it is not."""
    for severity in _ORDER:
        for each in states:
            if each.severity is severity:
                return each
    unmeasured = [each for each in states if each.severity is Severity.UNMEASURED]
    measured = [each for each in states if each.severity is Severity.OK]
    if unmeasured and (stands or not measured):
        return unmeasured[0]
    return max(measured, key=lambda each: min(each.long.share, each.short.share) / each.pair.factor, default=None)


@dataclass(frozen=True, slots=True)
class _Counter:
    """Counts the events of windows that end at one instant, each once."""

    store: Store
    promise: Promise
    end: datetime
    known: dict[timedelta, _Spent]

    def spent(self, span: timedelta) -> _Spent:
        """Return what was spent over the time before the instant, without excluded time."""
        if span not in self.known:
            window = Window(self.end - span, self.end)
            excluded = applied(self.promise.exclusions, self.promise.name, window)
            parts = windows_without(window, (each.window for each in excluded))
            self.known[span] = sum(map(self._counted, parts), _Spent())
        return self.known[span]

    def _counted(self, window: Window) -> _Spent:
        subject, bad = self.promise.subject, self.promise.bad
        measures = (
            NamedMeasure("bad", CountIf(bad)),
            NamedMeasure("total", Count()),
            NamedMeasure("stored", Stored()),
        )
        row = self.store.query(Query(subject.stream, window, measures, (), subject.where)).rows[0]
        counts = {name: value for name, value in row.items() if isinstance(value, int)}
        kept = counts["bad"] if counts["stored"] == counts["total"] else self._kept(window)
        return _Spent(counts["bad"], counts["total"], kept, counts["stored"])

    def _kept(self, window: Window) -> int:
        """Return how many documents the bad events of a sample are."""
        where = And((self.promise.subject.where, self.promise.bad))
        query = Query(self.promise.subject.stream, window, (NamedMeasure("kept", Stored()),), (), where)
        value = self.store.query(query).rows[0]["kept"]
        return value if isinstance(value, int) else 0
