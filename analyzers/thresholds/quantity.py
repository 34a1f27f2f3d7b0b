"""What can have a threshold: a number that events of any stream amount to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from analyzers.fields import RESPONSE_TIME
from analyzers.numbers import plain
from analyzers.store.query import (
    EVERYTHING,
    Avg,
    Count,
    CountIf,
    DistinctCount,
    Exists,
    Max,
    Measure,
    Min,
    Percentile,
    Predicate,
    Sum,
)

PERCENT: Final = Fraction(100)


class Statistic(StrEnum):
    """How events become one number."""

    COUNT = "count"
    """How many events."""
    RATE = "rate"
    """How many events a minute."""
    SHARE = "share"
    """Which share of the events satisfies a condition, in percent."""
    AVG = "avg"
    MIN = "min"
    MAX = "max"
    SUM = "sum"
    PERCENTILE = "percentile"
    """The nearest-rank percentile."""
    DISTINCT = "distinct"
    """How many different values of a field."""
    LAST = "last"
    """The value of the latest event that has the field."""

    @property
    def of_events(self) -> bool:
        """Whether no event at all makes it zero; of any other nothing can be said then."""
        return self in {Statistic.COUNT, Statistic.RATE}


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is measured.

    Attributes:
        statistic: How.
        field: Of which field; ``None`` for counts, rates and shares.
        percent: Which percentile, above 0 and up to 100.
        of: What must hold for an event to be in the share.
        label: How people call it; made of the rest by default.
    """

    statistic: Statistic
    field: str | None = None
    percent: float | None = None
    of: Predicate | None = None
    label: str = ""

    @property
    def scale(self) -> Fraction:
        """What a stored value is multiplied with: shares of 1 are judged and shown in percent."""
        return PERCENT if self.unit == "%" else Fraction(1)

    @property
    def unit(self) -> str:
        """The unit of thresholds and values; empty for plain numbers."""
        if self.statistic is Statistic.RATE:
            return "a minute"
        if self.statistic is Statistic.SHARE:
            return "%"
        if self.statistic in {Statistic.COUNT, Statistic.DISTINCT} or self.field is None:
            return ""
        return _unit(self.field)

    @property
    def needs(self) -> Predicate:
        """What an event must have to be measured."""
        return EVERYTHING if self.field is None else Exists(self.field)

    @property
    def part(self) -> Measure:
        """What is counted or computed: of a share how many events are in it."""
        if self.statistic is Statistic.SHARE:
            return CountIf(self._condition)
        if self.statistic is Statistic.PERCENTILE:
            return Percentile(self._field, self.percent or 0)
        measure = _OF_FIELD.get(self.statistic)
        return Count() if measure is None else measure(self._field)

    @property
    def words(self) -> str:
        """How people call it: ``p95 of sql.duration.sec``."""
        if self.label or self.field is None:
            return self.label or _WORDS[self.statistic]
        if self.statistic is Statistic.PERCENTILE:
            return f"p{plain(Fraction(str(self.percent)))} of {self.field}"
        return f"{_WORDS[self.statistic]} {self.field}"

    @property
    def _field(self) -> str:
        if self.field is None:
            raise TypeError(f"a quantity {self.statistic} without a field")
        return self.field

    @property
    def _condition(self) -> Predicate:
        if self.of is None:
            raise TypeError("a share without a condition")
        return self.of


_OF_FIELD: Final[Mapping[Statistic, Callable[[str], Measure]]] = MappingProxyType(
    {
        Statistic.AVG: Avg,
        Statistic.MIN: Min,
        Statistic.MAX: Max,
        Statistic.SUM: Sum,
        Statistic.DISTINCT: DistinctCount,
    }
)
_WORDS: Final = {
    Statistic.COUNT: "count",
    Statistic.RATE: "rate",
    Statistic.SHARE: "share",
    Statistic.AVG: "mean of",
    Statistic.MIN: "least",
    Statistic.MAX: "greatest",
    Statistic.SUM: "sum of",
    Statistic.PERCENTILE: "percentile of",
    Statistic.DISTINCT: "different values of",
    Statistic.LAST: "last",
}


def _unit(field: str) -> str:
    if field == RESPONSE_TIME or field.endswith((".sec", ".seconds")):
        return "s"
    if field.endswith(".pct"):
        return "%"
    if field.endswith((".bytes", "_bytes")):
        return "bytes"
    return "ms" if field.endswith(".ms") else ""
