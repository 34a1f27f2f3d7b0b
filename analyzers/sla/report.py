"""The SLA report as a value: every objective asked for, judged over its periods, with what the numbers rest on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from analyzers.analysis import State
from analyzers.language import Message
from analyzers.sampling import Sampling
from analyzers.sla.asked import Asked, scopes
from analyzers.sla.budget import Basis, Budget
from analyzers.sla.contract.model import Contract
from analyzers.sla.contract.periods import period_before, whole_minute
from analyzers.sla.evidence import Evidence, Provenance
from analyzers.sla.judgement import Judgement, Longest
from analyzers.sla.judging import budget, judge
from analyzers.sla.ledger.spans import hull
from analyzers.sla.once import AskedOnce
from analyzers.sla.scope import Scope
from analyzers.store.query import Window

_WORST_FIRST: Final = (State.MISSED, State.UNMEASURED, State.MET)


@dataclass(frozen=True, slots=True)
class Entry:
    """An objective over a period.

    Attributes:
        scope: Which, and when.
        judgement: How it fared.
        budget: Its error budget; ``None`` where its kind has none.
        provenance: Where the numbers come from; ``None`` where no time of the period has passed.
        before: The same of the time before the period, as far as it counts: of the period before, where that sizes
            the budget; from the outage or the backup on that reaches into the period. ``None`` where none does.
    """

    scope: Scope
    judgement: Judgement
    budget: Budget | None
    provenance: Provenance | None
    before: Provenance | None

    @property
    def sentence(self) -> str:
        """The judgement in words."""
        return self.judgement.sentence(self.scope.period.title)

    @property
    def said(self) -> Message:
        """The same in any language."""
        return self.judgement.said(self.scope.period.said)


@dataclass(frozen=True, slots=True)
class SlaReport:
    """What a contract's objectives came to.

    Attributes:
        contract: The contract.
        asked: What was asked for.
        as_of: The minute up to whose start events were looked at.
        known: The instant itself: slices sealed until then were known.
        entries: One for each objective and period, in the contract's order.
        sampling: What the requests between the first and the last moment that was judged were sampled from, by the raw
            events that are left; ``None`` where each stands for itself.
    """

    contract: Contract
    asked: Asked
    as_of: datetime
    known: datetime
    entries: tuple[Entry, ...]
    sampling: Sampling | None = None

    @property
    def state(self) -> State:
        """Missed when any objective is, else unmeasured when any is, else met."""
        states = {each.judgement.state for each in self.entries}
        return next(state for state in _WORST_FIRST if state in states)

    @property
    def verdict(self) -> str:
        """The report in one line: ``SLA missed: 1 missed, 2 met``."""
        number = Counter(each.judgement.state for each in self.entries)
        counts = ", ".join(f"{number[state]} {state}" for state in _WORST_FIRST if number[state])
        suspected = len(self.suspected)
        warning = f"; the measured part has missed {suspected} of the unmeasured" if suspected else ""
        return f"SLA {self.state}: {counts}{warning}"

    @property
    def suspected(self) -> tuple[Entry, ...]:
        """The unmeasured entries that the measured part has missed."""
        return tuple(each for each in self.entries if each.judgement.suspected)

    @property
    def worst_first(self) -> tuple[Entry, ...]:
        """The entries, those that decide the state first."""
        return tuple(sorted(self.entries, key=lambda each: _WORST_FIRST.index(each.judgement.state)))


def sla_report(contract: Contract, evidence: Evidence, as_of: datetime, asked: Asked | None = None) -> SlaReport:
    """Judge objectives as of an instant.

    Args:
        contract: What was promised.
        evidence: What is known, as of the same instant.
        as_of: The instant; the seconds of its minute are left out.
        asked: Which objectives and periods; all objectives over this period by default.

    Raises:
        SelectionError: When the contract has no such objective or period.
        QueryError: When the evidence cannot be asked.
        StoreError: When the store fails.
    """
    about = asked or Asked()
    once = AskedOnce(evidence)
    entries = tuple(entry_of(once, each) for each in scopes(contract, about, as_of))
    judged = [each.scope.elapsed for each in entries if each.scope.elapsed is not None]
    sampling = once.sampling(hull(judged)) if judged else None
    return SlaReport(contract, about, whole_minute(as_of), as_of, entries, sampling)


def entry_of(evidence: Evidence, scope: Scope) -> Entry:
    """Judge one objective over one period; raises as :func:`sla_report`."""
    elapsed = scope.elapsed
    provenance = None if elapsed is None else evidence.provenance(elapsed)
    judgement, spent = judge(evidence, scope), budget(evidence, scope)
    earlier = _before(scope, judgement, spent)
    before = None if earlier is None else evidence.provenance(earlier)
    return Entry(scope, judgement, spent, provenance, before)


def _before(scope: Scope, judgement: Judgement, spent: Budget | None) -> Window | None:
    """Return the time before the period that its numbers rest on."""
    elapsed, measured = scope.elapsed, judgement.measured
    if spent is not None and spent.sized.basis is Basis.BEFORE:
        return scope.of(period_before(scope.period)).elapsed
    if elapsed is None or not isinstance(measured, Longest) or measured.window is None:
        return None
    start = whole_minute(measured.window.start)
    return Window(start, elapsed.start) if start < elapsed.start else None
