"""What judges the numbers of a page: the documented thresholds, and the agreement's lines and exclusions."""

from __future__ import annotations

from dataclasses import dataclass

from analyzers.analysis import Unit
from analyzers.charts.definition import Limit
from analyzers.language import Amount, message
from analyzers.sla.contract.model import Contract, Kind, Objective
from analyzers.sla.judgement import limit_of, target_of
from analyzers.store.query import Window
from analyzers.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Promised:
    """What judges.

    Attributes:
        thresholds: The documented ones of an environment.
        contract: The service-level agreement.
    """

    thresholds: Thresholds
    contract: Contract

    @property
    def error_limits(self) -> tuple[Limit, ...]:
        """The lines in a chart of error rates, as shares: the thresholds, and what the agreement allows."""
        limit = self.thresholds.error_rate
        own = [
            Limit(float(limit.warning / 100), message("warning")),
            Limit(float(limit.critical / 100), message("critical")),
        ]
        return _each_once([*own, *(_allowed(each) for each in self._of(Kind.ERROR_RATE))])

    @property
    def latency_limits(self) -> tuple[Limit, ...]:
        """The lines in a chart of response times, in seconds: the thresholds of p95, and the agreement's."""
        limit = self.thresholds.response_time
        own = [Limit(float(limit.warning), message("warning")), Limit(float(limit.critical), message("critical"))]
        return _each_once([*own, *(_under(each) for each in self._of(Kind.LATENCY))])

    def excluded(self, window: Window) -> tuple[Window, ...]:
        """Return the maintenance within a window that does not count for the agreement, cut to it."""
        found = (each.window for each in self.contract.exclusions)
        return tuple(
            Window(max(each.start, window.start), min(each.end, window.end))
            for each in found
            if each.start < window.end and each.end > window.start
        )

    def _of(self, kind: Kind) -> list[Objective]:
        return [each for each in self.contract.objectives if each.kind is kind and each.route is None]


def _allowed(objective: Objective) -> Limit:
    return Limit(float(1 - target_of(objective)), message("SLA"))


def _under(objective: Objective) -> Limit:
    share = Amount(target_of(objective), Unit.RATIO)
    return Limit(limit_of(objective).total_seconds(), message("SLA: {share} under this", share=share))


def _each_once(limits: list[Limit]) -> tuple[Limit, ...]:
    """Return the lines, of several at one place the first."""
    first: dict[float, Limit] = {}
    for each in limits:
        first.setdefault(each.value, each)
    return tuple(first.values())
