"""What is shown of a trail: its lines with offsets, and a bar for each in a picture of the whole time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from analyzers.analysis import Unit
from analyzers.fields import SERVICE_NAME
from analyzers.language import Amount, Message, message, plural
from analyzers.logs.line import value_at
from analyzers.logs.streams import LogKind
from analyzers.logs.trail import Step, Trail

WIDTH: Final = 1_000
"""Units of a bar's picture, from the first beginning to the last end."""
WHAT: Final = {
    LogKind.REQUEST: message("Request"),
    LogKind.EVENT: message("Event"),
    LogKind.STATEMENT: message("Statement"),
}
"""What a step is."""
_THINNEST: Final = 6


@dataclass(frozen=True, slots=True)
class Bar:
    """A step of a trail.

    Attributes:
        step: The step.
        service: Which service it is of.
        offset: Seconds from the first beginning.
        length: Seconds; ``None`` where it took none.
        x: Where its bar begins, of :data:`WIDTH`.
        width: How wide its bar is.
    """

    step: Step
    service: str
    offset: Amount
    length: Amount | None
    x: int
    width: int


def summary(trail: Trail) -> Message:
    """Return what a trail that has steps is, in a sentence."""
    return plural(
        "From {start}: {n} line in {length}.",
        "From {start}: {n} lines in {length}.",
        len(trail.steps),
        start=trail.start,
        length=Amount(trail.length.total_seconds(), Unit.SECONDS),
    )


def bars(trail: Trail) -> tuple[Bar, ...]:
    """Return the steps of a trail that has some."""
    return tuple(_bar(step, trail) for step in trail.steps)


def _bar(step: Step, trail: Trail) -> Bar:
    whole = max(trail.length, timedelta(microseconds=1))
    offset, length = step.start - trail.start, step.end - step.start
    width = max(_THINNEST, round(length / whole * WIDTH))
    service = value_at(step.line.document.body, SERVICE_NAME)
    return Bar(
        step,
        service if isinstance(service, str) else "",
        Amount(offset.total_seconds(), Unit.SECONDS),
        Amount(length.total_seconds(), Unit.SECONDS) if length else None,
        min(round(offset / whole * WIDTH), WIDTH - width),
        width,
    )
