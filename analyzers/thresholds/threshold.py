"""A threshold on any measure of any stream, and how a reading is judged by it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from analyzers.store.interface import Store
from analyzers.store.query import And, NamedMeasure, Query, Stored, Window
from analyzers.thresholds.bounds import Bounds, Side
from analyzers.thresholds.confidence import least_share
from analyzers.thresholds.model import Severity
from analyzers.thresholds.quantity import Quantity
from analyzers.thresholds.reading import Reading, Subject

PROVEN: Final = Fraction(1, 2)
"""What part of a threshold the lower bound of a share must reach; the share itself must reach all of it."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """When a measure is bad.

    Attributes:
        subject: Whose events.
        quantity: What is measured of them.
        bounds: From where on it is bad, in the quantity's unit.
        minimum_events: With fewer events it is unmeasured. Counts and rates need none: few events is what they say.
        confidence: How sure it must be that a share is no accident (see :func:`judge`), between 0 and 1; ``None``: the
            share that was seen decides alone. Only for shares that are bad above.
    """

    subject: Subject
    quantity: Quantity
    bounds: Bounds
    minimum_events: int = 1
    confidence: Fraction | None = None

    @property
    def needed(self) -> int:
        """How many events there must be to judge."""
        return 0 if self.quantity.statistic.of_events else max(1, self.minimum_events)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A reading, judged.

    Attributes:
        reading: What was measured.
        severity: How bad it is.
        seen: How bad it would be if every event were certain: differs from ``severity`` where chance may explain it.
        least: The least plausible share in percent, where that was asked; else ``None``.
    """

    reading: Reading
    severity: Severity
    seen: Severity
    least: float | None = None


def judge(store: Store, threshold: Threshold, window: Window, reading: Reading, *, standing: bool) -> Verdict:
    """Judge a reading.

    A share is beyond a threshold when it was seen to be, and few events do not explain that: its lower bound
    (:func:`~analyzers.thresholds.confidence.least_share`) is beyond half of the threshold, so that a service which
    fails half as often as is allowed is no alarm. An alert that stands needs no new proof: it stays a warning
    (critical, where there is no warning) as long as the share itself is beyond the first threshold, so that one lucky
    minute does not end it.

    Args:
        store: Asked, of a sample, how many of the failed requests were kept.
        threshold: By what.
        window: Of which window the reading is.
        reading: What was measured.
        standing: Whether an alert about it has not resolved.
    """
    value = reading.value
    if value is None or reading.events < threshold.needed:
        return Verdict(reading, Severity.UNMEASURED, Severity.UNMEASURED)
    seen = threshold.bounds.judge(value)
    if threshold.confidence is None or reading.part is None or threshold.bounds.side is Side.BELOW or not seen.breached:
        return Verdict(reading, seen, seen)
    part, whole = _independent(store, threshold, window, reading, reading.part)
    least = 100 * least_share(part, whole, threshold.confidence)
    severity = threshold.bounds.judge(min(value, Fraction(least) / PROVEN))
    if standing and not severity.breached:
        severity = threshold.bounds.first
    return Verdict(reading, severity, seen, least)


def _independent(
    store: Store, threshold: Threshold, window: Window, reading: Reading, part: int
) -> tuple[float, float]:
    """Return how many independent events were seen: as many as were kept of the part, with the share as it is.

    A request that stands for ten was seen once. Where failed requests are all kept, only they are counted as they are.
    """
    if reading.stored == reading.events or threshold.quantity.of is None or not part:
        return part, reading.events
    where = And((threshold.subject.where, reading.keys, threshold.quantity.of))
    query = Query(threshold.subject.stream, window, (NamedMeasure("kept", Stored()),), (), where)
    kept = store.query(query).rows[0]["kept"]
    if not isinstance(kept, int):
        raise TypeError(f"{kept!r} is not a count")
    return kept, float(Fraction(kept * reading.events, part))
