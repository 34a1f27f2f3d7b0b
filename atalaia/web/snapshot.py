"""What the live page shows at one instant, as values that become JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from analyzers.alerts import HostSample
from analyzers.analysis import State
from analyzers.thresholds import Severity


@dataclass(frozen=True, slots=True)
class Totals:
    """The measures of some requests.

    Attributes:
        requests: All of them.
        errors: Those with a status of 500 or above.
        measured: Those with a response time.
        p95: 95th percentile of the response time in seconds (nearest rank); ``None`` when none was measured.
    """

    requests: int
    errors: int
    measured: int
    p95: float | None


@dataclass(frozen=True, slots=True)
class Minute:
    """A minute of the charts; ``totals`` is ``None`` where nothing was recorded."""

    start: datetime
    totals: Totals | None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint's share; ``route`` is ``None`` for requests that carry no route."""

    route: str | None
    totals: Totals


@dataclass(frozen=True, slots=True)
class Judgement:
    """One measure against its thresholds, in the unit of the thresholds (percent, or seconds).

    Attributes:
        measure: ``error_rate``, ``response_time``, ``cpu``, ``memory`` or ``disk``.
        severity: How bad it is.
        value: The number judged; ``None`` when unmeasured.
        limits: ``warning`` and ``critical``.
        sentence: The judgement in words.
    """

    measure: str
    severity: Severity
    value: float | None
    limits: Mapping[str, float]
    sentence: str

    @property
    def state(self) -> State:
        """The state the severity amounts to: missed from a warning on."""
        if self.severity is Severity.UNMEASURED:
            return State.UNMEASURED
        return State.MISSED if self.severity.breached else State.MET


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the store says.

    Attributes:
        latest: The second in which the last event lies; ``None`` when the store holds none.
        recent: The requests that are judged: the last five minutes.
        minutes: Every minute of the charts, in order of time.
        endpoints: Those with the most requests in the charts' time, most first.
        lost: What the disk took from the charts' time, in words; empty when nothing.
        sampled: What the charts were sampled from, in words; empty when every request was kept.
    """

    latest: datetime | None
    recent: Totals
    minutes: tuple[Minute, ...]
    endpoints: tuple[Endpoint, ...]
    lost: str
    sampled: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything the page shows.

    Attributes:
        at: The instant.
        store: How a person names the store.
        recorded: What the store says; ``None`` while there is no store yet.
        machine: This machine's load.
        judgements: Requests first, then the machine.
    """

    at: datetime
    store: str
    recorded: Recorded | None
    machine: HostSample
    judgements: tuple[Judgement, ...]
