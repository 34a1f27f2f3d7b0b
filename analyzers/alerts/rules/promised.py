"""Rules about the contract: objectives that are missed, and budgets that are nearly spent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Final

from analyzers.alerts.remembering import remembered
from analyzers.alerts.rules.surroundings import OpenLedger
from analyzers.alerts.signal import Signal, Standing
from analyzers.analysis import State
from analyzers.numbers import counted, percent, plain
from analyzers.sla.budget import Budget
from analyzers.sla.contract.model import Contract, Objective, Period
from analyzers.sla.contract.periods import period_at
from analyzers.sla.evidence import Evidence, Minute
from analyzers.sla.judgement import Judgement, Share
from analyzers.sla.judging import budget, judge
from analyzers.sla.ledger.evidence import evidence_of
from analyzers.sla.once import AskedOnce
from analyzers.sla.scope import scope_of
from analyzers.store.instants import MILLISECOND
from analyzers.store.interface import Store
from analyzers.store.query import Window
from analyzers.thresholds.model import Severity

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SlaRule:
    """Judges objectives over the periods that hold an instant; an :data:`~analyzers.alerts.signal.Evaluate`.

    A period that is over and missed is critical. One that runs is critical when its budget is spent, for until then it
    can still be met, and a warning when less than ``budget_below`` of it is left; an objective without a budget,
    or whose budget is provisional, is critical when it is missed so far.

    Attributes:
        name: The rule's name.
        contract: The contract.
        objectives: Each with one of its periods.
        budget_below: The share of the budget whose rest is a warning.
        minimum_events: With fewer requests in the period so far it is unmeasured.
        ledger: Opens the ledger.
        every: Judged as of the last whole so much, in UTC; ``None``: as of each instant.
    """

    name: str
    contract: Contract
    objectives: tuple[tuple[Objective, Period], ...]
    budget_below: Fraction
    minimum_events: int
    ledger: OpenLedger
    every: timedelta | None = None

    def __call__(self, store: Store, instant: datetime, standing: Standing) -> tuple[Signal, ...]:
        """Return a signal for each objective and period, labelled ``objective`` and ``period``."""
        del standing  # every objective is judged at every instant
        now = instant.astimezone(UTC)
        if self.every is not None:
            now -= (now - _EPOCH) % self.every
        return remembered(store, (SlaRule, self.name, now), lambda: self._signals(store, now))

    def _signals(self, store: Store, now: datetime) -> tuple[Signal, ...]:
        with self.ledger(store) as ledger:
            evidence = AskedOnce(evidence_of(store, ledger, self.contract, now))
            if ledger is None:
                evidence = _Past(evidence, store, (self.contract.service, self.contract.environment), now)
            return tuple(self._signal(evidence, *each, now) for each in self.objectives)

    def _signal(self, evidence: Evidence, objective: Objective, period: Period, now: datetime) -> Signal:
        named = period_at(period, self.contract.zone, now)
        scope = scope_of(self.contract, objective, named, now)
        labels = {"objective": objective.name, "period": period.name}
        window = scope.elapsed or Window(min(named.window.start, now - MILLISECOND), now)
        judgement, left = judge(evidence, scope), budget(evidence, scope)
        events = judgement.measured.total if isinstance(judgement.measured, Share) else None
        severity = self._severity(judgement, left)
        message = f"{judgement.sentence(named.title)}{self._rest(left)}"
        if severity is Severity.UNMEASURED and judgement.state is not State.UNMEASURED:
            message = f"{objective.name} unmeasured: {counted(events or 0, 'request')}, {self.minimum_events:,} needed"
        return Signal(
            self.name,
            labels,
            severity,
            window,
            _value(judgement),
            events,
            f"{severity}: {message}",
            (),
            _limits(objective),
        )

    def _severity(self, judgement: Judgement, left: Budget | None) -> Severity:
        if judgement.state is State.UNMEASURED:
            return Severity.UNMEASURED
        measured = judgement.measured
        if judgement.running and isinstance(measured, Share) and measured.total < self.minimum_events:
            return Severity.UNMEASURED
        if left is None or left.sized.provisional:
            return Severity.CRITICAL if judgement.state is State.MISSED else Severity.OK
        if left.remaining < 0 or (judgement.state is State.MISSED and not judgement.running):
            return Severity.CRITICAL
        return Severity.WARNING if left.remaining < self.budget_below * left.size else Severity.OK

    def _rest(self, left: Budget | None) -> str:
        if left is None or not left.size:
            return ""
        rest = percent(max(0, left.remaining), left.size, apart_from=self.budget_below)
        return f"; {left.words}, {rest} of it (warning below {plain(100 * self.budget_below)} %)"


class _Past(AskedOnce):
    """Evidence from raw events alone: what is known of minutes that were over before does not change.

    Args:
        evidence: What is asked.
        store: The raw events.
        whose: The service and the environment.
        now: The moment.
    """

    def __init__(self, evidence: Evidence, store: Store, whose: tuple[str, str], now: datetime) -> None:
        super().__init__(evidence)
        self._store = store
        self._whose = whose
        self._now = now

    def minutes(self, window: Window, route: str | None) -> Sequence[Minute]:
        """Return the known minutes of a window; where the store remembers, those of a period that is over once."""
        if window.end >= self._now:
            return super().minutes(window, route)
        key = (_Past, self._whose, window, route)
        return remembered(self._store, key, lambda: super(_Past, self).minutes(window, route))


def _value(judgement: Judgement) -> float | None:
    measured = judgement.measured
    if judgement.state is State.UNMEASURED or measured is None:
        return None
    if isinstance(measured, Share):
        return 100 * measured.good / measured.total if measured.total else None
    return measured.longest.total_seconds()


def _limits(objective: Objective) -> dict[str, float]:
    if objective.target is not None:
        return {"critical": float(100 * objective.target)}
    return {} if objective.limit is None else {"critical": objective.limit.total_seconds()}
