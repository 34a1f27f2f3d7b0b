"""What lies behind a breach, for its message: asked only where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from analyzers.explanation import Example, ExplainRequest, explain
from analyzers.fields import RESPONSE_TIME
from analyzers.store.interface import Store
from analyzers.store.query import EVERYTHING, Exists, Predicate, Range, Window
from analyzers.thresholds.bounds import Bounds
from analyzers.thresholds.quantity import PERCENT, Quantity, Statistic
from analyzers.thresholds.reading import Subject

MOST_LINES: Final = 8
"""Sentences in one message; 'atalaia explain' has them all."""

MOST_EXAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains which events are behind the bad ones, against the same hours of the weeks before.

    Attributes:
        bad: Which events are bad.
        limit: The share of bad events, from 0 to 1, that must not be reached.
        counted: Which events it is about.
        zone: The IANA zone in which a week before is the same hours of the clock.
        noun: What bad events are called, in the plural.
    """

    bad: Predicate
    limit: Fraction
    counted: Predicate = EVERYTHING
    zone: str = "UTC"
    noun: str = "failed requests"

    def __call__(self, store: Store, subject: Subject, window: Window) -> tuple[str, ...]:
        """Return sentences: what stands out, what it would have been without, and the ids of some bad events.

        Raises:
            QueryError: When the stream cannot be asked so.
            StoreError: When the store cannot answer.
        """
        request = ExplainRequest(
            window=window,
            bad=self.bad,
            counted=self.counted,
            limit=self.limit,
            stream=subject.stream,
            where=subject.where,
            zone=self.zone,
            noun=self.noun,
        )
        found = explain(store, request)
        return (*found.sentences[1:MOST_LINES], *_examples(found.examples))


def explainer_of(quantity: Quantity, bounds: Bounds, zone: str) -> Explainer | None:
    """Return what explains a breach of a threshold on shares of events or percentiles of the response time.

    Args:
        quantity: What is measured.
        bounds: Its thresholds. A p95 at or above 2 s means that 5 % of the requests take that long.
        zone: See :class:`Explainer`.
    """
    _, bound = bounds.compared(bounds.first)
    if quantity.statistic is Statistic.SHARE and quantity.of is not None:
        noun = "failed requests" if quantity.label == "error rate" else "such events"
        return Explainer(quantity.of, bound / PERCENT, EVERYTHING, zone, noun)
    if quantity.statistic is Statistic.PERCENTILE and quantity.field == RESPONSE_TIME:
        share = 1 - Fraction(str(quantity.percent)) / PERCENT
        return Explainer(slow(bound), share, Exists(RESPONSE_TIME), zone, "slow requests")
    return None


def slow(seconds: Fraction) -> Predicate:
    """Return the predicate of the requests that took so long, or longer."""
    return Range(RESPONSE_TIME, gte=float(seconds))


def _examples(examples: Sequence[Example]) -> tuple[str, ...]:
    if not examples:
        return ()
    shown = ", ".join(f"{each.request} at {each.at:%H:%M:%S}" for each in examples[:MOST_EXAMPLES])
    return (f"for example: {shown} UTC",)
