"""Which time of a period counts for an objective, as of an instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from analyzers.sla.contract.model import Contract, Exclusion, Objective, Outage
from analyzers.sla.contract.periods import NamedPeriod, applied, whole_minute, windows_without
from analyzers.sla.timeline import MINUTE
from analyzers.store.query import Window

__all__ = ["MINUTE", "Scope", "minutes_in", "scope_of"]


@dataclass(frozen=True, slots=True)
class Scope:
    """The time of a period that an objective is judged by.

    Attributes:
        contract: The contract.
        objective: One of its objectives.
        period: The period.
        as_of: Nothing from this minute on is looked at.
    """

    contract: Contract
    objective: Objective
    period: NamedPeriod
    as_of: datetime

    @property
    def running(self) -> bool:
        """Whether the period is not over."""
        return self.period.window.end > self.as_of

    @property
    def in_force(self) -> Window | None:
        """The whole period from ``valid_from`` on; ``None`` where the contract came later."""
        window, start = self.period.window, self.contract.valid_from
        begin = window.start if start is None else max(window.start, start)
        return Window(begin, window.end) if begin < window.end else None

    @property
    def elapsed(self) -> Window | None:
        """The part of it before ``as_of``; ``None`` when it has not begun."""
        window = self.in_force
        if window is None or window.start >= self.as_of:
            return None
        return Window(window.start, min(window.end, self.as_of))

    @property
    def exclusions(self) -> tuple[Exclusion, ...]:
        """The exclusions that take something away from the elapsed part."""
        window = self.elapsed
        return () if window is None else applied(self.contract.exclusions, self.objective.name, window)

    @property
    def outages(self) -> tuple[Outage, ...]:
        """The declared outages that touch the elapsed part."""
        window = self.elapsed
        if window is None:
            return ()
        touching = (each for each in self.contract.outages if each.window.start < window.end)
        return tuple(each for each in touching if each.window.end > window.start)

    def counting(self, window: Window | None) -> tuple[Window, ...]:
        """Return what is left of a window without the objective's exclusions."""
        if window is None:
            return ()
        names = applied(self.contract.exclusions, self.objective.name, window)
        return windows_without(window, (each.window for each in names))

    @property
    def windows(self) -> tuple[Window, ...]:
        """What is judged: the elapsed part without the exclusions, ascending, disjoint."""
        return self.counting(self.elapsed)

    def of(self, period: NamedPeriod) -> Scope:
        """Return the scope of another period of the same objective, as of the same instant."""
        return Scope(self.contract, self.objective, period, self.as_of)


def scope_of(contract: Contract, objective: Objective, period: NamedPeriod, as_of: datetime) -> Scope:
    """Return the scope of an objective in a period, as of the start of an instant's minute."""
    return Scope(contract, objective, period, whole_minute(as_of))


def minutes_in(windows: tuple[Window, ...]) -> int:
    """Return how many minutes some disjoint windows of whole minutes are."""
    return sum(each.length // MINUTE for each in windows)
