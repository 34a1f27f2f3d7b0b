"""What a sealing run did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from analyzers.sla.evidence import Restatement
from analyzers.sla.ledger.spans import Spans
from analyzers.store.interface import LostEvents
from analyzers.store.query import Window

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Fewer raw events than were sealed: they expired, or the disk took them. The ledger stays as it is.

    Attributes:
        window: When: at most a UTC day.
        requests: How many requests are gone, at least.
        events: How many events of all streams are.
    """

    window: Window
    requests: int
    events: int


@dataclass(frozen=True, slots=True)
class SealedEnvironment:
    """What a run did in one environment.

    Attributes:
        environment: Which.
        sealed: What was sealed for the first time.
        slices: How many documents were written, without markers.
        restated: What late events added to minutes that had been sealed, by this run; their numbers are what it added.
        shortfalls: Where there are fewer raw events than were sealed.
        uncompared: What is sealed and has no raw events left to compare with.
        lost: What the store says it has lost of the requests, of the time that was compared or sealed.
        has_events: Whether there is any raw event of the service.
    """

    environment: str
    sealed: Spans
    slices: int
    restated: tuple[Restatement, ...]
    shortfalls: tuple[Shortfall, ...]
    uncompared: Window | None
    lost: tuple[LostEvents, ...]
    has_events: bool

    @property
    def minutes(self) -> int:
        """How many minutes were sealed for the first time."""
        return sum((window.end - window.start) // _MINUTE for window in self.sealed)


@dataclass(frozen=True, slots=True)
class SealSummary:
    """What a run did.

    Attributes:
        service: Whose minutes were sealed.
        seal: When the run began: its number.
        horizon: Where it stopped: later minutes may still get events.
        environments: What it did in each, by name.
    """

    service: str
    seal: datetime
    horizon: datetime
    environments: tuple[SealedEnvironment, ...]

    @property
    def has_events(self) -> bool:
        """Whether there is any raw event of the service: a run without has evaluated nothing."""
        return any(each.has_events for each in self.environments)
