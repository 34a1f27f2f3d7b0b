"""What a sampler is, and what it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from logging_lib.errors import AtalaiaError

MetricValue: TypeAlias = "bool | int | float | str | Sequence[MetricValue] | Mapping[str, MetricValue]"
"""A number, a name, or an object of them. There is no null: what is not known is left out, and never zero."""


class SamplingError(AtalaiaError):
    """A sampler could not read what it samples; the message holds no secret."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What was read at one instant; it becomes one record and one document.

    Attributes:
        dataset: Which data stream it belongs to: ``host.system``, ``postgresql.server`` or ``redis.server``.
        metricset: Tells the kinds of one dataset apart: ``cpu``, ``filesystem``, …
        values: One object under one key, the first part of the fields' names: ``{"system": {"cpu": {…}}}``.
    """

    dataset: str
    metricset: str
    values: Mapping[str, Mapping[str, MetricValue]]


class Sampler(Protocol):
    """Reads something at every interval."""

    @property
    def name(self) -> str:
        """Who it is, in messages; without user or password: ``host``, ``postgresql localhost:5432/tickets``."""

    def sample(self, now: datetime) -> Sequence[Sample]:
        """Read everything once.

        Args:
            now: The instant, aware; it becomes the records' timestamp. Rates are reckoned from the reading before,
                so the first reading has none.

        Raises:
            SamplingError: It cannot be read now. The next interval asks again.
        """

    def close(self) -> None:
        """Give back what it holds; a later ``sample`` may open it again."""
