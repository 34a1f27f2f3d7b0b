"""What a shipper says while it runs: what it waits for and since when, what was lost, how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from atalaia.ship.following import Loss
from atalaia.ship.tally import Tally, Waiting
from logging_lib.clock import Clock

_AGAIN: Final = timedelta(seconds=60)
_NEW_REASON: Final = timedelta(seconds=5)

Say = Callable[[str], None]
"""Says one line."""


class Telling:
    """Says what has changed, and the same thing no more than once a minute.

    Args:
        tally: What is told of.
        where: The receiver, as it is shown.
        say: Says a line.
        every: Seconds between two lines of counts; ``None`` for none.
        clock: The present instant.
    """

    def __init__(self, tally: Tally, where: str, say: Say, every: float | None, clock: Clock) -> None:
        self._tally = tally
        self._where = where
        self._say = say
        self._every = None if every is None else timedelta(seconds=every)
        self._clock = clock
        self._waiting: Waiting | None = None
        self._said_at = self._counted_at = clock()
        self._lines = 0

    def tick(self, behind: Callable[[], tuple[int, int]]) -> None:
        """Say what there is to say now.

        Args:
            behind: Tells how many files are followed, and how many of their bytes are not delivered.
        """
        now = self._clock()
        self._tell_waiting(now)
        if self._every is not None and now - self._counted_at >= self._every:
            self._say(self._counts(now, *behind()))
            self._counted_at, self._lines = now, self._tally.lines

    def lost(self, losses: Iterable[Loss]) -> None:
        """Count files that went before all of them was delivered, and say so."""
        for loss in losses:
            self._tally.lost_files += 1
            self._tally.lost_bytes += loss.size or 0
            size = "an unknown number of bytes" if loss.size is None else f"{loss.size:,} bytes"
            self._say(f"{loss.path} was deleted or emptied before all of it was delivered: {size} are lost")

    def _tell_waiting(self, now: datetime) -> None:
        waiting, said = self._tally.waiting, self._waiting
        if waiting is None:
            if said is not None:
                self._waiting = None
                self._say(f"delivering to {self._where} again, after {_span(now - said.since)}")
            return
        if said is None:
            remedy = f"; {waiting.remedy}" if waiting.remedy else ""
            self._say(f"waiting for {self._where}: {waiting.reason}{remedy}; reading stops until it takes lines again")
        elif now - self._said_at >= (_AGAIN if said.reason == waiting.reason else _NEW_REASON):
            self._say(f"still {state(waiting, self._where, now)}")
        else:
            return
        self._waiting, self._said_at = waiting, now

    def _counts(self, now: datetime, files: int, behind: int) -> str:
        tally = self._tally
        seconds = (now - self._counted_at).total_seconds()
        rate = (tally.lines - self._lines) / seconds if seconds > 0 else 0.0
        doing = "delivering" if tally.waiting is None else state(tally.waiting, self._where, now)
        return (
            f"{tally.lines:,} lines delivered ({rate:,.0f} a second), {tally.letters:,} dead-lettered, "
            f"{tally.again:,} batches sent again, {tally.lost_bytes:,} bytes lost; "
            f"{files:,} files, {behind:,} bytes behind; {doing}"
        )


def state(waiting: Waiting, where: str, now: datetime) -> str:
    """Return what is waited for and since when."""
    tries = f"{waiting.attempts:,} attempt" + ("" if waiting.attempts == 1 else "s")
    since = f"since {waiting.since:%Y-%m-%d %H:%M:%S} UTC ({_span(now - waiting.since)}, {tries})"
    remedy = f"; {waiting.remedy}" if waiting.remedy else ""
    return f"waiting for {where} {since}: {waiting.reason}{remedy}"


def _span(span: timedelta) -> str:
    """Return a span of time in its two greatest units."""
    seconds = int(span.total_seconds())
    if seconds < 60:  # noqa: PLR2004 - a minute
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{minutes} min {seconds} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 24 else f"{hours // 24} d {hours % 24} h"  # noqa: PLR2004 - a day
