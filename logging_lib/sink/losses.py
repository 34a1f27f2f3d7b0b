"""Lines that a disk refused: counted without a lock, and told in the log itself once it can be written again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from logging_lib.identifiers import event_id
from logging_lib.record import EventRecord, Identity
from logging_lib.timestamps import rfc3339
from logging_lib.values import encode_line

LOST_EVENT: Final = "log lines were dropped"
"""The ``event`` of the record that tells of a gap."""

_MOST_PARTS: Final = 1000


@dataclass(frozen=True, slots=True)
class Loss:
    """Lines of one process that did not reach the file.

    Attributes:
        lines: How many.
        since: When the first was refused.
        until: When the last was refused.
        reason: What the system said to the last.
    """

    lines: int
    since: datetime
    until: datetime
    reason: str

    def with_(self, other: Loss) -> Loss:
        """Return both losses as one."""
        last = max(self, other, key=lambda loss: loss.until)
        return Loss(self.lines + other.lines, min(self.since, other.since), last.until, last.reason)


LossLine: TypeAlias = Callable[[Loss, datetime], bytes]
"""Makes the line that tells of a loss, for the instant of telling."""


class Losses:
    """Counts losses without a lock.

    Every step is one atomic step of a deque, so that threads, signal handlers and ``__del__`` may come in between any
    two of them; nobody waits, and no line is counted twice or not at all.
    """

    def __init__(self) -> None:
        self._parts: deque[Loss] = deque()

    def add(self, loss: Loss) -> None:
        """Count a loss."""
        self._parts.append(loss)
        if len(self._parts) > _MOST_PARTS:
            merged = self.take()
            if merged:
                self._parts.append(merged)

    def take(self) -> Loss | None:
        """Return what has been counted, and forget it; ``None`` where there is nothing."""
        total: Loss | None = None
        while True:
            try:
                part = self._parts.popleft()
            except IndexError:
                return total
            total = total.with_(part) if total else part

    def lines(self) -> int:
        """Return how many lines are counted."""
        return sum(part.lines for part in self._parts.copy())


def loss_line(identity: Identity) -> LossLine:
    """Return a maker of WARNING records that tell of a gap in the log: ``dropped`` lines, ``since``, ``until``."""

    def line(loss: Loss, now: datetime) -> bytes:
        told = EventRecord(
            timestamp=now,
            event_id=event_id(now),
            level="WARNING",
            event=LOST_EVENT,
            logger="logging_lib.sink.dated_file",
            fields={
                "dropped": loss.lines,
                "since": rfc3339(loss.since),
                "until": rfc3339(loss.until),
                "reason": loss.reason,
            },
        )
        return encode_line(told.record(identity))

    return line
