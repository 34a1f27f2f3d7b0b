"""What a report is asked, and of what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from analyzers.fields import SERVICE_NAME
from analyzers.reports.periods import Period
from analyzers.sla.contract.default import DEFAULT_CONTRACT
from analyzers.sla.contract.model import EVERY, Contract
from analyzers.store.interface import Store
from analyzers.store.query import EVERYTHING, And, Equals, Predicate, Window


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the numbers come from.

    Attributes:
        store: The raw events.
        ledger: The sealed slices; ``None`` where there are none.
    """

    store: Store
    ledger: Store | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a report is about. Asked again it has the same answer, of the same sources.

    Attributes:
        period: Which day, week or month.
        zone: Whose midnight begins it.
        contract: What was promised; the report is about its service and environment.
        made: When the report is made: slices that are sealed later do not count.
        where: Which requests the numbers of requests are about. The agreement is judged by all of the service's.
        metrics: Which figures are shown, by their names; empty for all.
    """

    period: Period
    zone: ZoneInfo
    contract: Contract
    made: datetime
    where: Predicate = EVERYTHING
    metrics: tuple[str, ...] = ()

    @property
    def window(self) -> Window:
        """The whole period."""
        return self.period.window(self.zone)

    def stream(self, dataset: str) -> str:
        """Return the data stream of a data set such as ``logs-web.request``, of the contract's environment."""
        return f"{dataset}-{self.contract.environment}"

    @property
    def service(self) -> Predicate:
        """What holds for the events of the contract's service."""
        return EVERYTHING if self.contract.service == EVERY else Equals(SERVICE_NAME, self.contract.service)

    @property
    def requests(self) -> Predicate:
        """Which requests count."""
        parts = tuple(each for each in (self.service, self.where) if each != EVERYTHING)
        return parts[0] if len(parts) == 1 else And(parts)

    @property
    def is_built_in(self) -> bool:
        """Whether nothing was agreed on, and the objectives that are built in are judged."""
        return replace(self.contract, zone=DEFAULT_CONTRACT.zone) == DEFAULT_CONTRACT


def built_in(zone: ZoneInfo) -> Contract:
    """Return the contract that is judged where there is none, on a zone's calendar."""
    return replace(DEFAULT_CONTRACT, zone=zone.key)
