"""What is watched: a measure, its thresholds, over which window, from how many events on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from analyzers.fields import REQUEST_STREAM
from analyzers.store.query import EVERYTHING, Predicate
from analyzers.thresholds import Limit, Thresholds
from logging_lib.errors import AtalaiaError

DEFAULT_WINDOW: Final = timedelta(minutes=5)
DEFAULT_MINIMUM_EVENTS: Final = 20
"""Below this, one failed request would make a critical error rate."""


class Measure(StrEnum):
    """What a rule watches."""

    ERROR_RATE = "error_rate"
    RESPONSE_TIME = "response_time"
    CPU = "cpu"
    MEMORY = "memory"
    DISK = "disk"

    @property
    def of_host(self) -> bool:
        """Whether it is sampled from the host rather than taken from stored events."""
        return self in {Measure.CPU, Measure.MEMORY, Measure.DISK}

    @property
    def label(self) -> str:
        """How people call it."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing to watch.

    Attributes:
        measure: What is watched.
        limit: Its thresholds: percent, or seconds for the response time.
        window: How far back events count.
        minimum_events: With fewer events the measure is unmeasured.
        stream: Whose events.
        where: Which of them.
        scope: Names what is watched where two rules watch one measure of different events; part of the rule's name.

    Raises:
        AtalaiaError: When the window or the minimum is not positive.
    """

    measure: Measure
    limit: Limit
    window: timedelta = DEFAULT_WINDOW
    minimum_events: int = DEFAULT_MINIMUM_EVENTS
    stream: str = REQUEST_STREAM
    where: Predicate = EVERYTHING
    scope: str = ""

    def __post_init__(self) -> None:
        if self.window <= timedelta(0):
            raise AtalaiaError(f"a rule's window is {self.window}", "give a positive duration")
        if self.minimum_events < 1:
            raise AtalaiaError(f"a rule's minimum number of events is {self.minimum_events}", "give at least 1")

    @property
    def name(self) -> str:
        """What the state knows the rule by; stable from check to check."""
        return f"{self.measure}:{self.scope}" if self.scope else self.measure.value


def rules_from(
    thresholds: Thresholds,
    *,
    window: timedelta = DEFAULT_WINDOW,
    minimum_events: int = DEFAULT_MINIMUM_EVENTS,
    stream: str = REQUEST_STREAM,
    where: Predicate = EVERYTHING,
    scope: str = "",
) -> tuple[Rule, ...]:
    """Return a rule for each threshold: requests first, then the host's measures."""
    limits = {
        Measure.ERROR_RATE: thresholds.error_rate,
        Measure.RESPONSE_TIME: thresholds.response_time,
        Measure.CPU: thresholds.cpu,
        Measure.MEMORY: thresholds.memory,
        Measure.DISK: thresholds.disk,
    }
    return tuple(
        Rule(measure, limit, window, minimum_events, stream, where, scope) for measure, limit in limits.items()
    )
