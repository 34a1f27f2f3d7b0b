"""Rules that compare a measure with a threshold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Final, TypeAlias

from analyzers.alerts.rules.wording import about, sentence, silent
from analyzers.alerts.signal import Signal, Standing
from analyzers.numbers import counted
from analyzers.spans import spoken
from analyzers.store.interface import Store
from analyzers.store.query import And, Window
from analyzers.thresholds.bounds import Bounds, Side
from analyzers.thresholds.model import Severity
from analyzers.thresholds.reading import Reading, Subject, is_alive, readings
from analyzers.thresholds.threshold import Threshold, Verdict, judge

MOST_SIGNALS: Final = 100
"""Groups of one rule that have signals of their own, worst first; those of standing alerts come beside them."""

OTHERS: Final = "(others)"
"""What each label says in the signal for all breached groups beyond these."""

_ORDER: Final = {Severity.CRITICAL: 0, Severity.WARNING: 1, Severity.UNMEASURED: 2, Severity.OK: 3}

MOST_EXPLAINED: Final = 3
"""Breaches of one rule, the worst ones, that are explained: each costs queries."""

_Identity: TypeAlias = frozenset[tuple[str, str]]

Explainer: TypeAlias = Callable[[Store, Subject, Window], tuple[str, ...]]
"""Says what lies behind a breach among the events of a window; asked only then."""


@dataclass(frozen=True, slots=True)
class ThresholdRule:
    """Judges a threshold over the window that ends at an instant; an :data:`~analyzers.alerts.signal.Evaluate`.

    Attributes:
        name: The rule's name.
        threshold: What is judged.
        window: How far back events count.
        explain: Asked for further lines about each breach; at most about the three worst.
    """

    name: str
    threshold: Threshold
    window: timedelta
    explain: Explainer | None = None

    def __call__(self, store: Store, instant: datetime, standing: Standing) -> tuple[Signal, ...]:
        """Return a signal for each group; see :data:`MOST_SIGNALS`."""
        end = instant.astimezone(UTC)
        judging = _Judging(self, store, Window(end - self.window, end), frozenset(map(_identity, standing)))
        return judging.signals()

    def unmeasured(self, instant: datetime, why: str) -> Signal:
        """Return that nothing could be measured before an instant."""
        end = instant.astimezone(UTC)
        window, bounds = Window(end - self.window, end), limits(self.threshold.bounds)
        message = f"{self.threshold.quantity.words} unmeasured: {why}"
        return Signal(self.name, {}, Severity.UNMEASURED, window, None, None, message, limits=bounds)


@dataclass(frozen=True, slots=True)
class _Judging:
    """One evaluation."""

    rule: ThresholdRule
    store: Store
    window: Window
    standing: frozenset[_Identity]

    def signals(self) -> tuple[Signal, ...]:
        threshold = self.rule.threshold
        found = readings(self.store, threshold.subject, threshold.quantity, self.window)
        verdicts = [self._verdict(each) for each in (*found, *self._gone(found))]
        if not verdicts:
            return (self._nothing(),)
        verdicts.sort(key=self._badness)
        told = [each for place, each in enumerate(verdicts) if place < MOST_SIGNALS or self._stands(each.reading)]
        left = [each.severity for each in verdicts if each not in told and each.severity.breached]
        signals = [self._signal(verdict, explained=place < MOST_EXPLAINED) for place, verdict in enumerate(told)]
        return (*signals, *self._whole(), *self._others(left))

    def _verdict(self, reading: Reading) -> Verdict:
        if not reading.events and self._needs_life and not self._alive():
            return Verdict(reading, Severity.UNMEASURED, Severity.UNMEASURED)
        return judge(self.store, self.rule.threshold, self.window, reading, standing=self._stands(reading))

    def _gone(self, found: Sequence[Reading]) -> list[Reading]:
        """Return readings of what alerts stand about and no event is of any more."""
        by = self.rule.threshold.subject.by
        zero = Fraction(0) if self.rule.threshold.quantity.statistic.of_events else None
        present = {_identity(each.labels) for each in found}
        gone = [dict(sorted(labels)) for labels in sorted(self.standing - present, key=sorted)]
        return [Reading(labels, zero, 0) for labels in gone if by and set(labels) == set(by) and not _is_others(labels)]

    @property
    def _needs_life(self) -> bool:
        """Whether zero is measured only where something else was; where few events are bad, silence is bad itself."""
        return self.rule.threshold.quantity.statistic.of_events and self.rule.threshold.bounds.side is Side.ABOVE

    def _alive(self) -> bool:
        return is_alive(self.store, self.rule.threshold.subject.stream, self.window)

    def _stands(self, reading: Reading) -> bool:
        return _identity(reading.labels) in self.standing

    def _badness(self, verdict: Verdict) -> tuple[int, Fraction]:
        value = verdict.reading.value or Fraction(0)
        return _ORDER[verdict.severity], -value if self.rule.threshold.bounds.side is Side.ABOVE else value

    def _signal(self, verdict: Verdict, *, explained: bool) -> Signal:
        threshold, reading = self.rule.threshold, verdict.reading
        measured = verdict.severity is not Severity.UNMEASURED
        if not measured and threshold.quantity.statistic.of_events:
            message = silent(threshold, reading.labels, self.window)
        else:
            message = sentence(threshold, verdict, self.window)
        return Signal(
            rule=self.rule.name,
            labels=reading.labels,
            severity=verdict.severity,
            window=self.window,
            value=float(reading.value) if measured and reading.value is not None else None,
            events=reading.events,
            message=message,
            explanation=self._explanation(reading) if explained and verdict.severity.breached else (),
            limits=limits(threshold.bounds),
        )

    def _explanation(self, reading: Reading) -> tuple[str, ...]:
        if self.rule.explain is None:
            return ()
        subject = self.rule.threshold.subject
        where = And((subject.where, reading.keys)) if subject.by else subject.where
        return self.rule.explain(self.store, Subject(subject.stream, where), self.window)

    def _nothing(self) -> Signal:
        """Return the signal of a rule by groups that finds none."""
        threshold = self.rule.threshold
        if self._needs_life and self._alive():
            return self._plain({}, Severity.OK, f"{threshold.quantity.words} ok: none, {spoken(self.window)}")
        return self._plain({}, Severity.UNMEASURED, silent(threshold, {}, self.window))

    def _whole(self) -> tuple[Signal, ...]:
        """Return the end of there having been no group at all, where that is remembered."""
        if not self.rule.threshold.subject.by or _identity({}) not in self.standing:
            return ()
        return (self._plain({}, Severity.OK, f"{self.rule.threshold.quantity.words} measured again"),)

    def _others(self, breached: Sequence[Severity]) -> tuple[Signal, ...]:
        labels = dict.fromkeys(self.rule.threshold.subject.by, OTHERS)
        if not breached and _identity(labels) not in self.standing:
            return ()
        severity = min(breached, key=_ORDER.__getitem__, default=Severity.OK)
        what = f"{self.rule.threshold.quantity.words}{about(labels)}"
        message = (
            f"{what} {severity}: {counted(len(breached), 'further group')} beyond a threshold, {spoken(self.window)}"
        )
        return (self._plain(labels, severity, message),) if labels else ()

    def _plain(self, labels: Mapping[str, str], severity: Severity, message: str) -> Signal:
        bounds = limits(self.rule.threshold.bounds)
        return Signal(self.rule.name, labels, severity, self.window, None, None, message, limits=bounds)


def limits(bounds: Bounds) -> dict[str, float]:
    """Return thresholds by level, as signals have them."""
    levels = (("warning", bounds.warning), ("critical", bounds.critical))
    return {name: float(value) for name, value in levels if value is not None}


def _identity(labels: Mapping[str, str]) -> _Identity:
    return frozenset(labels.items())


def _is_others(labels: Mapping[str, str]) -> bool:
    return set(labels.values()) == {OTHERS}
