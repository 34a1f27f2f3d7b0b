"""What the tables of a file share when rules are made of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from analyzers.alerts.rules.burn import PeriodAt
from analyzers.alerts.rules.file.form import RulesForm
from analyzers.alerts.rules.file.streams import full_stream
from analyzers.alerts.rules.surroundings import Surroundings
from analyzers.fields import SERVICE_NAME
from analyzers.sla.contract.model import Contract, Period
from analyzers.sla.contract.periods import period_at
from analyzers.store.query import EVERYTHING, Equals, Predicate
from analyzers.thresholds.model import Thresholds

_LOGS = "logs-"


@dataclass(frozen=True, slots=True)
class Context:
    """One file's surroundings.

    Attributes:
        form: The file.
        thresholds: The documented thresholds of its profile.
        contract: Its contract, if it names one.
        around: The edges.
    """

    form: RulesForm
    thresholds: Thresholds
    contract: Contract | None
    around: Surroundings

    def stream(self, dataset: str) -> str:
        """Return a stream with its environment."""
        return full_stream(dataset, self.form.environment)

    def of_service(self, dataset: str) -> Predicate:
        """Return the predicate of the service's events; samples of machines are of every service."""
        if self.form.service is None or not dataset.startswith(_LOGS):
            return EVERYTHING
        return Equals(SERVICE_NAME, self.form.service)

    def length_of(self, period: Period, zone: str) -> PeriodAt:
        """Return what tells how long the period is that an instant lies in."""

        def length(instant: datetime) -> timedelta:
            return period_at(period, zone, instant).window.length

        return length
