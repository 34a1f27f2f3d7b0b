"""Thresholds of any measure: on one side of it, for one or both levels."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from analyzers.thresholds.model import Limit, Severity
from logging_lib.errors import AtalaiaError


class Side(StrEnum):
    """On which side of a threshold it is bad."""

    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a measure is worth a warning and where it is critical, in the unit of the measure.

    Attributes:
        side: A value at or beyond a threshold on this side has reached it.
        warning: ``None`` where there is no warning.
        critical: ``None`` where nothing is critical; not on the good side of ``warning``.

    Raises:
        AtalaiaError: When there is neither, or they are in the wrong order.
    """

    side: Side
    warning: Fraction | None
    critical: Fraction | None

    def __post_init__(self) -> None:
        if self.warning is None and self.critical is None:
            raise AtalaiaError("a threshold has neither warning nor critical", "give one of them, or both")
        if self.warning is not None and self.critical is not None and not self._beyond(self.critical, self.warning):
            raise AtalaiaError("warning lies beyond critical", f"{self.side} needs critical to be the farther one")

    @classmethod
    def over(cls, limit: Limit) -> Bounds:
        """Return the bounds that a documented pair means: at or above it is bad."""
        return cls(Side.ABOVE, limit.warning, limit.critical)

    def judge(self, value: Fraction) -> Severity:
        """Return the severity of a value; a value at a threshold has reached it."""
        if self.critical is not None and self._beyond(value, self.critical):
            return Severity.CRITICAL
        if self.warning is not None and self._beyond(value, self.warning):
            return Severity.WARNING
        return Severity.OK

    def compared(self, severity: Severity) -> tuple[Severity, Fraction]:
        """Return the level and the threshold to compare with in words: the one reached, else the first not reached."""
        levels = {Severity.CRITICAL: self.critical, Severity.WARNING: self.warning}
        order = (severity, Severity.WARNING, Severity.CRITICAL)
        return next((level, found) for level in order if (found := levels.get(level)) is not None)

    @property
    def first(self) -> Severity:
        """The least severity there is."""
        return Severity.CRITICAL if self.warning is None else Severity.WARNING

    def _beyond(self, value: Fraction, threshold: Fraction) -> bool:
        return value >= threshold if self.side is Side.ABOVE else value <= threshold
