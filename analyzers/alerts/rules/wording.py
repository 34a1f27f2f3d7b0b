"""What a judged reading says to people."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from analyzers.numbers import counted, percent, plain, significant
from analyzers.spans import spoken
from analyzers.store.query import Window
from analyzers.thresholds.bounds import Bounds, Side
from analyzers.thresholds.model import Severity
from analyzers.thresholds.quantity import Quantity, Statistic
from analyzers.thresholds.reading import Reading
from analyzers.thresholds.threshold import PROVEN, Threshold, Verdict

_NOUNS: Final = (("logs-web.request", "request"), ("logs-sql.query", "statement"), ("metrics-", "sample"))
_HOW: Final = {
    Statistic.AVG: "mean ",
    Statistic.MIN: "least ",
    Statistic.MAX: "greatest ",
    Statistic.LAST: "last ",
}


def sentence(threshold: Threshold, verdict: Verdict, window: Window) -> str:
    """Return what, how much, against which threshold, over which window, with how many events."""
    reading, quantity = verdict.reading, threshold.quantity
    what = f"{quantity.words}{about(reading.labels)}"
    noun = noun_of(threshold.subject.stream)
    if verdict.severity is Severity.UNMEASURED:
        needed = f"{counted(reading.events, noun)}, {threshold.needed:,} needed"
        return f"{what} unmeasured: {needed}, {spoken(window)}"
    compared, bound = threshold.bounds.compared(verdict.severity if verdict.severity.breached else verdict.seen)
    figures = _figures(quantity, reading, noun, bound)
    doubt = _doubt(threshold, verdict)
    against = f"{_sign(threshold.bounds, verdict)} the {compared} threshold of {amount(bound, quantity.unit)}"
    return f"{what} {verdict.severity}: {figures}, {against}{doubt}, {spoken(window)}{_sample(reading, noun)}"


def silent(threshold: Threshold, labels: Mapping[str, str], window: Window) -> str:
    """Return that a stream had no event at all."""
    noun = noun_of(threshold.subject.stream)
    what = f"{threshold.quantity.words}{about(labels)}"
    return f"{what} unmeasured: no {noun} in {threshold.subject.stream}, {spoken(window)}"


def about(labels: Mapping[str, str]) -> str:
    """Return what a signal is about: `` for host.name web-1``; nothing for the whole."""
    return f" for {', '.join(f'{name} {text}' for name, text in labels.items())}" if labels else ""


def amount(value: Fraction, unit: str) -> str:
    """Return a threshold with its unit."""
    text = f"{int(value):,}" if value.denominator == 1 else plain(value)
    return f"{text} {unit}".rstrip()


def noun_of(stream: str) -> str:
    """Return what the events of a stream are called, in the singular."""
    return next((noun for start, noun in _NOUNS if stream.startswith(start)), "event")


def _figures(quantity: Quantity, reading: Reading, noun: str, bound: Fraction) -> str:
    value, events = reading.value or Fraction(0), counted(reading.events, noun)
    if quantity.statistic is Statistic.SHARE and reading.part is not None:
        share = percent(reading.part, reading.events, apart_from=bound / 100)
        return f"{share} ({reading.part:,} of {events})"
    if quantity.statistic is Statistic.COUNT:
        return events
    if quantity.statistic is Statistic.RATE:
        return f"{significant(value, apart_from=bound)} {noun}s a minute ({events})"
    decimals = 2 if quantity.unit == "s" else 0
    number = f"{significant(value, apart_from=bound, decimals=decimals)} {quantity.unit}".rstrip()
    return f"{_how(quantity)}{number} (over {events})"


def _how(quantity: Quantity) -> str:
    """Return the statistic, where the quantity's own name does not say it."""
    if not quantity.label:
        return ""
    if quantity.statistic is Statistic.PERCENTILE:
        return f"p{plain(Fraction(str(quantity.percent)))} "
    return _HOW.get(quantity.statistic, "")


def _sign(bounds: Bounds, verdict: Verdict) -> str:
    reached = verdict.severity.breached or verdict.seen.breached
    if bounds.side is Side.ABOVE:
        return "at or above" if reached else "below"
    return "at or below" if reached else "above"


def _doubt(threshold: Threshold, verdict: Verdict) -> str:
    if verdict.least is None or threshold.confidence is None:
        return ""
    sure = f"at least {verdict.least:.3g} % with {plain(100 * threshold.confidence)} % confidence"
    if verdict.severity is verdict.seen:
        return f" ({sure})"
    level, bound = threshold.bounds.compared(verdict.seen)
    return f" ({sure}; {level} needs {amount(PROVEN * bound, '%')}: it may be chance)"


def _sample(reading: Reading, noun: str) -> str:
    if reading.stored >= reading.events or not reading.stored:
        return ""
    return f"; rests on a sample: {reading.stored:,} of {counted(reading.events, noun)} kept"
